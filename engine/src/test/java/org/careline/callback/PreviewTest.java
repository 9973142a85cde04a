package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The months ahead: by hand on a small example, and read from 6,000 sites and 30 agents. */
class PreviewTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** A Tuesday; the calendar knows 2026 only, so later holidays are workdays here. */
  private static final Instant NOW = Instant.parse("2026-12-01T04:00:00Z");

  private static final OfficeCalendar CHINA = OfficeCalendars.china();

  /** Those of more than a year. */
  private static final NavigableSet<LocalDate> WORKDAYS =
      day("2026-12-01")
          .datesUntil(day("2028-06-01"))
          .filter(each -> CadencePlan.works(each, CHINA))
          .collect(Collectors.toCollection(TreeSet::new));

  private final Database database = mysql.database();

  private static LocalDate day(String text) {
    return LocalDate.parse(text);
  }

  @BeforeAll
  static void sixThousandSites() {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            h -> {
              long chain = Seed.customer(h, "chain");
              Seed.campaign(h, "chain", chain, "preview", Seed.ANY_HOUR);
              sites(h, chain, "c", 5900, "standard");
              long key = Seed.customer(h, "key");
              Seed.campaign(h, "key", key, "preview", Seed.ANY_HOUR);
              sites(h, key, "k", 100, "gold");
              // half of them heard from 20 days ago
              h.execute(
                  "INSERT INTO site_heard SELECT id, ? - INTERVAL 20 DAY, ? - INTERVAL 20 DAY"
                      + " FROM site WHERE customer_id = ? AND CAST(SUBSTRING(code, 2) AS SIGNED) < 50",
                  NOW,
                  NOW,
                  key);
              cadence(
                  h,
                  "customer_id",
                  chain,
                  "{\"visits\":{\"by\":\"calendar\",\"from\":\"2026-12-07\",\"every\":\"4w\"}}");
              cadence(
                  h,
                  "tier_code",
                  "gold",
                  "{\"visits\":{\"by\":\"last-visit\",\"every\":\"30d\",\"gap\":\"10d\"}}");
              for (int i = 0; i < 30; i++) {
                h.execute(
                    "INSERT INTO user_account (login, name, password_hash, roles, agent_number)"
                        + " VALUES (?, 'A', 'x', 'agent', ?)",
                    "agent" + i,
                    "" + (8100 + i));
                for (int d = 0; d < 35; d++) {
                  h.execute(
                      "INSERT INTO roster_shift (agent_number, day, from_minute, to_minute)"
                          + " VALUES (?, ?, 540, 1020)",
                      "" + (8100 + i),
                      day("2026-11-30").plusDays(d));
                }
              }
            });
  }

  static void sites(
      org.jdbi.v3.core.Handle handle, long customer, String prefix, int count, String tier) {
    handle.execute("SET SESSION cte_max_recursion_depth = 1000000");
    handle.execute(
        "INSERT INTO site (customer_id, code, name, tier_code) WITH RECURSIVE n (i) AS"
            + " (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
            + " SELECT ?, CONCAT(?, i), 'Site', ? FROM n",
        count,
        customer,
        prefix,
        tier);
  }

  private static void cadence(
      org.jdbi.v3.core.Handle handle, String column, Object owner, String document) {
    handle.execute(
        "INSERT INTO cadence ("
            + column
            + ", document, version, visits_since, saved_by, saved_at)"
            + " VALUES (?, ?, 1, ?, 'x', ?)",
        owner,
        document,
        NOW,
        NOW);
  }

  @Test
  void countsRoundsCallsAndHoursOfEachWeek() {
    Map<LocalDate, Integer> shifts = new HashMap<>();
    shifts.put(day("2026-12-07"), 60 * 10);
    shifts.put(day("2026-12-08"), 60 * 5);
    // a Saturday: not a working day, so nobody is rung
    shifts.put(day("2026-12-12"), 60 * 100);
    Preview.Months months =
        Preview.of(
            List.of(
                new Preview.Group.Calendar(
                    "c",
                    WORKDAYS,
                    new Visits.ByCalendar(
                        day("2026-12-07"),
                        Every.of("8w").orElseThrow(),
                        14,
                        LocalTime.of(9, 0),
                        OptionalInt.of(7)),
                    day("2026-12-01"),
                    100)),
            new Preview.Measured(3, 50, Duration.ofMinutes(4), 10, 5),
            new Preview.Staff(shifts, Optional.of(day("2026-12-13")), 2),
            CHINA,
            NOW);
    assertThat(months.weeks()).hasSize(Preview.WEEKS);
    Preview.Week first = months.weeks().get(0);
    assertThat(first.monday()).isEqualTo(day("2026-11-30"));
    assertThat(first.workingDays()).as("Monday is over").isEqualTo(4);
    assertThat(first.suffices()).isTrue();
    Preview.Week second = months.weeks().get(1);
    assertThat(second.sites()).isCloseTo(100, within(1e-6));
    assertThat(second.calls()).isCloseTo(300, within(1e-6));
    assertThat(second.needed()).isCloseTo(20, within(1e-6));
    assertThat(second.present()).isEqualTo(15);
    assertThat(second.roster()).isTrue();
    assertThat(second.missing()).as("15 h less 5 h of the hotline").isCloseTo(10, within(1e-6));
    assertThat(second.suffices()).isFalse();
    Preview.Week third = months.weeks().get(2);
    assertThat(third.roster()).isFalse();
    assertThat(third.present()).as("two agents, five days").isEqualTo(80);
    assertThat(months.rounds())
        .extracting(round -> round.day() + ".." + round.until())
        .startsWith("2026-12-07..2026-12-11", "2027-02-01..2027-02-05");
    assertThat(months.weeks().get(11).sites()).as("the round is over").isZero();
    assertThat(months.formula().in(Locale.ENGLISH))
        .contains("3.0 attempts per completed site, measured on 50", "240 s, measured on 10 calls");
    assertThat(months.formula().in(Locale.SIMPLIFIED_CHINESE)).contains("按最近 90 天完成的 50 个门店实测");
  }

  @Test
  void nobodyIsRungOnDaysThatTheRulesForbidAndShiftsOfASaturdayCountWhereItIsRung() {
    NavigableSet<LocalDate> days = new TreeSet<>(List.of(day("2026-12-12"), day("2026-12-21")));
    Preview.Months months =
        Preview.of(
            List.of(
                new Preview.Group.Warranties(
                    "w", days, Map.of(day("2026-11-01"), 1, day("2026-12-13"), 2)),
                new Preview.Group.Events("e", days, 7)),
            new Preview.Measured(3, 0, Preview.USUAL_HANDLING, 0, 0),
            new Preview.Staff(Map.of(day("2026-12-12"), 120), Optional.of(day("2026-12-31")), 1),
            CHINA,
            NOW);
    assertThat(months.weeks())
        .extracting(week -> week.monday() + " " + Math.round(week.sites()) + " " + week.present())
        .startsWith(
            "2026-11-30 0 0.0", "2026-12-07 13 2.0", "2026-12-14 0 0.0", "2026-12-21 11 0.0");
  }

  @Test
  void sitesDueByThemselvesComeAgainAfterTheirCadence() {
    Preview.Months months =
        Preview.of(
            List.of(
                new Preview.Group.Rolling(
                    "r",
                    WORKDAYS,
                    new Visits.FromLastVisit(
                        Every.of("90d").orElseThrow(),
                        14,
                        LocalTime.of(9, 0),
                        7,
                        OptionalInt.empty()),
                    Map.of(day("2026-10-01"), 10, day("2026-12-05"), 4, day("2027-01-20"), 6),
                    Optional.empty())),
            new Preview.Measured(3, 0, Preview.USUAL_HANDLING, 0, 0),
            new Preview.Staff(Map.of(), Optional.empty(), 1),
            CHINA,
            NOW);
    assertThat(months.rounds())
        .extracting(round -> round.day() + " " + Math.round(round.sites()))
        .startsWith("2026-12-01 14", "2027-01-20 6", "2027-03-08 14");
    double year = months.weeks().stream().mapToDouble(Preview.Week::sites).sum();
    assertThat(year).as("20 sites, every 90 days and half a round").isBetween(70.0, 85.0);
    assertThat(months.formula().in(Locale.ENGLISH))
        .contains("an assumption, as nothing is measured");
  }

  @Test
  void readsSixThousandSitesAndThirtyAgents() {
    PreviewReader reader = new PreviewReader(database.jdbi(), () -> NOW);
    Preview.Months months = reader.read(Optional.empty());
    assertThat(months.rounds())
        .extracting(round -> round.campaign() + " " + round.day() + " " + Math.round(round.sites()))
        .startsWith("key 2026-12-01 50", "chain 2026-12-07 5900", "key 2026-12-11 50");
    Preview.Week second = months.weeks().get(1);
    assertThat(second.present()).as("30 agents, 8 h, rung on all 7 days").isEqualTo(1680);
    assertThat(second.roster()).isTrue();
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO agent_leave (login, from_at, to_at)"
                        + " VALUES ('agent0', '2026-12-07 16:00', '2026-12-09 16:00')"));
    assertThat(reader.read(Optional.empty()).weeks().get(1).present())
        .as("one of them is on leave on two days")
        .isEqualTo(1664);
    assertThat(second.calls())
        .as("half of the chain's round and of the others")
        .isGreaterThan(8850);
    assertThat(second.suffices()).isTrue();
    assertThat(months.weeks().get(6).roster()).as("the roster ends on 3 January").isFalse();
    assertThat(reader.read(Optional.of("key")).rounds())
        .allMatch(round -> round.campaign().equals("key"));
    assertThatThrownBy(() -> reader.read(Optional.of("nobody")))
        .isInstanceOf(PreviewReader.NoCustomer.class);
  }
}
