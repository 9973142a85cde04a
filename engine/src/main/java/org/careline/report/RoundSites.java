package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.careline.callback.Content;
import org.careline.callback.FaultState;
import org.careline.callback.RoundFacts;
import org.careline.callback.SiteFacts;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * The sites of a round one by one: what stands behind its figures. Reads some hundred at a time, in
 * the order of an index and each time in a transaction of its own, so that a list of any length
 * needs no more and nobody who reads slowly holds anything. A site that changes its place meanwhile
 * may come twice or not at all. Stateless.
 */
public final class RoundSites {
  private static final int STEP = 500;

  /** Rounds up to here are sorted each time: quicker than a walk through a customer's sites. */
  private static final int SORTED = 5_000;

  private static final String BIN =
      "COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress'))";

  private RoundSites() {}

  /**
   * What a list may be sorted by: nothing else reaches the statement. By a column of the sites, or
   * in parts that are alike in it, each in the order of the sites' numbers.
   */
  public enum Sort {
    CODE("s.code", "site s%s JOIN round_site rs", "customer_id"),
    NAME("s.name", "site s%s JOIN round_site rs", "by_name"),
    REGION("", "site s%s JOIN round_site rs", "by_region"),
    BIN("", "round_site rs%s JOIN site s", "progress"),
    ATTEMPTS("", "round_site rs%s JOIN site s", "round_id");

    private final String column;
    private final String tables;
    private final String index;

    Sort(String column, String tables, String index) {
      this.column = column;
      this.tables = tables;
      this.index = index;
    }

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Sort> of(String key) {
      return Arrays.stream(values()).filter(sort -> sort.key().equals(key)).findFirst();
    }

    private boolean inParts() {
      return column.isEmpty();
    }
  }

  /**
   * Which of them; empty = all.
   *
   * @param agent number of whoever heard the answers
   * @param other another round and how the site stood in it
   */
  public record Filter(
      Optional<String> bin,
      Optional<String> region,
      Optional<String> agent,
      Optional<FaultState> state,
      Optional<Content> content,
      Optional<Other> other) {
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * @param state empty = any
   */
  public record Other(long round, Optional<FaultState> state) {}

  public record Order(Sort by, boolean descending) {}

  /**
   * A site as it stands in the round. The names of the components are keys of the JSON.
   *
   * @param number E.164 of the first to be tried; null = none
   * @param lastAt of the last call
   * @param source told, hotline, both; null = no fault
   * @param rating null = not answered
   * @param agent number of whoever heard the answers
   * @param otherState how it stood in the other round that was asked for; null = none was
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Row(
      String code,
      String name,
      String region,
      String province,
      String city,
      String contact,
      String role,
      String number,
      String extension,
      String bin,
      int attempts,
      String lastDisposition,
      Instant lastAt,
      String state,
      String source,
      boolean solvedOnPhone,
      Integer rating,
      String answeredBy,
      String agent,
      String otherState,
      List<DeviceRow> devices) {
    public Row masked(String shown) {
      return new Row(
          code,
          name,
          region,
          province,
          city,
          contact,
          role,
          shown,
          extension,
          bin,
          attempts,
          lastDisposition,
          lastAt,
          state,
          source,
          solvedOnPhone,
          rating,
          answeredBy,
          agent,
          otherState,
          devices);
    }
  }

  public record DeviceRow(String device, String state, boolean solvedOnPhone) {}

  /**
   * @param next to go on from; null = the last page
   */
  public record Page(List<Row> sites, String next) {}

  /** The first part of a row. */
  private record Read(
      long id,
      String code,
      String name,
      String region,
      String province,
      String city,
      String contact,
      String role,
      String number,
      String extension,
      String bin,
      int attempts,
      String lastDisposition,
      Instant lastAt) {
    Row with(SiteFacts facts, String otherState) {
      return new Row(
          code,
          name,
          region,
          province,
          city,
          contact,
          role,
          number,
          extension,
          bin,
          attempts,
          lastDisposition,
          lastAt,
          facts.state().id(),
          facts.source().map(source -> source.name().toLowerCase(Locale.ROOT)).orElse(null),
          facts.solvedOnPhone(),
          facts.rating().isPresent() ? facts.rating().getAsInt() : null,
          facts.role().orElse(null),
          facts.agent().orElse(null),
          otherState,
          facts.devices().stream()
              .map(
                  device ->
                      new DeviceRow(
                          device.name(), facts.state(device).id(), facts.solvedOnPhone(device)))
              .toList());
    }
  }

  /**
   * @param after {@link Page#next()} of the page before
   * @throws NoSuchPlace when that is none of ours
   */
  public static Page page(
      Jdbi jdbi, long round, Filter filter, Order order, Optional<String> after, int limit) {
    List<Row> rows = new ArrayList<>();
    String[] last = new String[1];
    boolean[] more = new boolean[1];
    walk(
        jdbi,
        round,
        filter,
        order,
        after.map(Place::of),
        Math.min(STEP, limit + 1),
        (place, row) -> {
          if (rows.size() == limit) {
            more[0] = true;
            return false;
          }
          rows.add(row);
          last[0] = place.toString();
          return true;
        });
    return new Page(rows, more[0] ? last[0] : null);
  }

  /** Where to go on is no place of ours. */
  public static final class NoSuchPlace extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** All of them, one after the other; false ends it. Nothing is held while the reader works. */
  public static void each(
      Jdbi jdbi, long round, Filter filter, Order order, Predicate<Row> reader) {
    walk(jdbi, round, filter, order, Optional.empty(), STEP, (place, row) -> reader.test(row));
  }

  /** Where a page ends, as text without meaning to others. */
  record Place(String value, long id) {
    static Place of(String text) {
      try {
        String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        int at = plain.indexOf(' ');
        return new Place(
            plain.substring(at + 1), Long.parseLong(plain.substring(0, Math.max(0, at))));
      } catch (IllegalArgumentException none) {
        throw new NoSuchPlace();
      }
    }

    @Override
    public String toString() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((id + " " + value).getBytes(StandardCharsets.UTF_8));
    }
  }

