package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.AttemptRepository.Insertion;
import org.careline.callback.RoundOpener.Opening;
import org.careline.customer.DoNotCall;
import org.careline.database.Database;
import org.careline.harness.LogLines;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The claim and the attempt on real MySQL. */
class DueSitesTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private final Database database = mysql.database();
  private final Instant now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  private final Ulid ids = new Ulid(Instant::now);

  @BeforeEach
  void empty() {
    Seed.empty(database);
  }

  @Test
  void noSiteIsClaimedTwiceByFourClaimers() throws Exception {
    Seed.openRound(database, "four", 400, now);
    List<Callable<List<Long>>> claimers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      DueSites due = due("engine-" + i);
      claimers.add(
          () -> {
            List<Long> all = new ArrayList<>();
            List<Integer> tiers = due.tiers();
            int empty = 0;
            while (empty < 3) {
              List<Long> some = due.claim(tiers, 7, now, 1);
              empty = some.isEmpty() ? empty + 1 : 0;
              all.addAll(some);
            }
            return all;
          });
    }
    List<Long> claimed = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (var future : pool.invokeAll(claimers)) {
        claimed.addAll(future.get());
      }
    }
    assertThat(claimed).hasSize(400);
    assertThat(new HashSet<>(claimed)).hasSize(400);
  }

  @Test
  void urgentTiersComeFirst() throws Exception {
    Seed.openRound(database, "tiers", 30, now);
    DueSites due = due("engine");
    assertThat(due.tiers()).containsExactly(1, 2, 100);
    List<ClaimedSite> first = due.details(due.claim(due.tiers(), 12, now, 1));
    assertThat(first).extracting(ClaimedSite::tierCode).containsOnly("platinum", "gold");
    assertThat(first.subList(0, 10)).extracting(ClaimedSite::tierCode).containsOnly("platinum");
    assertThat(first.getFirst().phones()).hasSize(1);
  }

  @Test
  void onlyAnExpiredClaimIsFreedByTime() throws Exception {
    Seed.openRound(database, "lease", 2, now);
    DueSites shortly = new DueSites(database.dataSource(), "short", Duration.ZERO);
    DueSites due = due("engine");
    ClaimedSite dialled = claimOne(due);
    repository().insert(dialled, ids.next(), AGENT, now, 1);
    shortly.claim(due.tiers(), 1, now, 1);
    assertThat(due.claim(due.tiers(), 5, now, 1)).isEmpty();
    org.awaitility.Awaitility.await().until(() -> due.sweep() == 1);
    assertThat(due.claim(List.of(1, 2, 100), 5, now.plusSeconds(60), 1))
        .hasSize(1)
        .doesNotContain(dialled.roundSiteId());
  }

  @Test
  void aStaleEpochClaimsAndInsertsNothing() throws Exception {
    Seed.openRound(database, "stale", 3, now);
    DueSites due = due("engine");
    ClaimedSite site = claimOne(due);
    CallId placed = ids.next();
    ClaimedSite other = claimOne(due);
    repository().insert(other, placed, AGENT, now, 1);
    database
        .jdbi()
        .useHandle(
            h -> h.execute("INSERT INTO lease VALUES ('leader', 'other', 2, UTC_TIMESTAMP(3))"));
    assertThatThrownBy(() -> due.claim(List.of(1, 2, 100), 1, now, 1))
        .isInstanceOf(DueSites.StaleEpoch.class);
    assertThatThrownBy(() -> repository().insert(site, ids.next(), AGENT, now, 1))
        .isInstanceOf(DueSites.StaleEpoch.class);
    assertThat(repository().placing(placed, now, 1)).isFalse();
    assertThat(repository().adopt(2)).isEqualTo(1);
    assertThat(repository().placing(placed, now, 2)).isTrue();
    assertThat(repository().placing(placed, now, 2)).as("permitted once").isFalse();
  }

  @Test
  void oneOpenAttemptPerSiteAndPerNumber() throws Exception {
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "shared");
              Seed.campaign(h, "shared", customer, "progressive", Seed.ANY_HOUR);
              Seed.site(h, customer, null, "a", "standard", "+862155550001");
              Seed.site(h, customer, null, "b", "standard", "+862155550001");
            });
    long round = new RoundPlanner(database.jdbi()).plan("shared", now).id();
    new RoundOpener(database.jdbi(), () -> now).open(round);
    DueSites due = due("engine");
    ClaimedSite first = claimOne(due);
    ClaimedSite second = claimOne(due);
    assertThat(repository().insert(first, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.Committed.class);
    assertThat(repository().insert(first, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.ClaimLost.class);
    assertThat(repository().insert(second, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.Later.class);
    assertThat(repository().open()).hasSize(1);
    assertThatThrownBy(
            () ->
                database
                    .jdbi()
                    .useHandle(
                        h ->
                            h.execute(
                                "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state,"
                                    + " created_at, epoch) VALUES ('X', ?, 9, '+861', 'preview',"
                                    + " 'inserted', UTC_TIMESTAMP(3), 1)",
                                first.roundSiteId())))
        .hasMessageContaining("one_open_per_site");
  }

  /** Nobody's telephone rings twice at once, whoever wants to call him. */
  @Test
  void whoIsBeingCalledAsPromisedIsNotCalledByARound() throws Exception {
    Seed.openRound(database, "promised", 1, now);
    ClaimedSite site = claimOne(due("engine"));
    String e164 = site.phone().orElseThrow().e164();
    promisedCall("ended", e164, now);
    promisedCall("open", e164, null);
    Insertion refused = repository().insert(site, ids.next(), AGENT, now, 1);
    assertThat(refused).isEqualTo(new Insertion.Later(now.plusSeconds(30)));
    sql("DELETE FROM task_attempt WHERE id = 'open'");
    sql("UPDATE round_site SET next_call_at = UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE");
    CallId id = committed(claimOne(due("engine"))).id();
    // begun while the agent's phone rings
    promisedCall("open", e164, null);
    assertThat(repository().placing(id, now, 1)).isFalse();
    sql("DELETE FROM task_attempt WHERE id = 'open'");
    assertThat(repository().placing(id, now, 1)).isTrue();
  }

  /** The ceiling of calls to a number counts whoever rings it. */
  @Test
  void whoWasCalledForATaskIsNotRungByARoundInTheSameMinute() throws Exception {
    Seed.openRound(database, "ceiling", 1, now);
    sql(
        "UPDATE round SET rules = JSON_SET(rules, '$.caps.perNumberMinute', 1,"
            + " '$.caps.perNumberHour', 5)");
    DueSites due = due("engine");
    ClaimedSite site = claimOne(due);
    String e164 = site.phone().orElseThrow().e164();
    promisedCall("missed", e164, now);
    sql("UPDATE task_attempt SET settled_at = created_at");
    assertThat(repository().history(site, now).number()).as("was never on the wire").isEmpty();
    sql("UPDATE task_attempt SET placed_at = created_at");
    assertThat(repository().insert(site, ids.next(), AGENT, now, 1))
        .isEqualTo(new Insertion.Later(now.plusSeconds(60)));
    for (int i = 1; i < 5; i++) {
      promisedCall("hour" + i, e164, now);
      sql("UPDATE task_attempt SET settled_at = created_at, placed_at = created_at");
    }
    Instant later = now.plusSeconds(60);
    ClaimedSite again = due.details(due.claim(List.of(1, 2, 100), 1, later, 1)).getFirst();
    assertThat(repository().insert(again, ids.next(), AGENT, later, 1))
        .as("five in this hour")
        .isEqualTo(new Insertion.Later(now.plusSeconds(3600)));
    List<String> keys =
        database
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery(
                            "EXPLAIN FORMAT=TRADITIONAL SELECT placed_at FROM task_attempt WHERE e164 = :number"
                                + " AND created_at > :since")
                        .bind("number", e164)
                        .bind("since", now.minusSeconds(7200))
                        .map((rs, context) -> rs.getString("possible_keys"))
                        .list());
    assertThat(keys.getFirst()).as("a claim asks this each time").contains("of_number");
  }

  /** He answers for many sites; one of them has somebody else besides. */
  @Test
  void whereOneContactHasBeenRungAsOftenAsHeMayBeTheNextIsRung() throws Exception {
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "next");
              Seed.campaign(h, "next", customer, "progressive", Seed.ANY_HOUR);
              long a = Seed.site(h, customer, null, "a", "gold", "+862155550021");
              long b = Seed.site(h, customer, null, "b", "standard", "+862155550022");
              Seed.contact(h, customer, "Wang", "+8613900000021", List.of(a, b));
            });
    long round = new RoundPlanner(database.jdbi()).plan("next", now).id();
    new RoundOpener(database.jdbi(), () -> now).open(round);
    DueSites due = due("engine");
    ClaimedSite first = claimOne(due);
    for (int i = 0; i < 6; i++) {
      // of this round, and long ago
      CallId id = ids.next();
      sql(
          "UPDATE round_site SET status = 1, claimed_by = 'engine', epoch = 1,"
              + " lease_until = UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE, bin = NULL WHERE id = "
              + first.roundSiteId());
      assertThat(repository().insert(first, id, AGENT, now, 1))
          .isInstanceOf(Insertion.Committed.class);
      assertThat(repository().placing(id, now, 1)).isTrue();
      settle(id, Disposition.BUSY, now);
    }
    ClaimedSite site = claimOne(due);
    assertThat(site.siteCode()).isEqualTo("b");
    assertThat(site.phone().orElseThrow().e164()).isEqualTo("+8613900000021");
    assertThat(repository().insert(site, ids.next(), AGENT, now, 1))
        .isEqualTo(new Insertion.Later(now));
    ClaimedSite again = claimOne(due);
    assertThat(again.phone().orElseThrow().e164()).isEqualTo("+862155550022");
    assertThat(repository().insert(again, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.Committed.class);
  }

  private void promisedCall(String id, String e164, Instant endedAt) {
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  "INSERT IGNORE INTO task (id, kind, call_id, e164, line_code, tier_code, note,"
                      + " created_at, due_at, epoch) VALUES (?, 'promise', ?, ?, 'hot', 'gold', '',"
                      + " ?, ?, 1)",
                  "promise-" + id,
                  id,
                  endedAt == null ? e164 : "of " + id,
                  now,
                  now);
              h.execute(
                  "INSERT INTO task_attempt (id, task_id, seq, e164, agent_number, state,"
                      + " created_at, ended_at, epoch) VALUES (?, ?, 1, ?, '8002', 'inserted', ?,"
                      + " ?, 1)",
                  id,
                  "promise-" + id,
                  e164,
                  now,
                  endedAt);
            });
  }

  private void sql(String statement) {
    database.jdbi().useHandle(h -> h.execute(statement));
  }

  @Test
  void anExtensionIsPreviewedWhateverTheCampaignSays() throws Exception {
    Seed.openRound(database, "switchboard", 2, now);
    DueSites due = due("engine");
    assertThat(committed(claimOne(due)).mode()).isEqualTo(Campaign.Mode.PROGRESSIVE);
    database.jdbi().useHandle(h -> h.execute("UPDATE phone SET extension = '801'"));
    Attempt behind = committed(claimOne(due));
    assertThat(behind.mode()).isEqualTo(Campaign.Mode.PREVIEW);
    Attempt kept = repository().find(behind.id()).orElseThrow();
    assertThat(kept.mode()).isEqualTo(Campaign.Mode.PREVIEW);
    assertThat(kept.extension()).isEqualTo("801");
  }

  private Attempt committed(ClaimedSite site) throws Exception {
    Insertion insertion = repository().insert(site, ids.next(), AGENT, now, 1);
    return ((Insertion.Committed) insertion).attempt();
  }

  @Test
  void spacingIsHeldAtTheInsert() throws Exception {
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "spaced");
              Seed.campaign(
                  h,
                  "spaced",
                  customer,
                  "progressive",
                  "{\"windows\":{\"default\":{\"mon-sun\":[\"00:00-24:00\"]}},"
                      + "\"officeDays\":\"all\",\"tradeCalendar\":{\"default\":[]},"
                      + "\"nightEvidence\":\"test\"}");
              Seed.site(h, customer, null, "a", "standard", "+862155550009");
            });
    long round = new RoundPlanner(database.jdbi()).plan("spaced", now).id();
    new RoundOpener(database.jdbi(), () -> now).open(round);
    DueSites due = due("engine");
    ClaimedSite site = claimOne(due);
    CallId id = ids.next();
    repository().insert(site, id, AGENT, now, 1);
    assertThat(repository().placing(id, now, 1)).isTrue();
    settle(id, Disposition.BUSY, now);
    // someone makes it due too early
    database.jdbi().useHandle(h -> h.execute("UPDATE round_site SET next_call_at = ?", now));
    ClaimedSite again = claimOne(due);
    Insertion insertion = repository().insert(again, ids.next(), AGENT, now.plusSeconds(60), 1);
    assertThat(insertion).isInstanceOf(Insertion.Later.class);
    assertThat(((Insertion.Later) insertion).at()).isAfterOrEqualTo(now.plusSeconds(7199));
  }

  @Test
  void openingIsIdempotentAndRoundsOfOneCustomerDoNotOverlap() {
    long round = Seed.openRound(database, "twice", 5, now);
    RoundOpener opener = new RoundOpener(database.jdbi(), () -> now);
    assertThat(opener.open(round)).isInstanceOf(Opening.AlreadyOpened.class);
    assertThat(count("SELECT COUNT(*) FROM round_site")).isEqualTo(5);
    database
        .jdbi()
        .useHandle(
            h ->
                Seed.campaign(
                    h,
                    "second",
                    h.select("SELECT id FROM customer WHERE code = 'twice'")
                        .mapTo(Long.class)
                        .one(),
                    "preview",
                    "{}"));
    long second = new RoundPlanner(database.jdbi()).plan("second", now).id();
    try (LogLines log = LogLines.of(RoundOpener.class)) {
      assertThat(opener.open(second))
          .isInstanceOfSatisfying(
              Opening.Overlaps.class,
              overlap -> {
                assertThat(overlap.otherRoundId()).isEqualTo(round);
                assertThat(overlap.count()).isEqualTo(5);
              });
      assertThat(opener.open(second)).isInstanceOf(Opening.Overlaps.class);
      assertThat(log.containing(""))
          .as("said once, in words")
          .containsExactly(
              "INFO round 1 of second is planned but not open: 5 of its sites (twice0, twice1,"
                  + " twice2, …) are in round 1 of twice, which is open; it opens as soon as that"
                  + " one is closed");
    }
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> now);
    assertThat(closer.close(round).closed()).isTrue();
    assertThat(opener.open(second)).isEqualTo(new Opening.Opened(5));
  }

  @Test
  void anOpeningThatDiedIsBegunAnewAndOneThatIsCalledOffLeavesNothing() throws Exception {
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "died");
              Seed.campaign(h, "died", customer, "preview", Seed.ANY_HOUR);
              for (int i = 0; i < 3; i++) {
                Seed.site(h, customer, null, "died" + i, "standard", "+86215555004" + i);
              }
            });
    Round planned = new RoundPlanner(database.jdbi()).plan("died", now);
    // half a list, as of a time when the second site was still closed
    String half =
        "INSERT INTO round_site (round_id, site_id, tier, status, next_call_at)"
            + " SELECT ?, id, 1, 0, ? FROM site WHERE code = 'died2'";
    String held =
        "INSERT INTO site_in_round (site_id, round_id) SELECT id, ? FROM site WHERE code = 'died2'";
    database.jdbi().useHandle(h -> h.execute(half, planned.id(), now.minusSeconds(86_400)));
    database.jdbi().useHandle(h -> h.execute(held, planned.id()));
    DueSites due = due("engine");
    // its sites are due, and of no use to whoever claims them
    assertThat(due.details(due.claim(List.of(1), 5, now, 1))).hasSize(1);
    RoundOpener opener = new RoundOpener(database.jdbi(), () -> now);
    assertThat(opener.open(planned.id())).isEqualTo(new Opening.Opened(3));
    List<Long> ids = due.claim(List.of(1, 2, 100), 5, now, 1);
    assertThat(due.details(ids))
        .as("by the rules of the round")
        .isEqualTo(
            new DueSites(database.dataSource(), "another", Duration.ofMinutes(5)).details(ids));
    database.jdbi().useHandle(h -> h.execute("UPDATE round_site SET status = 0"));
    String waiting = "SELECT COUNT(*) FROM round_site WHERE status = 0 AND next_call_at >= '%s'";
    assertThat(count(String.format(waiting, now.toString().replace("T", " ").replace("Z", ""))))
        .isEqualTo(3);
    assertThat(count("SELECT COUNT(*) FROM site_in_round")).isEqualTo(3);
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> now);
    closer.close(planned.id());
    Round second = new RoundPlanner(database.jdbi()).plan("died", now);
    database.jdbi().useHandle(h -> h.execute(half, second.id(), now));
    database.jdbi().useHandle(h -> h.execute(held, second.id()));
    closer.close(second.id());
    assertThat(count("SELECT COUNT(*) FROM site_in_round")).isZero();
    assertThat(bins(second.id())).isEmpty();
    // or what was still under way when it was called off
    database.jdbi().useHandle(h -> h.execute(half, second.id(), now));
    opener.open(new RoundPlanner(database.jdbi()).plan("died", now).id());
    assertThat(bins(second.id())).isEmpty();
  }

  @Test
  void sitesThatMustNotOrCannotBeRungAreBinnedAtOnce() {
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "binned");
              Seed.campaign(h, "binned", customer, "preview", Seed.ANY_HOUR);
              Seed.site(h, customer, null, "a", "standard", "+862155550010");
              Seed.site(h, customer, null, "b", "standard");
              Seed.site(h, customer, null, "c", "standard", "+862155550011");
              Seed.site(h, customer, null, "d", "standard", "+862155550014", "+862155550015");
              h.execute(
                  "INSERT INTO do_not_call_number (e164, reason, by_login, at) VALUES"
                      + " ('+862155550014', 'asked', 'x', UTC_TIMESTAMP(3)),"
                      + " ('+862155550015', 'asked', 'x', UTC_TIMESTAMP(3))");
              h.execute("UPDATE site SET do_not_call = TRUE WHERE code = 'c'");
            });
    Round planned = new RoundPlanner(database.jdbi()).plan("binned", now);
    new RoundOpener(database.jdbi(), () -> now).open(planned.id());
    assertThat(bins(planned.id()))
        .containsEntry("due", 1)
        .containsEntry("no_usable_number", 1)
        .containsEntry("do_not_call", 2);
    assertThatThrownBy(() -> new RoundPlanner(database.jdbi()).plan("binned", now))
        .hasMessage("round 1 of binned is open; close it first")
        .isInstanceOfSatisfying(
            RoundPlanner.Refused.class,
            refused ->
                assertThat(refused.in(Locale.SIMPLIFIED_CHINESE))
                    .isEqualTo("binned 第 1 轮尚未结束（open），请先结束"));
  }

  @Test
  void aSiteIsRungByTheClockOfItsOwnZone() throws Exception {
    Seed.openRound(database, "zone", 1, now);
    database.jdbi().useHandle(h -> h.execute("UPDATE site SET zone = 'Asia/Urumqi'"));
    assertThat(claimOne(due("engine")).calling().zone()).hasToString("Asia/Urumqi");
  }

  @Test
  void aPausedRoundRingsNobodyUntilItGoesOn() throws Exception {
    long round = Seed.openRound(database, "pause", 3, now);
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> now);
    RoundPauser pauser = new RoundPauser(database.jdbi(), closer);
    DueSites due = due("engine");
    CallId talking = ids.next();
    repository().insert(claimOne(due), talking, AGENT, now, 1);
    assertThat(repository().placing(talking, now, 1)).isTrue();
    ClaimedSite claimed = claimOne(due);
    CallId shown = ids.next();
    repository().insert(claimOne(due), shown, AGENT, now, 1);

    pauser.pause(round);
    pauser.pause(round);
    assertThat(due.claim(List.of(1, 2, 100), 5, now.plusSeconds(3600), 1)).isEmpty();
    assertThat(repository().insert(claimed, ids.next(), AGENT, now, 1))
        .as("claimed before")
        .isInstanceOf(Insertion.ClaimLost.class);
    assertThat(repository().placing(shown, now, 1)).as("on a screen, not dialled").isFalse();
    settle(talking, Disposition.BUSY, now);
    closer.closeFinished();
    assertThat(bins(round)).isEqualTo(Map.of("due", 3));
    Instant tomorrow = now.plus(Duration.ofDays(1));
    assertThat(due.claim(List.of(1, 2, 100), 5, tomorrow, 1)).as("retry due").isEmpty();

    pauser.resume(round);
    assertThat(due.claim(List.of(1, 2, 100), 5, tomorrow, 1)).hasSize(3);
    assertThat(due.sweep()).isZero();
    pauser.pause(round);
    assertThat(closer.close(round).closed()).as("closing ends a pause").isTrue();
    assertThat(bins(round)).isEqualTo(Map.of("round_closed_first", 1, "not_dialled", 2));
    assertThatThrownBy(() -> pauser.resume(round)).isInstanceOf(RoundPlanner.Refused.class);
  }

  @Test
  void aPauseThatWasCutOffIsFinishedByTheSweep() throws Exception {
    long round = Seed.openRound(database, "cut", 2, now);
    RoundPauser pauser =
        new RoundPauser(database.jdbi(), new RoundCloser(database.jdbi(), () -> now));
    database.jdbi().useHandle(h -> h.execute("UPDATE round SET paused = TRUE"));
    DueSites due = due("engine");
    ClaimedSite site = claimOne(due);
    assertThat(repository().insert(site, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.ClaimLost.class);
    pauser.sweep();
    assertThat(due.claim(List.of(1, 2, 100), 5, now, 1)).isEmpty();
    database.jdbi().useHandle(h -> h.execute("UPDATE round SET paused = FALSE"));
    pauser.sweep();
    assertThat(due.claim(List.of(1, 2, 100), 5, now, 1)).hasSize(2);
    assertThat(bins(round)).isEqualTo(Map.of("in_progress", 2));
  }

  @Test
  void aRoundClosesAtItsEndAndTheEndCanBeMoved() {
    long round = Seed.openRound(database, "end", 2, now);
    Instant[] clock = {now};
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> clock[0]);
    RoundPauser pauser = new RoundPauser(database.jdbi(), closer);
    assertThatThrownBy(() -> pauser.extend(round, Optional.of(now), now))
        .hasMessageContaining("past");
    pauser.extend(round, Optional.of(now.plusSeconds(60)), now);
    pauser.extend(round, Optional.of(now.plusSeconds(120)), now);
    clock[0] = now.plusSeconds(119);
    closer.closeFinished();
    assertThat(bins(round)).isEqualTo(Map.of("due", 2));
    clock[0] = now.plusSeconds(120);
    closer.closeFinished();
    assertThat(bins(round)).isEqualTo(Map.of("not_dialled", 2));
    assertThatThrownBy(() -> pauser.extend(round, Optional.empty(), now))
        .isInstanceOf(RoundPlanner.Refused.class);
  }

  @Test
  void aRoundWaitsForAGroundToRingItsCustomer() {
    long[] customer = {0};
    database
        .jdbi()
        .useTransaction(
            h -> {
              customer[0] = Seed.customer(h, "grounds");
              Seed.campaign(h, "grounds", customer[0], "preview", Seed.ANY_HOUR);
              Seed.site(h, customer[0], null, "a", "standard", "+862155550012");
              long gone = Seed.site(h, customer[0], null, "g", "standard", "+862155550013");
              h.execute("UPDATE site SET status = 'closed' WHERE id = ?", gone);
            });
    LocalDate today = DoNotCall.day(now);
    RoundPlanner planner = new RoundPlanner(database.jdbi());
    RoundOpener opener = new RoundOpener(database.jdbi(), () -> now);
    Round planned = planner.plan("grounds", now);
    consent("NULL", "NULL");
    assertThat(opener.open(planned.id())).isInstanceOf(Opening.NoConsent.class);
    consent("'request'", "'" + today.minusDays(1) + "'");
    assertThat(opener.open(planned.id()))
        .isInstanceOfSatisfying(
            Opening.NoConsent.class,
            none ->
                assertThat(none.reason())
                    .hasToString(
                        "the ground to ring grounds ended on "
                            + today.minusDays(1)
                            + ": enter a new basis or end of the consent first (import consent)"));
    Rounds rounds = new Rounds(database.jdbi(), () -> now);
    assertThat(rounds.waiting("grounds").orElseThrow().in(Locale.SIMPLIFIED_CHINESE))
        .startsWith("grounds 的联系依据已于");
    consent("'request'", "'" + today + "'");
    assertThat(opener.open(planned.id()))
        .as("the closed site is left out")
        .isEqualTo(new Opening.Opened(1));
    new RoundCloser(database.jdbi(), () -> now).close(planned.id());
    assertThatThrownBy(() -> planner.plan("grounds", now.plus(Duration.ofDays(2))))
        .isInstanceOfSatisfying(
            RoundPlanner.Refused.class,
            refused -> assertThat(refused.id()).isEqualTo("no_consent"));
  }

  private void consent(String basis, String until) {
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE customer SET consent_basis = " + basis + ", consent_until = " + until));
  }

  @Test
  void nobodyIsRungWhoIsGoneOrAfterTheEnd() throws Exception {
    long round = Seed.openRound(database, "gone", 3, now);
    DueSites due = due("engine");
    List<ClaimedSite> sites = due.details(due.claim(due.tiers(), 3, now, 1));
    sql(
        "UPDATE site SET status = 'closed', status_reason = 'moved' WHERE id = "
            + sites.get(0).siteId());
    sql(
        "UPDATE site SET status = 'closed', status_reason = 'renamed' WHERE id = "
            + sites.get(1).siteId());
    assertThat(repository().insert(sites.get(0), ids.next(), AGENT, now, 1))
        .isEqualTo(new Insertion.Binned(Bin.MOVED));
    assertThat(repository().insert(sites.get(1), ids.next(), AGENT, now, 1))
        .isEqualTo(new Insertion.Binned(Bin.CLOSED));
    // nobody has looked at the end yet
    database
        .jdbi()
        .useHandle(h -> h.execute("UPDATE round SET closes_at = ? WHERE id = ?", now, round));
    assertThat(repository().insert(sites.get(2), ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.ClaimLost.class);
  }

  @Test
  void whoIsNotToBeCalledIsNotCalledAtWhicheverMomentItIsSaid() throws Exception {
    long round = Seed.openRound(database, "dnc", 5, now);
    LocalDate today = DoNotCall.day(now);
    DueSites due = due("engine");
    List<ClaimedSite> sites = due.details(due.claim(due.tiers(), 5, now, 1));
    ClaimedSite over = sites.get(0);
    ClaimedSite site = sites.get(1);
    ClaimedSite number = sites.get(2);
    ClaimedSite previewed = sites.get(3);
    ClaimedSite second = sites.get(4);
    CallId lastMoment = ids.next();
    repository().insert(previewed, lastMoment, AGENT, now, 1);
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  "UPDATE site SET do_not_call = TRUE, do_not_call_until = ? WHERE id = ?",
                  today.minusDays(1),
                  over.siteId());
              h.execute(
                  "UPDATE site SET do_not_call = TRUE, do_not_call_until = ? WHERE id IN (?, ?)",
                  today,
                  site.siteId(),
                  previewed.siteId());
              for (ClaimedSite each : List.of(number, second)) {
                h.execute(
                    "INSERT INTO do_not_call_number (e164, reason, by_login, at)"
                        + " VALUES (?, 'asked', 'x', UTC_TIMESTAMP(3))",
                    each.phones().getFirst().e164());
              }
              h.execute(
                  "INSERT INTO phone (contact_id, e164, position) SELECT contact_id,"
                      + " '+862155550099', 2 FROM site_contact WHERE site_id = ?",
                  second.siteId());
            });
    assertThat(repository().insert(over, ids.next(), AGENT, now, 1))
        .as("its time is over")
        .isInstanceOf(Insertion.Committed.class);
    assertThat(repository().insert(site, ids.next(), AGENT, now, 1))
        .isEqualTo(new Insertion.Binned(Bin.DO_NOT_CALL));
    assertThat(repository().placing(lastMoment, now, 1)).isFalse();
    assertThat(repository().insert(number, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.Later.class);
    assertThat(repository().insert(second, ids.next(), AGENT, now, 1))
        .isInstanceOf(Insertion.Later.class);
    Instant later = now.plusSeconds(60);
    List<ClaimedSite> again = due.details(due.claim(due.tiers(), 5, later, 1));
    assertThat(again).extracting(ClaimedSite::siteId).contains(number.siteId(), second.siteId());
    for (ClaimedSite each : again) {
      if (each.siteId() == second.siteId()) {
        assertThat(each.phone().orElseThrow().e164()).isEqualTo("+862155550099");
        assertThat(repository().insert(each, ids.next(), AGENT, later, 1))
            .isInstanceOf(Insertion.Committed.class);
      } else if (each.siteId() == number.siteId()) {
        assertThat(repository().insert(each, ids.next(), AGENT, later, 1))
            .isEqualTo(new Insertion.Binned(Bin.DO_NOT_CALL));
      }
    }
    assertThat(bins(round)).containsEntry("do_not_call", 2);
  }

  @Test
  void closingLetsTheTalkEndFirst() throws Exception {
    long round = Seed.openRound(database, "closing", 4, now);
    DueSites due = due("engine");
    CallId talking = ids.next();
    CallId previewed = ids.next();
    repository().insert(claimOne(due), talking, AGENT, now, 1);
    repository().insert(claimOne(due), previewed, AGENT, now, 1);
    repository().placing(talking, now, 1);
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> now);
    assertThat(closer.close(round)).isEqualTo(new RoundCloser.Closing(false, 1, 0));
    assertThat(repository().placing(previewed, now, 1)).as("withdrawn").isFalse();
    settle(talking, Disposition.COMPLETED, now);
    assertThat(settle(talking, Disposition.BUSY, now)).as("settled once").isFalse();
    closer.closeFinished();
    assertThat(bins(round)).containsOnly(Map.entry("not_dialled", 3), Map.entry("completed", 1));
    assertThat(count("SELECT COUNT(*) FROM round WHERE status = 'closed'")).isEqualTo(1);
  }

  @Test
  void aLargeRoundClosesStepByStepAndARestartGoesOnWithIt() throws Exception {
    long round = Seed.openRound(database, "large", 11, now);
    CallId talking = ids.next();
    repository().insert(claimOne(due("engine")), talking, AGENT, now, 1);
    repository().placing(talking, now, 1);
    RoundCloser.Pace slow = new RoundCloser.Pace(3, Duration.ZERO);
    RoundCloser asked = new RoundCloser(database.jdbi(), () -> now, slow);
    assertThat(asked.close(round))
        .as("who asks does not wait for all")
        .isEqualTo(new RoundCloser.Closing(false, 1, 7));
    assertThat(bins(round)).containsEntry("not_dialled", 3);
    Rounds rounds = new Rounds(database.jdbi(), () -> now);
    assertThat(rounds.current("large").orElseThrow().state()).isEqualTo("closing");
    assertThat(asked.close(round)).isEqualTo(new RoundCloser.Closing(false, 1, 4));
    assertThat(due("engine").claim(List.of(1, 2, 100), 10, now, 1))
        .as("still due, and nothing comes of it")
        .hasSize(4);
    RoundCloser restarted =
        new RoundCloser(
            database.jdbi(), () -> now, new RoundCloser.Pace(3, Duration.ofSeconds(10)));
    restarted.closeFinished();
    assertThat(bins(round)).containsOnly(Map.entry("not_dialled", 10), Map.entry("in_progress", 1));
    assertThat(rounds.current("large").orElseThrow().state()).isEqualTo("closing");
    settle(talking, Disposition.NO_ANSWER, now);
    restarted.closeFinished();
    assertThat(bins(round))
        .as("the call that was up has what it came to")
        .containsOnly(Map.entry("not_dialled", 10), Map.entry("round_closed_first", 1));
    assertThat(rounds.current("large").orElseThrow().state()).isEqualTo("closed");
    assertThat(count("SELECT COUNT(*) FROM site_in_round WHERE round_id = " + round)).isZero();
    assertThat(
            count(
                "SELECT COUNT(*) FROM round_summary WHERE written_at IS NOT NULL AND round_id = "
                    + round))
        .isEqualTo(1);
  }

  private boolean settle(CallId id, Disposition disposition, Instant at) throws Exception {
    org.jdbi.v3.core.HandleCallback<Boolean, Exception> settling =
        h ->
            Settlement.settle(
                h.getConnection(),
                id,
                Optional.empty(),
                new Settlement.Result(
                    disposition, "", Optional.empty(), AttemptJournal.ENGINE, at));
    return database.jdbi().inTransaction(settling);
  }

  private Map<String, Integer> bins(long round) {
    return database.jdbi().withHandle(h -> new RoundRepository().bins(h, round));
  }

  private int count(String sql) {
    return database.jdbi().withHandle(h -> h.select(sql).mapTo(Integer.class).one());
  }

  private ClaimedSite claimOne(DueSites due) throws Exception {
    return due.details(due.claim(List.of(1, 2, 100), 1, now, 1)).getFirst();
  }

  private DueSites due(String holder) {
    return new DueSites(database.dataSource(), holder, LEASE);
  }

  private AttemptRepository repository() {
    return new AttemptRepository(database.dataSource(), "engine");
  }
}
