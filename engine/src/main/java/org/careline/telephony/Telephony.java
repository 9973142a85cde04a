package org.careline.telephony;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;

/**
 * Orders to the switch. Each returns at once; the future tells only whether the switch accepted the
 * order, what came of it arrives as {@link TelephonyEvent}. A future that fails means
 * <em>unknown</em>: the order may have been carried out. Thread-safe. Never throws.
 */
public interface Telephony {

  /**
   * Pulls a waiting caller out of the waitroom and rings the agent, at most {@code ringTimeout}.
   *
   * @param announceIn the language in which both sides hear the agent's number when he answers;
   *     empty = nothing is announced
   */
  CompletableFuture<Accepted> offer(
      String channel, AgentNumber agent, Duration ringTimeout, Optional<String> announceIn);

  /**
   * Pulls a waiting caller out of the waitroom and rings a number outside by his own trunk; the
   * talk is recorded. Not taken = {@link Admissions#route} is asked with stage {@link
   * Heard#EXTERNAL_FAILED}; the end of the talk ends the call.
   *
   * @param number digits, perhaps with a leading plus, as the trunk wants them
   * @param confirm who answers must press 1: it may be a mailbox, or the wrong person
   */
  CompletableFuture<Accepted> external(
      String channel, String number, Duration ringTimeout, boolean confirm);

  /**
   * Pulls a waiting caller out of the waitroom; {@link Admissions#route} is asked with this stage.
   */
  CompletableFuture<Accepted> ask(String channel, String stage);

  /** Sends a caller back to the waitroom. */
  CompletableFuture<Accepted> waitroom(String channel);

  /**
   * Rings the agent's own phone for an attempt and holds him there, before the site is dialled. The
   * leg's channel id is {@link #agentLeg}; browser softphones answer it by themselves.
   */
  CompletableFuture<Accepted> callAgent(
      CallId attempt, int n, AgentNumber agent, Duration ringTimeout);

  /**
   * Dials a site; its channel id is the attempt's id. When it answers it is bridged with {@code
   * agentChannel} at once.
   *
   * @param destination digits for the trunk, E.164 without plus or the national form the trunk
   *     wants
   * @param shownNumber digits that are to be shown to the callee, if the trunk may show them
   */
  CompletableFuture<Accepted> dialSite(
      CallId attempt,
      String destination,
      String shownNumber,
      String agentChannel,
      Duration ringTimeout);

  /**
   * The same. An order that has to wait for its turn asks once more before it leaves.
   *
   * @param still whether it may; asked only after a wait, on the thread of its turn
   */
  default CompletableFuture<Accepted> dialSite(
      CallId attempt,
      String destination,
      String shownNumber,
      String agentChannel,
      Duration ringTimeout,
      Supplier<CompletableFuture<Boolean>> still) {
    return dialSite(attempt, destination, shownNumber, agentChannel, ringTimeout);
  }

  /**
   * Lets the agent of an attempt hear what is played before the site answers; its answer joins them
   * as ever.
   */
  default CompletableFuture<Accepted> listen(CallId attempt, String agentChannel) {
    return CompletableFuture.completedFuture(
        new Accepted(false, "nothing can be heard on this switch"));
  }

  CompletableFuture<Accepted> hangUp(String channelOrId);

  /** Sends DTMF digits (0-9 * #) towards the far end of the channel. */
  CompletableFuture<Accepted> sendDigits(String channel, String digits);

  /**
   * Mirrors an agent's readiness into the fallback queue, which serves callers while the engine is
   * away.
   */
  CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready);

  /**
   * Leaves with the switch whom its fallback queue may ring again by itself when no engine beats,
   * although {@link #mirror} has paused them: an engine that has just taken over may die at once.
   */
  CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents);

  /** Orders about talks that go on; here all of them are refused. */
  default TalkControl talks() {
    return new NoTalkControl();
  }

  /**
   * The channel id of an attempt's agent leg. The attempt's id stands last: Asterisk refuses a new
   * channel whose id is the beginning of a living channel's id, so {@code <attempt>-agent-1} would
   * keep the site from being dialled.
   */
  static String agentLeg(CallId attempt, int n) {
    return "agent-" + n + "-" + attempt;
  }

  /** The attempt an agent leg belongs to; null = the channel is none. */
  static String attemptOfAgentLeg(String uniqueId) {
    return uniqueId.matches("agent-[0-9]{1,3}-.+") ? uniqueId.split("-", 3)[2] : null;
  }

  /** What may leave by the trunk that rings sites; here there is no limit. */
  default Outbound outbound() {
    return Outbound.UNBOUNDED;
  }

  /**
   * The switch's first answer: taken, or refused with its reason.
   *
   * @param held the order has not left: nobody's phone rings, and it costs nobody an attempt
   */
  record Accepted(boolean taken, String reason, boolean held) {
    public Accepted(boolean taken, String reason) {
      this(taken, reason, false);
    }

    static Accepted held(Sentence why) {
      return new Accepted(false, why.toString(), true);
    }
  }
}
