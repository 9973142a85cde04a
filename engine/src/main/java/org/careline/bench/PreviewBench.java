package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.bench.Target.Bound;
import org.careline.callback.PreviewReader;
import org.careline.database.Database;

/**
 * How long the months ahead take to read, of a house of the usual size and of one with many more
 * sites, which should not take in proportion: MySQL counts them by day.
 */
public final class PreviewBench {
  /** A Tuesday. */
  private static final Instant NOW = Instant.parse("2026-12-01T04:00:00Z");

  private static final int AGENTS = 30;

  /**
   * @param usual sites of the one customer
   * @param many of the other
   * @param looks measured readings of each
   */
  public record Settings(int usual, int many, int looks) {
    public static final Settings USUAL = new Settings(6_000, 100_000, 20);
  }

  /** Milliseconds of a reading. */
  public record Reading(int sites, double p50, double longest) {}

  /** What was found. */
  public record Result(Reading usual, Reading many) {
    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("months ahead, usual house, ms", Bound.BELOW, 2_000, usual.longest()),
          new Target("months ahead, many sites, ms", Bound.BELOW, 3_000, many.longest()));
    }
  }

  private PreviewBench() {}

  /** Fills the database, which is migrated and empty, and measures. */
  public static Result run(Database database, Settings settings) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION cte_max_recursion_depth = " + (settings.many() + 1));
      statement.execute(
          "INSERT INTO questionnaire (code, version, definition) VALUES ('q', 1, '{}')");
      customer(statement, "usual", settings.usual());
      customer(statement, "many", settings.many());
      statement.execute(
          "INSERT INTO user_account (login, name, password_hash, roles, agent_number) WITH RECURSIVE"
              + " n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < "
              + AGENTS
              + ") SELECT CONCAT('agent', i), 'A', 'x', 'agent', 8100 + i FROM n");
      statement.execute(
          "INSERT INTO roster_shift (agent_number, day, from_minute, to_minute) WITH RECURSIVE n AS"
              + " (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 34) SELECT a.agent_number,"
              + " '2026-11-30' + INTERVAL i DAY, 540, 1020 FROM user_account a, n"
              + " WHERE a.agent_number IS NOT NULL");
      statement.execute("ANALYZE TABLE site, site_heard");
    }
    PreviewReader reader = new PreviewReader(database.jdbi(), () -> NOW);
    return new Result(
        reading(reader, "usual", settings.usual(), settings.looks()),
        reading(reader, "many", settings.many(), settings.looks()));
  }

  private static Reading reading(PreviewReader reader, String customer, int sites, int looks) {
    reader.read(Optional.of(customer));
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < looks; i++) {
      long began = System.nanoTime();
      reader.read(Optional.of(customer));
      millis.add((System.nanoTime() - began) / 1e6);
    }
    return new Reading(sites, Figures.quantile(millis, 0.5), Figures.quantile(millis, 1));
  }

  /** Half of its sites by the calendar would hide the counting: all from their last visit. */
  private static void customer(Statement statement, String code, int sites) throws SQLException {
    String of = "(SELECT id FROM customer WHERE code = '" + code + "')";
    statement.execute("INSERT INTO customer (code, name) VALUES ('" + code + "', 'bench')");
    statement.execute(
        "INSERT INTO campaign (code, name, customer_id, questionnaire_code, questionnaire_version,"
            + " rules) VALUES ('"
            + code
            + "', 'bench', "
            + of
            + ", 'q', 1, '{}')");
    statement.execute(
        "INSERT INTO site (customer_id, code, name) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL"
            + " SELECT i + 1 FROM n WHERE i < "
            + sites
            + ") SELECT c.id, CONCAT(c.code, n.i), 'Site' FROM n, customer c WHERE c.code = '"
            + code
            + "'");
    statement.execute(
        "INSERT INTO site_heard SELECT id, '2026-12-01' - INTERVAL MOD(id, 90) DAY,"
            + " '2026-12-01' - INTERVAL MOD(id, 90) DAY FROM site WHERE customer_id = "
            + of);
    statement.execute(
        "INSERT INTO cadence (customer_id, document, version, visits_since, saved_by, saved_at)"
            + " VALUES ("
            + of
            + ", '{\"visits\":{\"by\":\"last-visit\",\"every\":\"90d\",\"gap\":\"10d\"}}', 1,"
            + " '2026-12-01', 'bench', '2026-12-01')");
  }
}
