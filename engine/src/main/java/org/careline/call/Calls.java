package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Work;
import org.careline.call.CallEvent.AgentLost;
import org.careline.call.CallEvent.Answered;
import org.careline.call.CallEvent.EnteredFallback;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.HungUp;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Ended;
import org.careline.call.CallState.FallbackTalking;
import org.careline.call.CallState.InFallback;
import org.careline.call.CallState.Offered;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The living hotline calls. Puts what the switch reports into {@link CallEvent}s, lets {@link
 * CallTransitions} decide, writes the step to the journal and does what follows from it. A call
 * leaves the table with its outcome, which is written once: what comes for it later finds nothing.
 *
 * <p>Confined to the mailbox; so are those who watch.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final String HOTLINE = "hotline";
  private static final String WAITROOM = "waitroom";
  private static final String FALLBACK = "fallback";

  /** How many ended calls are remembered, so that late events cannot revive them. */
  private static final int ENDED_REMEMBERED = 20_000;

  /** A caller found in the waitroom although a phone should ring for him may just be turning. */
  private static final Duration TURN = Duration.ofMillis(400);

  /** Longer than the switch itself needs to end the ringing. */
  private static final Duration RING_BELT = Duration.ofSeconds(5);

  /** A console that reloads its page is back before this; its sound is not interrupted. */
  private static final Duration PHONE_GRACE = Duration.ofSeconds(5);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration TAKE_OVER = Duration.ofSeconds(2);
  private static final Duration TAKE_OVER_MAX = Duration.ofSeconds(30);

  /** What is known of a caller before, or without, the dialplan's question. */
  @FunctionalInterface
  public interface Strangers {
    /** Answers from memory, never throws. {@code callerNumber} is a stranger's text, or null. */
    Known of(String dialled, String callerNumber);
  }

  public record Known(Caller caller, Handling handling) {}

  private final Map<CallId, Call> calls = new LinkedHashMap<>();
  private final Map<CallId, Boolean> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Boolean> eldest) {
          return size() > ENDED_REMEMBERED;
        }
      };
  private final List<Consumer<LiveCall>> watchers = new ArrayList<>();
  private final CallTransitions transitions;
  private final Journal journal;
  private final Telephony telephony;
  private final Agents agents;
  private final Strangers strangers;
  private final Turns turns;
  private final InstantSource clock;
  private final BooleanSupplier serving;

  /**
   * @param serving this engine leads and has adopted what lives: it may take callers out of the
   *     fallback queue
   */
  public Calls(
      CallTransitions transitions,
      Journal journal,
      Telephony telephony,
      Agents agents,
      Strangers strangers,
      Turns turns,
      InstantSource clock,
      BooleanSupplier serving) {
    this.transitions = transitions;
    this.journal = journal;
    this.telephony = telephony;
    this.agents = agents;
    this.strangers = strangers;
    this.turns = turns;
    this.clock = clock;
    this.serving = serving;
  }

  /** Told of each step after it has been taken, also of the last one. */
  public void watch(Consumer<LiveCall> watcher) {
    watchers.add(watcher);
  }

  // --- what the hotline decides

  /** A caller is at the door and has been recognised. False when his call is already over. */
  public boolean admitted(CallId id, String channel, Known known, Instant at) {
    if (ended.containsKey(id)) {
      return false;
    }
    if (!calls.containsKey(id)) {
      // the question was faster than the switch's event
      arrive(id, channel, known, at, false);
    }
    Call call = calls.get(id);
    call.channel = channel;
    call.caller = known.caller();
    call.handling = known.handling();
    write(call, CallEntry.recognised(at, call.state, channel, known.caller(), known.handling()));
    notice(call);
    return true;
  }

  public void greeted(CallId id) {
    feed(id, new Greeted(clock.instant()), false);
  }

  public void joined(CallId id) {
    feed(id, new Joined(clock.instant()), false);
  }

  /** We turn him away: the switch will hang up. */
  public void refused(CallId id) {
    Call call = calls.get(id);
    if (call != null) {
      call.refused = true;
    }
  }

  /**
   * The answer to the dialplan's question sends him to this agent, who has been set aside. False
   * when the call is not in a state for it: then the agent is not needed.
   */
  public boolean connect(CallId id, AgentNumber agent, CallEntry.Reason reason) {
    Call call = calls.get(id);
    return call != null && offered(call, agent, reason);
  }

  /** Pulls a waiting caller out for this agent, who has been set aside. False as above. */
  public boolean pull(CallId id, AgentNumber agent, CallEntry.Reason reason) {
    Call call = calls.get(id);
    if (call == null
        || !(call.state instanceof Waiting waiting)
        || !waiting.inRoom()
        || !offered(call, agent, reason)) {
      return false;
    }
    int offer = call.offer;
    telephony
        .offer(call.channel, agent, call.handling.ring())
        .whenCompleteAsync(
            (answer, failure) -> {
              // a failure is unknown: what comes of it, or the belt, will tell
              if (failure == null && !answer.taken() && ringsFor(call, offer, agent)) {
                call.notBefore = clock.instant().plus(AGAIN);
                step(call, new OfferFailed(clock.instant(), agent, Miss.ENGINE), false);
                step(call, new EnteredRoom(clock.instant()), false);
                turns.schedule(AGAIN, () -> notice(call));
              }
            },
            turns);
    return true;
  }

  /** Ends a call by our order; nothing happens when it is over. */
  public void hangUp(CallId id) {
    Call call = calls.get(id);
    if (call != null) {
      call.orderedEnd = true;
      telephony.hangUp(call.channel);
    }
  }

  private boolean offered(Call call, AgentNumber agent, CallEntry.Reason reason) {
    call.offer++;
    call.dialSeen = false;
    step(call, new OfferMade(clock.instant(), agent), false, reason);
    if (!ringsFor(call, call.offer, agent)) {
      return false;
    }
    int offer = call.offer;
    turns.schedule(
        call.handling.ring().plus(RING_BELT),
        () -> {
          if (ringsFor(call, offer, agent)) {
            LOG.warn("call {}: nothing came of the offer to {}", call.id, agent);
            step(call, new OfferFailed(clock.instant(), agent, Miss.ENGINE), false);
            sendToWaitroom(call);
          }
        });
    return true;
  }

  private static boolean ringsFor(Call call, int offer, AgentNumber agent) {
    return call.offer == offer
        && call.state instanceof Offered offered
        && offered.to().equals(agent);
  }

  // --- what the switch reports

  public void on(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.ChannelStarted e -> started(e);
      case TelephonyEvent.DialStarted e -> find(e.uniqueId(), call -> dialStarted(call, e));
      case TelephonyEvent.DialEnded e -> find(e.uniqueId(), call -> dialEnded(call, e));
      case TelephonyEvent.Bridged e -> bridged(e);
      case TelephonyEvent.Unbridged e -> unbridged(e);
      case TelephonyEvent.QueueJoined e -> find(e.uniqueId(), call -> queueJoined(call, e));
      case TelephonyEvent.ChannelEnded e -> find(e.uniqueId(), call -> hungUp(call, e.at()));
      case TelephonyEvent.ContactChanged e -> contact(e);
      case TelephonyEvent.QueueLeft other -> {}
      case TelephonyEvent.ChannelAnswered other -> {}
      case TelephonyEvent.OriginateEnded other -> {}
      case TelephonyEvent.LinkUp other -> {}
      case TelephonyEvent.LinkDown other -> {}
    }
  }

  private void started(TelephonyEvent.ChannelStarted event) {
    if (!HOTLINE.equals(event.context()) || CallId.ofAttempt(event.uniqueId())) {
      return;
    }
    id(event.uniqueId())
        .filter(id -> !calls.containsKey(id) && !ended.containsKey(id))
        .ifPresent(
            id ->
                arrive(
                    id,
                    event.channel(),
                    strangers.of(dialled(event.extension()), event.callerNumber()),
                    event.at(),
                    false));
  }

  private void dialStarted(Call call, TelephonyEvent.DialStarted event) {
    call.dialSeen = true;
    call.phoneRings = true;
  }

  private void dialEnded(Call call, TelephonyEvent.DialEnded event) {
    call.phoneRings = false;
    Optional<AgentNumber> leg = AgentNumber.ofChannel(event.dialledChannel());
    if (leg.isEmpty()) {
      return;
    }
    AgentNumber agent = leg.get();
    switch (String.valueOf(event.status())) {
      case "ANSWER" -> step(call, new Answered(event.at(), agent), false);
      case "NOANSWER" -> step(call, new OfferFailed(event.at(), agent, Miss.MISSED), false);
      case "BUSY" -> step(call, new OfferFailed(event.at(), agent, Miss.REJECTED), false);
      case "CHANUNAVAIL", "CONGESTION" ->
          step(call, new OfferFailed(event.at(), agent, Miss.UNREACHABLE), false);
      // the caller has left or was pulled away: his own event follows or has come
      default -> {}
    }
  }

  /** Belt for a lost answer: only where this very agent rings. */
  private void bridged(TelephonyEvent.Bridged event) {
    AgentNumber.ofChannel(event.channel())
        .ifPresent(
            agent ->
                find(
                    event.callId(),
                    call -> {
                      if (call.state instanceof Offered offered && offered.to().equals(agent)) {
                        step(call, new Answered(event.at(), agent), false);
                      }
                    }));
  }

  /** Who leaves the talk first has ended it. */
  private void unbridged(TelephonyEvent.Unbridged event) {
    if (AgentNumber.ofChannel(event.channel()).isPresent()) {
      find(event.callId(), call -> leaves(call, EndedBy.AGENT));
    } else {
      find(event.uniqueId(), call -> leaves(call, EndedBy.CALLER));
    }
  }

  private static void leaves(Call call, EndedBy by) {
    if (call.leftFirst == null
        && (call.state instanceof Talking || call.state instanceof FallbackTalking)) {
      call.leftFirst = by;
    }
  }

  private void queueJoined(Call call, TelephonyEvent.QueueJoined event) {
    if (FALLBACK.equals(event.queue())) {
      step(call, new EnteredFallback(event.at()), false);
    } else if (WAITROOM.equals(event.queue())) {
      if (call.state instanceof Offered offered) {
        backAlthoughOffered(call, offered.to(), event.at());
      } else {
        step(call, new EnteredRoom(event.at()), false);
      }
    }
  }

  /**
   * Either the phone could not be rung and the dialplan sent him back, or his lap of the waitroom
   * ended in the instant of our order. Then the ringing begins in a moment.
   */
  private void backAlthoughOffered(Call call, AgentNumber agent, Instant at) {
    int offer = call.offer;
    boolean hadRung = call.dialSeen;
    turns.schedule(
        TURN,
        () -> {
          if (ringsFor(call, offer, agent) && (hadRung || !call.dialSeen)) {
            Miss miss = hadRung ? Miss.ENGINE : Miss.UNREACHABLE;
            step(call, new OfferFailed(clock.instant(), agent, miss), false);
            step(call, new EnteredRoom(at), false);
          }
        });
  }

  private void hungUp(Call call, Instant at) {
    EndedBy by = call.leftFirst == null ? EndedBy.CALLER : call.leftFirst;
    if (call.orderedEnd || call.refused) {
      by = EndedBy.SYSTEM;
    }
    step(call, new HungUp(at, by, call.refused), false);
  }

  /** A phone in a browser is gone: so is the voice, though the switch keeps the call up. */
  private void contact(TelephonyEvent.ContactChanged event) {
    if (event.reachable()) {
      return;
    }
    AgentNumber agent = AgentNumber.ofEndpoint(event.endpoint()).orElse(null);
    if (agent == null || !agents.browserPhone(agent)) {
      return;
    }
    for (Call call : List.copyOf(calls.values())) {
      if (call.state.agent().equals(Optional.of(agent))) {
        if (call.state instanceof Offered) {
          step(call, new AgentLost(event.at(), agent), false);
        } else {
          CallState talk = call.state;
          turns.schedule(
              PHONE_GRACE,
              () -> {
                if (call.state == talk && !agents.reachable(agent)) {
                  step(call, new AgentLost(clock.instant(), agent), false);
                }
              });
        }
      }
    }
  }

  // --- recovery

  /** Recovery: a call found alive that nobody knew. Nothing happens when it is known. */
  public void adopt(
      CallId id, String channel, String dialled, String callerNumber, Instant arrivedAt) {
    if (!calls.containsKey(id) && !ended.containsKey(id)) {
      arrive(id, channel, strangers.of(dialled(dialled), callerNumber), arrivedAt, true);
    }
  }

  /** One event for a call; ignored when it is over or unknown. {@code replayed} = by recovery. */
  public void feed(CallId id, CallEvent event, boolean replayed) {
    Call call = calls.get(id);
    if (call != null) {
      step(call, event, replayed);
    }
  }

  /** At the start, oldest first: what the journal kept of calls (kinds call and outcome). */
  public void replay(Journal.Entry entry) {
    CallId id = new CallId(entry.key());
    switch (entry.kind()) {
      case "outcome" -> {
        calls.remove(id);
        ended.put(id, true);
      }
      case "call" -> replay(id, entry.as(CallEntry.class));
      default -> {}
    }
  }

  private void replay(CallId id, CallEntry line) {
    if (ended.containsKey(id)) {
      return;
    }
    Call call = calls.get(id);
    if (line.event().equals(CallEntry.ARRIVED)) {
      if (call == null) {
        calls.put(id, new Call(id, line.channel(), line.caller(), line.handling(), line.at()));
      }
      return;
    }
    if (call == null) {
      LOG.warn("call {}: history without a beginning, left to the switch's own files", id);
      return;
    }
    if (line.event().equals(CallEntry.RECOGNISED)) {
      call.channel = line.channel();
      call.caller = line.caller();
      call.handling = line.handling();
    }
    line.toEvent().ifPresent(event -> call.state = transitions.next(call.state, event).next());
  }

  /**
   * After the last {@link #replay}: gives agents back their work, and writes the outcome of calls
   * whose end was the last thing kept.
   */
  public void replayed() {
    for (Call call : List.copyOf(calls.values())) {
      if (call.state instanceof Ended) {
        close(call);
      } else {
        call.state
            .agent()
            .ifPresent(
                agent -> agents.restore(agent, work(call), !(call.state instanceof Offered)));
      }
    }
  }

  // --- questions

  /** All living calls, oldest first. */
  public List<LiveCall> live() {
    return calls.values().stream().map(Call::view).toList();
  }

  public Optional<LiveCall> find(CallId id) {
    return Optional.ofNullable(calls.get(id)).map(Call::view);
  }

  public boolean over(CallId id) {
    return ended.containsKey(id);
  }

  // --- inside

  private void arrive(CallId id, String channel, Known known, Instant at, boolean replayed) {
    Call call = new Call(id, channel, known.caller(), known.handling(), at);
    calls.put(id, call);
    write(call, CallEntry.arrived(at, channel, known.caller(), known.handling(), replayed));
    notice(call);
  }

  private void step(Call call, CallEvent event, boolean replayed) {
    step(call, event, replayed, CallEntry.Reason.NONE);
  }

  private void step(Call call, CallEvent event, boolean replayed, CallEntry.Reason reason) {
    if (calls.get(call.id) != call) {
      return;
    }
    CallState before = call.state;
    CallTransitions.Step step = transitions.next(before, event);
    if (step.next().equals(before) && step.effects().isEmpty()) {
      return;
    }
    call.state = step.next();
    write(call, CallEntry.of(event, call.state, reason, replayed));
    for (CallTransitions.Effect effect : step.effects()) {
      perform(call, effect, replayed);
    }
    if (call.state instanceof InFallback && !(before instanceof InFallback)) {
      takeOverLater(call, TAKE_OVER);
    }
    notice(call);
  }

  /**
   * @param replayed it has happened already: adoption looks where the caller is now. An order would
   *     reach who knows whom, because channels' names begin anew when the switch does.
   */
  private void perform(Call call, CallTransitions.Effect effect, boolean replayed) {
    switch (effect) {
      case CallTransitions.FreeAgent free ->
          agents.release(
              free.agent(),
              work(call),
              switch (free.why()) {
                case MISSED, REJECTED -> Agents.Release.MISSED;
                case UNREACHABLE -> Agents.Release.UNREACHABLE;
                case ENGINE -> Agents.Release.NOT_NEEDED;
              });
      case CallTransitions.AgentTalks talks -> {
        call.leftFirst = null;
        agents.talks(talks.agent(), work(call));
      }
      case CallTransitions.WrapUp wrapUp ->
          agents.wrapUp(wrapUp.agent(), work(call), call.handling.wrapUp());
      case CallTransitions.SendToWaitroom send -> {
        if (!replayed) {
          sendToWaitroom(call);
        }
      }
      case CallTransitions.WriteOutcome outcome -> close(call);
    }
  }

  /** Ordered again while nothing shows that it was carried out. */
  private void sendToWaitroom(Call call) {
    telephony.waitroom(call.channel);
    turns.schedule(
        TAKE_OVER,
        () -> {
          if (calls.get(call.id) == call
              && call.state instanceof Waiting waiting
              && !waiting.inRoom()) {
            sendToWaitroom(call);
          }
        });
  }

  /** Where the switch serves alone nobody waits longer than needed once we are there. */
  private void takeOverLater(Call call, Duration pause) {
    turns.schedule(
        pause,
        () -> {
          if (calls.get(call.id) != call || !(call.state instanceof InFallback)) {
            return;
          }
          Duration next = pause;
          if (serving.getAsBoolean() && !call.phoneRings) {
            telephony.waitroom(call.channel);
            next = pause.multipliedBy(2);
          }
          takeOverLater(call, next.compareTo(TAKE_OVER_MAX) > 0 ? TAKE_OVER_MAX : next);
        });
  }

  private void close(Call call) {
    Ended end = (Ended) call.state;
    calls.remove(call.id);
    ended.put(call.id, true);
    journal
        .appendDurably(
            "outcome", call.id.value(), CallRecord.of(call.id, call.caller, call.arrivedAt, end))
        .whenComplete(
            (seq, failure) -> {
              if (failure != null) {
                LOG.error("call {}: outcome not yet on disk: {}", call.id, failure.getMessage());
              }
            });
  }

  private void write(Call call, CallEntry entry) {
    journal.append("call", call.id.value(), entry);
  }

  private void notice(Call call) {
    LiveCall view = call.view();
    watchers.forEach(watcher -> watcher.accept(view));
  }

  private static Work work(Call call) {
    return Work.call(call.id.value());
  }

  private void find(String id, Consumer<Call> task) {
    id(id).map(calls::get).ifPresent(task);
  }

  private static Optional<CallId> id(String text) {
    return text != null && text.matches("[A-Za-z0-9._-]{1,64}")
        ? Optional.of(new CallId(text))
        : Optional.empty();
  }

  /** A stranger's text: kept only where it is a number. */
  private static String dialled(String text) {
    return text != null && text.matches("\\+?[0-9]{1,19}") ? text : "";
  }

  /** What is known of one living call. Confined to the mailbox. */
  private static final class Call {
    final CallId id;
    final Instant arrivedAt;
    String channel;
    Caller caller;
    Handling handling;
    CallState state;
    Instant notBefore = Instant.MIN;

    /** Counts offers: tells the timer of an old one from the present one. */
    int offer;

    boolean dialSeen;
    boolean phoneRings;
    EndedBy leftFirst;
    boolean orderedEnd;
    boolean refused;

    Call(CallId id, String channel, Caller caller, Handling handling, Instant arrivedAt) {
      this.id = id;
      this.channel = channel;
      this.caller = caller;
      this.handling = handling;
      this.arrivedAt = arrivedAt;
      this.state = new Arrived(arrivedAt);
    }

    LiveCall view() {
      return new LiveCall(id, channel, caller, handling, arrivedAt, state, notBefore);
    }
  }
}
