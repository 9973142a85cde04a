package org.careline.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.web.Sessions.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions in a local SQLite file, so that a restart of the engine signs nobody out, also while
 * MySQL is away. It holds only hashes of the ids: who reads the file cannot use them. A file that
 * cannot be written costs sign-ins after the next restart, nothing else. Thread-safe by lock.
 */
final class SessionStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);

  private final Connection connection;

  SessionStore(Path file) {
    try {
      createPrivate(file);
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = NORMAL");
        statement.execute("PRAGMA busy_timeout = 2000");
        statement.execute(
            """
            CREATE TABLE IF NOT EXISTS session (
              id_hash TEXT PRIMARY KEY, login TEXT NOT NULL, name TEXT NOT NULL,
              roles TEXT NOT NULL, agent_number TEXT, desk_phone TEXT, language TEXT NOT NULL,
              password_print TEXT NOT NULL, began_at INTEGER NOT NULL, seen_at INTEGER NOT NULL)
            """);
      }
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("cannot open the file of sessions " + file, e);
    }
  }

  /** SQLite gives the files beside it the same rights. */
  private static void createPrivate(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  synchronized List<Session> load() {
    List<Session> sessions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM session")) {
      while (row.next()) {
        sessions.add(
            new Session(
                row.getString("id_hash"),
                new Principal(
                    row.getString("login"),
                    row.getString("name"),
                    Role.parse(row.getString("roles")),
                    Optional.ofNullable(row.getString("agent_number")).map(AgentNumber::new),
                    Optional.ofNullable(row.getString("desk_phone")),
                    row.getString("language")),
                row.getString("password_print"),
                Instant.ofEpochMilli(row.getLong("began_at")),
                Instant.ofEpochMilli(row.getLong("seen_at"))));
      }
    } catch (SQLException e) {
      LOG.warn("sessions of the last run are lost", e);
    }
    return sessions;
  }

  synchronized void save(Session session) {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      Principal who = session.principal();
      statement.setString(1, session.idHash());
      statement.setString(2, who.login());
      statement.setString(3, who.name());
      statement.setString(4, String.join(",", who.roleKeys()));
      statement.setString(5, who.agent().map(AgentNumber::value).orElse(null));
      statement.setString(6, who.deskPhone().orElse(null));
      statement.setString(7, who.language());
      statement.setString(8, session.passwordPrint());
      statement.setLong(9, session.beganAt().toEpochMilli());
      statement.setLong(10, session.seenAt().toEpochMilli());
      statement.executeUpdate();
    } catch (SQLException e) {
      LOG.warn("a session is not kept over a restart", e);
    }
  }

  synchronized void delete(String idHash) {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM session WHERE id_hash = ?")) {
      statement.setString(1, idHash);
      statement.executeUpdate();
    } catch (SQLException e) {
      LOG.warn("an ended session is still in the file", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("the file of sessions was not closed", e);
    }
  }
}
