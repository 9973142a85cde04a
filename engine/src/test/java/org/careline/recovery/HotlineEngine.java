package org.careline.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentDirectory;
import org.careline.agent.Wish;
import org.careline.asterisk.AgiEntry;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.AsteriskState;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.database.Leader;
import org.careline.harness.TestAsterisk;
import org.careline.hotline.Hotline;
import org.careline.hotline.HotlineDialog;
import org.careline.local.Ports;
import org.careline.telephony.TelephonyEvent;

/**
 * The hotline's half of the engine with agents who are willing unless {@link #onBreak}, in a
 * process of its own that a test can kill. Arguments: home, base of the ports, folder of the
 * switch, URL, user and password of MySQL. It writes how it stands into {@code home/status}.
 */
public final class HotlineEngine implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** As it stands. */
  public record Status(boolean serving, boolean confirmed, int ready, int live, long journal) {
    String text() {
      return serving + " " + confirmed + " " + ready + " " + live + " " + journal;
    }

    static Optional<Status> read(Path home) {
      try {
        String[] words = Files.readString(home.resolve("status")).split(" ");
        return Optional.of(
            new Status(
                Boolean.parseBoolean(words[0]),
                Boolean.parseBoolean(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Long.parseLong(words[4])));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    HotlineEngine engine =
        new HotlineEngine(
            Path.of(arguments[0]),
            new Ports(Integer.parseInt(arguments[1])),
            Path.of(arguments[2]),
            new Database(arguments[3], arguments[4], arguments[5], 8));
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "end"));
    Thread.currentThread().join();
  }

  HotlineEngine(Path home, Ports ports, Path switchHome, Database database) throws Exception {
    parts.push(database);
    Journal journal = part(new Journal(home.resolve("journal/journal.sqlite"), CLOCK));
    ReferenceSnapshot reference =
        part(new ReferenceSnapshot(database.dataSource(), home.resolve("reference.bin")));
    reference.start();
    Mailbox mailbox = part(new Mailbox());
    Leader leader = part(new Leader(database.dataSource(), journal));
    JournalWriter writer =
        part(new JournalWriter(journal, database.dataSource(), Hotline.appliers(), CLOCK));

    Recovery[] recovery = new Recovery[1];
    Hotline[] hotline = new Hotline[1];
    AmiLink engineLink =
        part(
            link(
                ports,
                "engine",
                TestAsterisk.ENGINE_SECRET,
                event -> {
                  if (leader.leading()) {
                    hotline[0].on(event);
                  }
                  recovery[0].on(event);
                }));
    AmiLink credLink = part(link(ports, "cred", TestAsterisk.CRED_SECRET, event -> {}));
    AsteriskTelephony telephony = new AsteriskTelephony(engineLink, "trunk", CLOCK);
    hotline[0] =
        part(
            new Hotline(
                Hotline.Settings.DEFAULT,
                new HotlineDialog.Book(
                    arrival ->
                        new Recognition(
                            "",
                            Optional.empty(),
                            true,
                            Optional.empty(),
                            Recognition.STANDARD,
                            List.of(),
                            false,
                            ""),
                    dialled -> reference.current().line(dialled),
                    code -> reference.current().tier(code)),
                directory(reference),
                mailbox,
                journal,
                telephony,
                switchHome.resolve("recordings"),
                CLOCK,
                () -> recovery[0].serving()));
    recovery[0] =
        part(
            new Recovery(
                new Recovery.Parts(
                    journal,
                    leader,
                    database.dataSource(),
                    mailbox,
                    hotline[0].calls(),
                    hotline[0].agents(),
                    OpenAttempts.none(),
                    new AsteriskState(engineLink, credLink, CLOCK),
                    telephony,
                    telephony,
                    switchHome.resolve("log/cel-custom/Master.csv"),
                    CLOCK)));
    leader.listen(recovery[0]);
    recovery[0].start();
    hotline[0].start();
    writer.start();
    leader.start();
    AgiEntry agi =
        part(
            new AgiEntry(
                "127.0.0.1",
                ports.agi(),
                TestAsterisk.AGI_TOKEN,
                trunk -> List.of("From"),
                hotline[0].dialog(),
                CLOCK));
    agi.start();
    credLink.start();
    engineLink.start();
    SoftphoneCredentials phones =
        new SoftphoneCredentials(
            credLink,
            new SoftphoneCredentials.Media("127.0.0.1", "127.0.0.1"),
            CLOCK,
            hotline[0]::on);
    recovery[0].onServing(
        () ->
            reference
                .current()
                .agents()
                .forEach(
                    agent -> agent.deskPhone().ifPresent(to -> phones.desk(agent.number(), to))));
    mailbox.repeat(
        Duration.ofMillis(200),
        () -> {
          for (var agent : reference.current().agents()) {
            hotline[0].agents().heartbeat(agent.number());
            hotline[0]
                .agents()
                .wish(
                    agent.number(),
                    Files.exists(onBreak(home, agent.number().value()))
                        ? Wish.notReady("break")
                        : Wish.READY);
          }
          note(
              home,
              new Status(
                  recovery[0].serving(),
                  leader.confirmed(),
                  hotline[0].agents().readyCount(),
                  hotline[0].calls().live().size(),
                  writer.lag().entries()));
        });
  }

  /** While this file is there, the agent is on a break. */
  static Path onBreak(Path home, String agent) {
    return home.resolve("break." + agent);
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private static AmiLink link(
      Ports ports, String user, String secret, java.util.function.Consumer<TelephonyEvent> events) {
    return new AmiLink(
        new AmiLink.Login("127.0.0.1", ports.ami(), user, secret),
        AmiLink.Timing.usual(),
        CLOCK,
        events);
  }

  private static AgentDirectory directory(ReferenceSnapshot reference) {
    return new AgentDirectory(
        () -> reference.current().agents().stream().map(HotlineEngine::profile).toList(),
        number -> reference.current().agent(number).map(HotlineEngine::profile));
  }

  private static AgentDirectory.Profile profile(org.careline.customer.ReferenceData.Agent agent) {
    return new AgentDirectory.Profile(
        agent.number(), agent.name(), agent.grade(), agent.skills(), agent.deskPhone().isPresent());
  }

  private static void note(Path home, Status status) {
    try {
      Path beside = home.resolve("status.new");
      Files.writeString(beside, status.text());
      Files.move(
          beside,
          home.resolve("status"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
