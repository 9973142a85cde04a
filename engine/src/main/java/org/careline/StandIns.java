package org.careline;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.customer.AccountManager;
import org.careline.customer.Leave;
import org.careline.customer.ReferenceData;
import org.careline.customer.RoutingData;

/**
 * Who takes the appointments of an agent who is away by the leave calendar: the deputy of his
 * leave, else the one he has as an account manager. Empty = he is there, or nobody stands in for
 * him. Thread-safe.
 */
final class StandIns implements Function<AgentNumber, Optional<AgentNumber>> {
  private final Supplier<ReferenceData> reference;
  private final InstantSource clock;

  StandIns(Supplier<ReferenceData> reference, InstantSource clock) {
    this.reference = reference;
    this.clock = clock;
  }

  @Override
  public Optional<AgentNumber> apply(AgentNumber agent) {
    RoutingData routing = reference.get().routing();
    Instant now = clock.instant();
    return routing
        .leave(agent, now)
        .flatMap(leave -> deputy(routing, agent, leave))
        .filter(deputy -> routing.leave(deputy, now).isEmpty());
  }

  private static Optional<AgentNumber> deputy(RoutingData routing, AgentNumber agent, Leave leave) {
    return leave
        .deputy()
        .or(
            () ->
                routing.managers().stream()
                    .filter(manager -> manager.agent().equals(Optional.of(agent)))
                    .findFirst()
                    .flatMap(AccountManager::deputy));
  }
}
