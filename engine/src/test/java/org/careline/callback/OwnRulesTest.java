package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.callback.AttemptRepository.Insertion;
import org.careline.callback.OwnRulesStore.Owner;
import org.careline.customer.AllowedDestinations;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rules of house, customers and sites on real MySQL, and what claim, opening and question make of
 * them.
 */
class OwnRulesTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** A Tuesday. */
  private static final Instant TEN = at("2026-12-01T10:00");

  private static final AgentNumber AGENT = new AgentNumber("8001");
  private final Database database = mysql.database();
  private final OwnRulesStore store = new OwnRulesStore();
  private final Ulid ids = new Ulid(() -> TEN);
  private long customer;
  private long plain;
  private long strict;

  @BeforeEach
  void twoSitesOfOnePerson() {
    Seed.empty(database);
    database.jdbi().useHandle(h -> h.execute("DELETE FROM house_rules"));
    database
        .jdbi()
        .useTransaction(
            h -> {
              customer = Seed.customer(h, "own");
              Seed.campaign(h, "own", customer, "progressive", "{}");
              plain = Seed.site(h, customer, null, "plain", "gold", "+8613800138001");
              strict = Seed.site(h, customer, null, "strict", "gold", "+8613800138001");
            });
  }

  @Test
  void aRoundOpensForEachSiteWhenItsOwnRulesPermit() throws Exception {
    save(
        new Owner.OfSite(strict, customer),
        0,
        "{\"windows\":{\"default\":{\"wed\":[\"15:00-16:00\"]}}}");
    open();
    assertThat(due(plain)).isEqualTo(TEN);
    assertThat(due(strict)).isEqualTo(at("2026-12-02T15:00"));
    // given up again: who has not been tried yet is looked at anew
    save(new Owner.OfSite(strict, customer), 1, "{}");
    assertThat(due(strict)).isEqualTo(TEN);
  }

  @Test
  void rulesThatBecameStricterHoldForTheNextClaimAndThePersonIsSparedAtHisOtherSite()
      throws Exception {
    open();
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofMinutes(5));
    AttemptRepository attempts = new AttemptRepository(database.dataSource(), "engine");
    List<ClaimedSite> claimed = due.details(due.claim(List.of(2), 2, TEN, 1));
    assertThat(claimed).hasSize(2);
    assertThat(attempts.insert(claimed.get(0), ids.next(), AGENT, TEN, 1))
        .isInstanceOf(Insertion.Committed.class);
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE attempt SET placed_at = created_at, ended_at = created_at, settled_at = created_at, disposition = 'completed'"));
    assertThat(attempts.insert(claimed.get(1), ids.next(), AGENT, TEN.plusSeconds(120), 1))
        .as("two hours for the person, then the afternoon")
        .isEqualTo(new Insertion.Later(at("2026-12-01T14:00")));
    save(new Owner.OfCustomer(customer), 0, "{\"blackouts\":[\"2026-12-01\"]}");
    Instant later = at("2026-12-01T14:00");
    ClaimedSite again = due.details(due.claim(List.of(2), 2, later, 1)).getFirst();
    assertThat(attempts.insert(again, ids.next(), AGENT, later, 1))
        .isEqualTo(new Insertion.Later(at("2026-12-02T09:30")));
    database.jdbi().useHandle(h -> h.execute("UPDATE site SET do_not_call = TRUE"));
    Instant tomorrow = at("2026-12-02T09:30");
    ClaimedSite third = due.details(due.claim(List.of(2), 2, tomorrow, 1)).getFirst();
    assertThat(attempts.insert(third, ids.next(), AGENT, tomorrow, 1))
        .isEqualTo(new Insertion.Binned(Bin.DO_NOT_CALL));
  }

  @Test
  void ofTwoWhoChangeTheSameTheSecondIsTold() {
    save(new Owner.House(), 0, "{\"caps\":{\"perWeek\":3}}");
    assertThatThrownBy(() -> save(new Owner.House(), 0, "{}"))
        .isInstanceOf(OwnRulesStore.ChangedMeanwhile.class)
        .hasMessageContaining("planner has saved version 1");
    assertThat(save(new Owner.House(), 1, "{}").version()).isEqualTo(2);
  }

  @Test
  void whatCouldNeverOpenIsRefusedWithTheOneToBlame() {
    Owner site = new Owner.OfSite(strict, customer);
    assertNever(
        site, "{\"windows\":{\"default\":{\"mon-sun\":[]}}}", "the site leaves no weekday an hour");
    assertNever(
        site,
        "{\"windows\":{\"default\":{\"mon-sun\":[\"12:00-13:00\"]}}}",
        "campaign own, trade any, site any: no window ever opens: the site leaves no hour");
    assertNever(
        new Owner.OfCustomer(customer),
        "{\"blackouts\":[\"01-01..12-31\"]}",
        "blacked out by the customer");
    assertNever(
        new Owner.House(),
        "{\"windows\":{\"default\":{\"sat-sun\":[\"10:00-11:00\"]}}}",
        "the office calendar has no working day");
    assertThatThrownBy(
            () -> save(site, 0, "{\"windows\":{\"default\":{\"mon\":[\"21:00-22:00\"]}}}"))
        .hasMessageContaining("nightEvidence");
    assertThatThrownBy(() -> save(site, 0, "{\"retry\":{}}"))
        .hasMessageContaining("unknown key retry");
    assertThatThrownBy(() -> check("{\"windows\":{\"hotel\":{}}}"))
        .hasMessageContaining(
            "rules.windows.hotel: no window ever opens: the campaign leaves no weekday");
    save(site, 0, "{\"windows\":{\"default\":{\"tue\":[\"14:00-15:00\"]}}}");
    assertThatThrownBy(() -> check("{\"windows\":{\"default\":{\"mon-fri\":[\"10:00-11:00\"]}}}"))
        .hasMessageContaining("campaign C, trade any, site strict: no window ever opens: the site");
    check("{\"windows\":{\"default\":{\"mon-fri\":[\"14:30-15:00\"]}}}");
  }

  @Test
  void whyNotTellsEveryRuleWithItsSourceAndTheNextTime() throws Exception {
    WhyNot whyNot = new WhyNot(database.jdbi(), new AllowedDestinations(List.of("+86")));
    save(
        new Owner.OfSite(strict, customer),
        0,
        "{\"windows\":{\"default\":{\"wed\":[\"15:00-16:00\"]}},\"zone\":\"Asia/Urumqi\"}");
    assertThat(
            whyNot
                .ask("strict", Optional.empty(), TEN)
                .lines()
                .getFirst()
                .reason()
                .in(Locale.ENGLISH))
        .isEqualTo("in no open round: nothing is to be asked");
    open();
    WhyNot.Answer answer = whyNot.ask("strict", Optional.empty(), TEN);
    assertThat(answer.permitted()).isFalse();
    assertThat(answer.next()).as("in its own zone").contains(at("2026-12-02T17:00"));
    assertThat(answer.lines())
        .filteredOn(line -> !line.permitted())
        .extracting(line -> line.rule() + " " + line.source().word())
        .containsExactly("due campaign", "night house rule", "window house rule", "window site");
    assertThat(whyNot.ask("strict", Optional.of("own"), at("2026-12-02T17:00")).permitted())
        .isTrue();
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  "INSERT INTO calendar_day (calendar, day, kind)"
                      + " VALUES ('gyms', '2026-12-02', 'holiday')");
              h.execute("UPDATE site SET trade_calendar = 'gyms' WHERE code = 'strict'");
            });
    WhyNot.Answer closed = whyNot.ask("strict", Optional.of("own"), at("2026-12-02T17:00"));
    assertThat(closed.lines())
        .filteredOn(line -> !line.permitted())
        .extracting(line -> line.rule() + " " + line.source().word())
        .containsExactly("trade-calendar site");
    assertThat(closed.next()).isPresent().get().isNotEqualTo(at("2026-12-02T17:00"));
    database.jdbi().useHandle(h -> h.execute("DELETE FROM calendar_day WHERE calendar = 'gyms'"));
    database.jdbi().useHandle(h -> h.execute("UPDATE round SET closes_at = '2026-12-02 09:00:00'"));
    assertThat(whyNot.ask("strict", Optional.empty(), TEN).next())
        .as("it would be permitted when the round is over")
        .isEmpty();
    database.jdbi().useHandle(h -> h.execute("UPDATE round SET paused = TRUE, closes_at = NULL"));
    assertThat(
            whyNot
                .ask("strict", Optional.empty(), TEN)
                .lines()
                .getFirst()
                .reason()
                .in(Locale.ENGLISH))
        .isEqualTo("round 1 of own is paused");
    database
        .jdbi()
        .useTransaction(h -> Seed.site(h, Seed.customer(h, "twin"), null, "strict", "gold"));
    assertThatThrownBy(() -> whyNot.ask("strict", Optional.empty(), TEN))
        .hasMessageContaining("say which (own, twin)");
    assertThatThrownBy(() -> whyNot.ask("nowhere", Optional.empty(), TEN))
        .hasMessage("no site nowhere");
    assertThat(whyNot.ask("strict", Optional.of("twin"), TEN).lines())
        .extracting(WhyNot.Line::rule)
        .startsWith("round", "number", "do-not-call", "night", "office-calendar");
  }

  /** Counted through the settlement itself; the trade of these sites is none. */
  @Test
  void theBestHourIsLearntFromWhatCameOfAttempts() throws Exception {
    database.jdbi().useHandle(h -> h.execute("DELETE FROM contact_hour"));
    open();
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofMinutes(5));
    AttemptRepository attempts = new AttemptRepository(database.dataSource(), "engine");
    ClaimedSite site = due.details(due.claim(List.of(2), 1, TEN, 1)).getFirst();
    Attempt first =
        ((Insertion.Committed) attempts.insert(site, ids.next(), AGENT, TEN, 1)).attempt();
    assertThat(attempts.placing(first.id(), TEN, 1)).isTrue();
    // experience: at two hardly anybody, at four everybody
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO contact_hour VALUES ('', '2026-11-23', 14, 99, 5),"
                        + " ('', '2026-11-23', 15, 49, 49), ('', '2026-11-23', 16, 60, 50),"
                        + " ('', '2025-11-24', 9, 90, 90)"));
    try (var connection = database.dataSource().getConnection()) {
      assertThat(
              Settlement.settle(
                  connection,
                  first.id(),
                  Optional.empty(),
                  new Settlement.Result(
                      Disposition.NO_ANSWER,
                      "",
                      Optional.empty(),
                      AttemptJournal.ENGINE,
                      TEN.plusSeconds(40))))
          .isTrue();
      assertThat(ContactHours.of(connection, "", TEN).hours())
          .containsEntry(10, new HourRates.Rate(1, 0))
          .doesNotContainKey(9);
    }
    assertThat(due(site.siteId()))
        .as("due at two; 15 o'clock has one attempt too few to be believed")
        .isEqualTo(at("2026-12-01T16:00"));
    assertThat(
            new WhyNot(database.jdbi(), new AllowedDestinations(List.of("+86")))
                .ask(site.siteCode(), Optional.empty(), TEN)
                .lines()
                .getLast()
                .reason()
                .in(Locale.ENGLISH))
        .isEqualTo(
            "the trade is reached best from 16:00 on: a person spoke in 83 % of 60 attempts");
  }

  private void assertNever(Owner owner, String rules, String reason) {
    assertThatThrownBy(() -> save(owner, 0, rules))
        .isInstanceOf(RulesParser.InvalidRules.class)
        .hasMessageContaining(reason);
  }

  private void check(String rules) {
    database.jdbi().useHandle(h -> OwnRulesStore.checkCampaign(h, "C", customer, json(rules), TEN));
  }

  private OwnRulesStore.Stored save(Owner owner, int edited, String rules) {
    return database
        .jdbi()
        .inTransaction(h -> store.save(h, owner, edited, json(rules), "planner", TEN));
  }

  private void open() {
    long round = new RoundPlanner(database.jdbi()).plan("own", TEN).id();
    new RoundOpener(database.jdbi(), () -> TEN).open(round);
  }

  private Instant due(long site) throws Exception {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT next_call_at FROM round_site WHERE site_id = :site")
                    .bind("site", site)
                    .mapTo(Instant.class)
                    .one());
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
  }
}
