package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/**
 * What holds for all sites: the office calendar with this installation's days, and the house's own
 * rules. Read for each decision, so that a change works at once; both are small. Immutable.
 *
 * @param tradeCalendars the holidays of each other calendar, by its code: sites that have it are
 *     not rung on them
 */
record RuleBook(OfficeCalendar office, OwnRules house, Map<String, List<Blackout>> tradeCalendars) {
  /** For a statement that reads a site {@code s}: its rules and its customer's. */
  static final String COLUMNS =
      " s.trade, s.province, s.zone, s.trade_calendar, cr.rules AS customer_rules, sr.rules AS site_rules";

  static final String JOINS =
      " LEFT JOIN customer_rules cr ON cr.customer_id = s.customer_id"
          + " LEFT JOIN site_rules sr ON sr.site_id = s.id";

  /** As it comes with the product: for tests of what needs no database. */
  static RuleBook shipped() {
    return new RuleBook(OfficeCalendars.china(), OwnRules.NONE, Map.of());
  }

  static RuleBook read(Connection connection) throws SQLException {
    List<OfficeCalendars.OwnDay> days = new ArrayList<>();
    Map<String, List<Blackout>> trades = new HashMap<>();
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT calendar, day, kind, name_en, name_zh FROM calendar_day");
        ResultSet rs = statement.executeQuery()) {
      while (rs.next()) {
        String calendar = rs.getString(1);
        LocalDate day = rs.getObject(2, LocalDate.class);
        if (calendar.equals(OfficeCalendars.CHINA)) {
          days.add(
              new OfficeCalendars.OwnDay(
                  calendar, day, rs.getString(3), rs.getString(4), rs.getString(5)));
        } else if (rs.getString(3).equals("holiday")) {
          trades
              .computeIfAbsent(calendar, code -> new ArrayList<>())
              .add(new Blackout.Dates(day, day));
        }
      }
    }
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT rules FROM house_rules");
        ResultSet rs = statement.executeQuery()) {
      OwnRules house =
          rs.next() ? RulesParser.own(RuleSource.HOUSE, rs.getString(1)) : OwnRules.NONE;
      return new RuleBook(OfficeCalendars.with(days).get(OfficeCalendars.CHINA), house, trades);
    }
  }

  static RuleBook read(Handle handle) {
    try {
      return read(handle.getConnection());
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  /** Of a row with {@link #COLUMNS}. */
  SiteRules site(CampaignRules campaign, ResultSet rs, boolean doNotCall) throws SQLException {
    return site(
        campaign,
        rs.getString("trade"),
        rs.getString("province"),
        doNotCall,
        RulesParser.own(RuleSource.CUSTOMER, rs.getString("customer_rules")),
        RulesParser.own(RuleSource.SITE, rs.getString("site_rules"))
            .orZone(rs.getString("zone"))
            .closedOn(tradeCalendars.getOrDefault(rs.getString("trade_calendar"), List.of())));
  }

  SiteRules site(
      CampaignRules campaign,
      String trade,
      String province,
      boolean doNotCall,
      OwnRules customer,
      OwnRules site) {
    return SiteRules.of(
        campaign, trade, province, new SiteRules.Owners(house, customer, site), office, doNotCall);
  }
}
