package org.careline.web;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.careline.agent.AgentNumber;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.callback.AnswerBook;
import org.careline.callback.RoundSelection;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.AwayStore;
import org.careline.customer.ChangeHistory;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportResult;
import org.careline.customer.NumberOwner;
import org.careline.customer.PolicyStore;
import org.careline.customer.TableWriter;
import org.careline.database.Database;
import org.careline.language.Sentence;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireParser;
import org.careline.telephony.Phones;
import org.careline.telephony.Telephony.Accepted;

/** The features' side, scripted: agent 8001 talks in call c-1, agent 8002 has attempt a-1. */
final class FakeDesks {
  private static final Questionnaire QUESTIONNAIRE =
      QuestionnaireParser.parse(
          "standard",
          1,
          """
          {"sections":[{"code":"general","titleEn":"General","titleZh":"概况","questions":[
            {"code":"fault","type":"yes_no","textEn":"Any?","textZh":"有吗？","required":true}]},
           {"code":"devices","titleEn":"Devices","titleZh":"设备","perDevice":true,
            "onlyWhen":{"any":[{"code":"fault","equals":"yes"}]},"questions":[
            {"code":"solved","type":"yes_no","textEn":"Solved?","textZh":"解决了吗？"},
            {"code":"pressure","type":"number","textEn":"P?","textZh":"压力？","unitEn":"bar",
             "unitZh":"巴","min":0,"max":10,"decimals":1,"hintEn":"Gauge","hintZh":"表"},
            {"code":"parts","type":"multi","textEn":"Parts?","textZh":"部件？",
             "options":["pump","fan"]},
            {"code":"since","type":"date","textEn":"Since?","textZh":"何时？","max":"today"}]}]}
          """);

  static final Instant AT = Instant.parse("2026-03-01T08:00:00Z");
  static final String NUMBER = "+8613800138000";

  final List<String> orders = new CopyOnWriteArrayList<>();
  final List<String> texts = new CopyOnWriteArrayList<>();
  final Map<String, String> answers = new ConcurrentHashMap<>();
  final List<Views.LiveCall> live = new CopyOnWriteArrayList<>();
  final List<Views.AgentView> agents =
      new CopyOnWriteArrayList<>(
          List.of(
              new Views.AgentView("8001", "Li", "on_call", "", AT, null, "c-1", true),
              agent("8002", "ready")));
  volatile Database database;
  volatile RuntimeException failure;
  volatile Exception referenceFailure;
  volatile Path recording;
  volatile Views.Work deskWork;
  volatile String switchState = "up";
  volatile int liveAsked;

  FakeDesks() {
    live.add(liveCall("c-2"));
  }

  static Views.AgentView agent(String number, String presence) {
    return new Views.AgentView(number, "Wang", presence, "", AT, null, null, true);
  }

  static Views.LiveCall liveCall(String id) {
    return new Views.LiveCall(
        id, "main", NUMBER, "Ruijia", "Store 1", "gold", "waiting", AT, 1, null, 95L);
  }

  Desks desks() {
    return new Desks(
        new Agents(),
        new Calls(),
        new Attempts(),
        new Rounds(),
        new Reference(),
        this::status,
        new FakePhones(orders),
        new FakeFigures(orders),
        new FakeTalks(orders),
        policies(() -> database.jdbi()),
        new FakeTasks(orders),
        FakePeople.of(() -> database),
        forms(() -> database.jdbi()));
  }

  /** Real ones, on the database of the test. */
  static RoutingPolicies policies(java.util.function.Supplier<org.jdbi.v3.core.Jdbi> jdbi) {
    return new RoutingPolicies(
        jdbi,
        new PolicyStore(FakeDesks::refusal, InstantSource.system()),
        new AwayStore(FakeDesks::refusal));
  }

  /** Real ones, on the database of the test. */
  static QuestionnaireForms forms(java.util.function.Supplier<org.jdbi.v3.core.Jdbi> jdbi) {
    ZoneId zone = ZoneId.of("Asia/Shanghai");
    return new QuestionnaireForms(
        jdbi, new AnswerBook(jdbi, InstantSource.system(), zone), zone, InstantSource.system());
  }

  private static Optional<Sentence> refusal(String number) {
    return number.startsWith("00")
        ? Optional.of(Sentence.of("policy.dial-refused", number))
        : Optional.empty();
  }

  private void trouble() {
    if (failure != null) {
      throw failure;
    }
  }

  Views.Status status() {
    trouble();
    return new Views.Status(true, 3, switchState, "up", 0, live.size(), 1, 0, List.of(), null);
  }

