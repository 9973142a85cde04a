package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.database.Leader;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.hotline.Hotline;
import org.careline.hotline.HotlineDialog;
import org.careline.language.Sentence;
import org.careline.task.OpenDangers;
import org.careline.telephony.Arrival;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The status line of the console on real parts; only the switch is played. */
class EngineStatusTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Path folder = TestFolders.create("status");
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean switchUp = new AtomicBoolean();
  private final AtomicBoolean tooWide = new AtomicBoolean();
  private volatile Set<String> unplayable = Set.of();
  private volatile Optional<Long> difference = Optional.empty();
  private volatile Optional<Sentence> trunks = Optional.empty();
  private Journal journal;
  private Leader leader;
  private JournalWriter writer;
  private Mailbox mailbox;
  private Hotline hotline;
  private EngineStatus status;

  @AfterEach
  void stop() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  @Test
  void whoWatchesSaysSoAndWhoLeadsCountsWhatWaits() {
    start(mysql.database());
    assertThat(status.status())
        .isEqualTo(
            new Views.Status(
                false,
                0,
                "down",
                "unknown",
                0,
                0,
                0,
                0,
                List.of(),
                "本机待命，不接待来电 · This engine watches and serves no calls"));
    switchUp.set(true);
    leader.switchUp(true);
    leader.start();
    await().atMost(SOON.multipliedBy(2)).until(leader::confirmed);
    writer.start();
    await().until(() -> status.status().equals(good(0, 0)));

    hotline.on(new TelephonyEvent.LinkUp(CLOCK.instant(), true));
    waits("t-1.1");
    waits("t-1.2");
    await().until(() -> status.status().equals(good(2, 0)));
    hotline.on(new TelephonyEvent.ContactChanged(CLOCK.instant(), "a8001", true));
    ask(
        () -> {
          hotline.agents().heartbeat(AGENT);
          hotline.agents().wish(AGENT, Wish.READY);
          return true;
        });
    await()
        .untilAsserted(
            () -> {
              // he is offered the first of the two, and that one still waits
              assertThat(status.status().waiting()).isEqualTo(2);
              assertThat(status.status().agentsReady()).isZero();
            });
    hangsUp("t-1.1");
    hangsUp("t-1.2");
    await().until(() -> status.status().waiting() == 0);
    switchUp.set(false);
    assertThat(status.status().switchState()).isEqualTo("down");
  }

  @Test
  void withoutMySqlTheDatabaseIsDownRecordsWaitAndTheDataAreTheLocalCopy() throws Exception {
    start(mysql.database());
    stop();
    try (FreePorts.Range range = FreePorts.range();
        Database away =
            new Database(
                "jdbc:mysql://127.0.0.1:" + range.ports().mysql() + "/none", "u", "p", 2)) {
      start(away);
      journal.meta("leader.epoch", "7");
      journal.append("call", "c-1", Map.of());
      writer.start();
      leader.switchUp(true);
      leader.start();
      await().atMost(Duration.ofSeconds(20)).until(leader::leading);
      await()
          .untilAsserted(
              () ->
                  assertThat(status.status())
                      .isEqualTo(
                          new Views.Status(
                              true,
                              7,
                              "down",
                              "down",
                              1,
                              0,
                              0,
                              0,
                              List.of(),
                              "客户资料来自本地副本 · Customer data come from the local copy")));
      stop();
    }
  }

  @Test
  void manyRecordsUnderWayAreTold() {
    start(mysql.database());
    leader.switchUp(true);
    leader.start();
    await().atMost(SOON.multipliedBy(2)).until(leader::confirmed);
    for (int i = 0; i < 1000; i++) {
      journal.append("call", "c-" + i, Map.of());
    }
    await().until(() -> status.status().journalLag() == 1000);
    assertThat(status.status().banner()).isNull();
    tooWide.set(true);
    assertThat(status.status().banner()).contains("too many rights");
    difference = Optional.of(0L);
    assertThat(status.status().banner()).contains("too many rights");
    difference = Optional.of(3L);
    assertThat(status.status().banner())
        .contains("the sums of the hotline's figures 3 off")
        .contains("热线指标合计相差 3 通");
    trunks = Optional.of(Sentence.of("trunk.no-channels", "carrier", "7"));
    assertThat(status.status().banner())
        .contains("trunk carrier: 7 calls out found no channel")
        .contains("中继 carrier：最近一小时有 7 通");
    unplayable = Set.of("main");
    assertThat(status.status().banner())
        .contains("A prompt of line main is missing")
        .contains("线路 main 缺少提示音");
    unplayable = Set.of();
    tooWide.set(false);
    journal.append("call", "c-1000", Map.of());
    await()
        .untilAsserted(
            () -> assertThat(status.status().banner()).contains("Records reach the database late"));
  }

  private Views.Status good(int waiting, int ready) {
    return new Views.Status(
        true, leader.epoch(), "up", "up", 0, waiting, ready, 0, List.of(), null);
  }

  private void start(Database database) {
    journal = part(new Journal(folder.resolve("journal.db"), CLOCK));
    leader =
        part(
            new Leader(
                database.dataSource(),
                journal,
                new Leader.Options(
                    Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(5)),
                CLOCK));
    ReferenceSnapshot reference =
        part(new ReferenceSnapshot(database.dataSource(), folder.resolve("reference.bin")));
    reference.start();
    mailbox = part(new Mailbox());
    hotline =
        part(
            new Hotline(
                Hotline.Settings.DEFAULT,
                book(),
                AgentDirectory.of(
                    List.of(new AgentDirectory.Profile(AGENT, "Li", 3, Set.of(), true))),
                mailbox,
                journal,
                telephony(),
                folder,
                CLOCK,
                () -> true));
    hotline.start();
    writer = part(new JournalWriter(journal, database.dataSource(), Hotline.appliers(), CLOCK));
    status =
        new EngineStatus(
            leader,
            writer,
            switchUp::get,
            reference,
            mailbox,
            hotline,
            tooWide::get,
            () -> unplayable,
            () -> difference,
            () -> trunks,
            () -> new OpenDangers.Now(0, List.of()));
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private void waits(String id) {
    String channel = "PJSIP/outside-" + id;
    Instant now = CLOCK.instant();
    hotline.on(new TelephonyEvent.ChannelStarted(now, id, channel, null, "hotline", "4001", "138"));
    hotline.dialog().admit(new Arrival(new CallId(id), channel, "outside", "4001", Map.of(), now));
    hotline.on(new TelephonyEvent.QueueJoined(now, id, channel, id, "waitroom"));
  }

  private void hangsUp(String id) {
    hotline.on(new TelephonyEvent.ChannelEnded(CLOCK.instant(), id, "PJSIP/outside-" + id, id, 16));
  }

  private <T> T ask(Supplier<T> question) {
    return mailbox.ask(SOON, question);
  }

  private static HotlineDialog.Book book() {
    Recognition unknown =
        new Recognition(
            "",
            Optional.empty(),
            true,
            Optional.empty(),
            Recognition.STANDARD,
            List.of(),
            false,
            "");
    Line line =
        new Line(
            "main", "4001", "Main", "主线", "zh", "", Duration.ofSeconds(15), Duration.ofSeconds(30));
    return new HotlineDialog.Book(
        arrival -> unknown,
        dialled -> Optional.of(line),
        code -> new Tier(code, code, code, 2, 4, 1));
  }

  private static Telephony telephony() {
    return (Telephony)
        Proxy.newProxyInstance(
            EngineStatusTest.class.getClassLoader(),
            new Class<?>[] {Telephony.class},
            (proxy, method, arguments) ->
                method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : CompletableFuture.completedFuture(new Telephony.Accepted(true, "")));
  }
}
