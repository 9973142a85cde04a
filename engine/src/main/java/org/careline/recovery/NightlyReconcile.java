package org.careline.recovery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.function.BooleanSupplier;
import org.careline.call.Journal;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each day's outcomes with the switch's files in the night after it, by the engine that
 * serves. Nights without engine or MySQL are made up for, at most {@value #CATCH_UP_DAYS} days, the
 * oldest first. Thread-safe; works on the thread {@code reconcile}.
 */
public final class NightlyReconcile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NightlyReconcile.class);
  private static final String META = "reconciled";
  private static final int CATCH_UP_DAYS = 31;
  private static final LocalTime AFTER = LocalTime.of(2, 0);
  private static final Duration LOOK = Duration.ofMinutes(10);

  /** What is done with a day, [from, to). */
  @FunctionalInterface
  public interface Comparison {
    void compare(Instant from, Instant to) throws IOException, SQLException;
  }

  /** All of them, whatever becomes of the others; what the first one met is thrown at the end. */
  public static Comparison each(Comparison... comparisons) {
    return (from, to) -> {
      Exception met = null;
      for (Comparison comparison : comparisons) {
        try {
          comparison.compare(from, to);
        } catch (IOException | SQLException | RuntimeException e) {
          if (met == null) {
            met = e;
          } else {
            met.addSuppressed(e);
          }
        }
      }
      switch (met) {
        case null -> {}
        case IOException e -> throw e;
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new IllegalStateException(e);
      }
    };
  }

  private final Comparison comparison;
  private final Journal journal;
  private final BooleanSupplier serving;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Beat looks = Beat.every("reconcile", LOOK, this::look);

  /**
   * @param zone in which a day begins and a night is
   */
  public NightlyReconcile(
      Comparison comparison,
      Journal journal,
      BooleanSupplier serving,
      ZoneId zone,
      InstantSource clock) {
    this.comparison = comparison;
    this.journal = journal;
    this.serving = serving;
    this.zone = zone;
    this.clock = clock;
  }

  public void start() {
    looks.start();
  }

  /** Compares the days that are due when it is night and this engine serves. */
  void look() {
    ZonedDateTime now = clock.instant().atZone(zone);
    LocalDate today = now.toLocalDate();
    if (now.toLocalTime().isBefore(AFTER)) {
      return;
    }
    for (LocalDate day = first(today.minusDays(1)); day.isBefore(today); day = day.plusDays(1)) {
      if (!serving.getAsBoolean()) {
        return;
      }
      try {
        comparison.compare(
            day.atStartOfDay(zone).toInstant(), day.plusDays(1).atStartOfDay(zone).toInstant());
      } catch (IOException | SQLException | RuntimeException e) {
        LOG.warn("outcomes of {} cannot be compared yet: {}", day, e.getMessage());
        return;
      }
      journal.meta(META, day.toString());
    }
  }

  /** The first day not compared; yesterday when none has been, or one that is still to come. */
  private LocalDate first(LocalDate yesterday) {
    LocalDate next =
        journal
            .meta(META)
            .map(LocalDate::parse)
            .filter(last -> !last.isAfter(yesterday))
            .map(last -> last.plusDays(1))
            .orElse(yesterday);
    LocalDate earliest = yesterday.minusDays(CATCH_UP_DAYS - 1);
    return next.isBefore(earliest) ? earliest : next;
  }

  @Override
  public void close() {
    looks.close();
  }
}
