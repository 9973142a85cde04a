package org.careline.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/**
 * The pool of connections to MySQL. Opening it does not touch the database: a start without MySQL
 * is normal. Sessions run in UTC. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  public Database(String url, String user, String password, int connections) {
    HikariConfig config = new HikariConfig();
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
    Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
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
