package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.callback.AnswerBook;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundResults.Cell;
import org.careline.callback.RoundResults.What;
import org.careline.database.Database;
import org.careline.report.RoundComparison;
import org.careline.report.Transitions;

/**
 * Two rounds of many sites against each other: from the summary that closing them wrote, beside the
 * straight query over their answers, with which it must agree; also after answers were put right.
 */
public final class TransitionBench {
  private static final int NEW = 20;

  /**
   * @param sites of each round; a twentieth of them in only one of the two
   * @param looks measured comparisons
   */
  public record Settings(int sites, int looks, int corrections) {
    public static final Settings USUAL = new Settings(1_000_000, 200, 100);
  }

  /**
   * @param writeSeconds closing both rounds, their results written and counted
   * @param straightSeconds the straight query, once
   * @param p50 of a comparison from the summary, in ms
   * @param correctionMillis an answer put right with its counts, median
   * @param equal of the comparisons with the straight query, share of the tables that agreed
   */
  public record Result(
      int sites,
      double writeSeconds,
      double straightSeconds,
      double p50,
      double p99,
      double correctionMillis,
      double equal) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("p99", Bound.AT_MOST, 100, p99),
          new Target("equal", Bound.AT_LEAST, 1, equal));
    }
  }

  private TransitionBench() {}

  /**
   * Fills the database, which is migrated and empty, and measures. Takes some minutes.
   *
   * @param patient a connection that waits for an answer however long it takes
   * @param say progress, for people
   */
  public static Result run(
      Database database, Connection patient, Settings settings, Consumer<String> say)
      throws SQLException {
    say.accept("filling two rounds of " + settings.sites() + " sites");
    fill(patient, settings.sites());
    say.accept("closing both");
    long began = System.nanoTime();
    new RoundCloser(database.jdbi(), InstantSource.system()).closeFinished();
    double write = (System.nanoTime() - began) / 1e9;
    RoundComparison comparison = new RoundComparison(database.jdbi(), InstantSource.system());
    List<Double> looks = new ArrayList<>();
    Transitions seen = comparison.compare("bench", 1, "bench", 2);
    for (int i = 0; i < settings.looks(); i++) {
      long from = System.nanoTime();
      seen = comparison.compare("bench", 1, "bench", 2);
      looks.add((System.nanoTime() - from) / 1e6);
    }
    say.accept(
        String.format(
            Locale.ROOT, "p50 %.2f ms; the straight query", Figures.quantile(looks, 0.5)));
    long asked = System.nanoTime();
    Map<What, List<Cell>> straight = StraightTransitions.count(patient, 1, 2);
    double straightSeconds = (System.nanoTime() - asked) / 1e9;
    int equal = equal(seen, straight);
    say.accept("putting answers right");
    double correction = correct(database, settings);
    equal +=
        equal(comparison.compare("bench", 1, "bench", 2), StraightTransitions.count(patient, 1, 2));
    return new Result(
        settings.sites(),
        write,
        straightSeconds,
        Figures.quantile(looks, 0.5),
        Figures.quantile(looks, 0.99),
        correction,
        equal / 6.0);
  }

  private static int equal(Transitions seen, Map<What, List<Cell>> straight) {
    int equal = 0;
    for (What what : What.values()) {
      Transitions.Table table =
          switch (what) {
            case SITE -> seen.sites();
            case CONTENT -> seen.content();
            case DEVICE -> seen.devices();
          };
      int[][] n = new int[table.states().size()][table.states().size()];
      straight.get(what).forEach(cell -> n[cell.from()][cell.to()] += cell.n());
      boolean same = true;
      for (int from = 0; from < n.length; from++) {
        for (int to = 0; to < n.length; to++) {
          same &= n[from][to] == table.cells().get(from).get(to);
        }
      }
      equal += same ? 1 : 0;
    }
    return equal;
  }

  private static double correct(Database database, Settings settings) {
    AnswerBook book =
        new AnswerBook(database::jdbi, InstantSource.system(), ZoneId.of("Asia/Shanghai"));
    double[] took = new double[settings.corrections()];
    for (int i = 0; i < took.length; i++) {
      int site = 100 + 7 * i;
      long began = System.nanoTime();
      try {
        book.correct(
            "bench",
            1 + i % 2,
            "s" + site,
            "satisfaction",
            String.valueOf(1 + i % 5),
            "bench",
            "bench");
        book.correct(
            "bench", 1 + i % 2, "s" + site, "fault", i % 3 == 0 ? "yes" : "no", "bench", "bench");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      took[i] = (System.nanoTime() - began) / 2e6;
    }
    return Figures.median(took);
  }

  /** By the server itself: a row each over the wire would take the most of the time. */
  private static void fill(Connection connection, int sites) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION cte_max_recursion_depth = " + (sites + 1));
      statement.execute("INSERT INTO customer (id, code, name) VALUES (1, 'bench', 'bench')");
      statement.execute(
          "INSERT INTO questionnaire (code, version, definition) VALUES ('bench', 1, '{\"questions\":["
              + question("fault", "yes_no")
              + ","
              + question("fault_solved", "yes_no")
              + ","
              + question("hidden_danger", "yes_no")
              + ","
              + question("satisfaction", "scale_1_5")
              + "]}')");
      statement.execute(
          "INSERT INTO campaign (id, code, name, customer_id, questionnaire_code,"
              + " questionnaire_version, rules) VALUES (1, 'bench', 'bench', 1, 'bench', 1, '{}')");
      statement.execute(
          "INSERT INTO site (id, customer_id, code, name) WITH RECURSIVE n AS (SELECT 1 AS i UNION"
              + " ALL SELECT i + 1 FROM n WHERE i < "
              + sites
              + ") SELECT i, 1, CONCAT('s', i), CONCAT('Site ', i) FROM n");
      statement.execute(
          "INSERT INTO device (site_id, model) SELECT id, 'M1' FROM site WHERE id % 5 = 0");
      for (int round = 1; round <= 2; round++) {
        round(statement, round);
      }
      statement.execute("ANALYZE TABLE answer, round_site");
    }
  }

  private static String question(String code, String type) {
    return "{\"code\":\""
        + code
        + "\",\"type\":\""
        + type
        + "\",\"textEn\":\"?\",\"textZh\":\"？\"}";
  }

  /** Nineteen in twenty are on the list, of these nine in ten completed; a third had a fault. */
  private static void round(Statement statement, int round) throws SQLException {
    statement.execute(
        "INSERT INTO round (id, campaign_id, number, status, opens_at, opened_at, closing,"
            + " period_from, period_to, rules, questionnaire_code, questionnaire_version) VALUES ("
            + round
            + ", 1, "
            + round
            + ", 'open', NOW(3), NOW(3), TRUE, '2026-01-01', '2026-03-31', '{}', 'bench', 1)");
    statement.execute(
        "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at, bin) SELECT "
            + round
            + ", id, 1, 3, NOW(3), IF(CRC32(CONCAT('b', id, "
            + round
            + ")) % 10 = 0, 'not_reached', 'completed') FROM site WHERE id % "
            + NEW
            + " <> "
            + round);
    String attempt = "CONCAT('" + round + "', LPAD(rs.id, 25, '0'))";
    statement.execute(
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, placed_at,"
            + " answered_at, ended_at, settled_at, epoch) SELECT "
            + attempt
            + ", rs.id, 1, '+862160000000', 'preview', 'settled', NOW(3), NOW(3), NOW(3), NOW(3),"
            + " NOW(3), 1 FROM round_site rs WHERE rs.round_id = "
            + round);
    statement.execute(
        "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, disposition, settled_at)"
            + " SELECT a.id, a.round_site_id, 1, 1, 'completed', a.settled_at FROM attempt a"
            + " JOIN round_site rs ON rs.id = a.round_site_id WHERE rs.round_id = "
            + round);
    String chance = "CRC32(CONCAT(rs.site_id, 'x', " + round + "))";
    answer(statement, round, "fault", "IF(" + chance + " % 3 = 0, 'yes', 'no')", "TRUE", attempt);
    answer(
        statement,
        round,
        "fault_solved",
        "IF(" + chance + " % 7 < 4, 'yes', 'no')",
        chance + " % 3 = 0",
        attempt);
    answer(
        statement,
        round,
        "hidden_danger",
        "IF(" + chance + " % 11 = 0, 'yes', 'no')",
        "TRUE",
        attempt);
    answer(statement, round, "satisfaction", "1 + " + chance + " % 5", "TRUE", attempt);
  }

  private static void answer(
      Statement statement, int round, String question, String value, String when, String attempt)
      throws SQLException {
    statement.execute(
        "INSERT INTO answer (round_id, site_id, question_code, questionnaire_version, value,"
            + " attempt_id, answered_by, answered_at) SELECT rs.round_id, rs.site_id, '"
            + question
            + "', 1, "
            + value
            + ", "
            + attempt
            + ", 'bench', NOW(3) FROM round_site rs WHERE rs.round_id = "
            + round
            + " AND rs.bin = 'completed' AND "
            + when);
  }
}
