package org.careline.customer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.careline.agent.AgentNumber;
import org.careline.customer.ReferenceData.Sites;
import org.careline.line.LineSettingsParser;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;

/**
 * Reads the reference data from MySQL, all in one consistent view, row by row without holding the
 * result in memory. Stateless; thread-safe; blocks.
 */
final class ReferenceLoader {
  private ReferenceLoader() {}

  /** The number that rises with each change of reference data. */
  static long revision(Connection connection) throws SQLException {
    long[] number = {0};
    each(
        connection,
        "SELECT number FROM revision WHERE topic = 'reference'",
        row -> number[0] = row.getLong(1));
    return number[0];
  }

  /** Bound and blocked numbers alone. */
  static CallerData loadCallers(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return CallerData.load(connection);
    }
  }

  static ReferenceData load(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      int before = connection.getTransactionIsolation();
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      try {
        return read(connection);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(before);
      }
    }
  }

  private static ReferenceData read(Connection connection) throws SQLException {
    long revision = revision(connection);
    List<ReferenceData.Tier> tiers = new ArrayList<>();
    each(
        connection,
        "SELECT code, name_en, name_zh, rank_no, weight, min_grade FROM tier ORDER BY rank_no,"
            + " code",
        row ->
            tiers.add(
                new ReferenceData.Tier(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getDouble(5),
                    row.getInt(6))));
    Map<String, Short> tierPlace = new HashMap<>();
    for (int i = 0; i < tiers.size(); i++) {
      tierPlace.put(tiers.get(i).code(), (short) i);
    }
    Map<String, OfficeCalendar> calendars = calendars(connection);
    List<NumberOwner.Customer> customers = customers(connection);
    Map<Long, Integer> customerPlace = new HashMap<>();
    for (int i = 0; i < customers.size(); i++) {
      customerPlace.put(customers.get(i).id(), i);
    }
    Sites sites = sites(connection, customerPlace, tierPlace);
    NumberMap numbers = new NumberMap(sites.ids().length);
    Map<Long, int[]> sharedBy = new HashMap<>();
    each(
        connection,
        "SELECT p.e164, c.site_id FROM phone p JOIN site_contact c ON c.contact_id = p.contact_id",
        row -> {
          long key = NumberMap.key(row.getString(1));
          int site = ReferenceData.place(sites, row.getLong(2));
          if (key != 0 && site >= 0) {
            ReferenceData.add(numbers, sharedBy, sites, key, site);
          }
        });
    return new ReferenceData(
        revision,
        tiers,
        calendars,
        lines(connection, calendars),
        agents(connection),
        bestTiers(customers, sites, tiers),
        sites,
        numbers,
        sharedBy,
        managers(connection, sites, customers),
        RoutingLoader.load(connection),
        CallerData.load(connection));
  }

  /** Names of account managers, each kept once: many sites have the same. */
  private static ReferenceData.Managers managers(
      Connection connection, Sites sites, List<NumberOwner.Customer> customers)
      throws SQLException {
    Map<String, Integer> names = new LinkedHashMap<>();
    int[] bySite = new int[sites.ids().length];
    Arrays.fill(bySite, ReferenceData.Managers.NOBODY);
    each(
        connection,
        "SELECT id, account_manager FROM site WHERE account_manager IS NOT NULL",
        row -> {
          int place = ReferenceData.place(sites, row.getLong(1));
          if (place >= 0) {
            bySite[place] = names.computeIfAbsent(row.getString(2), name -> names.size());
          }
        });
    Map<Long, Integer> of = new HashMap<>();
    each(
        connection,
        "SELECT id, account_manager FROM customer WHERE account_manager IS NOT NULL",
        row ->
            of.put(row.getLong(1), names.computeIfAbsent(row.getString(2), name -> names.size())));
    int[] byCustomer =
        customers.stream()
            .mapToInt(customer -> of.getOrDefault(customer.id(), ReferenceData.Managers.NOBODY))
            .toArray();
    return new ReferenceData.Managers(List.copyOf(names.keySet()), bySite, byCustomer);
  }

  /** Only what is small and changes while callers wait. */
  static RoutingData loadRouting(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return RoutingLoader.load(connection);
    }
  }

  private static Map<String, OfficeCalendar> calendars(Connection connection) throws SQLException {
    List<OfficeCalendars.OwnDay> own = new ArrayList<>();
    each(
        connection,
        "SELECT calendar, day, kind, name_en, name_zh FROM calendar_day",
        row ->
            own.add(
                new OfficeCalendars.OwnDay(
                    row.getString(1),
                    row.getObject(2, LocalDate.class),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5))));
    return OfficeCalendars.with(own);
  }

  private static List<ReferenceData.Line> lines(
      Connection connection, Map<String, OfficeCalendar> calendars) throws SQLException {
    List<ReferenceData.Line> lines = new ArrayList<>();
    each(
        connection,
        "SELECT code, number, name_en, name_zh, language, greeting, ring_timeout_seconds,"
            + " wrap_up_seconds, settings FROM line ORDER BY code",
        row ->
            lines.add(
                new ReferenceData.Line(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    Duration.ofSeconds(row.getLong(7)),
                    Duration.ofSeconds(row.getLong(8)),
                    LineSettingsParser.parse(row.getString(9), calendars::get))));
    return lines;
  }

  private static List<ReferenceData.Agent> agents(Connection connection) throws SQLException {
    List<ReferenceData.Agent> agents = new ArrayList<>();
    each(
        connection,
        "SELECT agent_number, login, name, language, grade, skills, desk_phone FROM user_account"
            + " WHERE active AND agent_number IS NOT NULL ORDER BY agent_number",
        row ->
            agents.add(
                new ReferenceData.Agent(
                    new AgentNumber(row.getString(1)),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getInt(5),
                    words(row.getString(6)),
                    Optional.ofNullable(row.getString(7)))));
    return agents;
  }

  private static Set<String> words(String commaSeparated) {
    return Stream.of(commaSeparated.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<NumberOwner.Customer> customers(Connection connection) throws SQLException {
    List<NumberOwner.Customer> customers = new ArrayList<>();
    each(
        connection,
        "SELECT id, code, name, tier_code FROM customer ORDER BY id",
        row ->
            customers.add(
                new NumberOwner.Customer(
                    row.getLong(1), row.getString(2), row.getString(3), row.getString(4))));
    return customers;
  }

  private static Sites sites(
      Connection connection, Map<Long, Integer> customerPlace, Map<String, Short> tierPlace)
      throws SQLException {
    int[] count = {0};
    each(connection, "SELECT count(*) FROM site", row -> count[0] = row.getInt(1));
    long[] ids = new long[count[0]];
    int[] customers = new int[count[0]];
    short[] tiers = new short[count[0]];
    PackedTexts.Builder codes = new PackedTexts.Builder();
    PackedTexts.Builder names = new PackedTexts.Builder();
    int[] next = {0};
    each(
        connection,
        "SELECT id, customer_id, tier_code, code, name FROM site ORDER BY id",
        row -> {
          int place = next[0]++;
          ids[place] = row.getLong(1);
          customers[place] = customerPlace.get(row.getLong(2));
          tiers[place] = tierPlace.get(row.getString(3));
          codes.add(row.getString(4));
          names.add(row.getString(5));
        });
    return new Sites(ids, customers, tiers, codes.build(), names.build());
  }

  /** A customer's tier is the best of his sites', his own when he has none. */
  private static List<NumberOwner.Customer> bestTiers(
      List<NumberOwner.Customer> customers, Sites sites, List<ReferenceData.Tier> tiers) {
    short[] best = new short[customers.size()];
    Arrays.fill(best, Short.MAX_VALUE);
    for (int i = 0; i < sites.ids().length; i++) {
      int customer = sites.customers()[i];
      best[customer] = (short) Math.min(best[customer], sites.tiers()[i]);
    }
    List<NumberOwner.Customer> result = new ArrayList<>();
    for (int i = 0; i < customers.size(); i++) {
      NumberOwner.Customer customer = customers.get(i);
      String tier = best[i] == Short.MAX_VALUE ? customer.tierCode() : tiers.get(best[i]).code();
      result.add(new NumberOwner.Customer(customer.id(), customer.code(), customer.name(), tier));
    }
    return result;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(Connection connection, String sql, RowReader reader)
      throws SQLException {
    try (Statement statement =
        connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
      // Connector/J's sign for: row by row
      statement.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          reader.read(row);
        }
      }
    }
  }
}