  private static Views.CallRow row() {
    return new Views.CallRow(
        "c-1", "main", "4001", NUMBER, "Ruijia", "Store 1", "gold", AT, AT, AT, null, null, null,
        "8001", 1200L, null, true);
  }

  private static Views.SiteView site() {
    return new Views.SiteView(
        "S1", "Store 1", "Ruijia", "gold", "", "Shanghai", "Road 1", "", null);
  }

  private final class Agents implements Desks.AgentDesk {
    @Override
    public List<Views.AgentView> all() {
      trouble();
      return List.copyOf(agents);
    }

    @Override
    public void wish(AgentNumber agent, boolean ready, String reason) {
      trouble();
      orders.add("wish " + agent + " " + ready + " " + reason);
    }

    @Override
    public void endWrapUp(AgentNumber agent) {
      trouble();
      orders.add("endWrapUp " + agent);
    }

    @Override
    public void heartbeat(AgentNumber agent) {
      orders.add("heartbeat " + agent);
    }

    @Override
    public void consoleGone(AgentNumber agent) {
      orders.add("consoleGone " + agent);
    }

    @Override
    public void signedIn(AgentNumber agent) {
      orders.add("signedIn " + agent);
    }

    @Override
    public void signedOut(AgentNumber agent) {
      orders.add("signedOut " + agent);
    }

    @Override
    public Optional<Views.Work> work(AgentNumber agent) {
      trouble();
      return switch (agent.value()) {
        case "8001" ->
            Optional.of(new Views.CallWork("c-1", "talking", cardOf("c-1"), null, null, null));
        case "8002" ->
            Optional.of(
                new Views.AttemptWork(
                    "a-1",
                    "ended",
                    "preview",
                    site(),
                    new Views.ContactView("Zhang", "manager", NUMBER, "801"),
                    CallbackAttempts.view(QUESTIONNAIRE),
                    List.of(new Views.FormDevice(7, "Boiler", "B-1", false)),
                    Map.of("fault", "yes"),
                    new Views.BeforeView(
                        new Views.RoundPeriod(
                            1, LocalDate.parse("2025-10-01"), LocalDate.parse("2025-12-31")),
                        Map.of("fault", "no", "solved@7", "yes"),
                        List.of("fault")),
                    new FormViews.FaultBookView(
                        List.of(
                            new FormViews.CardView(
                                3,
                                "Boiler",
                                "E1",
                                "No flame",
                                "不点火",
                                "Gas on?",
                                "燃气开了吗？",
                                "Reset",
                                "复位",
                                true,
                                1)),
                        List.of("漏气")),
                    new Views.RoundPeriod(
                        1, LocalDate.parse("2026-01-01"), LocalDate.parse("2026-03-01")),
                    null,
                    null,
                    List.of(
                        new Views.AttemptSite(
                            site(),
                            List.of(new Views.FormDevice(8, "Boiler", "B-2", false)),
                            Map.of("fault", "no"),
                            null,
                            new FormViews.FaultBookView(List.of(), List.of("漏气")),
                            "completed"))));
        default -> Optional.ofNullable(deskWork);
      };
    }
  }

  private static Views.Card cardOf(String id) {
    return new Views.Card(
        id,
        NUMBER,
        new Views.CustomerView("RJ", "Ruijia"),
        "gold",
        site(),
        List.of(new Views.DeviceView("D200", "1", LocalDate.parse("2025-05-05"))),
        List.of(new Views.EarlierCall("c-0", AT, "answered", "8001")));
  }

  private final class Calls implements Desks.CallDesk {
    @Override
    public List<Views.LiveCall> live() {
      trouble();
      liveAsked++;
      return List.copyOf(live);
    }

    @Override
    public Optional<Views.CallStory> story(CallId id) {
      trouble();
      if (!id.value().equals("c-1")) {
        return Optional.empty();
      }
      return Optional.of(
          new Views.CallStory(
              row(),
              "by number",
              List.of(new Views.CallEvent(AT, "arrived", Map.of("caller", NUMBER), false)),
              List.of("8001")));
    }

    @Override
    public Views.CallPage list(
        Instant from, Instant to, int limit, Optional<String> cursor, CallFilter filter) {
      trouble();
      orders.add("list " + filter.agent().orElse("all") + " " + limit);
      filter.number().ifPresent(number -> orders.add("number " + number));
      return new Views.CallPage(List.of(row()), "c-1");
    }

    @Override
    public Optional<Views.Card> card(CallId id) {
      return Optional.of(cardOf(id.value()));
    }

