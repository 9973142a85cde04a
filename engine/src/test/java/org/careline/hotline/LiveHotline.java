package org.careline.hotline;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.asterisk.AgiEntry;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.AsteriskWhispers;
import org.careline.asterisk.OutsideCallers;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.CallState;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestOutside;
import org.careline.local.Ports;
import org.careline.telephony.TelephonyEvent;

/**
 * The hotline on a real Asterisk with the outside world and MySQL; only reference data is given.
 */
final class LiveHotline implements AutoCloseable {
  static final String PLAIN = "4008001111";
  static final String GREETING = "4008002222";
  static final String SHORT_RING = "4008003333";

  final TestAsterisk asterisk;
  final Ports ports;
  final TestOutside outside;

  /** All that the switch has told. */
  final List<TelephonyEvent> events = new CopyOnWriteArrayList<>();

  /** Zero: waiting callers hear music only. */
  volatile Duration announceEvery = Duration.ZERO;

  final Mailbox mailbox = new Mailbox();
  final Journal journal =
      new Journal(TestFolders.create("hotline").resolve("journal.db"), InstantSource.system());
  final Hotline hotline;
  final OutsideCallers callers;
  final CallRepository repository;
  private final JournalWriter writer;
  private final AmiLink engine;
  private final AmiLink credentials;
  private final AsteriskTelephony telephony;
  private final SoftphoneCredentials phones;
  private final AgiEntry agi;
  private final Set<AgentNumber> consoles = ConcurrentHashMap.newKeySet();

  LiveHotline(Database database) throws Exception {
    this(database, Map.of());
  }

  /**
   * @param overrides other values for some placeholders of the dialplan
   */
  LiveHotline(Database database, Map<String, String> overrides) throws Exception {
    asterisk = TestAsterisk.start(overrides);
    ports = asterisk.ports();
    outside = TestOutside.start(ports);
    InstantSource clock = InstantSource.system();
    engine = link("engine", TestAsterisk.ENGINE_SECRET);
    credentials = link("cred", TestAsterisk.CRED_SECRET);
    telephony = new AsteriskTelephony(engine, "trunk", clock);
    hotline =
        new Hotline(
            Hotline.Settings.DEFAULT,
            book(),
            AgentDirectory.of(
                List.of(profile("8001"), profile("8002"), profile("8003"), profile("8101"))),
            mailbox,
            journal,
            telephony,
            asterisk.home().resolve("recordings"),
            clock,
            () -> true);
    hotline.announce(new AsteriskWhispers(engine), 20, call -> announceEvery);
    phones =
        new SoftphoneCredentials(
            credentials, new SoftphoneCredentials.Media("127.0.0.1", "127.0.0.1"), clock, this::on);
    writer = new JournalWriter(journal, database.dataSource(), Hotline.appliers(), clock);
    repository = new CallRepository(database.jdbi());
    agi =
        new AgiEntry(
            "127.0.0.1",
            ports.agi(),
            TestAsterisk.AGI_TOKEN,
            trunk -> List.of("From"),
            hotline.dialog(),
            clock);
    callers = new OutsideCallers(ports.outsideAmi(), TestAsterisk.ENGINE_SECRET, clock);
    writer.start();
    agi.start();
    engine.start();
    credentials.start();
    await().until(() -> engine.session() > 0 && credentials.session() > 0 && callers.connected());
    hotline.start();
    mailbox.repeat(
        Duration.ofSeconds(1),
        () -> {
          telephony.beat();
          consoles.forEach(hotline.agents()::heartbeat);
        });
    await().until(() -> asterisk.cli("dialplan show globals").contains("CARELINE_BEAT"));
  }

  private AmiLink link(String user, String secret) {
    return new AmiLink(
        new AmiLink.Login("127.0.0.1", ports.ami(), user, secret),
        AmiLink.Timing.usual(),
        InstantSource.system(),
        user.equals("engine") ? this::on : event -> {});
  }

  private void on(TelephonyEvent event) {
    events.add(event);
    hotline.on(event);
  }

