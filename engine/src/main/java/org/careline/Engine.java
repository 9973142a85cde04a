package org.careline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.asterisk.AgiEntry;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.Announcements;
import org.careline.asterisk.AsteriskState;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.AsteriskTrunkProbe;
import org.careline.asterisk.AsteriskWhispers;
import org.careline.asterisk.SelfTest;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.call.Applier;
import org.careline.call.CallRepository;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.callback.AnswerBook;
import org.careline.callback.AttemptAppliers;
import org.careline.callback.CallbackListener;
import org.careline.callback.Referrals;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Ulid;
import org.careline.config.Configuration;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.Apply;
import org.careline.customer.AwayStore;
import org.careline.customer.Blocklist;
import org.careline.customer.CallGrounds;
import org.careline.customer.NumberBook;
import org.careline.customer.OutsideNumbers;
import org.careline.customer.OwnNumbers;
import org.careline.customer.PolicyStore;
import org.careline.customer.Recogniser;
import org.careline.customer.ReferenceData;
import org.careline.customer.ReferenceSnapshot;
import org.careline.customer.ShownNumbers;
import org.careline.customer.SiteSearch;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.database.Leader;
import org.careline.hotline.Dispositions;
import org.careline.hotline.Hotline;
import org.careline.hotline.HotlineDialog;
import org.careline.hotline.PolicyRules;
import org.careline.hotline.TransferBook;
import org.careline.hotline.TrunkChecks;
import org.careline.hotline.WarmUp;
import org.careline.language.Sentence;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.local.AgentVoices;
import org.careline.local.Prompts;
import org.careline.matter.Dangers;
import org.careline.matter.MatterFile;
import org.careline.matter.Matters;
import org.careline.matter.OpenMatterTable;
import org.careline.matter.OpenMatters;
import org.careline.matter.SaidDanger;
import org.careline.recovery.NightlyReconcile;
import org.careline.recovery.Reconciler;
import org.careline.recovery.Recovery;
import org.careline.report.TrunkReport;
import org.careline.report.hotline.CallRows;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.IdentityCheck;
import org.careline.report.hotline.Target;
import org.careline.report.hotline.WorkingDays;
import org.careline.routing.TierTerms;
import org.careline.task.NewTask;
import org.careline.task.OpenDangers;
import org.careline.task.Task;
import org.careline.task.TaskRepository;
import org.careline.task.Tasks;
import org.careline.telephony.Outbound;
import org.careline.telephony.Phones;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TrunkGate;
import org.careline.telephony.TrunkShare;
import org.careline.telephony.TrunkShares;
import org.careline.web.Accounts;
import org.careline.web.CallTasks;
import org.careline.web.CallbackAttempts;
import org.careline.web.CallingRulesDesk;
import org.careline.web.CampaignRounds;
import org.careline.web.Desks;
import org.careline.web.Desks.Part;
import org.careline.web.EngineStatus;
import org.careline.web.HotlineAgents;
import org.careline.web.HotlineCalls;
import org.careline.web.HotlineFigureDesk;
import org.careline.web.HotlineTalks;
import org.careline.web.QuestionnaireForms;
import org.careline.web.RoutingPolicies;
import org.careline.web.SiteCards;
import org.careline.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: everything is made here, in start order, and closed in reverse. Nothing
 * else makes a part of the engine. Thread-safe.
 */
