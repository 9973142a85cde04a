package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Whom no round rings: sites, and numbers whoever's they are, for good or until the end of a day.
 * Stateless.
 */
public final class DoNotCall {
  /** Days of the list are days of the office. */
  private static final ZoneId OFFICE = ZoneId.of("Asia/Shanghai");

  /** Of a site {@code s}; one place for the day. */
  public static final String SITE =
      "(s.do_not_call AND (s.do_not_call_until IS NULL OR s.do_not_call_until >= %s))";

  /** Of a phone {@code p}; one place for the day. */
  public static final String NUMBER =
      "EXISTS (SELECT 1 FROM do_not_call_number n WHERE n.e164 = p.e164"
          + " AND (n.until_date IS NULL OR n.until_date >= %s))";

  /** The office's day for either, by the clock of the database. */
  public static final String TODAY = "DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR)";

  private DoNotCall() {}

  public static LocalDate day(Instant at) {
    return at.atZone(OFFICE).toLocalDate();
  }

  public static boolean forbidsSite(Connection connection, long siteId, Instant at)
      throws SQLException {
    return any(
        connection,
        "SELECT 1 FROM site s WHERE s.id = ? AND " + String.format(SITE, "?"),
        siteId,
        at);
  }

  public static boolean forbidsNumber(Connection connection, String e164, Instant at)
      throws SQLException {
    return any(
        connection,
        "SELECT 1 FROM (SELECT ? AS e164) p WHERE " + String.format(NUMBER, "?"),
        e164,
        at);
  }

  /** Whether one of the numbers of the site's contacts is on the list. */
  public static boolean forbidsNumberOf(Connection connection, long siteId, Instant at)
      throws SQLException {
    return any(
        connection,
        "SELECT 1 FROM site_contact sc JOIN phone p ON p.contact_id = sc.contact_id"
            + " WHERE sc.site_id = ? AND "
            + String.format(NUMBER, "?")
            + " LIMIT 1",
        siteId,
        at);
  }

  private static boolean any(Connection connection, String sql, Object what, Instant at)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, what);
      statement.setObject(2, day(at));
      try (ResultSet found = statement.executeQuery()) {
        return found.next();
      }
    }
  }
}
