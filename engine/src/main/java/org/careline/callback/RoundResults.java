package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.careline.callback.RoundFacts.Some;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of closed rounds, written down so that round against round is answered at once. A round
 * is announced in the transaction that closes it and written after it, some thousand sites at a
 * time; from then on which devices a site had and what the hotline knew stand still, and an answer
 * that is put right later changes its site's line and the counts it is in. Whoever changes results
 * of a customer first locks the announcements of all his rounds, in their order. Thread-safe.
 */
public final class RoundResults {
  private static final Logger LOG = LoggerFactory.getLogger(RoundResults.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Pairs with so many rounds before it are counted as soon as a round is closed. */
  private static final int AT_ONCE = 4;

  private static final String CHANGE_PAIR =
      "INSERT INTO result_pair (from_round, to_round, what, from_state, to_state, n)"
          + " VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE n = n + VALUES(n)";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RoundRepository rounds = new RoundRepository();

  public RoundResults(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** The three tables of a comparison, as the database names them. */
  public enum What {
    SITE("site_result", "state", FaultState.NOT_LISTED.ordinal()),
    CONTENT("site_result", "content", Content.NOT_LISTED.ordinal()),
    DEVICE("device_result", "state", FaultState.NOT_LISTED.ordinal());

    private final String table;
    private final String column;
    private final int notListed;

    What(String table, String column, int notListed) {
      this.table = table;
      this.column = column;
      this.notListed = notListed;
    }

    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    public int notListed() {
      return notListed;
    }

    private String sameRow(String one, String other) {
      String same = other + ".site_id = " + one + ".site_id";
      return this == DEVICE ? same + " AND " + other + ".device_id = " + one + ".device_id" : same;
    }
  }

  /** A cell of a table: so many went from one state to another. */
  public record Cell(int from, int to, int n) {}

  /** In the transaction that closes the round. */
  static void announce(Handle handle, long round) {
    handle
        .createUpdate(
            "INSERT IGNORE INTO round_summary (round_id, customer_id)"
                + " SELECT r.id, c.customer_id FROM round r JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE r.id = :round")
        .bind("round", round)
        .execute();
  }

  /** Writes what is announced and not written. Any number of engines may do it at once. */
  public void writeMissing() {
    List<Long> missing =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT round_id FROM round_summary WHERE written_at IS NULL"
                            + " ORDER BY round_id LIMIT 100")
                    .mapTo(Long.class)
                    .list());
    missing.forEach(this::write);
  }

  private void write(long round) {
    Optional<Some.Range> range = jdbi.withHandle(handle -> RoundFacts.next(handle, round, 0));
    while (range.isPresent()) {
      Some.Range now = range.get();
      jdbi.useTransaction(handle -> write(handle, round, now));
      range = jdbi.withHandle(handle -> RoundFacts.next(handle, round, now.last()));
    }
    jdbi.useTransaction(
        handle -> {
          if (written(handle, round)) {
            return;
          }
          lockOne(handle, round);
          handle
              .createUpdate(
                  "UPDATE round_summary SET written_at = :now, unheard = :unheard, bins = :bins"
                      + " WHERE round_id = :round AND written_at IS NULL")
              .bind("now", clock.instant().truncatedTo(ChronoUnit.MILLIS))
              .bind("unheard", json(countUnheard(handle, round)))
              .bind("bins", json(rounds.bins(handle, round)))
              .bind("round", round)
              .execute();
          LOG.info("the results of round {} are written", round);
        });
    earlier(round).forEach(before -> pairs(before, round));
  }

