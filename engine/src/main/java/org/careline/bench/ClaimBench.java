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
import java.util.List;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.callback.DueSites;
import org.careline.database.Database;

/**
 * What a claim costs with few and with many sites: two schemas on the same MySQL, the same claims
 * on each in turn, warm. A tenth of the sites is due. Claimed sites are given back outside the
 * measured time, so that every claim finds the same table.
 */
public final class ClaimBench {
  private static final int TIERS = 3;
  private static final int BATCH = 1000;

  /**
   * @param rounds pairs of a small and a large run, one after the other
   * @param claims claims in each run
   * @param limit sites per claim
   */
  public record Settings(int small, int large, int rounds, int claims, int limit) {
    public static final Settings USUAL = new Settings(10_000, 1_000_000, 7, 300, 50);
  }

  /** One run: milliseconds of a claim, sites claimed per second of claiming. */
  public record Run(int sites, double p50, double p99, double sitesPerSecond) {}

  /**
   * Medians of the runs.
   *
   * @param ratioP50 large to small of each pair: median, lowest, highest
   */
  public record Result(Run small, Run large, double[] ratioP50, List<Run> runs) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(new Target("ratioP50", Bound.AT_MOST, 1.5, ratioP50[0]));
    }
  }

  private ClaimBench() {}

  /**
   * Fills both databases, which are migrated and empty, and measures. Takes some minutes.
   *
   * @param say progress, for people
   */
  public static Result run(Database small, Database large, Settings settings, Consumer<String> say)
      throws SQLException {
    say.accept("filling " + settings.small() + " sites");
    fill(small, settings.small());
    say.accept("filling " + settings.large() + " sites");
    fill(large, settings.large());
    DueSites fromSmall = new DueSites(small.dataSource(), "bench", Duration.ofMinutes(5));
    DueSites fromLarge = new DueSites(large.dataSource(), "bench", Duration.ofMinutes(5));
    measure(fromSmall, small, settings.small(), settings);
    measure(fromLarge, large, settings.large(), settings);
    List<Run> runs = new ArrayList<>();
    double[] ratios = new double[settings.rounds()];
    for (int i = 0; i < settings.rounds(); i++) {
      // in turn, and turned round each time, so that neither always comes first
      Run first = i % 2 == 0 ? measure(fromSmall, small, settings.small(), settings) : null;
      Run second = measure(fromLarge, large, settings.large(), settings);
      if (first == null) {
        first = measure(fromSmall, small, settings.small(), settings);
      }
      ratios[i] = second.p50() / first.p50();
      runs.add(first);
      runs.add(second);
      say.accept(
          String.format(
              java.util.Locale.ROOT,
              "pair %d: p50 %.2f ms and %.2f ms, ratio %.2f",
              i + 1,
              first.p50(),
              second.p50(),
              ratios[i]));
    }
    double[] sorted = ratios.clone();
    java.util.Arrays.sort(sorted);
    double ratio = Figures.median(ratios);
    return new Result(
        median(runs, settings.small()),
        median(runs, settings.large()),
        new double[] {ratio, sorted[0], sorted[sorted.length - 1]},
        runs);
  }

  private static Run measure(DueSites due, Database database, int sites, Settings settings)
      throws SQLException {
    List<Integer> tiers = due.tiers();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<Double> millis = new ArrayList<>();
    int claimed = 0;
    double seconds = 0;
    for (int i = 0; i < settings.claims(); i++) {
      long began = System.nanoTime();
      List<Long> ids = due.claim(tiers, settings.limit(), now, 1);
      double took = (System.nanoTime() - began) / 1e6;
      if (ids.size() != settings.limit()) {
        throw new IllegalStateException("only " + ids.size() + " sites were due");
      }
      millis.add(took);
      seconds += took / 1000;
      claimed += ids.size();
      giveBack(database, ids);
    }
    return new Run(
        sites, Figures.quantile(millis, 0.5), Figures.quantile(millis, 0.99), claimed / seconds);
  }

  private static void giveBack(Database database, List<Long> ids) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE round_site SET status = 0, claimed_by = NULL, lease_until = NULL"
                    + " WHERE id IN ("
                    + String.join(",", java.util.Collections.nCopies(ids.size(), "?"))
                    + ")")) {
      for (int i = 0; i < ids.size(); i++) {
        statement.setLong(i + 1, ids.get(i));
      }
      statement.executeUpdate();
    }
  }

  private static Run median(List<Run> runs, int sites) {
    List<Run> of = runs.stream().filter(run -> run.sites() == sites).toList();
    return new Run(
        sites,
        Figures.median(of.stream().mapToDouble(Run::p50).toArray()),
        Figures.median(of.stream().mapToDouble(Run::p99).toArray()),
        Figures.median(of.stream().mapToDouble(Run::sitesPerSecond).toArray()));
  }

  private static void fill(Database database, int sites) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO customer (id, code, name) VALUES (1, 'bench', 'bench')");
      statement.execute("INSERT INTO questionnaire VALUES ('bench', 1, '{\"questions\":[]}')");
      statement.execute(
          "INSERT INTO campaign (id, code, name, customer_id, questionnaire_code,"
              + " questionnaire_version, rules) VALUES (1, 'bench', 'bench', 1, 'bench', 1, '{}')");
      statement.execute(
          "INSERT INTO round (id, campaign_id, number, status, opens_at, period_from, period_to,"
              + " sites_loaded) VALUES (1, 1, 1, 'open', UTC_TIMESTAMP(3), '2026-01-01',"
              + " '2026-03-31', "
              + sites
              + ")");
      connection.setAutoCommit(false);
      try (PreparedStatement site =
              connection.prepareStatement(
                  "INSERT INTO site (id, customer_id, code, name) VALUES (?, 1, ?, ?)");
          PreparedStatement row =
              connection.prepareStatement(
                  "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at)"
                      + " VALUES (1, ?, ?, 0, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)")) {
        for (int i = 1; i <= sites; i++) {
          site.setInt(1, i);
          site.setString(2, "s" + i);
          site.setString(3, "Site " + i);
          site.addBatch();
          row.setInt(1, i);
          row.setInt(2, 1 + i % TIERS);
          // due some time in the last hour, the others in the coming week; spread over the ids
          long spread = (i * 2654435761L) % 1_000_003L;
          row.setLong(3, i % 10 == 0 ? -(spread % 3600) - 1 : 3600 + spread % 604_800);
          row.addBatch();
          if (i % BATCH == 0 || i == sites) {
            site.executeBatch();
            row.executeBatch();
            connection.commit();
          }
        }
      }
      connection.setAutoCommit(true);
      statement.execute("ANALYZE TABLE round_site");
    }
  }
}
