package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.callback.DueSites;
import org.careline.database.Database;

/**
 * What a claim costs with few and with many sites, for one claimer and for several at once: two
 * schemas on the same MySQL, the same claims on each in turn, warm. The due sites are as many in
 * both. Claimed sites are given back outside the measured time, so that every claim finds the same
 * table.
 */
public final class ClaimBench {
  private static final int TIERS = 3;

  /**
   * @param rounds pairs of a small and a large run, one after the other
   * @param claims claims of each claimer in each run
   * @param limit sites per claim
   * @param claimers how many claim at once, one measurement for each
   */
  public record Settings(
      int small, int large, int rounds, int claims, int limit, List<Integer> claimers) {
    public static final Settings USUAL = new Settings(10_000, 5_000_000, 7, 200, 50, List.of(1, 4));
  }

  /** One run: milliseconds of a claim, sites claimed per second of claiming. */
  public record Run(int claimers, int sites, double p50, double p99, double sitesPerSecond) {}

  /**
   * Medians of the runs with so many claimers.
   *
   * @param ratioP50 large to small of each pair: median, lowest, highest
   */
  public record Crowd(Run small, Run large, double[] ratioP50, List<Run> runs) {}

  /** All of it. */
  public record Result(List<Crowd> crowds) {
    @JsonProperty
    public List<Target> targets() {
      return crowds.stream()
          .map(
              crowd ->
                  new Target(
                      "ratioP50 of " + crowd.small().claimers(),
                      Bound.AT_MOST,
                      1.3,
                      crowd.ratioP50()[0]))
          .toList();
    }
  }

  private ClaimBench() {}

  /**
   * Fills both databases, which are migrated and empty, and measures. Takes some minutes.
   *
   * @param say progress, for people
   */
  public static Result run(Database small, Database large, Settings settings, Consumer<String> say)
      throws Exception {
    say.accept("filling " + settings.small() + " sites");
    fill(small, settings.small(), settings.small() / 10);
    say.accept("filling " + settings.large() + " sites");
    fill(large, settings.large(), settings.small() / 10);
    List<Crowd> crowds = new ArrayList<>();
    for (int claimers : settings.claimers()) {
      crowds.add(crowd(small, large, claimers, settings, say));
    }
    return new Result(crowds);
  }

  private static Crowd crowd(
      Database small, Database large, int claimers, Settings settings, Consumer<String> say)
      throws Exception {
    measure(small, settings.small(), claimers, settings);
    measure(large, settings.large(), claimers, settings);
    List<Run> runs = new ArrayList<>();
    double[] ratios = new double[settings.rounds()];
    for (int i = 0; i < settings.rounds(); i++) {
      // in turn, and turned round each time, so that neither always comes first
      Run first = i % 2 == 0 ? measure(small, settings.small(), claimers, settings) : null;
      Run second = measure(large, settings.large(), claimers, settings);
      if (first == null) {
        first = measure(small, settings.small(), claimers, settings);
      }
      ratios[i] = second.p50() / first.p50();
      runs.add(first);
      runs.add(second);
      say.accept(
          String.format(
              Locale.ROOT,
              "%d at once, pair %d: p50 %.2f ms and %.2f ms, ratio %.2f",
              claimers,
              i + 1,
              first.p50(),
              second.p50(),
              ratios[i]));
    }
    return new Crowd(
        median(runs, claimers, settings.small()),
        median(runs, claimers, settings.large()),
        Figures.spread(ratios),
        runs);
  }

  /** What one claimer saw. */
  private record Claims(List<Double> millis, int claimed) {}

  private static Run measure(Database database, int sites, int claimers, Settings settings)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(claimers);
    try {
      List<Callable<Claims>> tasks = new ArrayList<>();
      for (int i = 0; i < claimers; i++) {
        DueSites due = new DueSites(database.dataSource(), "bench" + i, Duration.ofMinutes(5));
        tasks.add(() -> claims(due, database, settings));
      }
      List<Double> millis = new ArrayList<>();
      int claimed = 0;
      for (Future<Claims> each : pool.invokeAll(tasks)) {
        millis.addAll(each.get().millis());
        claimed += each.get().claimed();
      }
      double seconds = millis.stream().mapToDouble(Double::doubleValue).sum() / 1000 / claimers;
      return new Run(
          claimers,
          sites,
          Figures.quantile(millis, 0.5),
          Figures.quantile(millis, 0.99),
          claimed / seconds);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Claims claims(DueSites due, Database database, Settings settings)
      throws SQLException {
    List<Integer> tiers = due.tiers();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<Double> millis = new ArrayList<>();
    int claimed = 0;
    for (int i = 0; i < settings.claims(); i++) {
      long began = System.nanoTime();
      List<Long> ids = due.claim(tiers, settings.limit(), now, 1);
      millis.add((System.nanoTime() - began) / 1e6);
      if (ids.size() != settings.limit()) {
        throw new IllegalStateException("only " + ids.size() + " sites were due");
      }
      claimed += ids.size();
      giveBack(database, ids);
    }
    return new Claims(millis, claimed);
  }

  static void giveBack(Database database, List<Long> ids) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE round_site SET status = 0, claimed_by = NULL, lease_until = NULL"
                    + " WHERE id IN ("
                    + String.join(",", Collections.nCopies(ids.size(), "?"))
                    + ")")) {
      for (int i = 0; i < ids.size(); i++) {
        statement.setLong(i + 1, ids.get(i));
      }
      statement.executeUpdate();
    }
  }

  private static Run median(List<Run> runs, int claimers, int sites) {
    List<Run> of = runs.stream().filter(run -> run.sites() == sites).toList();
    return new Run(
        claimers,
        sites,
        median(of.stream().mapToDouble(Run::p50).toArray()),
        median(of.stream().mapToDouble(Run::p99).toArray()),
        median(of.stream().mapToDouble(Run::sitesPerSecond).toArray()));
  }

  private static double median(double... values) {
    return Figures.median(Arrays.copyOf(values, values.length));
  }

  private static void fill(Database database, int sites, int due) throws SQLException {
    BenchRows.round(database, 1, "open");
    BenchRows.sites(database, 1, 0, sites);
    due(database, 1, sites, sites / due);
  }

  /**
   * The rows of a round: one in {@code step} is due since some time in the last hour, the others in
   * the coming week; spread over the ids.
   */
  static void due(Database database, int round, int sites, int step) throws SQLException {
    String spread = "(" + BenchRows.N + " * 2654435761) % 1000003";
    BenchRows.fill(
        database,
        0,
        sites,
        "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at) SELECT "
            + round
            + ", "
            + BenchRows.N
            + ", 1 + "
            + BenchRows.N
            + " % "
            + TIERS
            + ", 0, UTC_TIMESTAMP(3) + INTERVAL IF("
            + BenchRows.N
            + " % "
            + step
            + " = 0, -1 - "
            + spread
            + " % 3600, 3600 + "
            + spread
            + " % 604800) SECOND FROM seq");
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE TABLE round_site");
    }
  }
}
