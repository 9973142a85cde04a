package org.careline.recovery;

import java.time.Instant;
import java.util.Optional;

/** What the switch and its event file know about an outbound attempt. Immutable. */
public sealed interface Evidence {

  /** Its channel is there at this moment. */
  record Living(Optional<Instant> answeredAt) implements Evidence {}

  /**
   * It was dialled and is over.
   *
   * @param answeredAt empty = the site never answered
   * @param cause Q.850 hang-up cause, 0 where the switch named none
   */
  record Ended(Instant startedAt, Optional<Instant> answeredAt, Instant endedAt, int cause)
      implements Evidence {}

  /**
   * It was never dialled and never will be: the switch has answered for 10 s on a later session,
   * and neither its channels nor its event file know the attempt.
   */
  record NeverSeen() implements Evidence {}

  /** Not known yet: counts as dialled. It is looked at again. */
  record Unknown() implements Evidence {}
}
