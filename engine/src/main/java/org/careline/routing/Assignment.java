package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * This caller to this agent, and why, in words for the record. Immutable.
 *
 * @param score of the caller at that moment
 */
public record Assignment(
    CallId call, AgentNumber agent, double score, String reasonEn, String reasonZh) {

  /** All assignments that can be made now, best caller first; no agent twice. Pure. */
  public static List<Assignment> all(
      List<WaitingCaller> waiting, List<ReadyAgent> ready, AgentChoice choice, Instant now) {
    if (waiting.isEmpty() || ready.isEmpty()) {
      return List.of();
    }
    List<WaitingCaller> order = new ArrayList<>(waiting);
    order.sort(Score.order(now));
    List<ReadyAgent> free = new ArrayList<>(ready);
    List<Assignment> assignments = new ArrayList<>();
    int left = order.size();
    for (WaitingCaller caller : order) {
      if (free.isEmpty()) {
        break;
      }
      left--;
      int others = left;
      Optional<ReadyAgent> agent = choice.pick(caller, free, now);
      agent.ifPresent(
          chosen -> {
            assignments.add(of(caller, chosen, free.size(), others, now));
            free.remove(chosen);
          });
    }
    return assignments;
  }

  private static Assignment of(
      WaitingCaller caller, ReadyAgent agent, int ready, int behind, Instant now) {
    double seconds = Score.seconds(caller, now);
    double score = Score.of(caller, now);
    Duration idle = Duration.between(agent.idleSince(), now);
    long idleSeconds = Math.max(0, idle.toSeconds());
    return new Assignment(
        caller.id(),
        agent.number(),
        score,
        String.format(
            Locale.ROOT,
            "tier %s: weight %.1f x %.1f s waited = %.1f, %d behind; agent %s: grade %d,"
                + " idle %d s, longest of %d ready",
            caller.tier(),
            caller.weight(),
            seconds,
            score,
            behind,
            agent.number(),
            agent.grade(),
            idleSeconds,
            ready),
        String.format(
            Locale.ROOT,
            "等级 %s:权重 %.1f × 已等待 %.1f 秒 = %.1f,其后 %d 人;坐席 %s:%d 级,空闲 %d 秒,为 %d 名就绪坐席中最久",
            caller.tier(),
            caller.weight(),
            seconds,
            score,
            behind,
            agent.number(),
            agent.grade(),
            idleSeconds,
            ready));
  }
}
