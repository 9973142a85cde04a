package org.careline.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who serves a caller: of the ready agents with the skill and of sufficient grade the one who has
 * been idle longest, which costs nothing against other orders and is fair (arXiv 1305.6249). After
 * a while any grade will do: a junior now is better than a senior never. Pure, immutable.
 */
public final class AgentChoice {
  private final Duration widenAfter;

  /**
   * @param widenAfter how long only agents of sufficient grade are tried
   */
  public AgentChoice(Duration widenAfter) {
    this.widenAfter = widenAfter;
  }

  public boolean eligible(WaitingCaller caller, ReadyAgent agent, Instant now) {
    boolean widened = !now.isBefore(caller.joinedAt().plus(widenAfter));
    return (widened || agent.grade() >= caller.minGrade())
        && caller.skill().map(agent.skills()::contains).orElse(true);
  }

  /** Empty when nobody suits him now. */
  public Optional<ReadyAgent> pick(WaitingCaller caller, List<ReadyAgent> ready, Instant now) {
    return ready.stream()
        .filter(agent -> eligible(caller, agent, now))
        .min(
            Comparator.comparing(ReadyAgent::idleSince)
                .thenComparing(agent -> agent.number().value()));
  }
}
