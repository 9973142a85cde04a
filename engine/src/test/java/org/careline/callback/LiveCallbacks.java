package org.careline.callback;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Presence;
import org.careline.agent.Wish;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.call.Recordings;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestOutside;
import org.careline.telephony.TelephonyEvent;

/** The proactive half of the engine on a real Asterisk, the outside world and MySQL. */
final class LiveCallbacks implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(2);
  private final InstantSource clock = InstantSource.system();

  /** By channel id, as the switch stamped it. */
  final Map<String, Instant> answered = new ConcurrentHashMap<>();

  final Map<String, Instant> bridged = new ConcurrentHashMap<>();

  private final TestAsterisk asterisk = TestAsterisk.start();
  private final TestOutside outside = TestOutside.start(asterisk.ports());
  private final Mailbox mailbox = new Mailbox();
  private final Journal journal =
      new Journal(TestFolders.create("callbacks").resolve("journal.db"), clock);
  private final Recordings recordings =
      new Recordings(asterisk.home().resolve("recordings"), clock);
  private final AmiLink link = link("engine", TestAsterisk.ENGINE_SECRET);
  private final AmiLink credentials = link("cred", TestAsterisk.CRED_SECRET);
  private final SoftphoneCredentials phones =
      new SoftphoneCredentials(
          credentials, new SoftphoneCredentials.Media("127.0.0.1", "127.0.0.1"), clock, this::on);
  private final RoundCloser closer;
  private final JournalWriter writer;
  private final Agents agents;
  private final Attempts attempts;
  private final Forms forms;
  private final PlacingDesk placing;
  private final Pacer pacer;

  LiveCallbacks(Database database) {
    journal.epoch(1);
    AsteriskTelephony telephony = new AsteriskTelephony(link, "trunk", clock);
    agents =
        new Agents(
            AgentDirectory.of(
                List.of(
                    new AgentDirectory.Profile(
                        new AgentNumber("8001"), "Chen", 5, Set.of(), true))),
            journal,
            telephony,
            mailbox::schedule,
            clock,
            Duration.ofSeconds(10));
    writer =
        new JournalWriter(
            journal,
            database.dataSource(),
            java.util.stream.Stream.concat(
                    org.careline.hotline.Hotline.appliers().stream(),
                    AttemptAppliers.all().stream())
                .toList(),
            clock);
    AttemptRepository repository = new AttemptRepository(database.dataSource(), "engine");
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofSeconds(30));
    placing = new PlacingDesk(repository, mailbox::execute, () -> true, () -> 1, clock);
    attempts =
        new Attempts(
            telephony,
            new HotlineAgents(agents),
            journal,
            placing,
            mailbox::schedule,
            clock,
            e164 -> Optional.of(e164.substring(1)),
            new CallbackListener() {
              @Override
              public void workChanged(AgentNumber agent) {}

              @Override
              public void roundChanged(long roundId) {}

              @Override
              public void legsOver(CallId attempt) {
                recordings.finish(attempt);
              }
            });
    forms = new Forms(attempts, clock, danger -> CompletableFuture.completedFuture(null));
    closer = new RoundCloser(database.jdbi(), clock);
    pacer =
        new Pacer(
            due,
            repository,
            database.jdbi(),
            attempts,
            new AttemptRecovery(
                repository, due, database.jdbi(), attempts, mailbox::execute, clock),
            mailbox,
            () -> true,
            () -> 1,
            clock,
            new Pacer.Limits(Duration.ofMillis(200), 10, 10, 0));
    writer.start();
    link.start();
    credentials.start();
    await().until(() -> link.session() > 0 && credentials.session() > 0);
    pacer.start();
  }

  private AmiLink link(String user, String secret) {
    return new AmiLink(
        new AmiLink.Login("127.0.0.1", asterisk.ports().ami(), user, secret),
        AmiLink.Timing.usual(),
        clock,
        user.equals("engine") ? this::on : event -> {});
  }

  private void on(TelephonyEvent event) {
    switch (event) {
      case TelephonyEvent.ChannelAnswered e -> answered.putIfAbsent(e.uniqueId(), e.at());
      case TelephonyEvent.Bridged e -> bridged.putIfAbsent(e.uniqueId(), e.at());
      case TelephonyEvent other -> {}
    }
    mailbox.execute(
        () -> {
          agents.on(event);
          attempts.on(event);
        });
  }

  /** His desk phone stands in the outside world; his console is open. */
  void ready(AgentNumber agent) throws Exception {
    phones
        .desk(agent, "sip:" + agent + "@127.0.0.2:" + asterisk.ports().outsideSip())
        .get(10, TimeUnit.SECONDS);
    mailbox.repeat(Duration.ofSeconds(1), () -> agents.heartbeat(agent));
    ask(
        () -> {
          agents.heartbeat(agent);
          agents.wish(agent, Wish.READY);
          return true;
        });
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !(ask(() -> agents.presence(agent)) instanceof Presence.NotReady));
  }

  Optional<AttemptView> work(AgentNumber agent) {
    return ask(() -> attempts.work(agent));
  }

  void dial(CallId id) {
    ask(
        () -> {
          attempts.dial(id);
          return true;
        });
  }

  void answers(CallId id, String site, Map<String, String> answers) {
    kept(ask(() -> forms.answers(id, Optional.of(site), "chen", answers)));
  }

  void done(CallId id, String site, Disposition disposition) {
    kept(
        ask(
            () ->
                forms.disposition(
                    id, Optional.of(site), "chen", disposition, "", Optional.empty())));
  }

  void keys(CallId id, String keys) {
    kept(ask(() -> attempts.keys(id, keys)));
  }

  void settle(CallId id, Disposition disposition) {
    kept(ask(() -> forms.disposition(id, "chen", disposition, "", Optional.empty())));
  }

  private static void kept(CompletableFuture<Void> future) {
    future.orTimeout(5, TimeUnit.SECONDS).join();
  }

  Presence presence(AgentNumber agent) {
    return ask(() -> agents.presence(agent));
  }

  /** Living channels of the outside world of a kind ({@code desk}, {@code site}), by unique id. */
  List<String> outside(String kind) {
    return outside
        .cli("core show channels concise")
        .lines()
        .filter(line -> line.contains("!" + kind + "!"))
        .map(line -> line.substring(line.lastIndexOf('!') + 1))
        .toList();
  }

  /** From now on what is sent to the agent's phone goes into a file (16 bit, 8000 a second). */
  Path heardBy(AgentNumber agent) {
    String channel =
        asterisk
            .cli("core show channels concise")
            .lines()
            .filter(line -> line.startsWith("PJSIP/" + agent.endpoint() + "-"))
            .map(line -> line.substring(0, line.indexOf('!')))
            .findFirst()
            .orElseThrow();
    Path folder = TestFolders.create("heard");
    Path heard = folder.resolve("heard.sln");
    asterisk.cli(
        "mixmonitor start %s %s,t(%s)".formatted(channel, folder.resolve("both.sln"), heard));
    return heard;
  }

  /** For the message of a test that fails. */
  String describe() {
    return ask(agents::all) + " lag " + writer.lag() + " " + journal.health();
  }

  Recordings recordings() {
    return recordings;
  }

  RoundCloser closer() {
    return closer;
  }

  private <T> T ask(Supplier<T> question) {
    return mailbox.ask(SOON, question);
  }

  @Override
  public void close() {
    pacer.close();
    placing.close();
    link.close();
    credentials.close();
    mailbox.close();
    recordings.close();
    writer.close();
    journal.close();
    outside.close();
    asterisk.close();
  }
}
