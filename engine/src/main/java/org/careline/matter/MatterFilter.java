package org.careline.matter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which matters are wanted; what is empty does not matter. Immutable.
 *
 * @param undone only what is not done, dispatched or not
 * @param who login or name of whom it is assigned to, or number of the agent who served it last
 * @param text part of description, device, fault code, reference, site's name or code
 * @param kind a kind, or one of the first level with all below it
 * @param site code within the customer
 * @param from opened then or later
 * @param to opened before
 * @param dueBefore only those that are not done and are to be done before that time
 */
public record MatterFilter(
    String text,
    Optional<Matter.State> state,
    boolean undone,
    Optional<String> who,
    Optional<String> kind,
    Optional<String> customer,
    Optional<String> site,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Instant> dueBefore) {
  /** Everything. */
  public static final MatterFilter ALL =
      new MatterFilter(
          "",
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * One page.
   *
   * @param next ask for what is before this id; null = the last page
   */
  public record Page(List<Matter> matters, Long next) {}
}
