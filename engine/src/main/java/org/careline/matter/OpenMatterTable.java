package org.careline.matter;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

  private static final String NEWEST =
      " AND r.agent_number IS NOT NULL ORDER BY r.arrived_at DESC LIMIT 1)";

  /**
   * Each open matter with who worked at it last and when, and who answered last since it was
   * opened: a call of its site, of the number it was told from, or one joined to it.
   */
  private static final String OPEN =
      "SELECT m.site_id, m.customer_id, m.e164, m.last_agent, (SELECT MAX(e.at) FROM matter_event e"
          + " JOIN user_account u ON u.login = e.by_login AND u.agent_number = m.last_agent"
          + " WHERE e.matter_id = m.id AND e.what IN ('opened', 'joined', 'result')) AS worked_at,"
          + " a.agent_number AS answered, a.arrived_at AS answered_at, m.opened_at"
          + " FROM matter m LEFT JOIN LATERAL ("
          + "(SELECT r.agent_number, r.arrived_at FROM call_record r"
          + " WHERE r.site_id = m.site_id AND r.arrived_at >= m.opened_at"
          + NEWEST
          + " UNION ALL (SELECT r.agent_number, r.arrived_at FROM call_record r"
          + " WHERE r.caller_e164 = m.e164 AND r.arrived_at >= m.opened_at"
          + NEWEST
          + " UNION ALL (SELECT r.agent_number, r.arrived_at FROM matter_contact j"
          + " JOIN call_record r ON r.id = j.contact_id WHERE j.matter_id = m.id"
          + " AND j.kind = 'call'"
          + NEWEST
          + " ORDER BY arrived_at DESC LIMIT 1) a ON TRUE WHERE m.done_at IS NULL";

  /** By what a caller is found again; ids as texts. */
  private enum By {
    SITE,
    NUMBER,
    CUSTOMER
  }

  private record Key(By by, String id) {}

  /** Who served, and when. */
  private record Served(AgentNumber agent, Instant at) {
    static Served later(Served one, Served other) {
      return other.at.isAfter(one.at) ? other : one;
    }
  }

  private record Open(long revision, Map<Key, Served> served) {
    static final Open NONE = new Open(-1, Map.of());
  }

  private final DataSource source;
  private final Beat looks;
  private volatile Open open = Open.NONE;
  private volatile Map<Key, Served> since = Map.of();

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
  public Optional<AgentNumber> lastAgent(Who who) {
    Map<Key, Served> known = open.served();
    Map<Key, Served> talked = since;
    return keys(who).stream()
        .filter(known::containsKey)
        .findFirst()
        .map(key -> Served.later(known.get(key), talked.getOrDefault(key, known.get(key))).agent());
  }

  /**
   * In the order in which they are asked; a site's caller does not speak for the whole customer.
   */
  private static List<Key> keys(Who who) {
    return Stream.of(
            key(By.SITE, who.siteId()),
            key(By.NUMBER, who.e164()),
            key(By.CUSTOMER, who.siteId() == null ? who.customerId() : null))
        .filter(Objects::nonNull)
        .toList();
  }

  private static Key key(By by, Object id) {
    return id == null ? null : new Key(by, id.toString());
  }

  /** An agent talks to him since then: he has served him last. Never blocks. */
  public synchronized void talks(Who who, AgentNumber agent, Instant at) {
    Served served = new Served(agent, at);
    Map<Key, Served> newer = new HashMap<>(since);
    for (Key key : keys(who)) {
      if (open.served().containsKey(key)) {
        newer.merge(key, served, Served::later);
      }
    }
    if (!newer.equals(since)) {
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
    Map<Key, Served> served = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OPEN)) {
      while (row.next()) {
        Optional<Served> last = last(row);
        if (last.isEmpty()) {
          continue;
        }
        Stream.of(
                key(By.SITE, row.getObject("site_id")),
                key(By.NUMBER, row.getString("e164")),
                key(By.CUSTOMER, row.getObject("customer_id")))
            .filter(Objects::nonNull)
            .forEach(key -> served.merge(key, last.get(), Served::later));
      }
    }
    open = new Open(revision, Map.copyOf(served));
    Map<Key, Served> kept = new HashMap<>(since);
    kept.keySet().retainAll(served.keySet());
    since = Map.copyOf(kept);
  }

  private static Optional<Served> last(ResultSet row) throws SQLException {
    Instant opened = row.getTimestamp("opened_at").toInstant();
    Timestamp worked = row.getTimestamp("worked_at");
    Optional<Served> atIt =
        Optional.ofNullable(row.getString("last_agent"))
            .map(AgentNumber::new)
            .map(agent -> new Served(agent, worked == null ? opened : worked.toInstant()));
    Timestamp when = row.getTimestamp("answered_at");
    Optional<Served> talked =
        Optional.ofNullable(row.getString("answered"))
            .map(AgentNumber::new)
            .map(agent -> new Served(agent, when.toInstant()));
    return Stream.of(atIt, talked).flatMap(Optional::stream).reduce(Served::later);
  }

  @Override
  public void close() {
    looks.close();
  }
}
