package org.careline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.careline.agent.AgentDirectory;
import org.careline.agent.Agents;
import org.careline.asterisk.AmiLink;
import org.careline.asterisk.AsteriskState;
import org.careline.asterisk.AsteriskTelephony;
import org.careline.asterisk.SoftphoneCredentials;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.config.Configuration;
import org.careline.customer.ReferenceData;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.Database;
import org.careline.database.Leader;
import org.careline.telephony.TelephonyEvent;
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
    Engine engine = new Engine();
    try {
      engine.compose(configuration, InstantSource.system());
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
    Leader leader = part(new Leader(database.dataSource(), journal));
    Mailbox mailbox = part(new Mailbox());

    Configuration.Asterisk asterisk = configuration.asterisk();
    String host = asterisk.local() ? LOOPBACK : asterisk.host();
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
    AmiLink credentialLink =
        part(
            new AmiLink(
                new AmiLink.Login(
                    host, asterisk.amiPort(), asterisk.credUser(), asterisk.credSecret().reveal()),
                AmiLink.Timing.usual(),
                clock,
                event -> {}));
    AsteriskTelephony telephony =
        new AsteriskTelephony(link, configuration.trunks().getFirst().endpoint(), clock);
    AsteriskState state = new AsteriskState(link, credentialLink, clock);
    SoftphoneCredentials phones =
        new SoftphoneCredentials(credentialLink, asterisk.local() ? LOOPBACK : "", clock, events);
    AgentDirectory directory =
        new AgentDirectory(
            () -> reference.current().agents().stream().map(Engine::profile).toList(),
            number -> reference.current().agent(number).map(Engine::profile));
    Agents agents =
        new Agents(
            directory,
            journal,
            telephony,
            mailbox::schedule,
            clock,
            configuration.agents().consoleHeartbeat());
    events.to(agents::on);
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
