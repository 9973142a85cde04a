package org.careline.recovery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
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
 * Compares yesterday's outcomes with the switch's files once a night, by the engine that serves. A
 * night without MySQL is made up for as soon as it is back. Thread-safe; works on the thread {@code
 * reconcile}.
 */
public final class NightlyReconcile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NightlyReconcile.class);
  private static final String META = "reconciled";
  private static final LocalTime AFTER = LocalTime.of(2, 0);
  private static final Duration LOOK = Duration.ofMinutes(10);

  private final Reconciler reconciler;
  private final Journal journal;
  private final BooleanSupplier serving;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Beat looks = Beat.every("reconcile", LOOK, this::look);

  /**
   * @param zone in which a day begins and a night is
   */
  public NightlyReconcile(
      Reconciler reconciler,
      Journal journal,
      BooleanSupplier serving,
      ZoneId zone,
      InstantSource clock) {
    this.reconciler = reconciler;
    this.journal = journal;
    this.serving = serving;
    this.zone = zone;
    this.clock = clock;
  }

  public void start() {
    looks.start();
  }

  /** Compares yesterday when it is night, it is due and this engine serves. */
  void look() {
    ZonedDateTime now = clock.instant().atZone(zone);
    LocalDate yesterday = now.toLocalDate().minusDays(1);
    boolean done = journal.meta(META).map(yesterday.toString()::equals).orElse(false);
    if (done || now.toLocalTime().isBefore(AFTER) || !serving.getAsBoolean()) {
      return;
    }
    try {
      reconciler.run(
          yesterday.atStartOfDay(zone).toInstant(),
          now.toLocalDate().atStartOfDay(zone).toInstant());
      journal.meta(META, yesterday.toString());
    } catch (IOException | SQLException | RuntimeException e) {
      LOG.warn("outcomes of {} cannot be compared yet: {}", yesterday, e.getMessage());
    }
  }

  @Override
  public void close() {
    looks.close();
  }
}
