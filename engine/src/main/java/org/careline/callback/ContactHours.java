package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.Map;

/**
 * Attempts by trade and hour, added up as they are settled, so that nobody has to count them again.
 * Habits change: half a year is looked at. Stateless.
 */
final class ContactHours {
  private static final int WEEKS = 26;

  private ContactHours() {}

  /**
   * In the caller's transaction; what says nothing about the hour is left out.
   *
   * @param local when it was placed, by the site's wall clock
   */
  static void count(
      Connection connection, String trade, ZonedDateTime local, Disposition disposition)
      throws SQLException {
    if (!disposition.tellsOfTheHour()) {
      return;
    }
    Sql.update(
        connection,
        "INSERT INTO contact_hour (trade, week, hour, attempts, contacts) VALUES (?, ?, ?, 1, ?)"
            + " ON DUPLICATE KEY UPDATE attempts = attempts + 1, contacts = contacts + VALUES(contacts)",
        trade,
        monday(local.toLocalDate()),
        local.getHour(),
        disposition.contacted() ? 1 : 0);
  }

  static HourRates of(Connection connection, String trade, Instant now) throws SQLException {
    LocalDate since = monday(now.atZone(SiteRules.OFFICE).toLocalDate()).minusWeeks(WEEKS);
    Map<Integer, HourRates.Rate> hours = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT hour, SUM(attempts), SUM(contacts) FROM contact_hour"
                + " WHERE trade = ? AND week >= ? GROUP BY hour")) {
      Sql.bind(statement, trade, since);
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          hours.put(rs.getInt(1), new HourRates.Rate(rs.getInt(2), rs.getInt(3)));
        }
      }
    }
    return new HourRates(hours);
  }

  private static LocalDate monday(LocalDate date) {
    return date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }
}
