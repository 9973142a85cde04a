package org.careline.report;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.careline.callback.RoundResults;
import org.jdbi.v3.core.Jdbi;

/**
 * Reports of rounds for who looks at them again and again. One that is counted quickly is counted
 * each time. One that takes long is shown again, with the time it was counted at: of a closed round
 * until one of its answers is put right, of an open one for some times as long as counting took.
 * Nobody counts the same round twice at once. Blocks on MySQL; thread-safe.
 */
public final class KeptReports {
  private final Supplier<Jdbi> jdbi;
  private final InstantSource clock;
  private final Pace pace;
  private final Map<Long, Slot> slots = new ConcurrentHashMap<>();

  /**
   * @param quick what takes no longer is counted each time
   * @param times as long as counting took it is shown, of an open round
   * @param longest it is shown, of any: a site may have come to another region
   */
  public record Pace(Duration quick, int times, Duration longest) {
    public static final Pace USUAL = new Pace(Duration.ofSeconds(1), 20, Duration.ofMinutes(5));
  }

  private record Kept(RoundReport report, Optional<Integer> changes, Instant until) {}

  /** Confined to whoever holds it. */
  private static final class Slot {
    private volatile Kept kept;
  }

  public KeptReports(Supplier<Jdbi> jdbi, InstantSource clock, Pace pace) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.pace = pace;
  }

  public RoundReport of(long round) {
    Instant now = clock.instant();
    // nobody has asked for them again
    slots.forEach(
        (id, each) -> {
          Kept kept = each.kept;
          if (kept != null && !now.isBefore(kept.until())) {
            slots.remove(id, each);
          }
        });
    Slot slot = slots.computeIfAbsent(round, id -> new Slot());
    synchronized (slot) {
      Optional<Integer> changes =
          jdbi.get().withHandle(handle -> RoundResults.changes(handle, round));
      if (slot.kept != null
          && slot.kept.changes().equals(changes)
          && clock.instant().isBefore(slot.kept.until())) {
        return slot.kept.report();
      }
      slot.kept = null;
      Instant counted = clock.instant();
      long began = System.nanoTime();
      RoundReport report = RoundReport.of(jdbi.get(), round).countedAt(counted);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (took.compareTo(pace.quick()) > 0) {
        Duration shown = took.multipliedBy(pace.times());
        boolean whole = changes.isPresent() || shown.compareTo(pace.longest()) > 0;
        slot.kept = new Kept(report, changes, counted.plus(whole ? pace.longest() : shown));
      } else {
        slots.remove(round, slot);
      }
      return report;
    }
  }
}
