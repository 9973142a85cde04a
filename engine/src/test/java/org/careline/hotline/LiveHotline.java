package org.careline.hotline;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sound.sampled.AudioSystem;
import org.careline.PromisedCalls;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.asterisk.AgiEntry;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.Announcements;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.AsteriskWhispers;
import org.careline.asterisk.OutsideCallers;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.asterisk.UdpPhones;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.callback.CallingWindow.Span;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberOwner;
import org.careline.customer.NumberOwner.Customer;
import org.careline.customer.OwnNumbers;
import org.careline.customer.PhoneNumber;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestOutside;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.LineSettings.AfterHours;
import org.careline.line.LineSettings.Choice;
import org.careline.line.LineSettings.Closing;
import org.careline.line.LineSettings.MenuEntry;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;
import org.careline.local.Ports;
import org.careline.task.CallbackNumbers;
import org.careline.task.NewTask;
import org.careline.task.Tasks;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;

/**
 * The hotline on a real Asterisk with the outside world and MySQL; only reference data is given.
 */
final class LiveHotline implements AutoCloseable {
  static final String PLAIN = "4008001111";
  static final String GREETING = "4008002222";
  static final String SHORT_RING = "4008003333";

  /** Notice, greeting, menu (1 = install, with the skill; 2 = repair), agent's number, survey. */
  static final String DIALOGUE = "4008004444";

  static final String VOICEMAIL = "4008005555";
  static final String MESSAGE = "4008006666";

  /** Closed; agents with the skill night take calls. */
  static final String EMERGENCY = "4008007777";

  /** Asks whom it does not know for a code. */
  static final String CODE = "4008008888";

  /** Until {@link #closesIn} open; then those who wait get a promise. */
  static final String CLOSING = "4008001212";

  /** No after-call work, at most 6 s of it, but a disposition is forced. */
  static final String FORCED = "4008001313";

  /** In English: notice, greeting, a menu with all choices, agent's number, survey of four. */
  static final String ENGLISH = "4008009999";

  /** Straight to the agents, survey of four answers. */
  static final String SURVEY = "4008001515";

  /** Monday to Friday by China's calendar; else a message. */
  static final String OFFICE = "4008001414";

  static final String KNOWN = "13900139000";
  static final String SHARED = "13900139001";
  static final String BLOCKED = "13900139002";
  static final Customer RUI = new Customer(7, "4711", "Rui", "gold");
  static final Customer MAN = new Customer(8, "4712", "Man", "standard");

  final TestAsterisk asterisk;
  final Ports ports;
  final TestOutside outside;

  /** All that the switch has told. */
  final List<TelephonyEvent> events = new CopyOnWriteArrayList<>();

  /** The engine's clock is so much ahead; the beat is not, the switch compares it with its own. */
  volatile Duration ahead = Duration.ZERO;

  /** Zero: waiting callers hear music only. */
  volatile Duration announceEvery = Duration.ZERO;

  volatile Function<LiveCall, Duration> announceBy = call -> announceEvery;

  /** Whether this caller is to be called when he gives up. */
  volatile Predicate<Caller> calledBack = caller -> caller.tierCode().equals("gold");

  final Mailbox mailbox = new Mailbox();
  final Journal journal =
      new Journal(TestFolders.create("hotline").resolve("journal.db"), InstantSource.system());
  final Hotline hotline;
  final PromisedCalls promised;
  final OutsideCallers callers;
  final CallRepository repository;
  private final JournalWriter writer;
  final AsteriskWhispers whispers;
  private final AmiLink engine;
  private final AmiLink credentials;
  private final AsteriskTelephony telephony;
  private final SoftphoneCredentials phones;
  private final AgiEntry agi;
  private final Set<AgentNumber> consoles = ConcurrentHashMap.newKeySet();
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /** To whom agents hand over. */
  final TransferBook transfers =
      new TransferBook(
          () -> List.copyOf(lines.values()),
          ConfigurationLoader.defaults().trunks().getFirst(),
          new AllowedDestinations(List.of("+86")),
          new OwnNumbers(List.of(), () -> OwnNumbers.Ours.NONE),
          InstantSource.system());

  final List<NewTask> tasks = new CopyOnWriteArrayList<>();

  LiveHotline(Database database) throws Exception {
    this(database, Map.of());
  }

  /**
   * @param overrides other values for some placeholders of the dialplan
   */
  LiveHotline(Database database, Map<String, String> overrides) throws Exception {
    this(database, overrides, List.of());
  }

