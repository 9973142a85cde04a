package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Who changed what of customers, sites, contacts and devices. Stateless but for its database. */
public final class ChangeHistory {
  private static final int MOST = 2000;
  private final Jdbi jdbi;

  public ChangeHistory(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * One change.
   *
   * @param siteId null = of the customer, or of several sites
   * @param what the kind of file it belongs to
   * @param name which one: a code, a name, a number
   * @param field empty = it came into being
   */
  public record Change(
      long customerId,
      Long siteId,
      String what,
      String name,
      String field,
      String former,
      String value) {}

  /** Who did it, and by what: the name of a file, or what else. */
  public record By(String login, String source) {}

  /** A change that was written, as it is read again. */
  public record Entry(
      long id,
      Instant at,
      String by,
      String source,
      String customer,
      String site,
      String what,
      String name,
      String field,
      String former,
      String value) {
    /** As it is shown to whoever gives no reason. */
    public Entry masked() {
      return new Entry(
          id,
          at,
          by,
          source,
          customer,
          site,
          what,
          NumberMask.field("", name),
          field,
          NumberMask.field(field, former),
          NumberMask.field(field, value));
    }
  }

  /** Within the caller's transaction, at the time of the database. */
  public static void write(Connection connection, By by, List<Change> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO change_history (at, by_login, source, customer_id, site_id, what, name,"
                + " field, former, value) VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (Change change : changes) {
        insert.setString(1, by.login());
        insert.setString(2, by.source());
        insert.setLong(3, change.customerId());
        insert.setObject(4, change.siteId(), Types.BIGINT);
        insert.setString(5, change.what());
        insert.setString(6, cut(change.name(), 260));
        insert.setString(7, change.field());
        insert.setString(8, cut(change.former(), MOST));
        insert.setString(9, cut(change.value(), MOST));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most));
  }

  /**
   * Newest first, at most {@code limit}; what concerns one site includes what is of the whole
   * customer.
   *
   * @param before only entries with a smaller id; empty = from the newest
   */
  public List<Entry> read(
      String customer, Optional<String> site, Optional<Long> before, int limit) {
    return jdbi.withHandle(handle -> read(handle, customer, site, before, limit));
  }

  private static List<Entry> read(
      Handle handle, String customer, Optional<String> site, Optional<Long> before, int limit) {
    return handle
        .createQuery(
            "SELECT h.id, h.at, h.by_login, h.source, c.code, COALESCE(s.code, ''), h.what,"
                + " h.name, h.field, h.former, h.value FROM change_history h"
                + " JOIN customer c ON c.id = h.customer_id LEFT JOIN site s ON s.id = h.site_id"
                + " WHERE c.code = :customer AND h.id < :before"
                + (site.isPresent() ? " AND (h.site_id IS NULL OR s.code = :site)" : "")
                + " ORDER BY h.id DESC LIMIT :limit")
        .bind("customer", customer)
        .bind("before", before.orElse(Long.MAX_VALUE))
        .bind("limit", limit)
        .bindMap(site.map(code -> java.util.Map.of("site", code)).orElse(java.util.Map.of()))
        .map(
            (row, context) ->
                new Entry(
                    row.getLong(1),
                    row.getTimestamp(2).toInstant(),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9),
                    row.getString(10),
                    row.getString(11)))
        .list();
  }
}