    @Override
    public Optional<Path> recording(CallId id) {
      return Optional.ofNullable(recording);
    }

    @Override
    public void known(CallId id, NumberOwner owner) {
      orders.add("known " + id + " " + owner.customer().code());
    }

    @Override
    public void hangUp(CallId id) {
      orders.add("hangUp " + id);
    }
  }

  private final class Attempts implements Desks.AttemptDesk {
    @Override
    public void keys(CallId attempt, String keys) {
      orders.add("keys " + attempt + " " + keys);
    }

    @Override
    public Optional<AgentNumber> agentOf(CallId attempt) {
      trouble();
      return attempt.value().equals("a-1")
          ? Optional.of(new AgentNumber("8002"))
          : Optional.empty();
    }

    @Override
    public void dial(CallId attempt) {
      orders.add("dial " + attempt);
    }

    @Override
    public List<Views.WaitingSite> waiting(CallId call, AgentNumber agent) {
      return List.of(new Views.WaitingSite("spring", 1, "S1", "Store 1", AT));
    }

    @Override
    public CallId ask(CallId call, AgentNumber agent) {
      return new CallId("a-1");
    }

    @Override
    public void hangUp(CallId attempt) {
      orders.add("hangUp " + attempt);
    }

    @Override
    public void answers(
        CallId attempt, Optional<String> site, String login, Map<String, String> given) {
      answers.putAll(given);
    }

    @Override
    public void disposition(CallId attempt, String login, Views.DispositionForm form) {
      texts.add(form.note());
      orders.add("disposition " + attempt + " " + login + " " + form.disposition());
    }
  }

  private final class Rounds implements Desks.RoundDesk {
    @Override
    public Views.AppointmentsView appointments(
        String campaign, Optional<Integer> round, Optional<Instant> from, Optional<Instant> until) {
      return new Views.AppointmentsView(
          from.orElse(AT),
          until.orElse(null),
          2,
          1,
          0,
          0,
          1,
          1,
          List.of(
              new Views.AppointmentView(
                  1, "S1", "Store", AT, "8001", "", "li", AT, "a-1", "missed", null)));
    }

    private Views.RoundView round() {
      return new Views.RoundView(
          1, "open", AT, AT, null, false, null, 3, Map.of("due", 2, "completed", 1), 1, "hand");
    }

    @Override
    public List<Views.CampaignView> campaigns() {
      trouble();
      return List.of(
          new Views.CampaignView(
              "spring", "Spring", "Ruijia", "preview", round(), List.of(round())),
          new Views.CampaignView("autumn", "Autumn", "Ruijia", "progressive", null, List.of()));
    }

    @Override
    public Views.RoundView open(
        String campaign,
        Optional<Instant> opensAt,
        Optional<Instant> closesAt,
        RoundSelection sites) {
      trouble();
      if (!campaign.equals("spring")) {
        throw Refusal.notFound(Sentence.of("web.no-campaign"));
      }
      orders.add("open " + campaign + " " + opensAt.map(Instant::toString).orElse("now"));
      return round();
    }

    @Override
    public Optional<Views.RoundView> current(String campaign, Optional<Integer> number) {
      trouble();
      return campaign.equals("spring") ? Optional.of(round()) : Optional.empty();
    }

    @Override
    public void close(String campaign, Optional<Integer> number) {
      orders.add("close " + campaign);
    }

    /** Real ones, on the database of the test. */
    @Override
    public RoundReports reports() {
      return new RoundReports(() -> database.jdbi(), InstantSource.system());
    }

