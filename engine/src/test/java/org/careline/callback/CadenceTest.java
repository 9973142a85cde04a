package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.CadenceStore.Owner;
import org.careline.callback.CadenceStore.Saving;
import org.careline.callback.RoundOpener.Opening;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.careline.report.RoundReport;
import org.careline.report.RoundReport.Share;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cadences on real MySQL: what they plan, what rounds make of it, and who may change them. */
class CadenceTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** A Tuesday. */
  private static final Instant NOON = at("2026-12-01T12:00");

  private static final String CALENDAR =
      "{\"campaign\":\"main\",\"visits\":{\"by\":\"calendar\",\"from\":\"2026-12-01\","
          + "\"every\":\"4w\",\"gap\":\"2w\",\"closes\":\"3w\"}}";

  private final Database database = mysql.database();
  private final CadenceStore store = new CadenceStore();
  private Instant now = NOON;
  private long customer;
  private long a;
  private long b;

  @BeforeEach
  void twoSites() {
    Seed.empty(database);
    now = NOON;
    database
        .jdbi()
        .useTransaction(
            h -> {
              customer = Seed.customer(h, "chain");
              long east = Seed.region(h, customer, "east");
              Seed.campaign(h, "main", customer, "preview", Seed.ANY_HOUR);
              Seed.campaign(h, "other", customer, "preview", Seed.ANY_HOUR);
              a = Seed.site(h, customer, east, "a", "gold", "+862155550001");
              b = Seed.site(h, customer, null, "b", "standard", "+862155550002");
            });
  }

  @Test
  void aRoundOfTheCalendarIsPlannedOnceAndOpensWithTheLongestUnvisitedFirst() {
    heard(a, "2026-11-24T10:00", "2026-11-24T10:00");
    visit(b, "visit", "2026-10-01", null);
    save(new Owner.OfCustomer(customer), 0, CALENDAR);
    consent("2026-11-30");
    List<Round> planned = plan();
    assertThat(planned).hasSize(1);
    assertThat(plan()).as("again").isEmpty();
    Round round = planned.getFirst();
    assertThat(round.origin()).isEqualTo(Round.Origin.CALENDAR);
    assertThat(round.opensAt()).isEqualTo(at("2026-12-01T09:00"));
    consent("2026-11-30");
    assertThat(open(round)).isInstanceOf(Opening.NoConsent.class);
    consent("2199-12-31");
    // new until the round opens: it joins
    database.jdbi().useHandle(h -> Seed.site(h, customer, null, "c", "standard", "+862155550003"));
    assertThat(open(round)).isEqualTo(new Opening.Opened(3));
    assertThat(
            texts(
                "SELECT s.code FROM round_site rs JOIN site s ON s.id = rs.site_id ORDER BY rs.id"))
        .containsExactly("c", "b", "a");
    assertThat(due(a)).as("two weeks after the last contact").isEqualTo(at("2026-12-08T10:00"));
    assertThat(due(b)).isEqualTo(NOON);
    database
        .jdbi()
        .useTransaction(
            h -> {
              new OwnRulesStore()
                  .save(
                      h,
                      new OwnRulesStore.Owner.House(),
                      0,
                      new ObjectMapper().createObjectNode(),
                      "boss",
                      at("2026-12-01T13:00"));
            });
    assertThat(due(a)).as("whatever the house says").isEqualTo(at("2026-12-08T10:00"));
    // the next one is due although this one was never closed: it waits for it
    now = at("2026-12-29T09:30");
    Round next = plan().getFirst();
    assertThat(open(next)).isEqualTo(new Opening.Overlaps(round.id(), List.of("a", "b", "c"), 3));
    new RoundCloser(database.jdbi(), () -> now).close(round.id());
    assertThat(open(next)).isEqualTo(new Opening.Opened(3));
  }

  @Test
  void sitesJustServedStayInTheRoundAnsweredByRecord() {
    save(new Owner.OfTier("gold"), 0, "{\"answeredByRecord\":\"7d\"}");
    visit(a, "repair", "2026-11-25", null);
    visit(b, "repair", "2026-11-25", null);
    Round round = new RoundPlanner(database.jdbi()).plan("main", NOON);
    assertThat(open(round)).isEqualTo(new Opening.Opened(2));
    assertThat(bins(round)).isEqualTo(Map.of("answered_by_record", 1, "due", 1));
    new RoundCloser(database.jdbi(), () -> now).close(round.id());
    save(new Owner.OfSite(b, customer), 0, "{\"answeredByRecord\":\"5d\"}");
    save(new Owner.OfTier("standard"), 0, "{\"answeredByRecord\":\"30d\"}");
    Round again = new RoundPlanner(database.jdbi()).plan("main", NOON);
    open(again);
    assertThat(bins(again))
        .as("of b its own setting")
        .isEqualTo(Map.of("answered_by_record", 1, "due", 1));
    database.jdbi().useHandle(h -> h.execute("DELETE FROM cadence"));
  }

  @Test
  void sitesDueByThemselvesShareARoundAndTheMostExactCadenceWins() throws SQLException {
    save(
        new Owner.OfTier("gold"),
        0,
        "{\"visits\":{\"by\":\"last-visit\",\"every\":\"30d\",\"gap\":\"10d\",\"collect\":\"5d\"}}");
    save(new Owner.OfCustomer(customer), 0, "{\"campaign\":\"main\"}");
    heard(a, "2026-11-03T10:00", "2026-11-03T10:00");
    assertThat(plan()).as("due on 3 December").isEmpty();
    save(
        new Owner.OfSite(b, customer),
        0,
        "{\"visits\":{\"by\":\"last-visit\",\"every\":\"90d\",\"gap\":\"10d\",\"collect\":\"5d\"}}");
    Round round = plan().getFirst();
    assertThat(plan()).as("again").isEmpty();
    assertThat(round.origin()).isEqualTo(Round.Origin.DUE);
    assertThat(open(round))
        .as("b never had a visit, a would be due before the next")
        .isEqualTo(new Opening.Opened(2));
    settle(round, a, Disposition.COMPLETED, at("2026-12-01T15:00"));
    new RoundCloser(database.jdbi(), () -> now).close(round.id());
    now = at("2026-12-10T10:00");
    assertThat(plan()).as("b was on the list less than its gap ago").isEmpty();
    now = at("2026-12-11T13:00");
    Round second = plan().getFirst();
    assertThat(open(second)).isEqualTo(new Opening.Opened(1));
    assertThat(
            texts(
                "SELECT s.code FROM round_site rs JOIN site s ON s.id = rs.site_id WHERE rs.round_id = "
                    + second.id()))
        .containsExactly("b");
    new RoundCloser(database.jdbi(), () -> now).close(second.id());
    now = at("2026-12-31T09:00");
    assertThat(open(plan().getFirst())).as("both again").isEqualTo(new Opening.Opened(2));
  }

  @Test
  void aWarrantySeesItsVisitsAlsoWithoutAnyOtherCadence() {
    save(
        new Owner.OfCustomer(customer),
        0,
        "{\"campaign\":\"main\",\"visits\":{\"by\":\"never\"},\"warranty\":{\"visits\":2}}");
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO device (site_id, model, install_date, warranty_until) VALUES"
                        + " (?, 'HP', '2026-08-01', '2027-08-01'), (?, 'HQ', '2026-08-01', '2027-08-01'),"
                        + " (?, 'HP', '2026-09-01', '2027-09-01')",
                    a,
                    a,
                    b));
    assertThat(plan()).as("of a a third of the year is over, of b not").hasSize(1);
    assertThat(texts("SELECT s.code FROM round_choice c JOIN site s ON s.id = c.site_id"))
        .containsExactly("a");
    Preview.Months months =
        new PreviewReader(database.jdbi(), () -> now).read(Optional.of("chain"));
    assertThat(months.weeks().stream().mapToDouble(Preview.Week::sites).sum())
        .as("two for each of two sites")
        .isCloseTo(4, org.assertj.core.api.Assertions.within(1e-6));
    visit(a, "visit", "2026-11-20", null);
    visit(a, "visit", "2026-10-20", null);
    database.jdbi().useHandle(h -> h.execute("DELETE FROM round"));
    assertThat(plan()).as("two visits were made").isEmpty();
  }

  @Test
  void eventsAreAskedAboutInTimeAndOnceAndTheChainsRoundGoesAroundThem() {
    save(
        new Owner.OfCustomer(customer),
        0,
        CALENDAR
            .replace("2026-12-01", "2026-12-02")
            .replaceFirst(
                "\\}\\}$",
                "},\"events\":[{\"after\":\"hand_over\",\"in\":\"3h\",\"campaign\":\"other\"},"
                    + "{\"after\":\"repair\",\"in\":\"2d\"}]}"));
    visit(a, "hand_over", "2026-12-01", "09:30");
    visit(b, "repair", "2026-11-01", null);
    now = at("2026-12-01T12:29");
    assertThat(plan()).as("a repair of last month is not asked about").isEmpty();
    now = at("2026-12-01T12:30");
    Round round = plan().getFirst();
    assertThat(round.origin()).isEqualTo(Round.Origin.EVENT);
    assertThat(texts("SELECT code FROM campaign WHERE id = " + round.campaignId()))
        .containsExactly("other");
    now = at("2026-12-01T12:35");
    assertThat(plan()).as("planned already").isEmpty();
    assertThat(open(round)).isEqualTo(new Opening.Opened(1));
    now = at("2026-12-01T12:40");
    assertThat(plan()).as("asked already").isEmpty();
    now = at("2026-12-02T09:00");
    Round chain = plan().getFirst();
    assertThat(open(chain)).isEqualTo(new Opening.Opened(2));
    assertThat(bins(chain))
        .as("a is being asked elsewhere: it has told this round nothing")
        .isEqualTo(Map.of("not_dialled", 1, "due", 1));
    RoundReport report =
        database.jdbi().inTransaction(handle -> RoundReport.of(handle, chain.id()));
    assertThat(report.faults())
        .as("nobody is counted as without a fault")
        .isEqualTo(new Share(0, 0));
    assertThat(report.responseRateInScope()).as("it stays on the list").isEqualTo(new Share(0, 2));
  }

  @Test
  void aRoundOfSomeSitesAndNoSiteInTwo() {
    Rounds rounds = new Rounds(database.jdbi(), () -> now);
    Rounds.Progress east =
        rounds.open("main", Optional.empty(), Optional.empty(), some("east", null));
    assertThat(east.sitesLoaded()).isEqualTo(1);
    assertRefused(
        () -> rounds.open("other", Optional.empty(), Optional.empty()),
        "sites_in_other_round",
        "1 of the sites (a) are in round 1 of main",
        "其中 1 个门店（a）正在 main 第 1 轮中");
    assertThat(rounds.current("other")).as("nothing was planned").isEmpty();
    assertThat(
            rounds.open("other", Optional.empty(), Optional.empty(), some(null, "b")).sitesLoaded())
        .isEqualTo(1);
    // beside our own code the database says no
    long other = rounds.current("other").orElseThrow().roundId();
    assertThatThrownBy(
            () ->
                database
                    .jdbi()
                    .useHandle(
                        h ->
                            h.execute(
                                "INSERT INTO site_in_round (site_id, round_id) VALUES (?, ?)",
                                a,
                                other)))
        .hasMessageContaining("Duplicate entry");
    assertRefused(
        () -> rounds.open("main", Optional.empty(), Optional.empty(), some("west", null)),
        "round_not_closed",
        "close it first",
        "请先结束");
    rounds.close("main");
    assertRefused(
        () -> rounds.open("main", Optional.empty(), Optional.empty(), some("west", null)),
        "unknown_region",
        "no region west at customer chain",
        "客户 chain 没有区域 west");
    assertRefused(
        () -> rounds.open("main", Optional.empty(), Optional.empty(), some(null, "z")),
        "unknown_site",
        "no site z",
        "没有门店 z");
    assertRefused(
        () -> rounds.open("main", Optional.empty(), Optional.empty(), some("east", "b")),
        "no_sites",
        "no site of the customer of main fits",
        "没有符合所选条件的门店");
    assertThat(
            rounds
                .open(
                    "main",
                    Optional.empty(),
                    Optional.empty(),
                    new RoundSelection.Some(List.of(), List.of(""), List.of("gold"), List.of()))
                .sitesLoaded())
        .isEqualTo(1);
  }

  private static RoundSelection some(String region, String site) {
    return new RoundSelection.Some(
        region == null ? List.of() : List.of(region),
        List.of(),
        List.of(),
        site == null ? List.of() : List.of(site));
  }

  @Test
  void ofTwoWhoChangeTheSameBothAreTold() {
    Owner owner = new Owner.OfCustomer(customer);
    save(owner, 0, CALENDAR);
    Saving second =
        database
            .jdbi()
            .inTransaction(h -> store.save(h, owner, 0, json("{}"), "chen", NOON.plusSeconds(9)));
    assertThat(second)
        .isInstanceOfSatisfying(
            Saving.Meanwhile.class,
            told ->
                assertThat(told.refusal())
                    .hasMessageContaining("planner has saved version 1 meanwhile"));
    CadenceStore.Stored first = database.jdbi().withHandle(h -> store.find(h, owner));
    assertThat(first.refused()).contains(new CadenceStore.Refused("chen", NOON.plusSeconds(9)));
    assertThat(first.document()).isEqualTo(json(CALENDAR));
    assertThat(save(owner, 1, "{}").refused()).isEmpty();
  }

  @Test
  void whatCouldNotWorkIsRefusedWhenItIsSaved() {
    Owner owner = new Owner.OfCustomer(customer);
    assertInvalid(
        owner,
        CALENDAR.replace("\"campaign\":\"main\",", ""),
        "the customer has several campaigns, say which: main, other",
        "该客户有多个回访计划");
    assertInvalid(owner, CALENDAR.replace("main", "spring"), "no campaign spring", "没有回访计划 spring");
    assertInvalid(new Owner.OfTier("gold"), CALENDAR, "a tier has no campaign", "等级没有回访计划");
    assertInvalid(
        new Owner.OfSite(a, customer),
        CALENDAR.replace("\"campaign\":\"main\",", ""),
        "a single site has no rounds of its own",
        "单个门店没有自己的轮次");
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO customer_rules (customer_id, rules, version, changed_by, changed_at)"
                        + " VALUES (?, '{\"blackouts\":[\"01-01..12-31\"]}', 1, 'x', UTC_TIMESTAMP())",
                    customer));
    assertInvalid(owner, CALENDAR, "the rounds of main could ring nobody", "main 的轮次打不通任何门店");
  }

  private void assertInvalid(Owner owner, String document, String english, String chinese) {
    assertThatThrownBy(() -> save(owner, 0, document))
        .isInstanceOfSatisfying(
            RulesParser.InvalidRules.class,
            refused -> {
              assertThat(refused.in(Locale.ENGLISH)).contains(english);
              assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).contains(chinese);
            });
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
      String id,
      String english,
      String chinese) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RoundPlanner.Refused.class,
            refused -> {
              assertThat(refused.id()).isEqualTo(id);
              assertThat(refused.in(Locale.ENGLISH)).contains(english);
              assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).contains(chinese);
            });
  }

  private CadenceStore.Stored save(Owner owner, int version, String document) {
    Saving saving =
        database
            .jdbi()
            .inTransaction(h -> store.save(h, owner, version, json(document), "planner", now));
    return ((Saving.Saved) saving).stored();
  }

  private static com.fasterxml.jackson.databind.JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void consent(String until) {
    database.jdbi().useHandle(h -> h.execute("UPDATE customer SET consent_until = ?", until));
  }

  private List<Round> plan() {
    return new CadencePlanner(database.jdbi(), () -> now).plan();
  }

  private Opening open(Round round) {
    return new RoundOpener(database.jdbi(), () -> now).open(round.id());
  }

  private void heard(long site, String completed, String contacted) {
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO site_heard VALUES (?, ?, ?)", site, at(completed), at(contacted)));
  }

  private void visit(long site, String kind, String day, String time) {
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO visit (customer_id, site_id, kind, done_on, done_time)"
                        + " VALUES (?, ?, ?, ?, ?)",
                    customer,
                    site,
                    kind,
                    day,
                    time));
  }

  /** As the engine does after a talk. */
  private void settle(Round round, long site, Disposition disposition, Instant at)
      throws SQLException {
    database
        .jdbi()
        .useTransaction(
            h -> {
              h.execute(
                  "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at,"
                      + " placed_at, ended_at, epoch) SELECT ?, id, 1, '+862155550001', 'preview',"
                      + " 'talking', ?, ?, ?, 1 FROM round_site WHERE round_id = ? AND site_id = ?",
                  "01JDCADENCE000000000000A" + site % 10 + round.number() % 10,
                  at.minusSeconds(90),
                  at.minusSeconds(80),
                  at,
                  round.id(),
                  site);
              h.execute(
                  "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq)"
                      + " SELECT id, round_site_id, 1, 1 FROM attempt WHERE settled_at IS NULL");
              h.execute(
                  "UPDATE round_site SET status = 2 WHERE round_id = ? AND site_id = ?",
                  round.id(),
                  site);
              assertThat(
                      Settlement.settle(
                          h.getConnection(),
                          new org.careline.call.CallId(
                              "01JDCADENCE000000000000A" + site % 10 + round.number() % 10),
                          Optional.empty(),
                          new Settlement.Result(
                              disposition, "", Optional.empty(), AttemptJournal.ENGINE, at)))
                  .isTrue();
            });
  }

  private Instant due(long site) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.select("SELECT next_call_at FROM round_site WHERE site_id = ?", site)
                    .mapTo(Instant.class)
                    .one());
  }

  private Map<String, Integer> bins(Round round) {
    return database.jdbi().withHandle(h -> new RoundRepository().bins(h, round.id()));
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(h -> h.select(sql).mapTo(String.class).list());
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}
