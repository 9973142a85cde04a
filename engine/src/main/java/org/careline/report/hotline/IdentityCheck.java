package org.careline.report.hotline;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that both sums come out, says so in the log, and remembers the last result. Thread-safe.
 */
public final class IdentityCheck {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityCheck.class);

  private final HotlineFigures figures;
  private volatile List<Identities.Identity> latest;

  public IdentityCheck(HotlineFigures figures) {
    this.figures = figures;
  }

  /**
   * Blocks.
   *
   * @throws SQLException when MySQL is away
   */
  public List<Identities.Identity> run(Instant from, Instant to) throws SQLException {
    List<Identities.Identity> both = figures.identities(from, to);
    latest = both;
    for (Identities.Identity identity : both) {
      if (identity.difference() == 0) {
        LOG.info("{} {} to {}: {}, difference 0", identity.id(), from, to, identity.total());
      } else {
        LOG.error(
            "{} {} to {}: {}, bins {}, difference {}: {}",
            identity.id(),
            from,
            to,
            identity.total(),
            identity.bins(),
            identity.difference(),
            identity.calls());
      }
    }
    return both;
  }

  /** Calls in no bin at the last check since the start. */
  public Optional<Long> difference() {
    return Optional.ofNullable(latest)
        .map(both -> both.stream().mapToLong(each -> Math.abs(each.difference())).sum());
  }
}
