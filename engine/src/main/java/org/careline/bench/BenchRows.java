package org.careline.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.careline.database.Database;

/** Many rows, made in the database itself. Stateless. */
final class BenchRows {
  private static final int CHUNK = 100_000;

  private BenchRows() {}

  /** The number of a row in a statement of {@link #fill}. */
  static final String N = "(seq.n + @first)";

  /** A customer, his questionnaire and campaign and an open round, all with this id. */
  static void round(Database database, int id, String status) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO customer (id, code, name, consent_basis, consent_until) VALUES (%1$d, 'c%1$d', 'c%1$d', 'contract', '2199-12-31')"
              .formatted(id));
      statement.execute(
          "INSERT IGNORE INTO questionnaire (code, version, definition)"
              + " VALUES ('bench', 1, '{\"questions\":[]}')");
      statement.execute(
          ("INSERT INTO campaign (id, code, name, customer_id, questionnaire_code,"
                  + " questionnaire_version, rules)"
                  + " VALUES (%1$d, 'c%1$d', 'c%1$d', %1$d, 'bench', 1, '{}')")
              .formatted(id));
      statement.execute(
          ("INSERT INTO round (id, campaign_id, number, status, opens_at, period_from, period_to)"
                  + " VALUES (%1$d, %1$d, 1, '%2$s', UTC_TIMESTAMP(3), '2026-01-01', '2026-03-31')")
              .formatted(id, status));
    }
  }

  /** Sites of a customer; their ids begin after {@code first}. */
  static void sites(Database database, int customer, int first, int count) throws SQLException {
    fill(
        database,
        first,
        count,
        "INSERT INTO site (id, customer_id, code, name) SELECT "
            + N
            + ", "
            + customer
            + ", CONCAT('s', "
            + N
            + "), CONCAT('Site ', "
            + N
            + ") FROM seq");
  }

  /** One contact with one number for each of these sites; all ids are the site's. */
  static void contacts(Database database, int customer, int first, int count) throws SQLException {
    fill(
        database,
        first,
        count,
        "INSERT INTO contact (id, customer_id, name) SELECT "
            + N
            + ", "
            + customer
            + ", 'W' FROM seq");
    fill(
        database,
        first,
        count,
        "INSERT INTO site_contact (site_id, contact_id, position) SELECT "
            + N
            + ", "
            + N
            + ", 1 FROM seq");
    fill(
        database,
        first,
        count,
        "INSERT INTO phone (contact_id, e164, position) SELECT "
            + N
            + ", CONCAT('+8613', LPAD("
            + N
            + ", 9, '0')), 1 FROM seq");
  }

  /** Runs the statement over the numbers from first + 1 to first + count, in chunks. */
  static void fill(Database database, int first, int count, String statement) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute("CREATE TEMPORARY TABLE IF NOT EXISTS seq (n INT NOT NULL PRIMARY KEY)");
      sql.execute("SET @@cte_max_recursion_depth = " + CHUNK);
      sql.execute(
          "INSERT IGNORE INTO seq WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
              + " WHERE n < "
              + CHUNK
              + ") SELECT n FROM s");
      for (int done = 0; done < count; done += CHUNK) {
        sql.execute("SET @first = " + (first + done));
        sql.execute(statement + " WHERE n <= " + Math.min(CHUNK, count - done));
      }
      sql.execute("DROP TEMPORARY TABLE seq");
    }
  }
}
