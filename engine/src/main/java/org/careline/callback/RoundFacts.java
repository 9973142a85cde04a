package org.careline.callback;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.careline.callback.SiteFacts.Device;
import org.careline.callback.SiteFacts.Known;
import org.careline.callback.SiteFacts.Told;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads what is known of the sites of a round, some thousand at a time. Which devices a site has
 * and what the hotline knew stands still when the round is closed (see {@link RoundResults}); until
 * then it is as it is now. A consistent picture needs a transaction of the caller. Stateless.
 */
public final class RoundFacts {
  /** Sites in memory at once. */
  static final int STEP = 5000;

  /** Meanings of questions this reads; the standard questionnaire has them. */
  public static final List<String> MEANINGS =
      List.of(
          "fault",
          "fault_solved",
          "solved_on_phone",
          "hidden_danger",
          "fault_code",
          "satisfaction",
          "respondent_role");

  private RoundFacts() {}

  /** A site and what its agent is. */
  private record Row(
      long site, String code, String region, String bin, Optional<Disposition> last) {}

  private record Found(long site, long device, String text, Known known) {}

  /** Some of the sites of a round. */
  sealed interface Some {
    /** By their numbers, both included. */
    record Range(long first, long last) implements Some {}

    record Listed(List<Long> sites) implements Some {}

    static Some one(long site) {
      return new Range(site, site);
    }

    /** A condition on the column of the table of this name. */
    default String of(String table) {
      return switch (this) {
        case Range range -> " AND " + table + ".site_id BETWEEN :first AND :last";
        case Listed listed -> " AND " + table + ".site_id IN (<sites>)";
      };
    }

    default Query bind(Query query) {
      return switch (this) {
        case Range range -> query.bind("first", range.first()).bind("last", range.last());
        case Listed listed -> query.bindList("sites", listed.sites());
      };
    }
  }

  /** Of these sites, in any order; those that are not in the round are left out. */
  public static Map<Long, SiteFacts> of(Handle handle, long round, List<Long> sites) {
    Map<Long, SiteFacts> found = new HashMap<>();
    if (!sites.isEmpty()) {
      of(handle, round, new Some.Listed(sites)).forEach(each -> found.put(each.siteId(), each));
    }
    return found;
  }

  /** All sites in the order of their numbers. */
  public static void each(Handle handle, long round, Consumer<SiteFacts> reader) {
    Optional<Some.Range> range = next(handle, round, 0);
    while (range.isPresent()) {
      of(handle, round, range.get()).forEach(reader);
      range = next(handle, round, range.get().last());
    }
  }

  /** The next {@value #STEP} sites. */
  static Optional<Some.Range> next(Handle handle, long round, long after) {
    return handle
        .createQuery(
            "SELECT MIN(site_id), MAX(site_id) FROM (SELECT site_id FROM round_site"
                + " WHERE round_id = :round AND site_id > :after ORDER BY site_id LIMIT :step) x")
        .bind("round", round)
        .bind("after", after)
        .bind("step", STEP)
        .map((row, context) -> new Some.Range(row.getLong(1), row.getLong(2)))
        .findOne()
        .filter(range -> range.last() > 0);
  }

  static List<SiteFacts> of(Handle handle, long round, Some some) {
    boolean frozen =
        query(
                handle,
                "SELECT EXISTS (SELECT 1 FROM site_result r WHERE r.round_id = :round"
                    + some.of("r")
                    + ")",
                round,
                some)
            .mapTo(Boolean.class)
            .one();
    Map<Long, Map<Long, Told>> told = told(handle, round, some);
    Map<Long, Map<Long, String>> devices = devices(handle, round, some, frozen);
    Map<Long, Map<Long, Known>> known = known(handle, round, some, frozen);
    List<SiteFacts> facts = new ArrayList<>();
    for (Row row : rows(handle, round, some)) {
      Map<Long, Known> ofSite = known.getOrDefault(row.site(), Map.of());
      Map<Long, String> names = devices.getOrDefault(row.site(), Map.of());
      List<Device> list = new ArrayList<>();
      names.forEach(
          (id, name) ->
              list.add(
                  new Device(
                      id,
                      name,
                      // what was not said of which device is of the only one
                      worse(
                          ofSite.getOrDefault(id, Known.NOTHING),
                          names.size() == 1
                              ? ofSite.getOrDefault(0L, Known.NOTHING)
                              : Known.NOTHING))));
      facts.add(
          new SiteFacts(
              row.site(),
              row.code(),
              row.region(),
              row.bin(),
              row.last(),
              told.getOrDefault(row.site(), Map.of()),
              list,
              ofSite.values().stream().reduce(Known.NOTHING, RoundFacts::worse)));
    }
    return facts;
  }

