package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * This caller to this agent, and what was known when it was decided. Immutable.
 *
 * @param step by which he may have the agent
 * @param waiting callers on the line, this one included
 * @param ready agents who could take work, this one included
 */
public record Assignment(
    WaitingCaller caller,
    ReadyAgent to,
    Step step,
    Discipline discipline,
    Instant at,
    int waiting,
    int ready) {

  public CallId call() {
    return caller.id();
  }

  public AgentNumber agent() {
    return to.number();
  }

  /** Of the caller, at that moment. */
  public double score() {
    return caller.score(at);
  }

  /** Why, in words for the record. */
  public String reasonEn() {
    return String.format(
        Locale.ROOT,
        "tier %s: %s, %d waiting; agent %s: grade %d, idle %d s, %d ready",
        caller.terms().tier(),
        switch (discipline) {
          case STRICT ->
              String.format(
                  Locale.ROOT,
                  "strict order, rank %d, %.1f s waited",
                  caller.terms().rank(),
                  caller.seconds(at));
          case AGEING ->
              String.format(
                  Locale.ROOT,
                  "weight %.1f x %.1f s waited = %.1f",
                  caller.terms().weight(),
                  caller.seconds(at),
                  score());
          case FIFO ->
              String.format(Locale.ROOT, "order of arrival, %.1f s waited", caller.seconds(at));
        },
        waiting,
        agent(),
        to.grade(),
        idleSeconds(),
        ready);
  }

  /** The same in Chinese. */
  public String reasonZh() {
    return String.format(
        Locale.ROOT,
        "等级 %s：%s，等待共 %d 人；坐席 %s：%d 级，空闲 %d 秒，就绪坐席共 %d 名",
        caller.terms().tier(),
        switch (discipline) {
          case STRICT ->
              String.format(
                  Locale.ROOT, "严格优先，第 %d 档，已等待 %.1f 秒", caller.terms().rank(), caller.seconds(at));
          case AGEING ->
              String.format(
                  Locale.ROOT,
                  "权重 %.1f × 已等待 %.1f 秒 = %.1f",
                  caller.terms().weight(),
                  caller.seconds(at),
                  score());
          case FIFO -> String.format(Locale.ROOT, "先来先服务，已等待 %.1f 秒", caller.seconds(at));
        },
        waiting,
        agent(),
        to.grade(),
        idleSeconds(),
        ready);
  }

  private long idleSeconds() {
    return Math.max(0, Duration.between(to.idleSince(), at).toSeconds());
  }
}
