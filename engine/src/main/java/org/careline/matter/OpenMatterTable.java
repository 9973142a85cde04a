package org.careline.matter;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link OpenMatters} kept in memory: read again when the revision of matters has risen, at once
 * for who has just written. With MySQL away the last known ones stay. Thread-safe.
 */
public final class OpenMatterTable implements OpenMatters, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenMatterTable.class);

  /** Who answered the site's newest call since the matter was opened, else who served it. */
  private static final String OPEN =
      "SELECT m.site_id, m.e164, m.last_agent,"
          + " (SELECT r.agent_number FROM call_record r WHERE r.site_id = m.site_id"
          + " AND r.arrived_at >= m.opened_at AND r.agent_number IS NOT NULL"
          + " ORDER BY r.arrived_at DESC LIMIT 1) AS answered"
          + " FROM matter m WHERE m.done_at IS NULL ORDER BY m.opened_at, m.id";

  private record Open(
      long revision, Map<Long, AgentNumber> sites, Map<String, AgentNumber> numbers) {
    static final Open NONE = new Open(-1, Map.of(), Map.of());
  }

  private final DataSource source;
  private final Beat looks;
  private volatile Open open = Open.NONE;
  private volatile Map<Long, AgentNumber> since = Map.of();

  public OpenMatterTable(DataSource source) {
    this(source, Duration.ofSeconds(1));
  }

  OpenMatterTable(DataSource source, Duration every) {
    this.source = source;
    this.looks = Beat.every("matters", every, this::look);
  }

  /** Begins to look. MySQL may be away. */
  public void start() {
    looks.start();
  }

  @Override
  public Optional<AgentNumber> lastAgent(Long siteId, String e164) {
    Open now = open;
    if (siteId != null) {
      return Optional.ofNullable(now.sites().get(siteId))
          .map(agent -> since.getOrDefault(siteId, agent));
    }
    return e164 == null ? Optional.empty() : Optional.ofNullable(now.numbers().get(e164));
  }

  /** An agent talks to the site: from now on he has served it last. Never blocks. */
  public synchronized void talks(long siteId, AgentNumber agent) {
    if (open.sites().containsKey(siteId) && !agent.equals(since.get(siteId))) {
      Map<Long, AgentNumber> newer = new HashMap<>(since);
      newer.put(siteId, agent);
      since = Map.copyOf(newer);
    }
  }

  private void look() throws SQLException {
    try (Connection connection = source.getConnection()) {
      if (revision(connection) != open.revision()) {
        load(connection);
      }
    }
  }

  /** Reads now. Blocks on MySQL; when it is away the next look reads. */
  void refresh() {
    try (Connection connection = source.getConnection()) {
      load(connection);
    } catch (SQLException e) {
      LOG.warn("open matters are read later: {}", e.getMessage());
    }
  }

  private static long revision(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT number FROM revision WHERE topic = 'matters'")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private synchronized void load(Connection connection) throws SQLException {
    long revision = revision(connection);
    Map<Long, AgentNumber> sites = new HashMap<>();
    Map<String, AgentNumber> numbers = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OPEN)) {
      while (row.next()) {
        String answered = row.getString("answered");
        String agent = answered == null ? row.getString("last_agent") : answered;
        if (agent == null) {
          continue;
        }
        long site = row.getLong("site_id");
        if (!row.wasNull()) {
          sites.put(site, new AgentNumber(agent));
        } else if (row.getString("e164") != null) {
          numbers.put(row.getString("e164"), new AgentNumber(agent));
        }
      }
    }
    open = new Open(revision, Map.copyOf(sites), Map.copyOf(numbers));
    Map<Long, AgentNumber> kept = new HashMap<>(since);
    kept.keySet().retainAll(sites.keySet());
    since = Map.copyOf(kept);
  }

  @Override
  public void close() {
    looks.close();
  }
}