  private static AgentDirectory.Profile profile(String number) {
    return new AgentDirectory.Profile(new AgentNumber(number), number, 1, Set.of(), true);
  }

  private static HotlineDialog.Book book() {
    Map<String, Line> lines =
        Map.of(
            PLAIN, line("plain", PLAIN, "", 15),
            GREETING, line("greeting", GREETING, "greeting", 15),
            SHORT_RING, line("short", SHORT_RING, "", 2));
    return new HotlineDialog.Book(
        arrival ->
            new Recognition(
                "test",
                Optional.empty(),
                false,
                Optional.empty(),
                "standard",
                List.of(),
                false,
                "from"),
        dialled -> Optional.ofNullable(lines.get(dialled)),
        code -> new Tier("standard", "Standard", "普通", 100, 1, 1));
  }

  private static Line line(String code, String number, String greeting, int ring) {
    return new Line(
        code, number, code, code, "zh", greeting, Duration.ofSeconds(ring), Duration.ofSeconds(1));
  }

  /** A desk phone of the outside world whose agent has his console open and is ready. */
  void ready(String number) throws Exception {
    AgentNumber agent = new AgentNumber(number);
    phones
        .desk(agent, "sip:" + number + "@127.0.0.2:" + ports.outsideSip())
        .get(10, TimeUnit.SECONDS);
    consoles.add(agent);
    mailbox.ask(
        Duration.ofSeconds(1),
        () -> {
          hotline.agents().heartbeat(agent);
          hotline.agents().wish(agent, Wish.READY);
          return true;
        });
    // a caller who waits may have him at once
    await()
        .until(() -> !Set.of("logged_out", "not_ready").contains(presence(number).split(":")[0]));
  }

  /** He goes home: the next test has its own agents. */
  void notReady(String number) {
    AgentNumber agent = new AgentNumber(number);
    consoles.remove(agent);
    mailbox.execute(() -> hotline.agents().wish(agent, Wish.notReady("break")));
  }

  String presence(String number) {
    return mailbox.ask(
        Duration.ofSeconds(1),
        () -> {
          var presence = hotline.agents().presence(new AgentNumber(number));
          return presence.key() + (presence.why().isEmpty() ? "" : ":" + presence.why());
        });
  }

  List<LiveCall> live() {
    return mailbox.ask(Duration.ofSeconds(1), () -> hotline.calls().live());
  }

  /** The one living call, once it is in this state. */
  CallId in(String state) {
    return await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                live().stream()
                    .filter(call -> call.state().kind().equals(state))
                    .filter(call -> !(call.state() instanceof CallState.Waiting w) || w.inRoom())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .id();
  }

  void call(String line, int talkSeconds) {
    callers.call(line, "13800138000", Duration.ofSeconds(talkSeconds)).join();
  }

  /** The person at the desk phone puts the receiver down. */
  void hangUpDeskPhone(String number) {
    String channel =
        outside
            .asterisk()
            .cli("core show channels concise")
            .lines()
            .map(line -> line.split("!"))
            .filter(part -> part[0].startsWith("PJSIP/careline-") && part[2].equals(number))
            .findFirst()
            .orElseThrow()[0];
    outside.asterisk().cli("channel request hangup " + channel);
  }

  /** The whole story once MySQL has its outcome. */
  CallRepository.Story story(CallId id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> repository.story(id).filter(story -> story.call().outcome() != null),
            Optional::isPresent)
        .orElseThrow();
  }

  Path recording(CallId id) {
    return await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> hotline.recordings().find(id), Optional::isPresent)
        .orElseThrow();
  }

  Instant joinedAt(CallId id) {
    return live().stream()
        .filter(call -> call.id().equals(id))
        .findFirst()
        .flatMap(LiveCall::joinedAt)
        .orElseThrow();
  }

  @Override
  public void close() {
    agi.close();
    callers.close();
    engine.close();
    credentials.close();
    hotline.close();
    mailbox.close();
    writer.close();
    journal.close();
    outside.close();
    asterisk.close();
  }
}
