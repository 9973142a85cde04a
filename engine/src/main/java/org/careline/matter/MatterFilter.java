package org.careline.matter;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which matters are wanted; what is empty does not matter. Immutable.
 *
 * @param text part of description, device, fault code, reference, site's name or code
 * @param kind a kind, or one of the first level with all below it
 * @param site code within the customer
 * @param from opened then or later
 * @param to opened before
 * @param overdue only those that are not done and were to be done before that time
 */
public record MatterFilter(
    String text,
    Optional<Matter.State> state,
    Optional<String> kind,
    Optional<String> customer,
    Optional<String> site,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Instant> overdue) {
  /** Everything. */
  public static final MatterFilter ALL =
      new MatterFilter(
          "",
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
