package org.careline.call;

import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;

/**
 * A living call as others see it at one moment. Immutable.
 *
 * @param channel name of the caller's channel, target of orders
 * @param talkedLast the agent with whom he talks or has talked last
 * @param notBefore he is not offered again before this, after an order for him failed
 */
public record LiveCall(
    CallId id,
    String channel,
    Caller caller,
    Handling handling,
    Instant arrivedAt,
    CallState state,
    Instant notBefore,
    Optional<AgentNumber> talkedLast) {

  /** Can be pulled out of the waitroom now. */
  public boolean offerable(Instant now) {
    return state instanceof CallState.Waiting waiting
        && waiting.inRoom()
        && !now.isBefore(notBefore);
  }

  /** Start of the present state, for waiting ones of the wait. */
  public Instant since() {
    return switch (state) {
      case CallState.Arrived s -> s.at();
      case CallState.Greeting s -> s.at();
      case CallState.Waiting s -> s.spot().joinedAt();
      case CallState.Asking s -> s.spot().joinedAt();
      case CallState.Offered s -> s.since();
      case CallState.Overflowing s -> s.since();
      case CallState.Talking s -> s.since();
      case CallState.Surveying s -> s.since();
      case CallState.Leaving s -> s.at();
      case CallState.InFallback s -> s.spot().joinedAt();
      case CallState.FallbackTalking s -> s.since();
      case CallState.Ended s -> s.at();
    };
  }

  public Optional<Instant> joinedAt() {
    return state.place().map(CallState.Place::joinedAt);
  }

  /**
   * Where the age counts from by which he is served: who was handed over or lost his agent keeps
   * what he has waited, and his talk is no wait.
   */
  public Optional<Instant> waitsSince() {
    return state.place().map(CallState.Place::waitsSince);
  }
}