  private static Known worse(Known one, Known other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Query query(Handle handle, String sql, long round, Some some) {
    return some.bind(handle.createQuery(sql).bind("round", round));
  }

  private static List<Row> rows(Handle handle, long round, Some some) {
    return query(
            handle,
            "SELECT rs.site_id, s.code, COALESCE(g.code, ''),"
                + " COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress')),"
                + " rs.last_disposition FROM round_site rs JOIN site s ON s.id = rs.site_id"
                + " LEFT JOIN region g ON g.id = s.region_id WHERE rs.round_id = :round"
                + some.of("rs")
                + " ORDER BY rs.site_id",
            round,
            some)
        .map(
            (row, context) ->
                new Row(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    Optional.ofNullable(row.getString(5)).flatMap(Disposition::of)))
        .list();
  }

  /** Answers of sites and their devices by the meanings of the questions. */
  private static Map<Long, Map<Long, Told>> told(Handle handle, long round, Some some) {
    record Key(long site, long device) {}
    Map<Key, Map<String, String>> values = new HashMap<>();
    Map<Key, String> agents = new HashMap<>();
    query(
            handle,
            "SELECT a.site_id, a.device_id, a.question_code, a.value, t.agent_number FROM answer a"
                + " JOIN attempt t ON t.id = a.attempt_id WHERE a.round_id = :round"
                + some.of("a")
                + " AND a.question_code IN (<meanings>)",
            round,
            some)
        .bindList("meanings", MEANINGS)
        .map(
            (row, context) -> {
              Key key = new Key(row.getLong(1), row.getLong(2));
              String meaning = row.getString(3);
              values.computeIfAbsent(key, k -> new HashMap<>()).put(meaning, row.getString(4));
              String agent = row.getString(5);
              if (agent != null && meaning.equals("fault")) {
                agents.put(key, agent);
              } else if (agent != null) {
                agents.putIfAbsent(key, agent);
              }
              return key;
            })
        .forEach(key -> {});
    Map<Long, Map<Long, Told>> told = new HashMap<>();
    values.forEach(
        (key, of) ->
            told.computeIfAbsent(key.site(), s -> new TreeMap<>())
                .put(
                    key.device(),
                    new Told(
                        of.get("fault"),
                        of.get("fault_solved"),
                        of.get("solved_on_phone"),
                        of.get("hidden_danger"),
                        of.get("fault_code"),
                        of.get("satisfaction"),
                        of.get("respondent_role"),
                        agents.get(key))));
    return told;
  }

  /** Name by number; also those that were asked for and are gone. */
  private static Map<Long, Map<Long, String>> devices(
      Handle handle, long round, Some some, boolean frozen) {
    String now =
        "SELECT d.site_id, d.id, TRIM(CONCAT(d.model, ' ', d.serial)) FROM round r"
            + " JOIN round_site rs ON rs.round_id = r.id"
            + " JOIN device d ON d.site_id = rs.site_id WHERE r.id = :round"
            + some.of("rs")
            + " AND (d.install_date IS NULL OR d.install_date <= r.period_to)";
    String then =
        "SELECT d.site_id, d.device_id, d.device FROM device_result d WHERE d.round_id = :round"
            + some.of("d");
    Map<Long, Map<Long, String>> devices = new HashMap<>();
    String asked =
        " UNION SELECT a.site_id, a.device_id, MAX(a.device) FROM answer a"
            + " WHERE a.round_id = :round"
            + some.of("a")
            + " AND a.device_id > 0 GROUP BY a.site_id, a.device_id";
    query(handle, (frozen ? then : now) + asked, round, some)
        .map(
            (row, context) ->
                new Found(row.getLong(1), row.getLong(2), row.getString(3), Known.NOTHING))
        .forEach(
            each ->
                devices
                    .computeIfAbsent(each.site(), s -> new TreeMap<>())
                    .putIfAbsent(each.device(), each.text()));
    return devices;
  }

  /** Repairs asked for in the period, by device; 0 = not said of which. */
  private static Map<Long, Map<Long, Known>> known(
      Handle handle, long round, Some some, boolean frozen) {
    Map<Long, Map<Long, Known>> known = new HashMap<>();
    Query query;
    if (frozen) {
      query =
          query(
              handle,
              "SELECT r.site_id, -1, r.known FROM site_result r WHERE r.round_id = :round"
                  + some.of("r")
                  + " AND r.known > 0 UNION ALL SELECT d.site_id, d.device_id, d.known"
                  + " FROM device_result d WHERE d.round_id = :round"
                  + some.of("d")
                  + " AND d.known > 0",
              round,
              some);
    } else {
      LocalDate[] period =
          handle
              .createQuery("SELECT period_from, period_to FROM round WHERE id = :round")
              .bind("round", round)
              .map(
                  (row, context) ->
                      new LocalDate[] {
                        row.getObject(1, LocalDate.class), row.getObject(2, LocalDate.class)
                      })
              .one();
      query =
          query(
                  handle,
                  "SELECT m.site_id, COALESCE(m.device_id, 0),"
                      + " MAX(IF(m.done_at IS NULL, 2, 1)) FROM round_site rs"
                      + " JOIN matter m ON m.site_id = rs.site_id"
                      + " JOIN matter_kind k ON k.code = m.kind_code WHERE rs.round_id = :round"
                      + some.of("rs")
                      + " AND COALESCE(k.parent_code, k.code) = 'repair'"
                      // what this round was told is in its answers
                      + " AND m.source <> 'callback'"
                      + " AND m.opened_at >= :from AND m.opened_at < :until GROUP BY 1, 2",
                  round,
                  some)
              .bind("from", begin(period[0]))
              .bind("until", begin(period[1].plusDays(1)));
    }
    query
        .map(
            (row, context) ->
                new Found(row.getLong(1), row.getLong(2), "", Known.values()[row.getInt(3)]))
        .forEach(
            each ->
                known
                    .computeIfAbsent(each.site(), s -> new HashMap<>())
                    .merge(each.device(), each.known(), RoundFacts::worse));
    return known;
  }

  /** Days of a period are days of the office. */
  private static LocalDateTime begin(LocalDate day) {
    return day.atStartOfDay(SiteRules.OFFICE).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
  }
}
