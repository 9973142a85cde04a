package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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
import org.jdbi.v3.core.statement.Query;

/**
 * The sites of a round one by one: what stands behind its figures. Reads some hundred at a time, so
 * that a list of any length needs no more. Stateless.
 */
public final class RoundSites {
  private static final int STEP = 500;
  private static final String BIN =
      "COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress'))";

  private RoundSites() {}

  /** What a list may be sorted by: nothing else reaches the statement. */
  public enum Sort {
    CODE("s.code"),
    NAME("s.name"),
    REGION("COALESCE(g.code, '')"),
    BIN(RoundSites.BIN),
    ATTEMPTS("rs.attempts");

    private final String column;

    Sort(String column) {
      this.column = column;
    }

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Sort> of(String key) {
      return Arrays.stream(values()).filter(sort -> sort.key().equals(key)).findFirst();
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

  /** The first part of a row, and where to go on. */
  private record Read(
      long id,
      String place,
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
      Handle handle, long round, Filter filter, Order order, Optional<String> after, int limit) {
    List<Row> rows = new ArrayList<>();
    String[] last = new String[1];
    boolean[] more = new boolean[1];
    walk(
        handle,
        round,
        filter,
        order,
        after.map(Place::of),
        (place, row) -> {
          if (rows.size() == limit) {
            more[0] = true;
            return false;
          }
          rows.add(row);
          last[0] = place;
          return true;
        });
    return new Page(rows, more[0] ? last[0] : null);
  }

  /** Where to go on is no place of ours. */
  public static final class NoSuchPlace extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** All of them, one after the other; false ends it. */
  public static void each(
      Handle handle, long round, Filter filter, Order order, Predicate<Row> reader) {
    walk(handle, round, filter, order, Optional.empty(), (place, row) -> reader.test(row));
  }

  /** Where a page ends, as text without meaning to others. */
  private record Place(String value, long id) {
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
    boolean read(String place, Row row);
  }

  private static void walk(
      Handle handle, long round, Filter filter, Order order, Optional<Place> after, Reader reader) {
    boolean written = written(handle, round);
    boolean otherWritten =
        filter.other().filter(other -> written(handle, other.round())).isPresent();
    Optional<Place> place = after;
    while (true) {
      List<Read> step = step(handle, round, filter, order, place, written, otherWritten);
      List<Long> ids = step.stream().map(Read::id).toList();
      Map<Long, SiteFacts> facts = RoundFacts.of(handle, round, ids);
      Map<Long, SiteFacts> others =
          filter.other().map(other -> RoundFacts.of(handle, other.round(), ids)).orElse(Map.of());
      for (Read read : step) {
        SiteFacts here = facts.get(read.id());
        FaultState there =
            others.containsKey(read.id()) ? others.get(read.id()).state() : FaultState.NOT_LISTED;
        if (asked(filter, here, there)) {
          Row row = read.with(here, filter.other().isPresent() ? there.id() : null);
          if (!reader.read(new Place(read.place(), read.id()).toString(), row)) {
            return;
          }
        }
      }
      if (step.size() < STEP) {
        return;
      }
      place = Optional.of(new Place(step.getLast().place(), step.getLast().id()));
    }
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

  /** What was written when a round was closed spares the look at every site. */
  private static List<Read> step(
      Handle handle,
      long round,
      Filter filter,
      Order order,
      Optional<Place> place,
      boolean written,
      boolean otherWritten) {
    Optional<FaultState> state = filter.state().filter(s -> written);
    Optional<Content> content = filter.content().filter(c -> written);
    Optional<FaultState> other = filter.other().flatMap(Other::state).filter(s -> otherWritten);
    String sql =
        "SELECT rs.site_id, "
            + order.by().column
            + " AS place, s.code, s.name, COALESCE(g.code, '') AS region, s.province, s.city,"
            + " k.name AS contact, k.role, k.e164, k.extension, "
            + BIN
            + " AS bin, rs.attempts, rs.last_disposition, (SELECT MAX(a.placed_at) FROM attempt_site x"
            + " JOIN attempt a ON a.id = x.attempt_id WHERE x.round_site_id = rs.id) AS last_at"
            + " FROM round_site rs JOIN site s ON s.id = rs.site_id"
            + " LEFT JOIN region g ON g.id = s.region_id"
            + " LEFT JOIN LATERAL (SELECT c.name, c.role, p.e164, p.extension FROM site_contact sc"
            + "  JOIN contact c ON c.id = sc.contact_id JOIN phone p ON p.contact_id = c.id"
            + "  WHERE sc.site_id = rs.site_id ORDER BY sc.maintenance_since IS NULL, sc.maintenance_since DESC, sc.position, p.position LIMIT 1) k ON TRUE"
            + (state.isPresent() || content.isPresent()
                ? " JOIN site_result r ON r.round_id = rs.round_id AND r.site_id = rs.site_id"
                : "")
            + (other.isPresent()
                ? " LEFT JOIN site_result o ON o.round_id = :other AND o.site_id = rs.site_id"
                : "")
            + " WHERE rs.round_id = :round"
            + (state.isPresent() ? " AND r.state = :state" : "")
            + (content.isPresent() ? " AND r.content = :content" : "")
            + (other.isPresent() ? " AND COALESCE(o.state, :none) = :otherState" : "")
            + (filter.bin().isPresent() ? " AND " + BIN + " = :bin" : "")
            + (filter.region().isPresent() ? " AND COALESCE(g.code, '') = :region" : "")
            + (place.isPresent()
                ? " AND ("
                    + order.by().column
                    + ", rs.site_id) "
                    + (order.descending() ? "\\<" : ">")
                    + " (:place, :id)"
                : "")
            + " ORDER BY place"
            + (order.descending() ? " DESC, rs.site_id DESC" : ", rs.site_id")
            + " LIMIT :step";
    Query query = handle.createQuery(sql).bind("round", round).bind("step", STEP);
    state.ifPresent(each -> query.bind("state", each.ordinal()));
    content.ifPresent(each -> query.bind("content", each.ordinal()));
    other.ifPresent(
        each ->
            query
                .bind("other", filter.other().orElseThrow().round())
                .bind("none", FaultState.NOT_LISTED.ordinal())
                .bind("otherState", each.ordinal()));
    filter.bin().ifPresent(bin -> query.bind("bin", bin));
    filter.region().ifPresent(region -> query.bind("region", region));
    place.ifPresent(each -> query.bind("place", each.value()).bind("id", each.id()));
    return query.map((row, context) -> read(row)).list();
  }

  private static Read read(ResultSet row) throws SQLException {
    return new Read(
        row.getLong("site_id"),
        row.getString("place"),
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
