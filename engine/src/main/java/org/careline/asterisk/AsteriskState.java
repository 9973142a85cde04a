package org.careline.asterisk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.asteriskjava.manager.action.CoreShowChannelsAction;
import org.asteriskjava.manager.action.PingAction;
import org.asteriskjava.manager.action.QueueStatusAction;
import org.asteriskjava.manager.event.CoreShowChannelEvent;
import org.asteriskjava.manager.event.EndpointList;
import org.asteriskjava.manager.event.QueueEntryEvent;
import org.asteriskjava.manager.event.QueueMemberEvent;
import org.asteriskjava.manager.event.ResponseEvent;
import org.careline.telephony.SwitchState;

/** Asks Asterisk what lives in it. Blocks; thread-safe. */
public final class AsteriskState implements SwitchState {
  private static final String PHONE = "PJSIP/";

  private final AmiLink engine;
  private final AmiLink credentials;
  private final InstantSource clock;

  /**
   * @param credentials the link of the second user, who may list phones
   */
  public AsteriskState(AmiLink engine, AmiLink credentials, InstantSource clock) {
    this.engine = engine;
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public List<LivingChannel> channels() {
    Instant now = clock.instant();
    List<LivingChannel> channels = new ArrayList<>();
    for (ResponseEvent event : engine.list(new CoreShowChannelsAction()).getEvents()) {
      if (event instanceof CoreShowChannelEvent e && e.getUniqueid() != null) {
        channels.add(
            new LivingChannel(
                e.getUniqueid(),
                e.getChannel(),
                call(e),
                e.getLinkedid(),
                e.getContext(),
                e.getExten(),
                e.getApplication(),
                e.getChannelStateDesc(),
                emptyToNull(e.getBridgeid()),
                e.getCallerIdNum(),
                now.minus(age(e.getDuration()))));
      }
    }
    return List.copyOf(channels);
  }

  @Override
  public List<QueuedCaller> queued() {
    Instant now = clock.instant();
    List<QueuedCaller> callers = new ArrayList<>();
    for (ResponseEvent event : engine.list(new QueueStatusAction()).getEvents()) {
      if (event instanceof QueueEntryEvent e && e.getUniqueId() != null) {
        callers.add(
            new QueuedCaller(
                e.getUniqueId(),
                e.getChannel(),
                // Only callers' own channels wait, and a caller's channel names its call.
                e.getUniqueId(),
                e.getQueue(),
                e.getPosition() == null ? 0 : e.getPosition(),
                e.getCallerIdNum(),
                now.minusSeconds(e.getWait() == null ? 0 : e.getWait())));
      }
    }
    return List.copyOf(callers);
  }

  @Override
  public List<FallbackMember> members() {
    List<FallbackMember> members = new ArrayList<>();
    for (ResponseEvent event : engine.list(new QueueStatusAction()).getEvents()) {
      if (event instanceof QueueMemberEvent e
          && "fallback".equals(e.getQueue())
          && e.getLocation() != null
          && e.getLocation().startsWith(PHONE)) {
        members.add(
            new FallbackMember(
                e.getLocation().substring(PHONE.length()),
                Boolean.TRUE.equals(e.getPaused()),
                Integer.valueOf(1).equals(e.getIncall())));
      }
    }
    return List.copyOf(members);
  }

  @Override
  public List<Phone> phones() {
    List<Phone> phones = new ArrayList<>();
    for (ResponseEvent event : credentials.list(new ShowEndpointsAction()).getEvents()) {
      if (event instanceof EndpointList e && e.getObjectName() != null) {
        String state = String.valueOf(e.getDevicestate());
        // A phone in a talk counts as in use also when its contact is gone.
        boolean contact = emptyToNull(e.getContacts()) != null;
        phones.add(
            new Phone(
                e.getObjectName(),
                contact && !state.equals("Unavailable") && !state.equals("Invalid")));
      }
    }
    return List.copyOf(phones);
  }

  @Override
  public boolean ping(Duration deadline) {
    try {
      engine.send(new PingAction()).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      return false;
    }
  }

  @Override
  public long session() {
    return engine.session();
  }

  private static String call(CoreShowChannelEvent event) {
    Map<String, String> variables = event.getChannelVariables();
    return variables == null ? null : emptyToNull(variables.get("CARELINE_CALL"));
  }

  private static String emptyToNull(String value) {
    return value == null || value.isBlank() ? null : value;
  }

  /** Hours, minutes and seconds as 01:02:03. */
  static Duration age(String text) {
    if (text == null || !text.matches("[0-9]{1,6}:[0-9]{2}:[0-9]{2}")) {
      return Duration.ZERO;
    }
    String[] parts = text.split(":");
    return Duration.ofHours(Long.parseLong(parts[0]))
        .plusMinutes(Long.parseLong(parts[1]))
        .plusSeconds(Long.parseLong(parts[2]));
  }
}
