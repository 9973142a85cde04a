package org.careline.callback;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** When a site was last spoken to, and last answered everything. Stateless. */
final class SiteHeard {
  private SiteHeard() {}

  /** In the transaction that settles the attempt. A wrong number is not the site. */
  static void note(Connection connection, long site, Disposition disposition, Instant endedAt)
      throws SQLException {
    if (!disposition.contacted() || disposition == Disposition.WRONG_NUMBER) {
      return;
    }
    Instant completed = disposition == Disposition.COMPLETED ? endedAt : null;
    Sql.update(
        connection,
        "INSERT INTO site_heard (site_id, completed_at, contacted_at) VALUES (?, ?, ?) AS fresh"
            + " ON DUPLICATE KEY UPDATE completed_at ="
            + " GREATEST(COALESCE(site_heard.completed_at, fresh.completed_at),"
            + "  COALESCE(fresh.completed_at, site_heard.completed_at)),"
            + " contacted_at = GREATEST(site_heard.contacted_at, fresh.contacted_at)",
        site,
        completed,
        endedAt);
  }
}
