package org.careline.matter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.callback.Sql;

/**
 * The rows behind first call resolution: matters that a call can settle, and when anybody came back
 * to them. How many working days count is the figure's business. Blocks; thread-safe.
 */
public final class MatterFigures {
  /**
   * Any later contact about the same site and device: a call of the site, a call joined to a matter
   * of it (headquarters, account manager), a matter opened by hand. A contact about another device
   * only does not count; one whose device nobody noted does.
   */
  private static final String NEXT =
      "LEAST(COALESCE((SELECT MIN(r.arrived_at) FROM call_record r WHERE r.site_id = m.site_id"
          + " AND r.arrived_at > m.opened_at AND NOT EXISTS (SELECT 1 FROM matter_contact j"
          + " JOIN matter o ON o.id = j.matter_id WHERE j.kind = 'call' AND j.contact_id = r.id"
          + " AND (o.device <> m.device AND o.device <> '' AND m.device <> ''))), '9999-01-01'),"
          + " COALESCE((SELECT MIN(r.arrived_at) FROM matter o JOIN matter_contact j"
          + " ON j.matter_id = o.id AND j.kind = 'call' JOIN call_record r ON r.id = j.contact_id"
          + " WHERE o.site_id = m.site_id AND (o.device = m.device OR o.device = ''"
          + " OR m.device = '') AND r.arrived_at > m.opened_at), '9999-01-01'),"
          + " COALESCE((SELECT MIN(o.opened_at) FROM matter o WHERE o.site_id = m.site_id"
          + " AND o.opened_at > m.opened_at AND o.source = 'hand' AND (o.device = m.device"
          + " OR o.device = '' OR m.device = '')), '9999-01-01'))";

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  /**
   * @param agent number of who served it last; empty = nobody of ours
   * @param line of the call it came up in
   * @param result empty = not decided
   * @param nextContact empty = nobody came back
   */
  public record FirstCall(
      long matter,
      String kind,
      Long customerId,
      long siteId,
      Optional<String> agent,
      Optional<String> line,
      Optional<String> tier,
      Instant openedAt,
      Optional<Matter.Result> result,
      Optional<Instant> doneAt,
      Optional<Instant> nextContact) {}

  private final DataSource source;

  public MatterFigures(DataSource source) {
    this.source = source;
  }

  /**
   * Matters that a call can settle (their kind says so), opened in a call in [from, to), of known
   * sites; in order of time.
   */
  public List<FirstCall> firstCalls(Instant from, Instant to) throws SQLException {
    String sql =
        "SELECT m.id, m.kind_code, m.customer_id, m.site_id, m.last_agent, m.opened_at, m.result,"
            + " m.done_at, first_call.line_code, first_call.tier_code, "
            + NEXT
            + " AS next_contact FROM matter m JOIN matter_kind k ON k.code = m.kind_code"
            + " LEFT JOIN LATERAL (SELECT r.line_code, r.tier_code FROM matter_contact j"
            + " JOIN call_record r ON r.id = j.contact_id WHERE j.matter_id = m.id"
            + " AND j.kind = 'call' ORDER BY r.arrived_at LIMIT 1) first_call ON TRUE"
            + " WHERE k.by_phone AND m.source = 'call' AND m.site_id IS NOT NULL"
            + " AND m.opened_at >= ? AND m.opened_at < ? ORDER BY m.opened_at, m.id";
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      Sql.bind(statement, from, to);
      List<FirstCall> found = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Long customer = row.getObject("customer_id", Long.class);
          found.add(
              new FirstCall(
                  row.getLong("id"),
                  row.getString("kind_code"),
                  customer,
                  row.getLong("site_id"),
                  Optional.ofNullable(row.getString("last_agent")),
                  Optional.ofNullable(row.getString("line_code")),
                  Optional.ofNullable(row.getString("tier_code")),
                  Sql.instant(row, "opened_at"),
                  Optional.ofNullable(row.getString("result")).flatMap(Matter.Result::of),
                  Optional.ofNullable(Sql.instant(row, "done_at")),
                  Optional.of(Sql.instant(row, "next_contact")).filter(NEVER::isAfter)));
        }
      }
      return found;
    }
  }
}
