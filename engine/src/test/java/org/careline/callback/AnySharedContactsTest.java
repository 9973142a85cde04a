package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.careline.callback.RoundRun.Fate;
import org.careline.database.Database;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.jdbi.v3.core.Handle;

/**
 * Whole rounds on real MySQL in which people answer for many sites, with calls that end anyhow,
 * agents who run out of time and engines that die in the middle. The seed is fixed; jqwik prints
 * it.
 */
class AnySharedContactsTest {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final int[] CAUSES = {17, 19, 18, 1, 34};
  private static final Disposition[] FORMS = {
    Disposition.COMPLETED,
    Disposition.COMPLETED,
    Disposition.PARTIAL,
    Disposition.REFUSED_THIS_ROUND,
    Disposition.RESPONSIBLE_PERSON_ABSENT,
    Disposition.NOT_ASKED,
    Disposition.WRONG_NUMBER,
    Disposition.SITE_CLOSED
  };
  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["09:00-12:00","13:00-18:00"]}},"officeDays":"all",
       "tradeCalendar":{"default":[]},"caps":{"perRound":5}}
      """;
  private static final Map<String, String> ANSWERS = Map.of("fault", "no", "satisfaction", "5");
  private static String schema;
  private static Database database;

  @BeforeContainer
  static void begin() {
    schema = TestMySql.shared().freshSchema();
    database = TestMySql.shared().database(schema);
  }

  @AfterContainer
  static void end() {
    database.close();
    TestMySql.shared().drop(schema);
  }

  /**
   * @param counts nobody was rung when no channel was free: it is no attempt of anybody's
   */
  private record Call(String id, String number, Instant at, List<String> sites, boolean counts) {}

  @Property(
      tries = 4,
      seed = "20261201",
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  @Label("caps of person and site hold, and every site ends in one bin")
  void everySiteOfEveryContact(@ForAll @LongRange(min = 1) long seed) throws Exception {
    List<Call> calls = play(new Random(seed), null);
    assertThat(calls)
        .as("people are asked about all their sites")
        .anyMatch(call -> call.sites().size() > 1);
  }

  /** Events are lost, doubled and late, and engines die or are taken over in every state. */
  @Property(
      tries = 6,
      seed = "20261202",
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  @Label("the same with faults")
  void everySiteWhateverDies(@ForAll @LongRange(min = 1) long seed) throws Exception {
    play(new Random(seed), new Random(seed + 1));
  }

  @Property(
      tries = 100,
      seed = "20261203",
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  @Label("the same with faults, a hundred histories")
  @Tag("long")
  void everySiteWhateverDiesAHundredTimes(@ForAll @LongRange(min = 1) long seed) throws Exception {
    play(new Random(seed), new Random(seed + 1));
  }

  private static List<Call> play(Random random, Random chaos) throws Exception {
    Instant opens = Instant.parse("2026-11-23T00:00:00Z");
    Seed.empty(database);
    int loaded = database.jdbi().inTransaction(handle -> world(handle, random));
    long round = new RoundPlanner(database.jdbi()).plan("many", opens).id();
    new RoundOpener(database.jdbi(), () -> opens).open(round);
    Map<String, String> bins = new HashMap<>();
    RoundRun run = new RoundRun(database, TestFolders.create("shared"), opens);
    try (run) {
      run.chaos = chaos;
      run.afterwards =
          () ->
              bins(round)
                  .forEach(
                      (site, bin) ->
                          assertThat(bins.merge(site, bin, (before, now) -> before))
                              .as("binned once: " + site)
                              .isEqualTo(bin));
      run.between =
          id -> {
            if (random.nextInt(12) == 0) {
              run.restart();
            }
          };
      run.play(round, (site, attempt) -> fate(random));
    }
    for (int i = 0; i < run.dialled.size(); i++) {
      assertThat(CallingRules.open(run.dialled.get(i).calling(), run.dialledAt.get(i)))
          .as("each site of a call within its hours")
          .isTrue();
    }
    assertThat(bins(round)).as("every site").hasSize(loaded);
    assertThat(one("SELECT COUNT(*) FROM round WHERE status = 'closed'")).isEqualTo(1);
    assertThat(one("SELECT COUNT(*) FROM attempt_site WHERE settled_at IS NULL")).isZero();
    assertThat(run.world.dialled.values()).as("each order once").containsOnly(1);
    List<Call> calls = calls();
    assertThat(calls)
        .extracting(Call::id)
        .containsExactlyInAnyOrderElementsOf(run.world.dialled.keySet());
    Map<String, List<Instant>> rung = new TreeMap<>();
    for (Call call : calls.stream().filter(Call::counts).toList()) {
      rung.computeIfAbsent("person " + call.number(), who -> new ArrayList<>()).add(call.at());
      for (String site : call.sites()) {
        rung.computeIfAbsent("site " + site, who -> new ArrayList<>()).add(call.at());
      }
    }
    rung.forEach(AnySharedContactsTest::capped);
    assertThat(calls).allSatisfy(call -> assertThat(open(call.at())).as("" + call).isTrue());
    return calls;
  }

  private static boolean open(Instant at) {
    int hour = at.atZone(SHANGHAI).getHour();
    return hour >= 9 && hour < 12 || hour >= 13 && hour < 18;
  }

  /** Two to four people, the first with many sites; some sites have somebody else besides. */
  private static int world(Handle handle, Random random) {
    long customer = Seed.customer(handle, "many");
    Seed.campaign(
        handle, "many", customer, random.nextBoolean() ? "preview" : "progressive", RULES);
    int loaded = 0;
    int people = 2 + random.nextInt(3);
    for (int person = 0; person < people; person++) {
      List<Long> ids = new ArrayList<>();
      int sites = person == 0 ? 7 + random.nextInt(6) : 1 + random.nextInt(4);
      for (int i = 0; i < sites; i++) {
        String code = "p" + person + "-" + i;
        String tier = random.nextInt(4) == 0 ? "gold" : "standard";
        String[] own =
            random.nextInt(4) == 0
                ? new String[] {String.format("+86215555%d%03d", person, i)}
                : new String[0];
        ids.add(Seed.site(handle, customer, null, code, tier, own));
      }
      String number = "+8613900000" + (100 + person);
      Seed.contact(handle, customer, "Person " + person, number, ids);
      loaded += sites;
    }
    return loaded;
  }

  private static Fate fate(Random random) {
    if (random.nextInt(5) < 2) {
      return Fate.unanswered(CAUSES[random.nextInt(CAUSES.length)]);
    }
    Disposition form = FORMS[random.nextInt(FORMS.length)];
    return Fate.answered(form, form == Disposition.COMPLETED ? ANSWERS : Map.of());
  }

  /** Two a day, four a week, five a round, two hours apart. */
  private static void capped(String who, List<Instant> unsorted) {
    List<Instant> at = new ArrayList<>(unsorted);
    Collections.sort(at);
    assertThat(at).as(who + " in the round").hasSizeLessThanOrEqualTo(5);
    Map<LocalDate, Long> days =
        at.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.atZone(SHANGHAI).toLocalDate(), Collectors.counting()));
    assertThat(days.values()).as(who + " a day").allMatch(count -> count <= 2);
    for (int i = 0; i < at.size(); i++) {
      Instant from = at.get(i);
      assertThat(
              at.stream()
                  .filter(each -> !each.isBefore(from))
                  .filter(each -> each.isBefore(from.plus(Duration.ofDays(7)))))
          .as(who + " a week")
          .hasSizeLessThanOrEqualTo(4);
      if (i > 0) {
        assertThat(Duration.between(at.get(i - 1), from))
            .as(who + " apart")
            .isGreaterThanOrEqualTo(Duration.ofHours(2).minusSeconds(1));
      }
    }
  }

  private static List<Call> calls() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT a.id, a.e164, a.placed_at, GROUP_CONCAT(s.code),"
                            + " COALESCE(a.hangup_cause, 0) <> 34 OR a.rang FROM attempt a"
                            + " JOIN attempt_site x ON x.attempt_id = a.id"
                            + " JOIN round_site rs ON rs.id = x.round_site_id"
                            + " JOIN site s ON s.id = rs.site_id WHERE a.placed_at IS NOT NULL"
                            + " GROUP BY a.id, a.e164, a.placed_at, a.hangup_cause,"
                            + " a.rang")
                    .map(
                        (row, context) ->
                            new Call(
                                row.getString(1),
                                row.getString(2),
                                Sql.instant(row, "placed_at"),
                                List.of(row.getString(4).split(",")),
                                row.getBoolean(5)))
                    .list());
  }

  private static Map<String, String> bins(long round) {
    Map<String, String> bins = new HashMap<>();
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT s.code, rs.bin FROM round_site rs JOIN site s ON s.id = rs.site_id"
                            + " WHERE rs.round_id = :round AND rs.bin IS NOT NULL")
                    .bind("round", round)
                    .map((row, context) -> bins.put(row.getString(1), row.getString(2)))
                    .list());
    return bins;
  }

  private static int one(String sql) {
    return database.jdbi().withHandle(h -> h.select(sql).mapTo(Integer.class).one());
  }
}
