package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.careline.customer.ChangeHistory;

/**
 * Makes whom somebody has named the maintenance contact of a site, with source and date, in the
 * caller's transaction. Who is known by that number at this customer already is the same person.
 * Saying it twice changes nothing. Stateless.
 */
final class ReferralRows {
  private ReferralRows() {}

  /** Where it was said. */
  record Said(
      long roundSiteId,
      long siteId,
      String siteCode,
      long customerId,
      String attemptId,
      String agent,
      String login,
      Instant at) {}

  /** Gives the number of the referral. */
  static long keep(Connection connection, Said said, Referral referral) throws SQLException {
    long contact = contact(connection, said, referral);
    String source = "call " + said.attemptId();
    Sql.update(
        connection,
        "INSERT INTO site_contact (site_id, contact_id, position, maintenance_since, source)"
            + " SELECT ?, ?, COALESCE(MAX(o.position), 0) + 1, ?, ? FROM site_contact o"
            + " WHERE o.site_id = ? ON DUPLICATE KEY UPDATE"
            + " maintenance_since = VALUES(maintenance_since), source = VALUES(source)",
        said.siteId(),
        contact,
        said.at(),
        source,
        said.siteId());
    Sql.update(
        connection,
        "INSERT IGNORE INTO referral (round_site_id, attempt_id, contact_id, agent_number, made_by,"
            + " made_at) VALUES (?, ?, ?, ?, ?, ?)",
        said.roundSiteId(),
        said.attemptId(),
        contact,
        referral.next() ? said.agent() : null,
        said.login(),
        said.at());
    ChangeHistory.write(
        connection,
        new ChangeHistory.By(said.login(), source),
        List.of(
            new ChangeHistory.Change(
                said.customerId(),
                said.siteId(),
                "contacts",
                referral.name(),
                "maintenance",
                "",
                referral.number().toString())));
    Sql.update(connection, "UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
    return one(
        connection,
        "SELECT id FROM referral WHERE attempt_id = ? AND round_site_id = ?",
        said.attemptId(),
        said.roundSiteId());
  }

  private static long contact(Connection connection, Said said, Referral referral)
      throws SQLException {
    String number = referral.number().e164();
    String extension = referral.number().extension();
    long known =
        one(
            connection,
            "SELECT COALESCE(MIN(c.id), 0) FROM contact c JOIN phone p ON p.contact_id = c.id"
                + " WHERE c.customer_id = ? AND p.e164 = ? AND p.extension = ? AND c.name = ?",
            said.customerId(),
            number,
            extension,
            referral.name());
    if (known > 0) {
      return known;
    }
    Sql.update(
        connection,
        "INSERT INTO contact (customer_id, name, role) VALUES (?, ?, ?)",
        said.customerId(),
        referral.name(),
        referral.role());
    long contact = one(connection, "SELECT LAST_INSERT_ID()");
    Sql.update(
        connection,
        "INSERT INTO phone (contact_id, e164, extension, position) VALUES (?, ?, ?, 1)",
        contact,
        number,
        extension);
    return contact;
  }

  private static long one(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Sql.bind(statement, values);
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return rs.getLong(1);
      }
    }
  }
}