    /** A real one, on the database of the test; asked for it only when somebody calls. */
    @Override
    public Desks.CallingDesk calling() {
      return (Desks.CallingDesk)
          java.lang.reflect.Proxy.newProxyInstance(
              FakeDesks.class.getClassLoader(),
              new Class<?>[] {Desks.CallingDesk.class},
              (proxy, method, values) -> {
                try {
                  return method.invoke(
                      new CallingRulesDesk(
                          database.jdbi(),
                          new AllowedDestinations(List.of("+86")),
                          InstantSource.system()),
                      values);
                } catch (java.lang.reflect.InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    /** As above. */
    @Override
    public Desks.PlanningDesk planning() {
      return (Desks.PlanningDesk)
          java.lang.reflect.Proxy.newProxyInstance(
              FakeDesks.class.getClassLoader(),
              new Class<?>[] {Desks.PlanningDesk.class},
              (proxy, method, values) -> {
                try {
                  return method.invoke(
                      new PlanningDesk(database.jdbi(), InstantSource.system()), values);
                } catch (java.lang.reflect.InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    public void pause(String campaign, Optional<Integer> number) {
      orders.add("pause " + campaign);
    }

    @Override
    public void resume(String campaign, Optional<Integer> number) {
      orders.add("resume " + campaign);
    }

    @Override
    public void extend(String campaign, Optional<Integer> number, Optional<Instant> closesAt) {
      orders.add("extend " + campaign + " " + closesAt.map(Instant::toString).orElse("open"));
    }

    @Override
    public Optional<Object> report(String campaign) {
      Map<String, Object> figures = new HashMap<>();
      figures.put("sitesLoaded", 3);
      figures.put("bins", Map.of("completed", 3));
      figures.put("responseRate", 1.0);
      for (String share : List.of("faults", "unresolved", "satisfied")) {
        figures.put(share, Map.of("n", 1, "of", 3));
      }
      Map<String, Object> region = new HashMap<>(figures);
      region.put("code", "EAST");
      figures.put("regions", List.of(region));
      return campaign.equals("spring") ? Optional.of(figures) : Optional.empty();
    }
  }

  private final class Reference implements Desks.ReferenceDesk {
    @Override
    public Desks.LineDesk lines() {
      return new FakeLines();
    }

    @Override
    public Views.ImportResult importFile(DataImport.Order order, InputStream file)
        throws Exception {
      if (referenceFailure != null) {
        throw referenceFailure;
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      texts.add(order.fileName());
      Views.Reject reject =
          new Views.Reject(2, "tier", "unknown " + order.language().getLanguage());
      return new Views.ImportResult(
          text.length(),
          0,
          0,
          1,
          List.of(reject),
          "line,column\n",
          1,
          List.of(reject),
          order.fullList() ? 1 : 0,
          List.of(
              new Views.Detail(
                  3,
                  "changed",
                  order.customer().orElse("?"),
                  List.of(new ImportResult.Field("tier", "gold", "silver")))));
    }

    @Override
    public void export(
        FileKind kind,
        Optional<String> customer,
        TableWriter.Format format,
        java.util.function.UnaryOperator<String> numbers,
        OutputStream out)
        throws Exception {
      if (customer.equals(Optional.of("nobody"))) {
        throw new Refusal(
            400, "export_refused", org.careline.language.Sentence.plain("nobody"), Map.of());
      }
      out.write(
          (kind.key() + " " + format.key() + " " + numbers.apply(NUMBER))
              .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Map<String, String> mapping(String customer, FileKind kind) {
      return Map.of("门店", "site_name");
    }

    @Override
    public void saveMapping(String customer, FileKind kind, Map<String, String> heads) {
      texts.add(customer + " " + kind.key() + " " + heads);
    }

    @Override
    public List<ChangeHistory.Entry> history(
        String customer, Optional<String> site, Optional<Long> before, int limit) {
      return List.of(
          new ChangeHistory.Entry(
              before.orElse(8L) - 1,
              java.time.Instant.EPOCH,
              "li",
              "a.csv",
              customer,
              site.orElse(""),
              "sites",
              "S1",
              "tier",
              "gold",
              "silver"));
    }

    @Override
    public Views.ApplyResult apply(String yaml, boolean users) throws Exception {
      if (referenceFailure != null) {
        throw referenceFailure;
      }
      texts.add(yaml);
      return new Views.ApplyResult(
          new ArrayList<>(List.of("line main")), List.of(), List.of(), Map.of());
    }
  }

  private record FakePhones(List<String> orders) implements Phones {
    @Override
    public CompletableFuture<Set<AgentNumber>> keepOnly(
        Set<AgentNumber> known, Set<AgentNumber> desks) {
      return CompletableFuture.completedFuture(Set.of());
    }

    @Override
    public CompletableFuture<Accepted> remove(AgentNumber agent) {
      orders.add("removed " + agent);
      return CompletableFuture.completedFuture(new Accepted(true, ""));
    }

    @Override
    public CompletableFuture<BrowserPhone> browser(AgentNumber agent) {
      return CompletableFuture.completedFuture(new BrowserPhone(agent.endpoint(), "s".repeat(32)));
    }

    @Override
    public CompletableFuture<Accepted> desk(AgentNumber agent, String address) {
      return CompletableFuture.completedFuture(new Accepted(true, ""));
    }

    @Override
    public CompletableFuture<Accepted> revoke(AgentNumber agent) {
      orders.add("revoked " + agent);
      return CompletableFuture.completedFuture(new Accepted(true, ""));
    }
  }
}
