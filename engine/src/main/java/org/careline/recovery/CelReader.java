package org.careline.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the switch's event file, which the switch goes on writing whoever else is dead, and keeps
 * what it says about calls that have not been accounted for. The place from which a restart must
 * read again is kept in the journal: the beginning of the oldest unfinished call. Confined to
 * recovery's thread.
 */
final class CelReader {
  private static final Logger LOG = LoggerFactory.getLogger(CelReader.class);
  private static final String META = "cel.place";
  private static final String HOTLINE = "hotline";

  private final Journal journal;
  private final CelFile file;
  private final Map<String, CelCall> calls = new LinkedHashMap<>();
  private final Map<String, CelFile.Place> begins = new HashMap<>();
  private long unreadable;
  private String saved = "";

  CelReader(Path path, Journal journal) {
    this.journal = journal;
    this.file =
        new CelFile(path, journal.meta(META).map(CelFile.Place::parse).orElse(CelFile.Place.START));
  }

  /** Reads what is new. */
  void poll() throws IOException {
    file.poll(
        (line, place) ->
            CelRecord.parse(line).ifPresentOrElse(found -> add(found, place), () -> skip(place)));
  }

  /** A caller's channel comes into being in the context where the trunk enters. */
  static boolean beginsCall(CelRecord line) {
    return line.type().equals("CHAN_START")
        && line.context().equals(HOTLINE)
        && !CallId.ofOurs(line.uniqueId())
        && line.extension().matches("\\+?[0-9]{3,16}")
        && line.uniqueId().matches("[A-Za-z0-9._-]{1,64}");
  }

  private void skip(CelFile.Place place) {
    if (unreadable++ % 1000 == 0) {
      LOG.warn("event file of the switch: unreadable line at {}, {} so far", place, unreadable);
    }
  }

  private void add(CelRecord line, CelFile.Place place) {
    if (beginsCall(line)) {
      calls.putIfAbsent(line.uniqueId(), new CelCall(line));
      begins.putIfAbsent(line.uniqueId(), place);
      return;
    }
    CelCall call = calls.get(line.uniqueId());
    if (call == null) {
      call = calls.get(line.linkedId());
    }
    if (call != null) {
      call.add(line);
    }
  }

  /** All that have not been settled, oldest first; ended ones among them. */
  List<CelCall> calls() {
    List<CelCall> all = new ArrayList<>(calls.values());
    all.sort(Comparator.comparing(CelCall::startedAt));
    return all;
  }

  Optional<CelCall> call(CallId id) {
    return Optional.ofNullable(calls.get(id.value()));
  }

  /** These have been accounted for and journalled; their lines are not needed any more. */
  void settled(Collection<CallId> ids) {
    for (CallId id : ids) {
      calls.remove(id.value());
      begins.remove(id.value());
    }
  }

  /** Keeps the place from which a restart must read: after all entries journalled so far. */
  void keepPlace() {
    CelFile.Place from = calls.keySet().stream().findFirst().map(begins::get).orElse(file.place());
    if (!from.text().equals(saved)) {
      saved = from.text();
      journal.meta(META, saved);
    }
  }
}