  private interface Reader {
    boolean read(Place place, Row row);
  }

  /**
   * Sites that are alike in what is sorted by.
   *
   * @param key its place among the parts; empty = there is only one
   * @param condition a fixed text
   */
  private record Part(String key, String condition, Map<String, Object> values) {
    private static final Part ALL = new Part("", "", Map.of());
  }

  /**
   * What does not change while a list is read.
   *
   * @param large to be read in the order of an index
   * @param written what was written when the round was closed spares the look at every site
   */
  record Walk(
      long round,
      long customer,
      boolean large,
      Filter filter,
      Order order,
      boolean written,
      boolean otherWritten) {
    static Walk of(Handle handle, long round, Filter filter, Order order) {
      return handle
          .createQuery(
              "SELECT c.customer_id, r.sites_loaded FROM round r"
                  + " JOIN campaign c ON c.id = r.campaign_id WHERE r.id = :round")
          .bind("round", round)
          .map(
              (row, context) ->
                  new Walk(
                      round,
                      row.getLong(1),
                      row.getInt(2) > SORTED,
                      filter,
                      order,
                      RoundSites.written(handle, round),
                      filter
                          .other()
                          .filter(other -> RoundSites.written(handle, other.round()))
                          .isPresent()))
          .one();
    }

    private Optional<FaultState> state() {
      return filter.state().filter(state -> written);
    }

    private Optional<Content> content() {
      return filter.content().filter(content -> written);
    }

    private Optional<FaultState> other() {
      return filter.other().flatMap(Other::state).filter(state -> otherWritten);
    }

    /** Few sites of many: their own index finds them sooner than the order does. */
    private boolean selective() {
      return state().isPresent() || other().isPresent();
    }

    /** Whether every site that is found is one that was asked for. */
    private boolean exact() {
      return filter.agent().isEmpty()
          && filter.state().equals(state())
          && filter.content().equals(content())
          && filter.other().flatMap(Other::state).equals(other());
    }
  }

  private record Found(Place place, Row row) {}

  private record Some(List<Found> found, Optional<Place> next) {}

  private static void walk(
      Jdbi jdbi,
      long round,
      Filter filter,
      Order order,
      Optional<Place> after,
      int wanted,
      Reader reader) {
    Walk walk = jdbi.withHandle(handle -> Walk.of(handle, round, filter, order));
    int step = walk.exact() ? wanted : STEP;
    for (Part part : jdbi.withHandle(handle -> parts(handle, walk))) {
      Optional<Place> from = after;
      if (order.by().inParts() && after.isPresent()) {
        int place = part.key().compareTo(after.get().value()) * (order.descending() ? -1 : 1);
        if (place < 0) {
          continue;
        }
        from = place == 0 ? after : Optional.empty();
      }
      do {
        Optional<Place> begin = from;
        Some some = jdbi.inTransaction(handle -> some(handle, walk, part, begin, step));
        for (Found found : some.found()) {
          if (!reader.read(found.place(), found.row())) {
            return;
          }
        }
        from = some.next();
      } while (from.isPresent());
    }
  }

