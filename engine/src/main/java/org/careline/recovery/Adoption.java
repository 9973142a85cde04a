package org.careline.recovery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Calls;
import org.careline.call.EndedBy;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.telephony.SwitchState;
import org.careline.telephony.SwitchState.FallbackMember;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.SwitchState.Phone;
import org.careline.telephony.SwitchState.QueuedCaller;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the engine's belief in line with what lives in the switch: after a start, a takeover and
 * each reconnect. Every difference becomes the event that was missed and goes through the same
 * transitions as a living one; there is no other repair. In this order:
 *
 * <ol>
 *   <li>members of the fallback queue are paused, so that the switch gives nobody away meanwhile;
 *       phones that ring and talks that go on end by themselves
 *   <li>the switch's event file tells what came and went, in order of time
 *   <li>channels and queues tell what lives: the belt for what the file does not say
 *   <li>those who wait in the fallback queue come to the waitroom, with their original join time
 *   <li>agents get phones and channels; the fallback queue is told anew when nobody waits in it any
 *       more ({@link Recovery})
 * </ol>
 *
 * Confined to recovery's thread; decisions are made on the mailbox.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
  private static final Duration ORDER = Duration.ofSeconds(5);
  private static final Duration DECISION = Duration.ofSeconds(30);

  /** A call that came while the lists were made brings its own events. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final Duration WRITE_DELAY = Duration.ofMillis(250);

  private static final String WAITROOM = "waitroom";
  private static final String FALLBACK = "fallback";
  private static final String AFTER_TALK = "careline-after";
  private static final String EXTERNAL = "careline-external";

  private final SwitchState state;
  private final Telephony telephony;
  private final Calls calls;
  private final Agents agents;
  private final Mailbox mailbox;
  private final CelReader cel;
  private final Outcomes outcomes;
  private final LastSeen lastSeen;
  private final BooleanSupplier databaseUp;
  private final InstantSource clock;

  /**
   * @param databaseUp as far as is known; spares waiting for a MySQL that is away
   */
  Adoption(
      SwitchState state,
      Telephony telephony,
      Calls calls,
      Agents agents,
      Mailbox mailbox,
      CelReader cel,
      Outcomes outcomes,
      LastSeen lastSeen,
      BooleanSupplier databaseUp,
      InstantSource clock) {
    this.state = state;
    this.telephony = telephony;
    this.calls = calls;
    this.agents = agents;
    this.mailbox = mailbox;
    this.cel = cel;
    this.outcomes = outcomes;
    this.lastSeen = lastSeen;
    this.databaseUp = databaseUp;
    this.clock = clock;
  }

  /** What lives, as the switch told it in one go. */
  private record Living(
      Instant at, List<LivingChannel> channels, List<QueuedCaller> queued, List<Phone> phones) {}

  /**
   * Does it once.
   *
   * @return how many events had been missed
   * @throws SwitchState.SwitchUnavailable when the switch stops answering: do it again
   */
  int run() throws IOException {
    pauseFallback();
    mailbox.ask(
        DECISION,
        () -> {
          calls.hold();
          return true;
        });
    try {
      return adopt();
    } finally {
      mailbox.execute(calls::release);
    }
  }

  private int adopt() throws IOException {
    Living living = new Living(clock.instant(), state.channels(), state.queued(), state.phones());
    pollUntilEndsAreThere(living);
    Set<CallId> accountedFor = accountedFor();
    int missed =
        mailbox.ask(
            DECISION,
            () -> {
              int events = replay(accountedFor);
              List<CallId> inFallback = new ArrayList<>();
              events += compare(living, inFallback);
              agents.adopt(reachable(living), channelsOfAgents(living));
              calls.adopted(living.channels());
              phonesGone(reachable(living), living.at());
              calls.release();
              inFallback.forEach(calls::takeOver);
              return events;
            });
    settle(accountedFor);
    // what ended between the lists and the decision, and came too early to be known
    return missed + sweep(Duration.ZERO);
  }

  /**
   * The belt while everything runs: calls whose end the file knows and we do not, and calls we
   * never heard of. Late enough that the living events come first.
   */
  int sweep(Duration late) throws IOException {
    poll();
    Instant before = clock.instant().minus(late);
    List<CelCall> over =
        cel.calls().stream()
            .filter(CelCall::ended)
            .filter(call -> call.events().getLast().at().isBefore(before))
            .toList();
    if (over.isEmpty()) {
      cel.keepPlace();
      return 0;
    }
    Set<CallId> unknown =
        mailbox.ask(
            DECISION,
            () ->
                over.stream()
                    .map(CelCall::id)
                    .filter(id -> !calls.over(id) && calls.find(id).isEmpty())
                    .collect(Collectors.toSet()));
    Set<CallId> accountedFor = unknown.isEmpty() ? Set.of() : known(unknown);
    int missed =
        mailbox.ask(
            DECISION,
            () -> {
              int events = 0;
              for (CelCall call : over) {
                if (!accountedFor.contains(call.id()) && !calls.over(call.id())) {
                  LOG.warn("call {}: its end was missed, taken from the event file", call.id());
                  events += replay(List.of(call));
                }
              }
              return events;
            });
    settle(accountedFor);
    return missed;
  }

  /** The switch writes its file a moment after the fact. */
  private void pollUntilEndsAreThere(Living living) {
    Set<String> alive =
        living.channels().stream().map(LivingChannel::uniqueId).collect(Collectors.toSet());
    for (int round = 0; round < 4; round++) {
      poll();
      List<CallId> gone =
          mailbox.ask(
              DECISION,
              () ->
                  calls.live().stream()
                      .map(LiveCall::id)
                      .filter(id -> !alive.contains(id.value()))
                      .toList());
      if (gone.stream().allMatch(id -> cel.call(id).map(CelCall::ended).orElse(false))) {
        return;
      }
      LockSupport.parkNanos(WRITE_DELAY.toNanos());
    }
  }

  private void poll() {
    try {
      cel.poll();
    } catch (IOException e) {
      LOG.error("the switch's event file cannot be read: {}", e.getMessage());
    }
  }

  private void pauseFallback() {
    List<CompletableFuture<?>> orders = new ArrayList<>();
    for (FallbackMember member : state.members()) {
      if (!member.paused()) {
        AgentNumber.ofEndpoint(member.endpoint())
            .ifPresent(agent -> orders.add(telephony.mirror(agent, false)));
      }
    }
    try {
      CompletableFuture.allOf(orders.toArray(CompletableFuture[]::new))
          .get(ORDER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in adoption", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new SwitchState.SwitchUnavailable("fallback agents could not be paused", e);
    }
  }

  /** Calls in the file that this engine does not know but MySQL does. */
  private Set<CallId> accountedFor() {
    Set<CallId> unknown =
        mailbox.ask(
            DECISION,
            () ->
                cel.calls().stream()
                    .map(CelCall::id)
                    .filter(id -> calls.find(id).isEmpty() && !calls.over(id))
                    .collect(Collectors.toSet()));
    return known(unknown);
  }

  private Set<CallId> known(Collection<CallId> unknown) {
    if (!databaseUp.getAsBoolean()) {
      LOG.warn("MySQL is away, outcomes are taken from the event file again");
      return Set.of();
    }
    try {
      return outcomes.among(unknown);
    } catch (SQLException e) {
      LOG.warn("MySQL is away, outcomes are taken from the event file again: {}", e.getMessage());
      return Set.of();
    }
  }

  private int replay(Set<CallId> accountedFor) {
    return replay(cel.calls().stream().filter(call -> !accountedFor.contains(call.id())).toList());
  }

  private record Missed(CelCall call, CallEvent event) {}

  /** In order of time over all calls: an agent may have had one after the other. */
  private int replay(List<CelCall> found) {
    List<Missed> missed = new ArrayList<>();
    for (CelCall call : found) {
      if (calls.over(call.id())) {
        continue;
      }
      Instant after = lastSeen.of(call.id()).orElse(Instant.MIN);
      if (calls.find(call.id()).isEmpty()) {
        after = Instant.MIN;
        calls.adopt(call.id(), call.channel(), call.dialled(), call.caller(), call.startedAt());
      }
      for (CallEvent event : call.events()) {
        if (event.at().isAfter(after)) {
          missed.add(new Missed(call, event));
        }
      }
    }
    missed.sort(Comparator.comparing(one -> one.event().at()));
    missed.forEach(one -> feed(one.call().id(), one.event()));
    return missed.size();
  }

  /**
   * @param inFallback gets those who waited there when the lists were made
   */
  private int compare(Living living, List<CallId> inFallback) {
    Map<String, LivingChannel> byId = new HashMap<>();
    living.channels().forEach(channel -> byId.put(channel.uniqueId(), channel));
    Map<String, QueuedCaller> queued = new HashMap<>();
    living.queued().forEach(caller -> queued.put(caller.uniqueId(), caller));
    int events = 0;
    for (LiveCall call : calls.live()) {
      if (!byId.containsKey(call.id().value())
          && call.arrivedAt().isBefore(living.at().minus(FRESH))) {
        LOG.warn("call {}: gone, and the event file does not say when", call.id());
        events += feed(call.id(), new CallEvent.HungUp(living.at(), EndedBy.SYSTEM, false));
      }
    }
    for (LivingChannel channel : living.channels()) {
      if (isCaller(channel)) {
        events += compare(channel, queued.get(channel.uniqueId()), living, inFallback);
      }
    }
    return events;
  }

  /** A caller's own channel; it names its call, or is so young that the dialplan has not begun. */
  private static boolean isCaller(LivingChannel channel) {
    String context = String.valueOf(channel.context());
    return AgentNumber.ofChannel(channel.channel()).isEmpty()
        && (channel.uniqueId().equals(channel.callId()) || context.equals("hotline"))
        && !CallId.ofOurs(channel.uniqueId())
        && channel.uniqueId().matches("[A-Za-z0-9._-]{1,64}");
  }

  private int compare(
      LivingChannel channel, QueuedCaller place, Living living, List<CallId> inFallback) {
    CallId id = new CallId(channel.uniqueId());
    if (calls.over(id)) {
      return 0; // ended between the lists and now
    }
    if (lastSeen.of(id).filter(seen -> seen.isAfter(living.at())).isPresent()) {
      return 0; // the event file knows of later things than the lists
    }
    int events = 0;
    if (calls.find(id).isEmpty()) {
      calls.adopt(
          id,
          channel.channel(),
          cel.call(id).map(CelCall::dialled).orElse(digits(channel.extension())),
          channel.callerNumber(),
          cel.call(id).map(CelCall::startedAt).orElse(channel.startedAt()));
      lastSeen.toldUntil(id, living.at());
      events++;
    }
    CallState believed = calls.find(id).orElseThrow().state();
    Set<AgentNumber> talking = partners(channel, living);
    if (!talking.isEmpty()) {
      if (believed.agent().filter(talking::contains).isEmpty()
          || believed instanceof CallState.Offered) {
        events += lost(id, believed, living.at());
        events += feed(id, new CallEvent.Answered(living.at(), talking.iterator().next()));
      }
    } else if (place != null && place.queue().equals(WAITROOM)) {
      events += inWaitroom(id, believed, place, living);
    } else if (place != null && place.queue().equals(FALLBACK)) {
      if (!(believed instanceof CallState.InFallback)) {
        // what was decided for him is older than that he is there
        boolean decided =
            believed instanceof CallState.Leaving || believed instanceof CallState.Surveying;
        events += feed(id, new CallEvent.EnteredFallback(decided ? living.at() : place.since()));
      }
      if (rings(channel, living)) {
        calls.rings(id);
      }
      inFallback.add(id);
    } else if (believed instanceof CallState.Talking talk
        && channel.bridgeId() == null
        && AFTER_TALK.equals(channel.context())) {
      events += feed(id, new CallEvent.AgentLeft(living.at(), talk.with()));
    } else if (believed instanceof CallState.Overflowing
        && channel.bridgeId() != null
        && EXTERNAL.equals(channel.context())) {
      events += feed(id, new CallEvent.OverflowAnswered(living.at()));
    } else if (believed instanceof CallState.Waiting waiting
        && !waiting.inRoom()
        && !rings(channel, living)
        && channel.bridgeId() == null
        && !"hotline".equals(channel.context())
        && waiting.spot().joinedAt().isBefore(living.at().minus(FRESH))) {
      // he should be in the waitroom and is nowhere: the order was lost with the one who gave it
      telephony.waitroom(channel.channel());
    }
    return events;
  }

  /** Another agent is in the bridge: the talk we know of is over. */
  private int lost(CallId id, CallState believed, Instant at) {
    return believed instanceof CallState.Talking || believed instanceof CallState.FallbackTalking
        ? feed(id, new CallEvent.AgentLost(at, believed.agent().orElseThrow()))
        : 0;
  }

  /**
   * A phone that went away while nobody looked: its channel is still up, its voice is gone, and the
   * switch does not say it a second time.
   */
  private void phonesGone(Set<AgentNumber> reachable, Instant at) {
    for (LiveCall call : calls.live()) {
      call.state()
          .agent()
          .filter(agent -> !reachable.contains(agent))
          .ifPresent(
              agent -> calls.on(new TelephonyEvent.ContactChanged(at, agent.endpoint(), false)));
    }
  }

  private int inWaitroom(CallId id, CallState believed, QueuedCaller place, Living living) {
    if (believed instanceof CallState.Waiting waiting && waiting.inRoom()) {
      return 0;
    }
    return switch (believed) {
      case CallState.Offered offered ->
          feed(id, new CallEvent.OfferFailed(living.at(), offered.to(), CallEvent.Miss.ENGINE))
              + feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Talking talking ->
          feed(id, new CallEvent.AgentLost(living.at(), talking.with()))
              + feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.FallbackTalking talking ->
          feed(id, new CallEvent.AgentLost(living.at(), talking.with()))
              + feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Waiting waiting ->
          waiting.inRoom() ? 0 : feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Asking asking -> feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Overflowing out -> feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Surveying after -> feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Leaving leaving -> feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Arrived arrived -> feed(id, new CallEvent.EnteredRoom(place.since()));
      case CallState.Greeting greeting -> feed(id, new CallEvent.EnteredRoom(place.since()));
      case CallState.InFallback fallback -> feed(id, new CallEvent.EnteredRoom(living.at()));
      case CallState.Ended ended -> 0;
    };
  }

  private int feed(CallId id, CallEvent event) {
    calls.feed(id, event, true);
    if (!calls.over(id)) {
      // not the clock's time: what happens between the lists and now is still to come
      lastSeen.toldUntil(id, event.at());
    }
    return 1;
  }

  /** Agents whose legs are in the same bridge. */
  private static Set<AgentNumber> partners(LivingChannel caller, Living living) {
    Set<AgentNumber> partners = new HashSet<>();
    if (caller.bridgeId() != null) {
      for (LivingChannel other : living.channels()) {
        if (caller.bridgeId().equals(other.bridgeId())) {
          AgentNumber.ofChannel(other.channel()).ifPresent(partners::add);
        }
      }
    }
    return partners;
  }

  /** An agent's phone rings for him. */
  private static boolean rings(LivingChannel caller, Living living) {
    return living.channels().stream()
        .anyMatch(
            other ->
                caller.uniqueId().equals(other.linkedId())
                    && !"Up".equals(other.state())
                    && AgentNumber.ofChannel(other.channel()).isPresent());
  }

  private static Set<AgentNumber> reachable(Living living) {
    return living.phones().stream()
        .filter(Phone::reachable)
        .map(phone -> AgentNumber.ofEndpoint(phone.endpoint()))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private static Map<AgentNumber, Set<String>> channelsOfAgents(Living living) {
    Map<AgentNumber, Set<String>> channels = new HashMap<>();
    for (LivingChannel channel : living.channels()) {
      AgentNumber.ofChannel(channel.channel())
          .ifPresent(
              agent ->
                  channels
                      .computeIfAbsent(agent, number -> new HashSet<>())
                      .add(channel.uniqueId()));
    }
    return channels;
  }

  private static String digits(String extension) {
    return extension != null && extension.matches("\\+?[0-9]{3,16}") ? extension : "";
  }

  private void settle(Set<CallId> accountedFor) {
    List<CallId> over =
        mailbox.ask(
            DECISION,
            () ->
                cel.calls().stream()
                    .filter(CelCall::ended)
                    .map(CelCall::id)
                    .filter(id -> accountedFor.contains(id) || calls.over(id))
                    .toList());
    cel.settled(over);
    cel.keepPlace();
  }
}