  /**
   * @param more agents besides the four with desk phones
   */
  LiveHotline(Database database, Map<String, String> overrides, List<AgentDirectory.Profile> more)
      throws Exception {
    var warm =
        WarmUp.start(
            arrival -> recognised(arrival.callerHeaders().get("from")), InstantSource.system());
    asterisk = TestAsterisk.start(overrides);
    ports = asterisk.ports();
    outside = TestOutside.start(ports);
    InstantSource clock = () -> Instant.now().plus(ahead);
    engine = link("engine", TestAsterisk.ENGINE_SECRET);
    credentials = link("cred", TestAsterisk.CRED_SECRET);
    Announcements announcements =
        Announcements.in(asterisk.home().resolve("recordings/announcements"));
    telephony = new AsteriskTelephony(engine, "trunk", InstantSource.system(), "", announcements);
    hotline =
        new Hotline(
            Hotline.Settings.DEFAULT,
            book(),
            AgentDirectory.of(
                Stream.concat(
                        Stream.of("8001", "8002", "8003", "8004", "8101").map(LiveHotline::profile),
                        more.stream())
                    .toList()),
            mailbox,
            journal,
            telephony,
            asterisk.home().resolve("recordings"),
            clock,
            () -> true);
    hotline
        .wrapUps()
        .settingsBy(
            code ->
                lines.values().stream()
                    .filter(line -> line.code().equals(code))
                    .findFirst()
                    .map(Line::settings)
                    .orElse(LineSettings.DEFAULT));
    whispers = new AsteriskWhispers(engine);
    hotline.announce(whispers, 20, call -> announceBy.apply(call));
    phones =
        new SoftphoneCredentials(
            credentials, new SoftphoneCredentials.Media("127.0.0.1", "127.0.0.1"), clock, this::on);
    journal.epoch(1);
    writer =
        new JournalWriter(
            journal,
            database.dataSource(),
            Stream.concat(Hotline.appliers().stream(), Tasks.appliers().stream()).toList(),
            clock);
    repository = new CallRepository(database.jdbi());
    agi =
        new AgiEntry(
            "127.0.0.1",
            ports.agi(),
            TestAsterisk.AGI_TOKEN,
            trunk -> List.of("From"),
            hotline.dialog(),
            announcements,
            clock);
    promised =
        new PromisedCalls(
            world(),
            database.dataSource(),
            journal,
            () -> true,
            () -> 1,
            mailbox,
            telephony,
            hotline,
            clock);
    promised.tasks().watch(tasks::add);
    callers = new OutsideCallers(ports.outsideAmi(), TestAsterisk.ENGINE_SECRET, clock);
    writer.start();
    agi.start();
    engine.start();
    credentials.start();
    await().until(() -> engine.session() > 0 && credentials.session() > 0 && callers.connected());
    warm.join();
    hotline.start();
    promised.start();
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
        () -> Instant.now().plus(ahead),
        user.equals("engine") ? this::on : event -> {});
  }

  private void on(TelephonyEvent event) {
    events.add(event);
    hotline.on(event);
    mailbox.execute(() -> promised.calls().on(event));
    if (event instanceof TelephonyEvent.ChannelEnded ended
        && Telephony.attemptOfAgentLeg(ended.uniqueId()) != null) {
      hotline.recordings().finish(new CallId(Telephony.attemptOfAgentLeg(ended.uniqueId())));
    }
  }

  /**
   * Numbers of this country are called as they are, except the line's, agents' and blocked ones.
   */
  private PromisedCalls.World world() {
    return new PromisedCalls.World(
        new CallbackNumbers(
            new CallbackNumbers.Taken(
                lines::keySet, () -> Set.of("8001", "8002"), e164 -> e164.endsWith(BLOCKED)),
            new AllowedDestinations(List.of("+86")),
            "021"),
        code -> lines.values().stream().filter(line -> line.code().equals(code)).findFirst(),
        e164 -> Optional.of(PhoneNumber.of(e164).national()),
        caller -> calledBack.test(caller));
  }

  private static AgentDirectory.Profile profile(String number) {
    Set<String> skills =
        switch (number) {
          case "8003" -> Set.of("install", "night");
          case "8004" -> Set.of("complaint");
          default -> Set.of();
        };
    return new AgentDirectory.Profile(new AgentNumber(number), number, 1, skills, true);
  }

  private HotlineDialog.Book book() {
    LineSettings usual = LineSettings.DEFAULT;
    line(PLAIN, "plain", "", 15, usual);
    line(GREETING, "greeting", "greeting", 15, usual);
    line(SHORT_RING, "short", "", 2, usual);
    line(DIALOGUE, "dialogue", "greeting", 15, dialogue());
    line(VOICEMAIL, "voicemail", "", 15, closed(AfterHours.Action.VOICEMAIL, ""));
    line(MESSAGE, "message", "", 15, closed(AfterHours.Action.MESSAGE, ""));
    line(EMERGENCY, "emergency", "", 15, closed(AfterHours.Action.EMERGENCY, "night"));
    line(CODE, "code", "", 15, settings(usual.hours(), usual.afterHours(), true));
    line(CLOSING, "closing", "", 15, usual);
    lines.put(
        FORCED,
        new Line(
            "forced",
            FORCED,
            "forced",
            "forced",
            "zh",
            "",
            Duration.ofSeconds(15),
            Duration.ZERO,
            new LineSettings(
                "",
                List.of(),
                "",
                false,
                usual.hours(),
                Set.of(),
                List.of(),
                usual.afterHours(),
                Closing.SERVE,
                false,
                LineSettings.Survey.OFF,
                "",
                usual.callback(),
                LineSettings.Disposition.FORCED,
                new LineSettings.WrapUp(Duration.ofSeconds(6), Duration.ofSeconds(4)))));
    line(ENGLISH, "english", "en", "greeting", 15, english());
    line(SURVEY, "survey", "", 15, settings(LineSettings.Survey.FOUR, usual.hours()));
    line(OFFICE, "office", "", 15, settings(LineSettings.Survey.OFF, office()));
    NumberOwner.Book numbers =
        new NumberOwner.Book() {
          @Override
          public Optional<NumberOwner.Entry> find(String e164) {
            return e164.endsWith(SHARED)
                ? Optional.of(new NumberOwner.Shared(List.of(RUI, MAN)))
                : Optional.empty();
          }

          @Override
          public List<NumberOwner> code(String typed) {
            return typed.equals("4711") ? List.of(owner(RUI)) : List.of();
          }
        };
    return new HotlineDialog.Book(
        arrival -> recognised(arrival.callerHeaders().getOrDefault("from", "")),
        dialled -> Optional.ofNullable(lines.get(dialled)),
        code ->
            code.equals("gold")
                ? new Tier("gold", "Gold", "金", 1, 8, 1)
                : new Tier("standard", "Standard", "普通", 100, 1, 1),
        numbers);
  }

  private static NumberOwner owner(Customer customer) {
    return new NumberOwner(customer, Optional.empty(), customer.tierCode());
  }

  private static Recognition recognised(String from) {
    String digits = from.replaceFirst(".*sip:\\+?([0-9]*)@.*", "$1");
    Optional<PhoneNumber> number =
        digits.matches("1[0-9]{10}")
            ? Optional.of(PhoneNumber.of("+86" + digits))
            : Optional.empty();
    Optional<NumberOwner> known = digits.equals(KNOWN) ? Optional.of(owner(RUI)) : Optional.empty();
    return new Recognition(
        "test",
        number,
        number.isEmpty(),
        known,
        known.map(NumberOwner::tierCode).orElse("standard"),
        digits.equals(SHARED) ? List.of(RUI, MAN) : List.of(),
        digits.equals(BLOCKED),
        "from");
  }

  /** One more line, or other settings for one. */
  void line(String number, String code, LineSettings settings) {
    line(number, code, "", 15, settings);
  }

  private void line(String number, String code, String greeting, int ring, LineSettings settings) {
    line(number, code, "zh", greeting, ring, settings);
  }

  private void line(
      String number,
      String code,
      String language,
      String greeting,
      int ring,
      LineSettings settings) {
    lines.put(
        number,
        new Line(
            code,
            number,
            code,
            code,
            language,
            greeting,
            Duration.ofSeconds(ring),
            Duration.ofSeconds(1),
            settings));
  }

  private static LineSettings dialogue() {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        List.of(),
        "recording-notice",
        false,
        usual.hours(),
        Set.of(),
        List.of(new MenuEntry(1, Choice.INSTALL, "install"), new MenuEntry(2, Choice.REPAIR, "")),
        usual.afterHours(),
        usual.closing(),
        true,
        LineSettings.Survey.THREE,
        "",
        usual.callback(),
        usual.disposition(),
        usual.wrapUp());
  }

  private static LineSettings english() {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        List.of(),
        "recording-notice",
        false,
        usual.hours(),
        Set.of(),
        List.of(
            new MenuEntry(1, Choice.INSTALL, "install"),
            new MenuEntry(2, Choice.REPAIR, "repair"),
            new MenuEntry(3, Choice.ENQUIRY, ""),
            new MenuEntry(4, Choice.COMPLAINT, "complaint"),
            new MenuEntry(5, Choice.ACCOUNT_MANAGER, "")),
        usual.afterHours(),
        usual.closing(),
        true,
        LineSettings.Survey.FOUR,
        "",
        usual.callback(),
        usual.disposition(),
        usual.wrapUp());
  }

  private static LineSettings settings(LineSettings.Survey survey, LineHours hours) {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        List.of(),
        "",
        false,
        hours,
        Set.of(),
        List.of(),
        new AfterHours(AfterHours.Action.MESSAGE, "after-hours", ""),
        usual.closing(),
        false,
        survey,
        "",
        usual.callback(),
        usual.disposition(),
        usual.wrapUp());
  }

  /** All of Monday to Friday, as the product's own calendar has them. */
  private static LineHours office() {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
      week.put(day, weekend ? List.of() : List.of(new Span(0, 1440)));
    }
    return new LineHours(
        ZoneId.of("Asia/Shanghai"),
        week,
        List.of(),
        List.of(new Span(0, 1440)),
        OfficeCalendars.china());
  }

  /** No minute of the week. */
  private static LineHours never() {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of());
    }
    return new LineHours(ZoneId.of("UTC"), week, List.of(), List.of(), OfficeCalendar.NONE);
  }

  private static LineSettings closed(AfterHours.Action action, String skill) {
    return settings(never(), new AfterHours(action, "after-hours", skill), false);
  }

  private static LineSettings settings(LineHours hours, AfterHours afterHours, boolean askCode) {
    LineSettings usual = LineSettings.DEFAULT;
    return new LineSettings(
        "",
        List.of(),
        "",
        askCode,
        hours,
        Set.of(),
        List.of(),
        afterHours,
        Closing.PROMISE,
        false,
        LineSettings.Survey.OFF,
        "",
        usual.callback(),
        usual.disposition(),
        usual.wrapUp());
  }

  /** The line {@link #CLOSING} closes then, at a full minute of a zone made for it. */
  void closesIn(int seconds) {
    Instant edge = Instant.now().plusSeconds(seconds);
    ZoneOffset zone = ZoneOffset.ofTotalSeconds((int) ((60 - edge.getEpochSecond() % 60) % 60));
    int minute = Math.max(1, LocalTime.ofInstant(edge, zone).toSecondOfDay() / 60);
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Span(0, minute)));
    }
    LineHours hours = new LineHours(zone, week, List.of(), List.of(), OfficeCalendar.NONE);
    line(CLOSING, "closing", "", 15, settings(hours, LineSettings.DEFAULT.afterHours(), false));
  }

  /** The caller's own side types a key. */
  void type(String keys) {
    String channel =
        outside
            .asterisk()
            .cli("core show channels concise")
            .lines()
            .map(line -> line.split("!")[0])
            .filter(name -> name.startsWith("PJSIP/line-"))
            .findFirst()
            .orElseThrow();
    callers.type(channel, keys).join();
  }

  /** The outside's channel of a new caller. */
  String side(String line, String from, int talkSeconds) {
    Set<String> before = callersOutside();
    call(line, from, "", talkSeconds);
    return await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> callersOutside().stream().filter(name -> !before.contains(name)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private Set<String> callersOutside() {
    return outside
        .asterisk()
        .cli("core show channels concise")
        .lines()
        .map(line -> line.split("!")[0])
        .filter(name -> name.startsWith("PJSIP/line-"))
        .collect(Collectors.toSet());
  }

  /** The caller himself ends his call. */
  void callerHangsUp(String caller) {
    outside.asterisk().cli("channel request hangup " + callerChannel(caller));
  }

  private String callerChannel(String caller) {
    String all = outside.asterisk().cli("core show channels concise");
    return all.lines()
        .map(line -> line.split("!"))
        .filter(part -> part[0].startsWith("PJSIP/line-") && part[7].equals(caller))
        .findFirst()
        .orElseThrow(() -> new AssertionError(caller + " is not in " + all))[0];
  }

  /** The living call of this number, once it is in this state. */
  CallId in(String state, String caller) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                live().stream()
                    .filter(call -> ("+86" + caller).equals(call.caller().e164()))
                    .filter(call -> call.state().kind().equals(state))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .id();
  }

  /** The call's channel in our switch. */
  String channel(CallId id) {
    return live().stream().filter(call -> call.id().equals(id)).findFirst().orElseThrow().channel();
  }

  /** The agent's channel in our switch. */
  String phone(String number) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                asterisk
                    .cli("core show channels concise")
                    .lines()
                    .map(line -> line.split("!")[0])
                    .filter(name -> name.startsWith("PJSIP/a" + number + "-"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  void hangUp(CallId id) {
    mailbox.execute(() -> hotline.calls().hangUp(id));
  }

  /** The only call that has begun since then, once it is over. */
  CallRepository.Row lastSince(Instant began) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                repository
                    .list(began, Instant.now().plusSeconds(1), 5, Optional.empty(), CallFilter.ALL)
                    .calls(),
            calls -> calls.size() == 1 && calls.getFirst().outcome() != null)
        .getFirst();
  }

  /** A desk phone of the outside world whose agent has his console open and is ready. */
  void ready(String number) throws Exception {
    AgentNumber agent = new AgentNumber(number);
    phones
        .desk(agent, "sip:" + number + "@127.0.0.2:" + ports.outsideSip())
        .get(10, TimeUnit.SECONDS);
    consoles.add(agent);
    mailbox.ask(
        Duration.ofSeconds(5),
        () -> {
          hotline.agents().heartbeat(agent);
          hotline.agents().wish(agent, Wish.READY);
          return true;
        });
    // a caller who waits may have him at once
    await()
        .until(() -> !Set.of("logged_out", "not_ready").contains(presence(number).split(":")[0]));
  }

  /** A phone that registers, watched like one in a browser; his console is open. */
  void softPhone(String number) throws Exception {
    AgentNumber agent = new AgentNumber(number);
    phones
        .browser(agent)
        .thenCompose(made -> UdpPhones.plain(credentials, agent))
        .get(10, TimeUnit.SECONDS);
    consoles.add(agent);
  }

  /** How long a prompt is. */
  static double seconds(String prompt, String language) throws Exception {
    Path file = TestAsterisk.prompts().resolve(language).resolve(prompt + ".wav");
    try (var in = AudioSystem.getAudioInputStream(file.toFile())) {
      return in.getFrameLength() / 8000.0;
    }
  }

  /** He goes home: the next test has its own agents. */
  void notReady(String number) {
    AgentNumber agent = new AgentNumber(number);
    consoles.remove(agent);
    mailbox.execute(() -> hotline.agents().wish(agent, Wish.notReady("break")));
  }

  String presence(String number) {
    return mailbox.ask(
        Duration.ofSeconds(5),
        () -> {
          var presence = hotline.agents().presence(new AgentNumber(number));
          return presence.key() + (presence.why().isEmpty() ? "" : ":" + presence.why());
        });
  }

  List<LiveCall> live() {
    return mailbox.ask(Duration.ofSeconds(10), () -> hotline.calls().live());
  }

  /** The one living call, once it is in this state. */
  CallId in(String state) {
    return await()
        .atMost(Duration.ofSeconds(40))
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

  /** One who types these keys from the answer on, w = half a second. */
  void call(String line, String from, String keys, int talkSeconds) {
    callers.call(line, from, keys, Duration.ofSeconds(talkSeconds)).join();
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
        .atMost(Duration.ofSeconds(40))
        .until(() -> hotline.recordings().find(id), Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until so much of the living call is in its recording. */
  void recorded(CallId id, double seconds) {
    Path raw = asterisk.home().resolve("recordings").resolve(id + ".raw");
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> Files.isRegularFile(raw) && Files.size(raw) >= seconds * 8000 * 4);
  }

  /** All files of this call's sound, finished or not. */
  List<Path> filesOf(CallId id) throws IOException {
    try (Stream<Path> files = Files.walk(asterisk.home().resolve("recordings"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(id + ".")).toList();
    }
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
    promised.close();
    hotline.close();
    mailbox.close();
    writer.close();
    journal.close();
    outside.close();
    asterisk.close();
  }
}