  /** In the order they are read in. */
  private static List<Part> parts(Handle handle, Walk walk) {
    List<Part> parts = new ArrayList<>();
    switch (walk.order().by()) {
      case CODE, NAME -> parts.add(Part.ALL);
      case REGION -> {
        String condition = " AND s.region_id \\<=> :part";
        Map<String, Object> none = new HashMap<>();
        none.put("part", null);
        parts.add(new Part("", condition, none));
        handle
            .createQuery("SELECT code, id FROM region WHERE customer_id = :customer")
            .bind("customer", walk.customer())
            .map(
                (row, context) ->
                    new Part(row.getString(1), condition, Map.of("part", row.getLong(2))))
            .forEach(parts::add);
      }
      case BIN ->
          handle
              .createQuery("SELECT DISTINCT status, bin FROM round_site WHERE round_id = :round")
              .bind("round", walk.round())
              .map(
                  (row, context) -> {
                    int status = row.getInt(1);
                    Map<String, Object> values = new HashMap<>();
                    values.put("status", status);
                    values.put("part", row.getString(2));
                    String shown =
                        row.getString(2) != null
                            ? row.getString(2)
                            : status == 0 || status == 4 ? "due" : "in_progress";
                    return new Part(
                        shown + " " + status,
                        " AND rs.status = :status AND rs.bin \\<=> :part",
                        values);
                  })
              .forEach(parts::add);
      case ATTEMPTS ->
          handle
              .createQuery("SELECT DISTINCT attempts FROM round_site WHERE round_id = :round")
              .bind("round", walk.round())
              .map(
                  (row, context) ->
                      new Part(
                          String.format(Locale.ROOT, "%010d", row.getInt(1)),
                          " AND rs.attempts = :part",
                          Map.of("part", row.getInt(1))))
              .forEach(parts::add);
    }
    Comparator<Part> order = Comparator.comparing(Part::key);
    parts.sort(walk.order().descending() ? order.reversed() : order);
    return parts;
  }

  private static Some some(Handle handle, Walk walk, Part part, Optional<Place> from, int step) {
    List<Place> places = places(handle, walk, part, from, step);
    List<Long> ids = places.stream().map(Place::id).toList();
    Map<Long, Read> reads = reads(handle, walk.round(), ids);
    Map<Long, SiteFacts> facts = RoundFacts.of(handle, walk.round(), ids);
    Map<Long, SiteFacts> others =
        walk.filter()
            .other()
            .map(other -> RoundFacts.of(handle, other.round(), ids))
            .orElse(Map.of());
    List<Found> found = new ArrayList<>();
    for (Place place : places) {
      SiteFacts here = facts.get(place.id());
      FaultState there =
          others.containsKey(place.id()) ? others.get(place.id()).state() : FaultState.NOT_LISTED;
      if (asked(walk.filter(), here, there)) {
        String other = walk.filter().other().isPresent() ? there.id() : null;
        found.add(new Found(place, reads.get(place.id()).with(here, other)));
      }
    }
    return new Some(found, places.size() < step ? Optional.empty() : Optional.of(places.getLast()));
  }