  private List<Long> earlier(long round) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT b.round_id FROM round_summary a"
                        + " JOIN round_summary b ON b.customer_id = a.customer_id"
                        + "  AND b.round_id < a.round_id AND b.written_at IS NOT NULL"
                        + " WHERE a.round_id = :round ORDER BY b.round_id DESC LIMIT :most")
                .bind("round", round)
                .bind("most", AT_ONCE)
                .mapTo(Long.class)
                .list());
  }

  private static void lockOne(Handle handle, long round) {
    handle
        .createQuery("SELECT round_id FROM round_summary WHERE round_id = :round FOR UPDATE")
        .bind("round", round)
        .mapTo(Long.class)
        .list();
  }

  private static void lockAll(Handle handle, long round) {
    long customer =
        handle
            .createQuery("SELECT customer_id FROM round_summary WHERE round_id = :round")
            .bind("round", round)
            .mapTo(Long.class)
            .one();
    handle
        .createQuery(
            "SELECT round_id FROM round_summary WHERE customer_id = :customer ORDER BY round_id"
                + " FOR UPDATE")
        .bind("customer", customer)
        .mapTo(Long.class)
        .list();
  }

  private static boolean written(Handle handle, long round) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM round_summary"
                + " WHERE round_id = :round AND written_at IS NOT NULL)")
        .bind("round", round)
        .mapTo(Boolean.class)
        .one();
  }

  private static void write(Handle handle, long round, Some sites) {
    lockOne(handle, round);
    if (written(handle, round)) {
      return;
    }
    PreparedBatch lines =
        handle.prepareBatch(
            "INSERT INTO site_result (round_id, site_id, state, content, known)"
                + " VALUES (:round, :site, :state, :content, :known)"
                // with names there the driver would send row by row
                + " ON DUPLICATE KEY UPDATE state = VALUES(state), content = VALUES(content)");
    PreparedBatch devices =
        handle.prepareBatch(
            "INSERT INTO device_result (round_id, site_id, device_id, device, state, known)"
                + " VALUES (:round, :site, :device, :name, :state, :known)"
                + " ON DUPLICATE KEY UPDATE state = VALUES(state)");
    for (SiteFacts site : RoundFacts.of(handle, round, sites)) {
      lines
          .bind("round", round)
          .bind("site", site.siteId())
          .bind("state", site.state().ordinal())
          .bind("content", site.content().ordinal())
          .bind("known", site.known().ordinal())
          .add();
      for (SiteFacts.Device device : site.devices()) {
        devices
            .bind("round", round)
            .bind("site", site.siteId())
            .bind("device", device.id())
            .bind("name", device.name())
            .bind("state", site.state(device).ordinal())
            .bind("known", device.known().ordinal())
            .add();
      }
    }
    if (lines.size() > 0) {
      lines.execute();
    }
    if (devices.size() > 0) {
      devices.execute();
    }
  }

  private static Map<String, Integer> countUnheard(Handle handle, long round) {
    Map<String, Integer> unheard = new TreeMap<>();
    handle
        .createQuery(
            "SELECT COALESCE(rs.bin, 'due'), COUNT(*) FROM site_result r JOIN round_site rs"
                + " ON rs.round_id = r.round_id AND rs.site_id = r.site_id"
                + " WHERE r.round_id = :round AND r.state = :unheard GROUP BY 1")
        .bind("round", round)
        .bind("unheard", FaultState.NOT_HEARD.ordinal())
        .map((row, context) -> unheard.put(row.getString(1), row.getInt(2)))
        .list();
    return unheard;
  }

  /**
   * Puts the line of a site right after one of its answers has changed, with every count it is in;
   * nothing happens while the round is not closed. In the transaction of the change.
   */
  static void refresh(Connection connection, long round, long site) throws SQLException {
    try (PreparedStatement announced =
        connection.prepareStatement("SELECT 1 FROM round_summary WHERE round_id = ?")) {
      announced.setLong(1, round);
      try (ResultSet found = announced.executeQuery()) {
        if (!found.next()) {
          return;
        }
      }
    }
    Jdbi jdbi = Jdbi.create(connection);
    // the transaction is the caller's
    jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    try (Handle handle = jdbi.open()) {
      refresh(handle, round, site);
    }
  }

  private record Line(long id, int state) {}

  private static void refresh(Handle handle, long round, long site) throws SQLException {
    lockAll(handle, round);
    // whoever keeps figures of the round counts them again
    handle.execute("UPDATE round_summary SET changed = changed + 1 WHERE round_id = ?", round);
    List<Line> before = lines(handle, What.SITE, round, site);
    if (before.isEmpty()) {
      return; // it is still being written, and will be with what stands now
    }
    int content = lines(handle, What.CONTENT, round, site).getFirst().state();
    List<Line> devices = lines(handle, What.DEVICE, round, site);
    SiteFacts facts = RoundFacts.of(handle, round, Some.one(site)).getFirst();
    change(handle, What.SITE, round, site, 0, before.getFirst().state(), facts.state().ordinal());
    change(handle, What.CONTENT, round, site, 0, content, facts.content().ordinal());
    for (SiteFacts.Device device : facts.devices()) {
      int former =
          devices.stream()
              .filter(line -> line.id() == device.id())
              .map(Line::state)
              .findFirst()
              .orElse(What.DEVICE.notListed());
      if (former == What.DEVICE.notListed()) {
        Sql.update(
            handle.getConnection(),
            "INSERT INTO device_result (round_id, site_id, device_id, device, state, known)"
                + " VALUES (?, ?, ?, ?, ?, 0)",
            round,
            site,
            device.id(),
            device.name(),
            facts.state(device).ordinal());
      }
      change(handle, What.DEVICE, round, site, device.id(), former, facts.state(device).ordinal());
    }
    if (before.getFirst().state() != facts.state().ordinal() && written(handle, round)) {
      handle
          .createUpdate("UPDATE round_summary SET unheard = :unheard WHERE round_id = :round")
          .bind("unheard", json(countUnheard(handle, round)))
          .bind("round", round)
          .execute();
    }
  }

  /** Lines of a site; with {@link What#DEVICE} by the number of the device. */
  private static List<Line> lines(Handle handle, What what, long round, long site) {
    return handle
        .createQuery(
            "SELECT "
                + (what == What.DEVICE ? "device_id" : "0")
                + ", "
                + what.column
                + " FROM "
                + what.table
                + " WHERE round_id = :round AND site_id = :site")
        .bind("round", round)
        .bind("site", site)
        .map((row, context) -> new Line(row.getLong(1), row.getInt(2)))
        .list();
  }

  private record Pair(long from, long to) {}

  private static void change(
      Handle handle, What what, long round, long site, long device, int former, int now)
      throws SQLException {
    if (former == now) {
      return;
    }
    Connection connection = handle.getConnection();
    String where = " WHERE round_id = ? AND site_id = ?";
    String set = "UPDATE " + what.table + " SET " + what.column + " = ?" + where;
    if (what == What.DEVICE) {
      Sql.update(connection, set + " AND device_id = ?", now, round, site, device);
    } else {
      Sql.update(connection, set, now, round, site);
    }
    List<Pair> pairs =
        handle
            .createQuery(
                "SELECT DISTINCT from_round, to_round FROM result_pair WHERE from_round = :round"
                    + " UNION SELECT DISTINCT from_round, to_round FROM result_pair"
                    + " WHERE to_round = :round")
            .bind("round", round)
            .map((row, context) -> new Pair(row.getLong(1), row.getLong(2)))
            .list();
    for (Pair pair : pairs) {
      boolean earlier = pair.from() == round;
      int other =
          lines(handle, what, earlier ? pair.to() : pair.from(), site).stream()
              .filter(line -> line.id() == device)
              .map(Line::state)
              .findFirst()
              .orElse(what.notListed());
      // a device that is in neither stands nowhere
      if (former != what.notListed() || other != what.notListed()) {
        move(connection, pair, what, earlier, former, other, -1);
      }
      move(connection, pair, what, earlier, now, other, 1);
    }
  }

  private static void move(
      Connection connection, Pair pair, What what, boolean earlier, int own, int other, int by)
      throws SQLException {
    Sql.update(
        connection,
        CHANGE_PAIR,
        pair.from(),
        pair.to(),
        what.id(),
        earlier ? own : other,
        earlier ? other : own,
        by);
  }

  /**
   * Round against round, counted when it is asked for the first time. Empty while one of them is
   * not written, and for rounds of different customers.
   */
  public Optional<Map<What, List<Cell>>> pairs(long from, long to) {
    Map<What, List<Cell>> kept = jdbi.withHandle(handle -> kept(handle, from, to));
    if (!kept.isEmpty()) {
      return Optional.of(kept);
    }
    return jdbi.inTransaction(
        handle -> {
          boolean both = written(handle, from) && written(handle, to);
          if (!both || !sameCustomer(handle, from, to)) {
            return Optional.empty();
          }
          lockAll(handle, from);
          if (kept(handle, from, to).isEmpty()) {
            for (What what : What.values()) {
              count(handle, what, from, to);
            }
          }
          return Optional.of(kept(handle, from, to));
        });
  }

  /**
   * The same for the sites of a region as they belong to it now, counted each time: by the region's
   * sites, so that a region takes as long as it is large. Empty while one of the two is not
   * written.
   *
   * @param region its number; null = sites without one
   */
  public Optional<Map<What, List<Cell>>> pairs(long from, long to, Long region) {
    return jdbi.inTransaction(
        handle -> {
          if (!written(handle, from) || !written(handle, to)) {
            return Optional.empty();
          }
          Map<What, List<Cell>> cells = new TreeMap<>();
          for (What what : What.values()) {
            cells.put(what, ofRegion(handle, what, from, to, region));
          }
          return Optional.of(cells);
        });
  }

  private static List<Cell> ofRegion(Handle handle, What what, long from, long to, Long region) {
    String column = what.column;
    String sites =
        " FROM campaign c JOIN round r ON r.id = :from AND r.campaign_id = c.id"
            + " JOIN site s ON s.customer_id = c.customer_id AND s.region_id \\<=> :region";
    return handle
        .createQuery(
            "SELECT f, t, COUNT(*) FROM (SELECT a."
                + column
                + " AS f, COALESCE(b."
                + column
                + ", :none) AS t"
                + sites
                + " JOIN "
                + what.table
                + " a ON a.round_id = :from AND a.site_id = s.id LEFT JOIN "
                + what.table
                + " b ON b.round_id = :to AND "
                + what.sameRow("a", "b")
                + " UNION ALL SELECT :none, b."
                + column
                + sites
                + " JOIN "
                + what.table
                + " b ON b.round_id = :to AND b.site_id = s.id LEFT JOIN "
                + what.table
                + " a ON a.round_id = :from AND "
                + what.sameRow("b", "a")
                + " WHERE a.site_id IS NULL) x GROUP BY f, t")
        .bind("from", from)
        .bind("to", to)
        .bind("none", what.notListed())
        .bind("region", region)
        .map((row, context) -> new Cell(row.getInt(1), row.getInt(2), row.getInt(3)))
        .list();
  }

  private static boolean sameCustomer(Handle handle, long from, long to) {
    return handle
            .createQuery(
                "SELECT COUNT(DISTINCT customer_id) FROM round_summary WHERE round_id IN (:from, :to)")
            .bind("from", from)
            .bind("to", to)
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  private static Map<What, List<Cell>> kept(Handle handle, long from, long to) {
    record Named(String what, Cell cell) {}
    Map<What, List<Cell>> kept = new TreeMap<>();
    handle
        .createQuery(
            "SELECT what, from_state, to_state, n FROM result_pair"
                + " WHERE from_round = :from AND to_round = :to")
        .bind("from", from)
        .bind("to", to)
        .map(
            (row, context) ->
                new Named(row.getString(1), new Cell(row.getInt(2), row.getInt(3), row.getInt(4))))
        .forEach(
            named ->
                kept.computeIfAbsent(
                        What.valueOf(named.what().toUpperCase(java.util.Locale.ROOT)),
                        w -> new ArrayList<>())
                    .add(named.cell()));
    return kept;
  }

  private static void count(Handle handle, What what, long from, long to) {
    String begin =
        "INSERT INTO result_pair (from_round, to_round, what, from_state, to_state, n)"
            + " SELECT :from, :to, :what, ";
    handle
        .createUpdate(
            begin
                + "a."
                + what.column
                + ", COALESCE(b."
                + what.column
                + ", :none), COUNT(*) FROM "
                + what.table
                + " a LEFT JOIN "
                + what.table
                + " b ON b.round_id = :to AND "
                + what.sameRow("a", "b")
                + " WHERE a.round_id = :from GROUP BY 4, 5")
        .bind("from", from)
        .bind("to", to)
        .bind("what", what.id())
        .bind("none", what.notListed())
        .execute();
    handle
        .createUpdate(
            begin
                + ":none, b."
                + what.column
                + ", COUNT(*) FROM "
                + what.table
                + " b LEFT JOIN "
                + what.table
                + " a ON a.round_id = :from AND "
                + what.sameRow("b", "a")
                + " WHERE b.round_id = :to AND a.site_id IS NULL GROUP BY 5")
        .bind("from", from)
        .bind("to", to)
        .bind("what", what.id())
        .bind("none", what.notListed())
        .execute();
  }

  /**
   * Sites of a written round by bin.
   *
   * @param unheard of them those that were not heard
   */
  public record Sums(Map<String, Integer> bins, Map<String, Integer> unheard) {}

  /** Empty while the round is not written. */
  public Optional<Sums> sums(long round) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT bins, unheard FROM round_summary"
                        + " WHERE round_id = :round AND written_at IS NOT NULL")
                .bind("round", round)
                .map((row, context) -> new Sums(counts(row.getString(1)), counts(row.getString(2))))
                .findOne());
  }

  /** Sites of a region that were not heard, by bin; empty while the round is not written. */
  public static Optional<Map<String, Integer>> unheard(Handle handle, long round, Long region) {
    if (!written(handle, round)) {
      return Optional.empty();
    }
    Map<String, Integer> unheard = new TreeMap<>();
    handle
        .createQuery(
            "SELECT COALESCE(rs.bin, 'due'), COUNT(*) FROM site_result r JOIN round_site rs"
                + " ON rs.round_id = r.round_id AND rs.site_id = r.site_id"
                + " JOIN site s ON s.id = rs.site_id AND s.region_id \\<=> :region"
                + " WHERE r.round_id = :round AND r.state = :unheard GROUP BY 1")
        .bind("round", round)
        .bind("region", region)
        .bind("unheard", FaultState.NOT_HEARD.ordinal())
        .map((row, context) -> unheard.put(row.getString(1), row.getInt(2)))
        .list();
    return Optional.of(unheard);
  }

  /** How often answers of a written round have been put right; empty while it is not written. */
  public static Optional<Integer> changes(Handle handle, long round) {
    return handle
        .createQuery(
            "SELECT changed FROM round_summary WHERE round_id = :round AND written_at IS NOT NULL")
        .bind("round", round)
        .mapTo(Integer.class)
        .findOne();
  }

  /** What is compared of a site and its devices, by ordinals. */
  public record Standing(long site, int state, int content, Map<Long, Integer> devices) {}

  /** As it stands now, also of a round that is not closed, in the order of the sites' numbers. */
  public static void standing(Handle handle, long round, Consumer<Standing> reader) {
    RoundFacts.each(
        handle,
        round,
        site -> {
          Map<Long, Integer> devices = new TreeMap<>();
          site.devices().forEach(each -> devices.put(each.id(), site.state(each).ordinal()));
          reader.accept(
              new Standing(
                  site.siteId(), site.state().ordinal(), site.content().ordinal(), devices));
        });
  }

  private static Map<String, Integer> counts(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, Integer>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a round's summary cannot be read", e);
    }
  }

  private static String json(Map<String, Integer> counts) {
    try {
      return JSON.writeValueAsString(counts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
