package org.careline.report.hotline;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that both sums come out, says so in the log, and remembers each time in which they did not
 * until it has been checked again. Thread-safe.
 */
public final class IdentityCheck {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityCheck.class);

  private final HotlineFigures figures;
  private final Map<Span, Long> differences = new HashMap<>();
  private boolean checked;

  private record Span(Instant from, Instant to) {
    boolean within(Instant begin, Instant end) {
      return !from.isBefore(begin) && !to.isAfter(end);
    }
  }

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
    remember(from, to, both.stream().mapToLong(each -> Math.abs(each.difference())).sum());
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

  private synchronized void remember(Instant from, Instant to, long difference) {
    checked = true;
    differences.keySet().removeIf(span -> span.within(from, to));
    if (difference != 0) {
      differences.put(new Span(from, to), difference);
    }
  }

  /**
   * Calls in no bin, of all times checked since the start; empty while none has been. A time that
   * is checked again counts as it is then.
   */
  public synchronized Optional<Long> difference() {
    return checked
        ? Optional.of(differences.values().stream().mapToLong(Long::longValue).sum())
        : Optional.empty();
  }
}
