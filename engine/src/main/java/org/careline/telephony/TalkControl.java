package org.careline.telephony;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.telephony.Telephony.Accepted;

/**
 * Orders to the switch about a talk that goes on. As with {@link Telephony}, each returns at once,
 * the future tells whether the switch took the order, and what comes of it arrives as events. In
 * all of them {@code channel} is the caller's and {@code leg} an agent's, by name. Thread-safe,
 * never throws.
 */
public interface TalkControl {

  /** The caller gets music, the agent silence; nothing is recorded. Both must be in the switch. */
  CompletableFuture<Accepted> hold(String channel, String leg);

  /**
   * The leg takes the caller, who is on hold, and is recorded from here on. Nobody else stays in
   * the talk.
   *
   * @param quiet the recording is paused: it stays so
   */
  CompletableFuture<Accepted> join(String leg, String channel, boolean quiet);

  /** Two orders at once: away from a conference or a talk, and together again as two. */
  CompletableFuture<Accepted> rejoin(String channel, String leg, boolean quiet);

  /**
   * Rings somebody for the agent, whose caller is on hold; answered, the two talk. The leg's
   * channel id is {@link #consultLeg}.
   */
  CompletableFuture<Accepted> consult(
      CallId call, int n, Party party, String channel, String leg, Duration ring);

  /**
   * Rings an outside number for a caller whose agent leaves: he hears music until it answers, and
   * is joined with it then. The leg's channel id is {@link #consultLeg}.
   */
  CompletableFuture<Accepted> forward(
      CallId call, int n, Outside outside, String channel, Duration ring);

  /** Whether a number outside can be rung now; else the order would be held back. */
  default boolean roomOutside() {
    return true;
  }

  /** The three talk: caller on hold, agent, and who was consulted. */
  CompletableFuture<Accepted> conference(String channel, String leg, String third, boolean quiet);

  /**
   * What is said is recorded as silence from here on, or again as it is. Only while the leg is
   * being recorded.
   */
  CompletableFuture<Accepted> mute(String leg, boolean muted);

  /** Hangs up a channel by name or id. */
  CompletableFuture<Accepted> hangUp(String channelOrId);

  /** Who can be rung for a talk. */
  sealed interface Party {}

  record Colleague(AgentNumber agent) implements Party {}

  /**
   * @param destination digits as the trunk wants them
   * @param shownNumber digits that are to be shown to the callee, if the trunk may show them; or
   *     empty
   */
  record Outside(String destination, String shownNumber) implements Party {}

  Pattern CONSULT = Pattern.compile("([A-Za-z0-9._-]{1,50})-consult-([0-9]{1,3})");

  /** The channel id of the n-th consulted one's leg. */
  static String consultLeg(CallId call, int n) {
    return call + "-consult-" + n;
  }

  /** The call for which a leg was made to consult somebody; empty for other channels and null. */
  static Optional<CallId> callOfConsultLeg(String uniqueId) {
    if (uniqueId == null) {
      return Optional.empty();
    }
    Matcher matcher = CONSULT.matcher(uniqueId);
    return matcher.matches() ? Optional.of(new CallId(matcher.group(1))) : Optional.empty();
  }

  /** Which consulting of its call the leg is; 0 when it is none. */
  static int numberOfConsultLeg(String uniqueId) {
    Matcher matcher = CONSULT.matcher(String.valueOf(uniqueId));
    return matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
  }
}
