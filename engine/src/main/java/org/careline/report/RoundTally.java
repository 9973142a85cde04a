package org.careline.report;

import java.util.Map;
import java.util.TreeMap;
import org.careline.callback.Content;
import org.careline.callback.Disposition;
import org.careline.callback.FaultState;
import org.careline.callback.SiteFacts;
import org.careline.report.RoundReport.Share;

/** Adds up sites, of the whole round or of a part of it. Confined to one thread. */
final class RoundTally {
  /** Whose answer on satisfaction is the one that counts with headquarters. */
  private static final java.util.Set<String> LEADING = java.util.Set.of("manager", "engineer");

  private final Map<String, Integer> bins = new TreeMap<>();
  private final Map<String, int[]> roles = new TreeMap<>();
  private int loaded;
  private int outOfScope;
  private int heard;
  private int faults;
  private int unresolved;
  private int onPhone;
  private int told;
  private int hotline;
  private int both;
  private int devices;
  private int devicesAsked;
  private int deviceFaults;
  private int devicesUnresolved;
  private int devicesOnPhone;
  private int rated;
  private int satisfied;
  private int unanswered;

  void add(SiteFacts site) {
    loaded++;
    bins.merge(site.bin(), 1, Integer::sum);
    if (outOfScope(site)) {
      outOfScope++;
    }
    FaultState state = site.state();
    if (state != FaultState.NOT_HEARD) {
      heard++;
    }
    if (state.fault()) {
      faults++;
    }
    if (state == FaultState.UNRESOLVED) {
      unresolved++;
    }
    if (site.solvedOnPhone()) {
      onPhone++;
    }
    site.source()
        .ifPresent(
            source -> {
              switch (source) {
                case TOLD -> told++;
                case HOTLINE -> hotline++;
                case BOTH -> both++;
              }
            });
    site.devices().forEach(device -> add(site, device));
    addContent(site);
  }

  /** A number that is nobody's, a place that is no customer's any more. */
  private static boolean outOfScope(SiteFacts site) {
    return site.bin().equals("closed")
        || site.bin().equals("moved")
        || site.last().filter(Disposition.NOT_YET_OPENED::equals).isPresent()
            && site.bin().equals("temporarily_closed");
  }

  private void add(SiteFacts site, SiteFacts.Device device) {
    devices++;
    FaultState state = site.state(device);
    if (state != FaultState.NOT_HEARD) {
      devicesAsked++;
    }
    if (state.fault()) {
      deviceFaults++;
    }
    if (state == FaultState.UNRESOLVED) {
      devicesUnresolved++;
    }
    if (site.solvedOnPhone(device)) {
      devicesOnPhone++;
    }
  }

  private void addContent(SiteFacts site) {
    Content content = site.content();
    if (content == Content.NO_ANSWER) {
      if (site.bin().equals("completed")) {
        unanswered++;
      }
      return;
    }
    rated++;
    boolean content5or4 = content == Content.CONTENT;
    if (content5or4) {
      satisfied++;
    }
    int[] ofRole = roles.computeIfAbsent(site.role().orElse(""), role -> new int[2]);
    ofRole[1]++;
    if (content5or4) {
      ofRole[0]++;
    }
  }

  int loaded() {
    return loaded;
  }

  Map<String, Integer> bins() {
    return bins;
  }

  int completed() {
    return bins.getOrDefault("completed", 0);
  }

  Share response() {
    return new Share(completed(), loaded);
  }

  Share responseInScope() {
    return new Share(completed(), loaded - outOfScope);
  }

  Share faults() {
    return new Share(faults, heard);
  }

  Share unresolved() {
    return new Share(unresolved, heard);
  }

  Share unresolvedOfFaults() {
    return new Share(unresolved, faults);
  }

  Share onPhone() {
    return new Share(onPhone, faults);
  }

  RoundReport.Sources sources() {
    return new RoundReport.Sources(told, hotline, both);
  }

  RoundReport.Devices devices() {
    return new RoundReport.Devices(
        devices,
        new Share(deviceFaults, devicesAsked),
        new Share(devicesUnresolved, devicesAsked),
        new Share(devicesUnresolved, deviceFaults),
        new Share(devicesOnPhone, deviceFaults));
  }

  Share satisfied() {
    return new Share(satisfied, rated);
  }

  int unanswered() {
    return unanswered;
  }

  RoundReport.Content content() {
    Map<String, Share> byRole = new TreeMap<>();
    int[] leading = new int[2];
    roles.forEach(
        (role, counts) -> {
          byRole.put(role.isEmpty() ? "unknown" : role, new Share(counts[0], counts[1]));
          if (LEADING.contains(role)) {
            leading[0] += counts[0];
            leading[1] += counts[1];
          }
        });
    return new RoundReport.Content(
        satisfied(), new Share(leading[0], leading[1]), byRole, unanswered);
  }
}
