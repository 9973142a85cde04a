package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.customer.DoNotCall;

/**
 * The numbers of sites in the order of trial, through their contacts. Whatever rings a site learns
 * here, and nowhere else, who answers for it. Stateless.
 */
final class SitePhones {
  private static final String JOINED =
      " FROM site_contact sc JOIN contact c ON c.id = sc.contact_id"
          + " JOIN phone p ON p.contact_id = c.id";
  private static final String OF_SITES =
      "SELECT sc.site_id, p.e164, p.extension, c.name, c.role, c.id"
          + JOINED
          + " WHERE sc.site_id IN (%s) ORDER BY sc.site_id, sc.maintenance_since IS NULL,"
          + " sc.maintenance_since DESC, sc.position, c.id, p.position";

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

  /** Those of the sites' numbers that are on the do-not-call list. */
  static Set<String> doNotCall(Connection connection, Collection<Long> sites) throws SQLException {
    Set<String> numbers = new HashSet<>();
    if (sites.isEmpty()) {
      return numbers;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT DISTINCT p.e164"
                + JOINED
                + " WHERE sc.site_id IN ("
                + DueSites.marks(sites.size())
                + ") AND "
                + String.format(DoNotCall.NUMBER, DoNotCall.TODAY))) {
      Sql.bind(statement, sites.toArray());
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          numbers.add(rs.getString(1));
        }
      }
    }
    return numbers;
  }
}
