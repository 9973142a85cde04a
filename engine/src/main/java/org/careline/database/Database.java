package org.careline.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/**
 * The pool of connections to MySQL. Opening it does not touch the database: a start without MySQL
 * is normal. Sessions run in UTC. Thread-safe.
 */
public final class Database implements AutoCloseable {
  /** The number of the last file in db/migration. */
  static final int NEWEST = 27;

  private final HikariConfig config = new HikariConfig();
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  public Database(String url, String user, String password, int connections) {
    config.setPoolName("careline");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(Math.min(2, connections));
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
    config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.addDataSourceProperty("connectionTimeZone", "UTC");
    config.addDataSourceProperty("forceConnectionTimeZoneToSession", "true");
    config.addDataSourceProperty("rewriteBatchedStatements", "true");
    config.addDataSourceProperty("cachePrepStmts", "true");
    config.addDataSourceProperty("connectTimeout", "2000");
    config.addDataSourceProperty("socketTimeout", "30000");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    pool = new HikariDataSource(config);
    jdbi = Jdbi.create(pool);
  }

  /** Brings the schema up to date. Blocks; throws when the database cannot be reached. */
  public void migrate() {
    if (!upToDate()) {
      // a key over some million rows takes longer than any other statement may
      HikariConfig patient = new HikariConfig();
      config.copyStateTo(patient);
      patient.getDataSourceProperties().remove("socketTimeout");
      patient.setMinimumIdle(0);
      try (HikariDataSource connections = new HikariDataSource(patient)) {
        Flyway.configure()
            .dataSource(connections)
            .locations("classpath:db/migration")
            .load()
            .migrate();
      }
    }
  }

  /** Asked first because Flyway costs a command a third of its time. */
  private boolean upToDate() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet applied =
            statement.executeQuery(
                "SELECT MAX(CAST(version AS UNSIGNED)), MIN(success) FROM flyway_schema_history")) {
      return applied.next() && applied.getInt(1) == NEWEST && applied.getBoolean(2);
    } catch (SQLException e) {
      // no such table, or no database: Flyway finds out
      return false;
    }
  }

  public DataSource dataSource() {
    return pool;
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  @Override
  public void close() {
    pool.close();
  }
}
