package org.careline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.careline.call.Applier;
import org.careline.call.CallAppliers;
import org.careline.call.CallEntry;
import org.careline.call.CallEvent;
import org.careline.call.CallState;
import org.careline.call.Journal;
import org.careline.database.Database;
import org.careline.database.JournalWriter;

/**
 * A call's history through journal and batched writer, against one insert and one commit for each
 * event. Both ends with everything in MySQL; the journal pays its fsync as well.
 */
public final class JournalBench {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /**
   * @param rounds pairs, interleaved
   * @param events per measurement of the journal; single ones are measured on a fifth
   */
  public record Settings(int rounds, int events) {
    public static final Settings USUAL = new Settings(7, 10_000);
  }

  /**
   * @param single events per second, one insert and one commit each
   * @param journal events per second, from the first append until MySQL has the last
   * @param append microseconds an event costs the one who appends it
   */
  public record Round(double single, double journal, double append) {}

  /**
   * Medians of the rounds.
   *
   * @param ratio journal / single: median, least, most
   */
  public record Result(
      double single, double journal, double append, double[] ratio, List<Round> rounds) {}

  private JournalBench() {}

  /**
   * Measures on a migrated database; what it writes stays there.
   *
   * @param folder for the journal
   * @param say progress, for people
   */
  public static Result run(Database database, Path folder, Settings settings, Consumer<String> say)
      throws SQLException, IOException {
    Files.createDirectories(folder);
    Applier applier = CallAppliers.history();
    single(database.dataSource(), applier, "warm", settings.events() / 5);
    journal(database.dataSource(), applier, folder.resolve("warm.db"), settings.events());
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < settings.rounds(); i++) {
      // in turn, and turned round each time, so that neither always comes first
      double single = 0;
      if (i % 2 == 0) {
        single = single(database.dataSource(), applier, "s" + i, settings.events() / 5);
      }
      double[] journal =
          journal(database.dataSource(), applier, folder.resolve(i + ".db"), settings.events());
      if (i % 2 == 1) {
        single = single(database.dataSource(), applier, "s" + i, settings.events() / 5);
      }
      rounds.add(new Round(single, journal[0], journal[1]));
      say.accept("round %d: single %.0f/s, journal %.0f/s".formatted(i + 1, single, journal[0]));
    }
    double[] ratios = rounds.stream().mapToDouble(r -> r.journal() / r.single()).sorted().toArray();
    return new Result(
        Figures.median(rounds.stream().mapToDouble(Round::single).toArray()),
        Figures.median(rounds.stream().mapToDouble(Round::journal).toArray()),
        Figures.median(rounds.stream().mapToDouble(Round::append).toArray()),
        new double[] {Figures.median(ratios), ratios[0], ratios[ratios.length - 1]},
        List.copyOf(rounds));
  }

  private static double single(DataSource source, Applier applier, String run, int events)
      throws SQLException {
    List<Journal.Entry> entries = new ArrayList<>();
    try (Connection connection = source.getConnection()) {
      for (int i = 0; i < events; i++) {
        entries.add(
            new Journal.Entry(
                i + 1L, 1, Instant.now(), "call", call(run, i), json(event(Instant.now()))));
      }
      long began = System.nanoTime();
      for (Journal.Entry entry : entries) {
        applier.apply(connection, List.of(entry));
      }
      return perSecond(events, began);
    }
  }

  private static double[] journal(DataSource source, Applier applier, Path file, int events) {
    try (Journal journal = new Journal(file, InstantSource.system());
        JournalWriter writer =
            new JournalWriter(journal, source, List.of(applier), InstantSource.system())) {
      writer.start();
      long began = System.nanoTime();
      for (int i = 0; i < events; i++) {
        journal.append("call", call(file.getFileName().toString(), i), event(Instant.now()));
      }
      double append = (System.nanoTime() - began) / 1e3 / events;
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      journal.flush().orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
      while (journal.oldestUndelivered().isPresent()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException("not written within " + DEADLINE);
        }
        LockSupport.parkNanos(2_000_000);
      }
      return new double[] {perSecond(events, began), append};
    }
  }

  /** Ten events a call, as a usual one has. */
  private static String call(String run, int event) {
    return "bench-" + run + "-" + event / 10;
  }

  private static CallEntry event(Instant at) {
    return CallEntry.of(
        new CallEvent.Joined(at), new CallState.Waiting(CallState.Place.from(at), false));
  }

  private static String json(CallEntry entry) {
    return Journal.JSON.valueToTree(entry).toString();
  }

  private static double perSecond(int events, long began) {
    return events / ((System.nanoTime() - began) / 1e9);
  }
}
