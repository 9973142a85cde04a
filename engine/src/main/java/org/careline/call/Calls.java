package org.careline.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.call.CallEvent.AgentLeft;
import org.careline.call.CallEvent.Asked;
import org.careline.call.CallEvent.EnteredRoom;
import org.careline.call.CallEvent.Greeted;
import org.careline.call.CallEvent.Held;
import org.careline.call.CallEvent.Joined;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallEvent.OfferFailed;
import org.careline.call.CallEvent.OfferMade;
import org.careline.call.CallEvent.OverflowAnswered;
import org.careline.call.CallEvent.OverflowFailed;
import org.careline.call.CallEvent.OverflowMade;
import org.careline.call.CallEvent.Resumed;
import org.careline.call.CallEvent.SurveyAnswered;
import org.careline.call.CallEvent.SurveyOffered;
import org.careline.call.CallEvent.Transferred;
import org.careline.call.CallEvent.Turned;
import org.careline.call.CallState.Overflowing;
import org.careline.call.CallState.Talking;
import org.careline.call.CallState.Waiting;
import org.careline.telephony.SwitchState.LivingChannel;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The living hotline calls: what others decide for them, and what can be asked of them. What the
 * switch reports is read by {@link SwitchReports}; how a call changes is in {@link CallTable}.
 *
 * <p>Confined to the mailbox; so are those who watch.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** Longer than the switch itself needs to end the ringing. */
  private static final Duration RING_BELT = Duration.ofSeconds(5);

  /** Longer than who answers outside is asked to press 1, twice, and told that it is too late. */
  private static final Duration CONFIRM_BELT = Duration.ofSeconds(40);

  /** After an order the switch refused; nobody may wait a second while an agent is ready. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  /** What is known of a caller before, or without, the dialplan's question. */
  @FunctionalInterface
  public interface Strangers {
    /** Answers from memory, never throws. {@code callerNumber} is a stranger's text, or null. */
    Known of(String dialled, String callerNumber);
  }

  public record Known(Caller caller, Handling handling) {}

  private final CallTable table;
  private final SwitchReports reports;
  private final Telephony telephony;
  private final Strangers strangers;
  private final Turns turns;
  private Function<Caller, Optional<String>> announceIn = caller -> Optional.empty();
  private Consumer<List<LivingChannel>> adoption = channels -> {};

  /** What the switch told since recovery asked it; null = nothing waits. */
  private List<Runnable> heldBack;

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
    this.table = new CallTable(transitions, journal, telephony, agents, turns, clock, serving);
    this.reports = new SwitchReports(table, agents, strangers, turns);
    this.telephony = telephony;
    this.strangers = strangers;
    this.turns = turns;
  }

  /** Told of each step after it has been taken, also of the last one. */
  public void watch(Consumer<LiveCall> watcher) {
    table.watch(watcher);
  }

  /**
   * Who knows the recordings says whether a caller has left a message with something to be heard:
   * only then his call ends as one. Without it no call does.
   */
  public void messagesBy(Predicate<CallId> rule) {
    table.messagesBy(rule);
  }

  /** Who knows the order of those who wait says their positions; 1 = next, 0 = not known. */
  public void positionsBy(ToIntFunction<CallId> rule) {
    table.positionsBy(rule);
  }

  /** In which language both sides hear the agent's number at his answer; empty = not at all. */
  public void announceBy(Function<Caller, Optional<String>> rule) {
    announceIn = rule;
  }

  // --- before the queue and out of it

  /** A caller is at the door and has been recognised. False when his call is already over. */
  public boolean admitted(CallId id, String channel, Known known, Instant at) {
    if (table.over(id)) {
      return false;
    }
    if (table.get(id) == null) {
      // the question was faster than the switch's event
      table.arrive(id, channel, known, at, false);
    }
    LivingCall call = table.get(id);
    call.channel = channel;
    table.recognised(call, known, at);
    return true;
  }

  /** More is known of the caller: his code, or what he chose. */
  public void recognised(CallId id, Known known) {
    LivingCall call = table.get(id);
    if (call != null) {
      table.recognised(call, known, table.now());
    }
  }

  public void greeted(CallId id) {
    feed(id, new Greeted(table.now()), false);
  }

  public void joined(CallId id) {
    LivingCall call = table.get(id);
    if (call != null) {
      int position = call.state.place().isPresent() ? 0 : table.positionOf(id);
      table.step(call, new Joined(table.now(), position), false);
    }
  }

  /** We turn him away: the switch will hang up. */
  public void refused(CallId id) {
    LivingCall call = table.get(id);
    if (call != null) {
      call.refused = true;
    }
  }

  /** Decided how this ends; he hears or does the rest, and his hang-up writes it. */
  public void turned(CallId id, Outcome outcome, String why) {
    LivingCall call = table.get(id);
    if (call != null) {
      table.step(call, new Turned(table.now(), outcome, why, table.position(call)), false);
    }
  }

  /** The dialplan was told to end the call: its end is ours, unless an agent has ended it. */
  public void ending(CallId id) {
    LivingCall call = table.get(id);
    if (call != null && !(call.state instanceof CallState.Surveying)) {
      call.orderedEnd = true;
    }
  }

  /** He pressed a key while waiting. False when he does not wait: then he is not asked anything. */
  public boolean asked(CallId id) {
    feed(id, new Asked(table.now()), false);
    LivingCall call = table.get(id);
    return call != null && call.state instanceof CallState.Asking;
  }

  /**
   * Takes a waiting caller out of the waitroom to be told or asked something: the dialplan comes
   * back with a question of this stage. He keeps his place and is not offered meanwhile. False when
   * he does not wait there.
   */
  public boolean ask(CallId id, String stage) {
    LivingCall call = table.get(id);
    if (call == null || !(call.state instanceof Waiting waiting) || !waiting.inRoom()) {
      return false;
    }
    table.step(call, new Asked(table.now()), false);
    CallState asking = call.state;
    telephony
        .ask(call.channel, stage)
        .whenCompleteAsync(
            (answer, failure) -> {
              // a failure is unknown: his question, or the belt, will tell
              if (failure == null && !answer.taken() && call.state.equals(asking)) {
                call.notBefore = table.now().plus(AGAIN);
                table.step(call, new EnteredRoom(table.now()), false);
                again(call);
              }
            },
            turns);
    return true;
  }

  /** He can be pulled out again in a moment: who looks after him must know then. */
  private void again(LivingCall call) {
    turns.schedule(
        AGAIN,
        () -> {
          if (table.get(call.id) == call) {
            table.notice(call);
          }
        });
  }

  /** Ends a call by our order; nothing happens when it is over. */
  public void hangUp(CallId id) {
    LivingCall call = table.get(id);
    if (call != null) {
      call.orderedEnd = true;
      telephony.hangUp(call.channel);
    }
  }

  // --- offers

  /**
   * The answer to the dialplan's question sends him to this agent, who has been set aside. False
   * when the call is not in a state for it: then the agent is not needed.
   */
  public boolean connect(CallId id, AgentNumber agent, CallEntry.Reason reason) {
    LivingCall call = table.get(id);
    return call != null && offered(call, agent, reason);
  }

  /** Pulls a waiting caller out for this agent, who has been set aside. False as above. */
  public boolean pull(CallId id, AgentNumber agent, CallEntry.Reason reason) {
    LivingCall call = table.get(id);
    if (call == null
        || !(call.state instanceof Waiting waiting)
        || !waiting.inRoom()
        || !offered(call, agent, reason)) {
      return false;
    }
    int offer = call.offer;
    ring(call, agent)
        .thenAcceptAsync(
            answer -> {
              if (!answer.taken() && call.ringsFor(offer, agent)) {
                call.notBefore = table.now().plus(AGAIN);
                table.step(call, new OfferFailed(table.now(), agent, Miss.ENGINE), false);
                table.step(call, new EnteredRoom(table.now()), false);
                again(call);
              }
            },
            turns);
    return true;
  }

  /**
   * Offers a caller who has just been handed over, wherever he is in the switch, to this agent, who
   * has been set aside. Refused by the switch, he goes to the waitroom.
   *
   * @return what the switch said; not taken when the call is not in a state for it
   */
  public CompletableFuture<Telephony.Accepted> handOver(
      CallId id, AgentNumber agent, CallEntry.Reason reason) {
    LivingCall call = table.get(id);
    if (call == null || !(call.state instanceof Waiting) || !offered(call, agent, reason)) {
      return CompletableFuture.completedFuture(new Telephony.Accepted(false, "not waiting"));
    }
    int offer = call.offer;
    return ring(call, agent)
        .thenApplyAsync(
            answer -> {
              if (!answer.taken() && call.ringsFor(offer, agent)) {
                table.step(call, new OfferFailed(table.now(), agent, Miss.ENGINE), false);
                table.sendToWaitroom(call);
              }
              return answer;
            },
            turns);
  }

  /** A failure is unknown, and goes as taken: what comes of it, or the belt, will tell. */
  private CompletableFuture<Telephony.Accepted> ring(LivingCall call, AgentNumber agent) {
    return telephony
        .offer(call.channel, agent, call.handling.ring(), announceIn.apply(call.caller))
        .exceptionally(unknown -> new Telephony.Accepted(true, ""));
  }

  /** Music for a caller who waits and is somewhere else, until the next agent. */
  public void toWaitroom(CallId id) {
    LivingCall call = table.get(id);
    if (call != null && call.state instanceof Waiting waiting && !waiting.inRoom()) {
      table.sendToWaitroom(call);
    }
  }

  private boolean offered(LivingCall call, AgentNumber agent, CallEntry.Reason reason) {
    call.offer++;
    call.dialSeen = false;
    OfferMade event = new OfferMade(table.now(), agent, table.position(call));
    table.step(call, event, false, reason);
    if (!call.ringsFor(call.offer, agent)) {
      return false;
    }
    int offer = call.offer;
    turns.schedule(
        call.handling.ring().plus(RING_BELT),
        () -> {
          if (call.ringsFor(offer, agent)) {
            LOG.warn("call {}: nothing came of the offer to {}", call.id, agent);
            table.step(call, new OfferFailed(table.now(), agent, Miss.ENGINE), false);
            table.sendToWaitroom(call);
          }
        });
    return true;
  }

  /**
   * An external number, or a group, is rung for him by the next step of the dialplan.
   *
   * @param confirm who answers is asked to press 1
   */
  public boolean overflowing(CallId id, String target, Duration ring, boolean confirm) {
    LivingCall call = table.get(id);
    if (call == null) {
      return false;
    }
    table.step(call, new OverflowMade(table.now(), target), false);
    call.ringsOutside = false;
    if (!(call.state instanceof Overflowing made)) {
      return false;
    }
    turns.schedule(
        confirm ? ring.plus(CONFIRM_BELT) : ring.multipliedBy(2).plus(RING_BELT),
        () -> {
          if (table.get(id) == call && call.state.equals(made)) {
            LOG.warn("call {}: nothing came of the external call", id);
            table.step(call, new OverflowFailed(table.now()), false);
            table.sendToWaitroom(call);
          }
        });
    return true;
  }

  /**
   * The same while the number rings beside him, out of a talk: the bridge of that talk may be heard
   * of late, so none counts before {@link #outsideAnswered}.
   */
  public boolean forwarding(CallId id, String target, Duration ring) {
    boolean made = overflowing(id, target, ring, false);
    if (made) {
      table.get(id).ringsOutside = true;
    }
    return made;
  }

  /** Whoever is rung for him outside has answered: the next bridge is with that one. */
  public void outsideAnswered(CallId id) {
    LivingCall call = table.get(id);
    if (call != null) {
      call.ringsOutside = false;
    }
  }

  /** He is found in a bridge with who was rung for him outside. */
  public void outsideTalks(CallId id) {
    LivingCall call = table.get(id);
    if (call != null && call.state instanceof Overflowing) {
      call.ringsOutside = false;
      table.step(call, new OverflowAnswered(table.now()), true);
    }
  }

  /** Nobody outside took him; he goes back to the waitroom by himself. */
  public void overflowFailed(CallId id) {
    feed(id, new OverflowFailed(table.now()), false);
  }

  // --- talks

  /** The agent's leg has ended, the caller is still there; nothing happens when nobody talked. */
  public void agentLeft(CallId id) {
    LivingCall call = table.get(id);
    if (call != null && call.state instanceof Talking talking) {
      call.leftFirst = EndedBy.AGENT;
      table.step(call, new AgentLeft(table.now(), talking.with()), false);
    }
  }

  public void held(CallId id) {
    feed(id, new Held(table.now()), false);
  }

  /**
   * A line of the call's story that changes no state.
   *
   * @param target a number, or null
   */
  public void note(CallId id, TalkNote note, String target) {
    LivingCall call = table.get(id);
    if (call != null) {
      table.note(call, note, target);
    }
  }

  /** Whether the agent has paused the recording of this talk. */
  public boolean recordingPaused(CallId id) {
    LivingCall call = table.get(id);
    return call != null && call.paused;
  }

  /** Told what lives in the switch once recovery has compared the calls with it. */
  public void adoptBy(Consumer<List<LivingChannel>> rule) {
    adoption = rule;
  }

  /** Recovery: the calls are as the switch has them; now their talks. */
  public void adopted(List<LivingChannel> channels) {
    adoption.accept(channels);
  }

  /** Whoever knows more of a talk takes the loss of its agent upon himself, or lets it be. */
  public void agentLostBy(BiPredicate<CallId, AgentNumber> rule) {
    reports.agentLostBy(rule);
  }

  public void resumed(CallId id) {
    feed(id, new Resumed(table.now()), false);
  }

  /**
   * Handed over: {@code from} has after-call work, the caller waits with his place until he is
   * offered, or turned. He is not moved by this.
   */
  public void transferred(CallId id, AgentNumber from, String target) {
    feed(id, new Transferred(table.now(), from, target), false);
  }

  public void surveyOffered(CallId id) {
    feed(id, new SurveyOffered(table.now()), false);
  }

  /**
   * @param score see {@link CallState.Survey}
   */
  public void survey(CallId id, int score) {
    feed(id, new SurveyAnswered(table.now(), score), false);
  }

  // --- what the switch reports

  public void on(TelephonyEvent event) {
    reports.on(event);
  }

  // --- recovery

  /**
   * Recovery asks the switch what lives: until {@link #release} its events wait, because the lists
   * are older than they are, and those of a call nobody has found yet would be lost. Twice is as
   * once.
   */
  public void hold() {
    if (heldBack == null) {
      heldBack = new ArrayList<>();
    }
  }

  /**
   * What the lists said is known: now what happened since, in its order. Twice is as once. One that
   * fails costs none of the others, as in the mailbox.
   */
  public void release() {
    List<Runnable> events = heldBack == null ? List.of() : heldBack;
    heldBack = null;
    for (Runnable event : events) {
      try {
        event.run();
      } catch (RuntimeException e) {
        LOG.error("an event that waited for recovery failed", e);
      }
    }
  }

  /** Runs at once, or at {@link #release} while recovery compares. */
  public void inOrder(Runnable event) {
    if (heldBack == null) {
      event.run();
    } else {
      heldBack.add(event);
    }
  }

  /** Recovery: an agent's phone rings for him. */
  public void rings(CallId id) {
    LivingCall call = table.get(id);
    if (call != null) {
      call.phoneRings = true;
    }
  }

  /** Takes him out of the fallback queue, if he still waits there and nobody's phone rings. */
  public void takeOver(CallId id) {
    LivingCall call = table.get(id);
    if (call != null && call.state instanceof CallState.InFallback && !call.phoneRings) {
      telephony.waitroom(call.channel);
    }
  }

  /** Recovery: a call found alive that nobody knew. Nothing happens when it is known. */
  public void adopt(
      CallId id, String channel, String dialled, String callerNumber, Instant arrivedAt) {
    if (table.unheardOf(id)) {
      Known known = strangers.of(SwitchReports.dialled(dialled), callerNumber);
      table.arrive(id, channel, known, arrivedAt, true);
    }
  }

  /** One event for a call; ignored when it is over or unknown. {@code replayed} = by recovery. */
  public void feed(CallId id, CallEvent event, boolean replayed) {
    LivingCall call = table.get(id);
    if (call != null) {
      table.step(call, event, replayed);
    }
  }

  /** At the start, oldest first: what the journal kept of calls (kinds call and outcome). */
  public void replay(Journal.Entry entry) {
    table.replay(entry);
  }

  /**
   * After the last {@link #replay}: gives agents back their work, and writes the outcome of calls
   * whose end was the last thing kept.
   */
  public void replayed() {
    table.replayed();
  }

  // --- questions

  /** All living calls, oldest first. */
  public List<LiveCall> live() {
    return table.all().stream().map(LivingCall::view).toList();
  }

  public Optional<LiveCall> find(CallId id) {
    return Optional.ofNullable(table.get(id)).map(LivingCall::view);
  }

  public boolean over(CallId id) {
    return table.over(id);
  }
}
