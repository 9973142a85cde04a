package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of sites in the order of trial, through their contacts. Whatever rings a site learns
 * here, and nowhere else, who answers for it. Stateless.
 */
final class SitePhones {
  private static final String JOINED = " FROM contact c JOIN phone p ON p.contact_id = c.id";
  private static final String OF_SITES =
      "SELECT c.site_id, p.e164, p.extension, c.name, c.role, c.id"
          + JOINED
          + " WHERE c.site_id IN (%s) ORDER BY c.site_id, c.id, p.position";

  /** True of a site {@code s} that has no number at all. */
  static final String NONE = "NOT EXISTS (SELECT 1" + JOINED + " WHERE c.site_id = s.id)";

  private SitePhones() {}

  static Map<Long, List<ClaimedSite.Phone>> of(Connection connection, Collection<Long> sites)
      throws SQLException {
    Map<Long, List<ClaimedSite.Phone>> phones = new HashMap<>();
    if (sites.isEmpty()) {
      return phones;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(String.format(OF_SITES, DueSites.marks(sites.size())))) {
      Sql.bind(statement, sites.toArray());
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          phones
              .computeIfAbsent(rs.getLong(1), id -> new ArrayList<>())
              .add(
                  new ClaimedSite.Phone(
                      rs.getString(2),
                      rs.getString(3),
                      rs.getString(4),
                      rs.getString(5),
                      rs.getLong(6)));
        }
      }
    }
    return phones;
  }

  static List<ClaimedSite.Phone> of(Connection connection, long site) throws SQLException {
    return of(connection, List.of(site)).getOrDefault(site, List.of());
  }
}