  private static boolean asked(Filter filter, SiteFacts here, FaultState there) {
    return filter.state().map(here.state()::equals).orElse(true)
        && filter.content().map(here.content()::equals).orElse(true)
        && filter.agent().map(agent -> here.agent().equals(Optional.of(agent))).orElse(true)
        && filter.other().flatMap(Other::state).map(there::equals).orElse(true);
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

  /** The first sites in the order. */
  static List<Place> places(Handle handle, Walk walk, int most) {
    List<Place> places = new ArrayList<>();
    for (Part part : parts(handle, walk)) {
      places.addAll(places(handle, walk, part, Optional.empty(), most - places.size()));
    }
    return places;
  }

  /** The next sites in the order, found by its index alone. */
  private static List<Place> places(
      Handle handle, Walk walk, Part part, Optional<Place> from, int step) {
    Order order = walk.order();
    Filter filter = walk.filter();
    boolean parts = order.by().inParts();
    String site = order.by().tables.startsWith("site") ? "s.id" : "rs.site_id";
    String after = order.descending() ? " \\<" : " >";
    String direction = order.descending() ? " DESC" : "";
    boolean byIndex = walk.large() && !walk.selective();
    String sql =
        "SELECT "
            + (byIndex ? "STRAIGHT_JOIN " : "")
            + site
            + " AS id, "
            + (parts ? ":key" : order.by().column)
            + " AS place FROM "
            + String.format(
                order.by().tables, byIndex ? " FORCE INDEX (" + order.by().index + ")" : "")
            + " ON rs.site_id = s.id AND rs.round_id = :round"
            + (walk.state().isPresent() || walk.content().isPresent()
                ? " JOIN site_result r ON r.round_id = rs.round_id AND r.site_id = rs.site_id"
                : "")
            + (walk.other().isPresent()
                ? " LEFT JOIN site_result o ON o.round_id = :other AND o.site_id = rs.site_id"
                : "")
            + (filter.region().isPresent() ? " LEFT JOIN region g ON g.id = s.region_id" : "")
            + " WHERE rs.round_id = :round AND s.customer_id = :customer"
            + part.condition()
            + (walk.state().isPresent() ? " AND r.state = :state" : "")
            + (walk.content().isPresent() ? " AND r.content = :content" : "")
            + (walk.other().isPresent() ? " AND COALESCE(o.state, :none) = :otherState" : "")
            + (filter.bin().isPresent() ? " AND " + BIN + " = :bin" : "")
            + (filter.region().isPresent() ? " AND COALESCE(g.code, '') = :region" : "")
            + (from.isEmpty()
                ? ""
                : parts
                    ? " AND " + site + after + " :id"
                    : " AND "
                        + order.by().column
                        + after
                        + "= :place AND ("
                        + order.by().column
                        + after
                        + " :place OR "
                        + site
                        + after
                        + " :id)")
            + " ORDER BY "
            + (parts ? "" : order.by().column + direction + ", ")
            + site
            + direction
            + " LIMIT :step";
    Query query =
        handle
            .createQuery(sql)
            .bind("round", walk.round())
            .bind("customer", walk.customer())
            .bind("step", step)
            .bindMap(part.values());
    if (parts) {
      query.bind("key", part.key());
    }
    walk.state().ifPresent(each -> query.bind("state", each.ordinal()));
    walk.content().ifPresent(each -> query.bind("content", each.ordinal()));
    walk.other()
        .ifPresent(
            each ->
                query
                    .bind("other", filter.other().orElseThrow().round())
                    .bind("none", FaultState.NOT_LISTED.ordinal())
                    .bind("otherState", each.ordinal()));
    filter.bin().ifPresent(bin -> query.bind("bin", bin));
    filter.region().ifPresent(region -> query.bind("region", region));
    from.ifPresent(
        each -> {
          query.bind("id", each.id());
          if (!parts) {
            query.bind("place", each.value());
          }
        });
    return query.map((row, context) -> new Place(row.getString("place"), row.getLong("id"))).list();
  }

  private static Map<Long, Read> reads(Handle handle, long round, List<Long> sites) {
    Map<Long, Read> reads = new HashMap<>();
    if (sites.isEmpty()) {
      return reads;
    }
    handle
        .createQuery(
            "SELECT rs.site_id, s.code, s.name, COALESCE(g.code, '') AS region, s.province, s.city,"
                + " k.name AS contact, k.role, k.e164, k.extension, "
                + BIN
                + " AS bin, rs.attempts, rs.last_disposition, (SELECT MAX(a.placed_at)"
                + " FROM attempt_site x JOIN attempt a ON a.id = x.attempt_id"
                + " WHERE x.round_site_id = rs.id) AS last_at"
                + " FROM round_site rs JOIN site s ON s.id = rs.site_id"
                + " LEFT JOIN region g ON g.id = s.region_id"
                + " LEFT JOIN LATERAL (SELECT c.name, c.role, p.e164, p.extension"
                + "  FROM site_contact sc JOIN contact c ON c.id = sc.contact_id"
                + "  JOIN phone p ON p.contact_id = c.id WHERE sc.site_id = rs.site_id"
                + "  ORDER BY sc.maintenance_since IS NULL, sc.maintenance_since DESC, sc.position,"
                + "  p.position LIMIT 1) k ON TRUE"
                + " WHERE rs.round_id = :round AND rs.site_id IN (<sites>)")
        .bind("round", round)
        .bindList("sites", sites)
        .map((row, context) -> read(row))
        .forEach(read -> reads.put(read.id(), read));
    return reads;
  }

  private static Read read(ResultSet row) throws SQLException {
    return new Read(
        row.getLong("site_id"),
        row.getString("code"),
        row.getString("name"),
        row.getString("region"),
        row.getString("province"),
        row.getString("city"),
        row.getString("contact"),
        row.getString("role"),
        row.getString("e164"),
        row.getString("extension"),
        row.getString("bin"),
        row.getInt("attempts"),
        row.getString("last_disposition"),
        Optional.ofNullable(row.getTimestamp("last_at"))
            .map(java.sql.Timestamp::toInstant)
            .orElse(null));
  }
}