public final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final String LOOPBACK = "127.0.0.1";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Engine() {}

  /**
   * Starts the engine; returns when it serves.
   *
   * @throws IllegalStateException when it cannot, with the reason; nothing is left running
   */
  public static Engine start(Configuration configuration) {
    return start(configuration, InstantSource.system());
  }

  /**
   * As above.
   *
   * @param clock by which everything is decided that has a date
   */
  public static Engine start(Configuration configuration, InstantSource clock) {
    Engine engine = new Engine();
    try {
      engine.compose(configuration, clock);
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void compose(Configuration configuration, InstantSource clock) {
    Path home = folder(configuration.home());
    Journal journal = part(new Journal(home.resolve("journal.db"), clock));
    Database database =
        part(
            new Database(
                configuration.database().url(),
                configuration.database().user(),
                configuration.database().password().reveal(),
                configuration.database().connections()));
    migrate(database);
    ReferenceSnapshot reference =
        part(new ReferenceSnapshot(database.dataSource(), home.resolve("reference.bin")));
    reference.start();
    LineCheck lines = new LineCheck(() -> Prompts.names(configuration, home), clock);
    lines.look(reference.current());
    reference.onChange(lines::look);
    Leader leader =
        part(new Leader(database.dataSource(), journal, lease(configuration.leader()), clock));
    Mailbox mailbox = part(new Mailbox());

    Configuration.Asterisk asterisk = configuration.asterisk();
    String host = asterisk.local() ? LOOPBACK : asterisk.host();
    if (asterisk.recordings().isEmpty() || asterisk.logDirectory().isEmpty()) {
      log.warn(
          "asterisk.recordings or asterisk.logDirectory is not set: without the switch's files"
              + " there are no recordings, and calls that ended unseen cannot be accounted for");
    }
    EventFan events = new EventFan(mailbox);
    AmiLink link =
        part(
            new AmiLink(
                new AmiLink.Login(
                    host,
                    asterisk.amiPort(),
                    asterisk.engineUser(),
                    asterisk.engineSecret().reveal()),
                AmiLink.Timing.usual(),
                clock,
                events));
    LateConsumer credentialEvents = new LateConsumer();
    AmiLink credentialLink =
        part(
            new AmiLink(
                new AmiLink.Login(
                    host, asterisk.amiPort(), asterisk.credUser(), asterisk.credSecret().reveal()),
                AmiLink.Timing.usual(),
                clock,
                credentialEvents));
    ShownNumbers shown =
        new ShownNumbers(configuration.trunks(), clock, configuration.callback().zone());
    AsteriskTelephony telephony =
        new AsteriskTelephony(
            link,
            configuration.trunks().getFirst().endpoint(),
            clock,
            questions(asterisk),
            announcements(configuration, home),
            shown::on);
    AsteriskState state = new AsteriskState(link, credentialLink, clock);
    TrunkShares shares = part(shares(configuration, shown, state, mailbox, clock));
    TrunkReport fares =
        part(
            new TrunkReport(
                database.dataSource(),
                configuration.trunks(),
                configuration.callback().zone(),
                clock));
    TrunkGate gate = new TrunkGate(telephony, shares, mailbox::schedule, clock);
    SoftphoneCredentials phones =
        new SoftphoneCredentials(
            credentialLink, media(host, asterisk.sipWebsocket()), clock, events);
    DeskPhones desks =
        new DeskPhones(
            () -> reference.current().agents(), () -> !reference.servingFromFile(), phones);
    credentialEvents.to(desks::on);
    reference.onChange(data -> desks.give());
    announceAgents(configuration, home, reference);
    AgentDirectory directory =
        new AgentDirectory(
            () -> reference.current().agents().stream().map(Engine::profile).toList(),
            number -> reference.current().agent(number).map(Engine::profile));
    Recogniser recogniser = new Recogniser(configuration.trunks(), reference);
    HotlineDialog.Book book =
        new HotlineDialog.Book(
            arrival -> recogniser.recognise(arrival.trunk(), arrival.callerHeaders()),
            dialled -> reference.current().line(dialled),
            code -> reference.current().tier(code),
            reference);
    CompletableFuture<Integer> warm = WarmUp.start(book.recognise(), clock);
    OpenMatterTable openMatters = part(new OpenMatterTable(database.dataSource()));
    openMatters.start();
    AtomicReference<Recovery> recovered = new AtomicReference<>();
    BooleanSupplier serving =
        () -> recovered.get() instanceof Recovery recovery && recovery.serving();
    Hotline hotline =
        part(
            new Hotline(
                new Hotline.Settings(
                    configuration.hotline().shortAbandon(),
                    configuration.agents().consoleHeartbeat(),
                    Hotline.Settings.DEFAULT.widenAfter(),
                    configuration.hotline().callsPerNumber(),
                    configuration.hotline().callsPerNumberAndSecond()),
                book,
                directory,
                mailbox,
                journal,
                gate,
                recordings(configuration, home),
                clock,
                serving));
    PolicyRules rules = decideByPolicies(hotline, mailbox, reference, openMatters);
    hotline.announce(
        new AsteriskWhispers(link),
        configuration.hotline().announcementsAtOnce(),
        call -> rules.tier(call.caller()).announceEvery());
    DangerTasks tellManager = new DangerTasks(new Tasks(journal), reference::current);
    Callbacks callbacks =
        part(
            new Callbacks(
                configuration,
                database,
                journal,
                leader,
                mailbox,
                gate,
                hotline.agents(),
                hotline.recordings(),
                serving,
                tellManager,
                new StandIns(reference::current, clock),
                clock));
    mailbox.execute(() -> callbacks.forms().onDeviceRemoved(tellManager::removed));
    PromisedCalls promised =
        part(
            new PromisedCalls(
                PromisedCalls.World.of(configuration, reference::current, clock),
                database.dataSource(),
                journal,
                () -> serving.getAsBoolean() && leader.confirmed(),
                leader::epoch,
                mailbox,
                gate,
                hotline,
                clock));
    ringOutside(
        configuration,
        own(configuration, reference),
        hotline,
        mailbox,
        rules,
        promised.tasks(),
        clock);
    Recovery recovery =
        part(
            new Recovery(
                new Recovery.Parts(
                    journal,
                    leader,
                    database.dataSource(),
                    mailbox,
                    hotline.calls(),
                    hotline.agents(),
                    promised.with(callbacks.recovery()),
                    state,
                    telephony,
                    telephony,
                    eventFile(configuration, home),
                    clock)));
    recovered.set(recovery);
    events.to(shares::on);
    // who only watches must not write down what the leader writes down
    events.to(
        event -> {
          if (leader.leading() || event instanceof TelephonyEvent.LinkDown) {
            hotline.on(event);
            callbacks.attempts().on(event);
            promised.calls().on(event);
          }
        });
    events.to(recovery::on);
    SelfTest rights = new SelfTest(link);
    events.to(rights::on);
    Runnable notices = () -> telephony.notices(notices(reference.current()));
    recovery.onServing(notices);
    reference.onChange(
        data -> {
          if (recovery.serving()) {
            notices.run();
          }
        });
    leader.listen(recovery);
    recovery.start();
    JournalWriter writer =
        part(new JournalWriter(journal, database.dataSource(), appliers(), clock));
    writer.start();
    hotline.start();
    callbacks.start();
    promised.start();
    TrunkChecks trunks =
        new TrunkChecks(
            configuration.trunks(),
            recogniser,
            dialled -> reference.current().line(dialled),
            new AllowedDestinations(configuration.callback().allowedPrefixes()),
            new AsteriskTrunkProbe(link),
            new Ulid(clock)::next,
            clock);
    agiEntry(configuration, hotline, trunks, clock);
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Reconciler reconciler =
        new Reconciler(eventFile(configuration, home), database.dataSource(), clock);
    HotlineFigures figures = figures(configuration, database, mailbox, hotline, reference, clock);
    IdentityCheck sums = new IdentityCheck(figures);
    OpenDangers dangers = part(new OpenDangers(database.dataSource()));
    dangers.start();
    EngineStatus status =
        new EngineStatus(
            leader,
            writer,
            recovery::linked,
            reference,
            mailbox,
            hotline,
            () -> !rights.tooWide().isEmpty(),
            lines::unplayable,
            sums::difference,
            () -> alarm(shares, fares),
            dangers::now);
    Gauge.builder(
            "careline.clock.difference.seconds", () -> leader.clockDifference().toMillis() / 1000.0)
        .register(metrics);
    // no number before the first check: nothing is known then
    Gauge.builder(
            "careline.figures.difference",
            () -> sums.difference().map(Long::doubleValue).orElse(Double.NaN))
        .register(metrics);
    NightlyReconcile nightly =
        part(
            new NightlyReconcile(
                NightlyReconcile.each(reconciler::run, sums::run),
                journal,
                recovery::serving,
                configuration.callback().zone(),
                clock));
    nightly.start();
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    measure(metrics, journal, writer, reconciler);
    promised.measure(metrics);
    measure(metrics, shares);
    Gauge.builder("careline.shown.numbers.rarely.answered", fares, TrunkReport::alarms)
        .register(metrics);
    fares.start();
    FunctionCounter.builder("careline.announcements", hotline, Hotline::announcements)
        .register(metrics);
    console(
        configuration,
        home,
        database,
        mailbox,
        hotline,
        callbacks,
        promised,
        phones,
        status,
        figures,
        people(
            configuration,
            database,
            reference,
            openMatters,
            mailbox,
            hotline,
            trunks,
            desk(shares, fares),
            tellManager::written,
            clock),
        metrics,
        clock,
        policies(configuration, database, reference, clock),
        transfers(configuration, reference, hotline, clock));
    leader.listen(callbacks);
    leader.listen(promised);
    warm.join();
    leader.start();
    shares.start();
    link.start();
    credentialLink.start();
  }

  private static OwnNumbers own(Configuration configuration, ReferenceSnapshot reference) {
    return new OwnNumbers(configuration.trunks(), () -> OwnNumbers.Ours.of(reference.current()));
  }

  private static RoutingPolicies policies(
      Configuration configuration,
      Database database,
      ReferenceSnapshot reference,
      InstantSource clock) {
    OutsideNumbers outside = new OutsideNumbers(configuration, own(configuration, reference));
    return new RoutingPolicies(
        database::jdbi, new PolicyStore(outside::refusal, clock), new AwayStore(outside::refusal));
  }

  /** Overflow to numbers outside; an account manager who does not answer his must know of it. */
  private static void ringOutside(
      Configuration configuration,
      OwnNumbers own,
      Hotline hotline,
      Mailbox mailbox,
      PolicyRules rules,
      Tasks tasks,
      InstantSource clock) {
    OutsideNumbers numbers = new OutsideNumbers(configuration, own);
    mailbox.execute(
        () ->
            hotline.ringOutside(
                numbers::dialled,
                call ->
                    rules
                        .manager(call.caller())
                        .ifPresent(
                            manager -> {
                              NewTask task =
                                  NewTask.of(
                                      Task.Kind.UNREACHED_MANAGER,
                                      call.id(),
                                      call.caller(),
                                      manager.name(),
                                      clock.instant(),
                                      Duration.ofHours(4));
                              tasks.raise(manager.login().map(task::assignedTo).orElse(task));
                            })));
  }

  /** What is saved works for those who wait already. */
  private static PolicyRules decideByPolicies(
      Hotline hotline, Mailbox mailbox, ReferenceSnapshot reference, OpenMatters openMatters) {
    PolicyRules rules =
        new PolicyRules(reference::current, caller -> openMatters.lastAgent(who(caller)));
    mailbox.execute(() -> hotline.dispatcher().by(rules));
    reference.onChange(data -> mailbox.execute(hotline.dispatcher()::changed));
    return rules;
  }

  /**
   * Phones of this machine get audio on loopback only. Browsers that reach the switch by another
   * name are elsewhere: their audio must not be bound, ICE finds the address.
   */
  private static SoftphoneCredentials.Media media(String host, String sipWebsocket) {
    String desk = host.equals(LOOPBACK) ? LOOPBACK : "";
    return new SoftphoneCredentials.Media(
        desk, sipWebsocket.startsWith("ws://" + LOOPBACK + ":") ? desk : "");
  }

  /** What callers hear before they are recorded, by number, where no engine speaks to them. */
  private static Map<String, String> notices(ReferenceData data) {
    Map<String, String> notices = new HashMap<>();
    for (ReferenceData.Line line : data.lines()) {
      String notice = line.settings().notice();
      line.landingNumbers()
          .forEach(
              number ->
                  notices.put(number, notice.isEmpty() ? "" : line.language() + "/" + notice));
    }
    return notices;
  }

  /** Where the switch reaches our AGI; empty when only its dialplan's files know. */
  private static String questions(Configuration.Asterisk asterisk) {
    return asterisk.agiBind().matches("0\\.0\\.0\\.0|.*:.*")
        ? ""
        : asterisk.agiBind() + ":" + asterisk.agiPort();
  }

  /** Agents' numbers are spoken in the languages of the lines that announce them. */
  private void announceAgents(Configuration configuration, Path home, ReferenceSnapshot reference) {
    AgentVoices voices =
        part(
            new AgentVoices(
                Prompts.folder(configuration, home),
                recordings(configuration, home).resolve("announcements")));
    Consumer<ReferenceData> speak =
        data ->
            voices.speak(
                data.lines().stream()
                    .filter(line -> line.settings().announceAgent())
                    .map(ReferenceData.Line::language)
                    .collect(Collectors.toSet()),
                data.agents().stream().map(agent -> agent.number().value()).toList());
    reference.onChange(speak::accept);
    speak.accept(reference.current());
  }

  /** Beside the recordings: the switch reads there, and we may write. */
  private static Announcements announcements(Configuration configuration, Path home) {
    return Announcements.in(recordings(configuration, home).resolve("announcements"));
  }

  private static Leader.Options lease(Configuration.Leader wanted) {
    return new Leader.Options(
        wanted.lease(), wanted.renewEvery(), Leader.Options.DEFAULT.withoutSwitch());
  }

  /** Of all kinds of entries in the journal. */
  static List<Applier> appliers() {
    return Stream.of(Hotline.appliers(), AttemptAppliers.all(), Tasks.appliers())
        .flatMap(List::stream)
        .toList();
  }

  private void agiEntry(
      Configuration configuration, Hotline hotline, TrunkChecks trunks, InstantSource clock) {
    Map<String, List<String>> headers = new HashMap<>();
    configuration
        .trunks()
        .forEach(
            trunk ->
                headers.put(
                    trunk.endpoint(),
                    trunk.callerHeaders().stream().map(Object::toString).toList()));
    List<String> other =
        configuration.trunks().getFirst().callerHeaders().stream().map(Object::toString).toList();
    try {
      AgiEntry entry =
          new AgiEntry(
              configuration.asterisk().agiBind(),
              configuration.asterisk().agiPort(),
              configuration.asterisk().agiToken().reveal(),
              trunk -> headers.getOrDefault(trunk, other),
              hotline.dialog(),
              announcements(configuration, folder(configuration.home())),
              clock);
      part(entry).watchedBy(trunks).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot answer AGI: " + e.getMessage(), e);
    }
  }

  /** Each of these is zero on a good day. */
  private static void measure(
      PrometheusMeterRegistry metrics,
      Journal journal,
      JournalWriter writer,
      Reconciler reconciler) {
    Gauge.builder("careline.journal.undelivered", () -> writer.lag().entries()).register(metrics);
    Gauge.builder("careline.journal.oldest.seconds", () -> writer.lag().oldest().toSeconds())
        .register(metrics);
    Gauge.builder("careline.journal.lost", () -> journal.health().lost()).register(metrics);
    Gauge.builder("careline.journal.set.aside", () -> journal.health().setAside())
        .register(metrics);
    Gauge.builder(
            "careline.reconcile.differences",
            () -> reconciler.latest().map(result -> result.differences().size()).orElse(0))
        .register(metrics);
  }

  private static TrunkShares shares(
      Configuration configuration,
      ShownNumbers shown,
      AsteriskState state,
      Mailbox mailbox,
      InstantSource clock) {
    return new TrunkShares(
        configuration.trunks().stream()
            .map(
                trunk ->
                    new TrunkShare.Limits(
                        trunk.name(),
                        trunk.endpoint(),
                        trunk.channels(),
                        TrunkShare.outbound(trunk.channels(), trunk.reserveInbound()),
                        trunk.callsPerSecond()))
            .toList(),
        (trunk, wanted, must) ->
            switch (shown.leaving(trunk.endpoint(), wanted, must)) {
              case ShownNumbers.Leaving.Shown number ->
                  new Outbound.Leaving(trunk.name(), number.number(), Optional.empty());
              case ShownNumbers.Leaving.Refused refused ->
                  new Outbound.Leaving(trunk.name(), "", Optional.of(refused.why()));
            },
        state::channels,
        mailbox::execute,
        clock);
  }

  private static Desks.TrunkDesk desk(TrunkShares shares, TrunkReport fares) {
    return new Desks.TrunkDesk() {
      @Override
      public List<TrunkShare> shares() {
        return shares.all();
      }

      @Override
      public TrunkReport.Report report() throws SQLException {
        return fares.report();
      }
    };
  }

  /** What a supervisor must know of the trunks; the most urgent only. */
  private static Optional<Sentence> alarm(TrunkShares shares, TrunkReport fares) {
    return shares
        .numberRefused()
        .or(
            () ->
                shares.all().stream()
                    .flatMap(
                        share ->
                            share.alarm().stream()
                                .map(
                                    calls ->
                                        Sentence.of(
                                            "trunk.no-channels",
                                            share.limits().name(),
                                            String.valueOf(calls))))
                    .findFirst())
        .or(fares::alarm);
  }

  private static void measure(PrometheusMeterRegistry metrics, TrunkShares shares) {
    for (TrunkShare share : shares.all()) {
      String trunk = share.limits().name();
      Gauge.builder("careline.trunk.channels", () -> share.count().inbound())
          .tags("trunk", trunk, "kind", "inbound")
          .register(metrics);
      Gauge.builder("careline.trunk.channels", () -> share.count().outbound())
          .tags("trunk", trunk, "kind", "outbound")
          .register(metrics);
      Gauge.builder("careline.trunk.channels", () -> share.count().reserved())
          .tags("trunk", trunk, "kind", "reserved")
          .register(metrics);
      FunctionCounter.builder("careline.trunk.calls.out", share, TrunkShare::left)
          .tag("trunk", trunk)
          .register(metrics);
      FunctionCounter.builder("careline.trunk.no.channel", share, TrunkShare::withoutChannel)
          .tag("trunk", trunk)
          .register(metrics);
      FunctionCounter.builder("careline.trunk.held.back", share, TrunkShare::heldBackTotal)
          .tag("trunk", trunk)
          .register(metrics);
    }
  }

  private static HotlineFigures figures(
      Configuration configuration,
      Database database,
      Mailbox mailbox,
      Hotline hotline,
      ReferenceSnapshot reference,
      InstantSource clock) {
    return new HotlineFigures(
        new CallRows(database.dataSource()),
        () -> mailbox.ask(Duration.ofSeconds(1), () -> hotline.calls().live()),
        (line, tier) -> promised(reference.current(), line, tier),
        configuration.hotline().shortAbandon(),
        (line, opened, days) -> {
          LineHours hours = settings(reference.current(), line).hours();
          return WorkingDays.after(hours.calendar(), hours.zone(), opened, days);
        },
        configuration.callback().zone(),
        clock);
  }

  private static LineSettings settings(ReferenceData reference, String line) {
    return Optional.ofNullable(line)
        .flatMap(reference::lineOf)
        .map(ReferenceData.Line::settings)
        .orElse(LineSettings.DEFAULT);
  }

  /** What the line's policy promises the tier; the usual where it promises nothing. */
  private static Target promised(ReferenceData reference, String line, String tier) {
    TierTerms terms = reference.policyOf(line).tiers().get(tier);
    return terms == null || !terms.promised()
        ? Target.DEFAULT
        : new Target(terms.promisePercent(), terms.promiseWithin());
  }

  /** To whom agents may hand callers; lines also say how long after-call work lasts. */
  private static TransferBook transfers(
      Configuration configuration,
      ReferenceSnapshot reference,
      Hotline hotline,
      InstantSource clock) {
    hotline
        .wrapUps()
        .settingsBy(
            code ->
                reference
                    .current()
                    .lineOf(String.valueOf(code))
                    .map(ReferenceData.Line::settings)
                    .orElse(LineSettings.DEFAULT));
    return new TransferBook(
        () -> reference.current().lines(),
        configuration.trunks().getFirst(),
        new AllowedDestinations(configuration.callback().allowedPrefixes()),
        own(configuration, reference),
        clock);
  }

  /** What browsers reach: interface, live feed, console. */
  private void console(
      Configuration configuration,
      Path home,
      Database database,
      Mailbox mailbox,
      Hotline hotline,
      Callbacks callbacks,
      PromisedCalls promised,
      Phones phones,
      EngineStatus status,
      HotlineFigures figures,
      Desks.People people,
      PrometheusMeterRegistry metrics,
      InstantSource clock,
      RoutingPolicies policies,
      TransferBook transfers) {
    CallRepository calls = new CallRepository(database.jdbi());
    SiteCards cards = part(new SiteCards(database.jdbi(), calls, clock));
    CallbackAttempts attempts =
        new CallbackAttempts(
            mailbox,
            callbacks.attempts(),
            callbacks.forms(),
            callbacks.ringBacks(),
            new Referrals(
                database.dataSource(),
                new AllowedDestinations(configuration.callback().allowedPrefixes()),
                clock),
            hotline.calls()::find);
    CallTasks tasks =
        new CallTasks(
            new TaskRepository(database.dataSource()),
            promised.repository(),
            promised.calls(),
            mailbox,
            call -> hotline.recordings().find(call),
            clock);
    Desks desks =
        new Desks(
            new HotlineAgents(
                mailbox, hotline, cards, HotlineAgents.AttemptWorks.of(attempts, tasks)),
            new HotlineCalls(mailbox, hotline, calls, cards),
            attempts,
            new CampaignRounds(
                database.jdbi(),
                new RoundPlanner(database.jdbi()),
                new RoundCloser(database.jdbi(), clock),
                new CallingRulesDesk(
                    database.jdbi(),
                    new AllowedDestinations(configuration.callback().allowedPrefixes()),
                    clock),
                clock),
            new ReferenceDesk(
                database,
                configuration.imports().maxSize().bytes(),
                new Apply(database, configuration, () -> Prompts.names(configuration, home), clock),
                new LineDesk(database.jdbi(), () -> Prompts.names(configuration, home), clock),
                clock),
            status,
            phones,
            new HotlineFigureDesk(mailbox, hotline, figures, database.jdbi(), clock),
            new HotlineTalks(mailbox, hotline, transfers, new Dispositions(database.jdbi())),
            policies,
            tasks,
            people,
            new QuestionnaireForms(
                database::jdbi,
                new AnswerBook(database::jdbi, clock, configuration.callback().zone()),
                configuration.callback().zone(),
                clock));
    Gauge.builder("careline.mailbox.waiting", mailbox, Mailbox::waiting).register(metrics);
    WebServer web =
        part(
            new WebServer(
                WebServer.Settings.of(configuration, home),
                new Accounts(database),
                desks,
                metrics,
                clock));
    web.start();
    cards.whenRead(() -> web.feed().changed(Part.WORK));
    mailbox.execute(() -> promised.calls().watch(agent -> web.feed().changed(Part.WORK)));
    callbacks.watch(
        new CallbackListener() {
          @Override
          public void workChanged(AgentNumber agent) {
            web.feed().changed(Part.WORK);
          }

          @Override
          public void roundChanged(long roundId) {
            // MySQL has it a moment later
            mailbox.schedule(Duration.ofMillis(500), () -> web.feed().changed(Part.ROUND));
          }
        });
    mailbox.execute(
        () -> {
          hotline.agents().watch(agent -> web.feed().changed(Part.AGENTS, Part.WORK, Part.STATUS));
          hotline.calls().watch(call -> web.feed().changed(Part.WAITING, Part.WORK, Part.STATUS));
        });
  }

  private static OpenMatters.Who who(Caller caller) {
    return new OpenMatters.Who(caller.siteId(), caller.customerId(), caller.e164());
  }

  /** Who callers are, who is not served, what they call about. */
  private static Desks.People people(
      Configuration configuration,
      Database database,
      ReferenceSnapshot reference,
      OpenMatterTable openMatters,
      Mailbox mailbox,
      Hotline hotline,
      TrunkChecks trunks,
      Desks.TrunkDesk lines,
      Function<SaidDanger, CompletableFuture<Optional<String>>> tell,
      InstantSource clock) {
    mailbox.execute(
        () ->
            hotline
                .calls()
                .watch(
                    call -> {
                      if (call.state() instanceof CallState.Talking talking) {
                        openMatters.talks(who(call.caller()), talking.with(), talking.since());
                      }
                    }));
    OwnNumbers own = own(configuration, reference);
    return new Desks.People(
        new Matters(database.jdbi(), openMatters, clock),
        new MatterFile(
            database.jdbi(), openMatters, configuration.imports().maxSize().bytes(), clock),
        new Dangers(database.jdbi(), clock, tell),
        new NumberBook(database.jdbi(), own, reference::refreshCallers, clock),
        new Blocklist(database.jdbi(), own, reference::refreshCallers, clock),
        new SiteSearch(database.jdbi()),
        new CallGrounds(database.jdbi(), clock),
        trunks,
        lines);
  }

  /** Where the switch writes down what happens to its channels. */
  public static Path eventFile(Configuration configuration, Path home) {
    return configuration
        .asterisk()
        .logDirectory()
        .orElse(home.resolve("asterisk/log"))
        .resolve("cel-custom/Master.csv");
  }

  private static Path recordings(Configuration configuration, Path home) {
    return folder(configuration.asterisk().recordings().orElse(home.resolve("recordings")));
  }

  private static AgentDirectory.Profile profile(ReferenceData.Agent agent) {
    return new AgentDirectory.Profile(
        agent.number(), agent.name(), agent.grade(), agent.skills(), agent.deskPhone().isPresent());
  }

  private static void migrate(Database database) {
    try {
      database.migrate();
    } catch (RuntimeException e) {
      log.warn("MySQL is away or its schema cannot be brought up to date: {}", e.getMessage());
    }
  }

  private static Path folder(Path home) {
    try {
      return Files.createDirectories(home.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + home, e);
    }
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  /** Ends everything in reverse order. Harmless twice. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close in order", part.getClass().getSimpleName(), e);
      }
    }
  }

  /** A consumer whose listener comes later. */
  private static final class LateConsumer implements Consumer<TelephonyEvent> {
    private volatile Consumer<TelephonyEvent> listener = event -> {};

    void to(Consumer<TelephonyEvent> listener) {
      this.listener = listener;
    }

    @Override
    public void accept(TelephonyEvent event) {
      listener.accept(event);
    }
  }

  /** Brings the switch's events to the mailbox and there, in order, to all who listen. */
  private static final class EventFan implements Consumer<TelephonyEvent> {
    private final Mailbox mailbox;
    private volatile Consumer<TelephonyEvent> listeners = event -> {};

    EventFan(Mailbox mailbox) {
      this.mailbox = mailbox;
    }

    void to(Consumer<TelephonyEvent> listener) {
      listeners = listeners.andThen(listener);
    }

    @Override
    public void accept(TelephonyEvent event) {
      mailbox.execute(() -> listeners.accept(event));
    }
  }
}
