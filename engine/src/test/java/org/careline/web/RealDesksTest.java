package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Seed;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberOwner;
import org.careline.customer.PhoneNumber;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.database.JournalWriter;
import org.careline.harness.MySqlExtension;
import org.careline.hotline.Hotline;
import org.careline.hotline.HotlineDialog;
import org.careline.report.hotline.CallRows;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Target;
import org.careline.telephony.Arrival;
import org.careline.telephony.Step;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The interface on the real hotline, journal and MySQL; only the switch is played. */
class RealDesksTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String NUMBER = "+8613800138000";
  private static boolean seeded;
  private static long customerId;
  private static long siteId;

  private final List<String> orders = new CopyOnWriteArrayList<>();
  private Journal journal;
  private JournalWriter writer;
  private Mailbox mailbox;
  private Hotline hotline;
  private SiteCards cards;
  private TestWeb web;

  @BeforeEach
  void start() {
    seed();
    Path folder = TestWeb.folder();
    journal = new Journal(folder.resolve("journal.db"), CLOCK);
    mailbox = new Mailbox();
    hotline =
        new Hotline(
            Hotline.Settings.DEFAULT,
            book(),
            AgentDirectory.of(List.of(agent("8001"), agent("8002"))),
            mailbox,
            journal,
            telephony(),
            folder,
            CLOCK,
            () -> true);
    writer = new JournalWriter(journal, mysql.database().dataSource(), Hotline.appliers(), CLOCK);
    writer.start();
    hotline.start();
    var jdbi = mysql.database().jdbi();
    CallRepository calls = new CallRepository(jdbi);
    cards = new SiteCards(jdbi, calls, CLOCK);
    FakeDesks fakes = new FakeDesks();
    web =
        new TestWeb(
            mysql.database(),
            folder,
            new Desks(
                new HotlineAgents(mailbox, hotline, cards, attempt -> Optional.empty()),
                new HotlineCalls(mailbox, hotline, calls, cards),
                new NoAttempts(),
                new CampaignRounds(
                    jdbi,
                    new RoundPlanner(jdbi),
                    new RoundCloser(jdbi, CLOCK),
                    new CallingRulesDesk(jdbi, new AllowedDestinations(List.of("+86")), CLOCK),
                    CLOCK),
                fakes.desks().reference(),
                fakes::status,
                fakes.desks().phones(),
                figures(jdbi),
                fakes.desks().talks(),
                fakes.desks().policies(),
                fakes.desks().tasks(),
                fakes.desks().people(),
                fakes.desks().forms()));
  }

  /** As the engine puts it together. */
  private HotlineFigureDesk figures(Jdbi jdbi) {
    HotlineFigures figures =
        new HotlineFigures(
            new CallRows(mysql.database().dataSource()),
            () -> mailbox.ask(Duration.ofSeconds(5), () -> hotline.calls().live()),
            Target.Book.always(Target.DEFAULT),
            Duration.ofSeconds(5),
            ZoneId.of("Asia/Shanghai"),
            CLOCK);
    return new HotlineFigureDesk(mailbox, hotline, figures, jdbi, CLOCK);
  }

  @AfterEach
  void stop() {
    web.close();
    cards.close();
    hotline.close();
    mailbox.close();
    writer.close();
    journal.close();
  }

  private static void seed() {
    if (seeded) {
      return;
    }
    seeded = true;
    TestWeb.users(mysql.database());
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              customerId = Seed.customer(handle, "RJ");
              siteId = Seed.site(handle, customerId, null, "S1", "gold", NUMBER);
              handle.execute("UPDATE site SET address = 'Road 1' WHERE id = ?", siteId);
              handle.execute("INSERT INTO device (site_id, model) VALUES (?, 'D200')", siteId);
              handle.execute(
                  "INSERT INTO call_record (id, tier_code, arrived_at, epoch, site_id, outcome)"
                      + " VALUES ('old-1', 'gold', NOW(3) - INTERVAL 2 DAY, 1, ?, 'abandoned')",
                  siteId);
              Seed.campaign(handle, "spring", customerId, "preview", Seed.ANY_HOUR);
            });
  }

  private static AgentDirectory.Profile agent(String number) {
    return new AgentDirectory.Profile(
        new AgentNumber(number), "agent " + number, 3, Set.of(), true);
  }

  private static HotlineDialog.Book book() {
    Recognition known =
        new Recognition(
            NUMBER,
            Optional.of(PhoneNumber.of(NUMBER)),
            false,
            Optional.of(
                new NumberOwner(
                    new NumberOwner.Customer(customerId, "RJ", "RJ Hotels", "gold"),
                    Optional.of(new NumberOwner.Site(siteId, "S1", "Site S1")),
                    "gold")),
            "gold",
            List.of(),
            false,
            "from");
    Line line =
        new Line(
            "main", "4001", "Main", "主线", "zh", "", Duration.ofSeconds(15), Duration.ofSeconds(30));
    return new HotlineDialog.Book(
        arrival -> known,
        dialled -> Optional.of(line),
        code -> new Tier(code, code, code, 2, 4, 1));
  }

  /** Takes every order and notes it. */
  private Telephony telephony() {
    return (Telephony)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Telephony.class},
            (proxy, method, arguments) -> {
              if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              orders.add(method.getName() + Arrays.toString(arguments));
              return CompletableFuture.completedFuture(new Telephony.Accepted(true, ""));
            });
  }

  private void on(TelephonyEvent event) {
    hotline.on(event);
  }

  private Step rings(String id) {
    String channel = "PJSIP/outside-" + id;
    on(new TelephonyEvent.ChannelStarted(now(), id, channel, null, "hotline", "4001", "138"));
    return hotline
        .dialog()
        .admit(new Arrival(new CallId(id), channel, "outside", "4001", Map.of(), now()));
  }

  private static Instant now() {
    return CLOCK.instant();
  }

  @Test
  void aCallFromDoorToOutcomeAsItsAgentAndOthersSeeIt() {
    on(new TelephonyEvent.LinkUp(now(), true));
    on(new TelephonyEvent.ContactChanged(now(), "a8001", true));
    String li = web.signIn("li");
    String wang = web.signIn("wang");
    String boss = web.signIn("boss");
    try (FeedListener feed = FeedListener.open(web, li)) {
      feed.send("{\"type\":\"heartbeat\"}");
      feed.next("heartbeat");
      assertThat(put(li, "{}").statusCode()).isEqualTo(400);
      assertThat(put(li, "{\"wish\":\"ready\"}").statusCode()).isEqualTo(204);
      assertThat(presence("8001", li)).isEqualTo("ready");

      String id = "t-" + now().getEpochSecond() + ".1";
      assertThat(rings(id)).isInstanceOf(Step.Connect.class);
      JsonNode work = good("GET", "/api/v1/work", "/api/v1/work", li);
      assertThat(work.at("/callId").asText()).isEqualTo(id);
      assertThat(work.at("/state").asText()).isEqualTo("offered");
      assertThat(work.at("/card/callerNumber").asText()).isEqualTo("138****8000");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  good("GET", "/api/v1/work", "/api/v1/work", li)
                      .at("/card/site/address")
                      .asText()
                      .equals("Road 1"));
      JsonNode card = good("GET", "/api/v1/calls/" + id + "/card", "/api/v1/calls/{id}/card", boss);
      assertThat(card.at("/devices/0/model").asText()).isEqualTo("D200");
      assertThat(card.at("/lastCalls/0/id").asText()).isEqualTo("old-1");
      JsonNode live = good("GET", "/api/v1/calls/live", "/api/v1/calls/live", boss);
      assertThat(live.at("/0/agentNumber").asText()).isEqualTo("8001");
      assertThat(live.at("/0/callerNumber").asText()).isEqualTo("138****8000");

      String figures = "/api/v1/figures";
      JsonNode moment = good("GET", figures + "/live", figures + "/live", boss);
      assertThat(moment.at("/waiting").asInt()).as("a phone rings for him").isEqualTo(1);
      assertThat(moment.at("/agents/offered").asInt()).isEqualTo(1);
      assertThat(moment.at("/places/0/line").asText()).isEqualTo("main");
      String since = "from=" + now().minusSeconds(600);
      JsonNode open = good("GET", figures + "/hotline?" + since, figures + "/hotline", boss);
      assertThat(open.at("/total/callers_in/value").asInt()).isEqualTo(1);
      assertThat(open.at("/total/still_waiting/value").asInt()).isEqualTo(1);

      assertThat(web.get("/api/v1/calls/" + id, wang).statusCode()).isEqualTo(404);
      good("GET", "/api/v1/calls/" + id, "/api/v1/calls/{id}", li);
      assertThat(web.call("POST", "/api/v1/calls/" + id + "/hang-up", wang, null).statusCode())
          .isEqualTo(404);
      assertThat(web.call("POST", "/api/v1/calls/" + id + "/hang-up", li, null).statusCode())
          .isEqualTo(204);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> orders.contains("hangUp[PJSIP/outside-" + id + "]"));
      on(new TelephonyEvent.ChannelEnded(now(), id, "PJSIP/outside-" + id, id, 16));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  !good("GET", "/api/v1/calls/" + id, "/api/v1/calls/{id}", boss)
                      .get("outcome")
                      .isNull());
      JsonNode story = good("GET", "/api/v1/calls/" + id, "/api/v1/calls/{id}", boss);
      assertThat(story.get("recognition").asText()).isEqualTo("site");
      assertThat(story.get("events").size()).isGreaterThan(2);
      assertThat(story.get("story").findValuesAsText("kind")).contains("arrived", "recognised");
      assertThat(story.get("story").get(0).get("text").asText()).contains("400");
      JsonNode day =
          good("GET", figures + "/hotline?by=line,tier&" + since, figures + "/hotline", boss);
      assertThat(day.at("/total/still_waiting/value").asInt()).isZero();
      assertThat(day.at("/total/offered/value").asInt()).isEqualTo(1);
      assertThat(day.at("/rows/0/tier").asText()).isEqualTo("gold");
      assertThat(day.get("identities"))
          .allSatisfy(sum -> assertThat(sum.get("difference").asInt()).isZero());
      JsonNode team =
          await()
              .atMost(Duration.ofSeconds(10))
              .until(
                  () -> good("GET", figures + "/agents?" + since, figures + "/agents", boss),
                  all -> all.at("/total/offers/value").asInt() == 1);
      assertThat(team.at("/rows/0/agent").asText()).isEqualTo("8001");
      assertThat(team.at("/total/logged_in/value").asDouble()).isPositive();
      assertThat(team.get("neverToSurvey")).isEmpty();
      JsonNode his =
          good(
              "GET",
              figures + "/agents/8001/rows?figure=offers&" + since,
              figures + "/agents/{id}/rows",
              li);
      assertThat(his.at("/rows/0/callId").asText()).isEqualTo(id);
      assertThat(web.get(figures + "/agents/8001/rows?figure=offers", wang).statusCode())
          .isEqualTo(403);
      assertThat(web.get(figures + "/queue-log?" + since, boss).body())
          .contains("|" + id + "|main|NONE|ENTERQUEUE|");
      HttpResponse<String> own = web.get("/api/v1/calls/" + id, li);
      assertThat(own.body()).doesNotContain("13800138000");
      JsonNode list = good("GET", "/api/v1/calls?limit=1", "/api/v1/calls", boss);
      assertThat(list.at("/calls/0/id").asText()).isEqualTo(id);
    }
  }

  @Test
  void aRoundFromPlanToReport() {
    String plan = web.signIn("plan");
    String path = "/api/v1/campaigns/spring/rounds";
    String template = "/api/v1/campaigns/{code}/rounds";
    JsonNode campaigns = good("GET", "/api/v1/campaigns", "/api/v1/campaigns", plan);
    assertThat(campaigns.at("/0/round").isNull()).isTrue();
    assertThat(web.get(path + "/current", plan).statusCode()).isEqualTo(404);
    assertThat(good("POST", path, template, plan).get("status").asText()).isEqualTo("scheduled");
    HttpResponse<String> twice = web.call("POST", path, plan, Map.of());
    assertThat(TestWeb.error(twice)).isEqualTo("409 round_not_closed");
    assertThat(TestWeb.json(twice).path("message").asText())
        .isEqualTo("spring 第 1 轮尚未结束（scheduled），请先结束");
    var jdbi = mysql.database().jdbi();
    long round =
        jdbi.withHandle(
            handle -> handle.createQuery("SELECT id FROM round").mapTo(Long.class).one());
    new RoundOpener(jdbi, CLOCK).open(round);
    JsonNode open = good("GET", path + "/current", template + "/current", plan);
    assertThat(open.at("/bins/due").asInt()).isEqualTo(1);
    JsonNode report = good("GET", path + "/current/report", template + "/current/report", plan);
    assertThat(report.get("sitesLoaded").asInt()).isEqualTo(1);
    assertThat(web.call("POST", path + "/current/pause", plan, null).statusCode()).isEqualTo(204);
    assertThat(
            TestWeb.error(
                web.call(
                    "POST",
                    path + "/current/extend",
                    plan,
                    Map.of("closesAt", "2020-01-01T00:00:00Z"))))
        .isEqualTo("400 invalid");
    assertThat(
            web.call(
                    "POST",
                    path + "/current/extend",
                    plan,
                    Map.of("closesAt", "2999-01-01T00:00:00Z"))
                .statusCode())
        .isEqualTo(204);
    JsonNode paused = good("GET", path + "/current", template + "/current", plan);
    assertThat(paused.get("paused").asBoolean()).isTrue();
    assertThat(paused.get("closesAt").asText()).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(paused.at("/bins/due").asInt()).isEqualTo(1);
    assertThat(web.call("POST", path + "/current/resume", plan, null).statusCode()).isEqualTo(204);
    assertThat(web.call("POST", path + "/current/close", plan, null).statusCode()).isEqualTo(204);
    assertThat(
            good("GET", path + "/current", template + "/current", plan)
                .at("/bins/not_dialled")
                .asInt())
        .isEqualTo(1);
    assertThat(TestWeb.error(web.call("POST", path + "/current/close", plan, null)))
        .isEqualTo("409 round_closed");
    assertThat(TestWeb.error(web.call("POST", path + "/current/pause", plan, null)))
        .isEqualTo("409 round_not_open");
    assertThat(TestWeb.error(web.call("POST", "/api/v1/campaigns/none/rounds", plan, Map.of())))
        .isEqualTo("404 not_found");
  }

  @Test
  void rulesThatCannotBeReadAreToldInTheLanguageOfWhoOpens() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            h -> Seed.campaign(h, "broken", customerId, "preview", "{\"caps\":{\"perDay\":0}}"));
    HttpResponse<String> refused =
        web.call("POST", "/api/v1/campaigns/broken/rounds", web.signIn("plan"), Map.of());
    assertThat(TestWeb.error(refused)).isEqualTo("409 invalid_rules");
    assertThat(TestWeb.json(refused).path("message").asText())
        .isEqualTo("rules.caps.perDay：应为不小于 1 的整数");
    mysql.database().jdbi().useHandle(h -> h.execute("DELETE FROM campaign WHERE code = 'broken'"));
  }

  private HttpResponse<String> put(String cookie, String body) {
    return web.send(
        web.request(
                "PUT", "/api/v1/agents/me/presence", cookie, body.getBytes(StandardCharsets.UTF_8))
            .build());
  }

  private String presence(String number, String cookie) {
    for (JsonNode agent : good("GET", "/api/v1/agents", "/api/v1/agents", cookie)) {
      if (agent.get("number").asText().equals(number)) {
        return agent.get("presence").asText();
      }
    }
    return "none";
  }

  /** A good answer, as described. */
  private JsonNode good(String method, String path, String template, String cookie) {
    HttpResponse<String> answer =
        web.call(method, path, cookie, method.equals("GET") ? null : Map.of());
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 299);
    Contract.conforms(method, template, answer);
    return TestWeb.json(answer);
  }
}
