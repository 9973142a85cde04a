package org.careline.hotline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.telephony.Arrival;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first decisions of a process are slow ones, and who gets no answer within a second goes to
 * the fallback queue. So some callers who do not exist are received before the first who does: by a
 * hotline of their own, with a journal that is thrown away and without a switch.
 */
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final Duration MOST = Duration.ofMillis(700);

  /** A machine that is so busy is not waited for. */
  private static final Duration LATEST = Duration.ofSeconds(4);

  private static final int CALLERS = 80;
  private static final String DIALLED = "4000000000";
  private static final AgentNumber AGENT = new AgentNumber("8000");

  private WarmUp() {}

  /**
   * Begins, on a thread of its own; done, never failed, after a second, at the latest after {@link
   * #LATEST}: with the number of callers who were received by then.
   *
   * @param recognise the real one, which answers from memory
   */
  public static CompletableFuture<Integer> start(
      Function<Arrival, Recognition> recognise, InstantSource clock) {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("warm-up")
        .start(
            () -> {
              int callers = 0;
              try {
                callers = run(recognise, clock);
              } finally {
                done.complete(callers);
              }
            });
    return done.completeOnTimeout(0, LATEST.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The same at once, on this thread; zero when it could not be done. */
  static int run(Function<Arrival, Recognition> recognise, InstantSource clock) {
    long began = System.nanoTime();
    try {
      Path folder = Files.createTempDirectory("careline-warm-up");
      try {
        int callers = callers(folder, recognise, clock);
        LOG.debug(
            "{} decisions before the first caller, {} ms",
            callers,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        return callers;
      } finally {
        delete(folder);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the first callers may wait longer: {}", e.toString());
      return 0;
    }
  }

  private static int callers(
      Path folder, Function<Arrival, Recognition> recognise, InstantSource clock) {
    Line line =
        new Line("l", DIALLED, "l", "l", "en", "", Duration.ofSeconds(15), Duration.ofSeconds(0));
    HotlineDialog.Book book =
        new HotlineDialog.Book(
            recognise, dialled -> Optional.of(line), code -> new Tier(code, code, code, 1, 1, 1));
    AgentDirectory.Profile agent =
        new AgentDirectory.Profile(AGENT, AGENT.value(), 1, Set.of(), true);
    int callers = 0;
    try (Mailbox mailbox = new Mailbox();
        Journal journal = new Journal(folder.resolve("journal.db"), clock);
        Hotline hotline =
            new Hotline(
                Hotline.Settings.DEFAULT,
                book,
                AgentDirectory.of(List.of(agent)),
                mailbox,
                journal,
                new NoSwitch(),
                folder,
                clock,
                () -> true)) {
      hotline.on(new TelephonyEvent.LinkUp(clock.instant(), true));
      hotline.on(new TelephonyEvent.ContactChanged(clock.instant(), AGENT.endpoint(), true));
      mailbox.execute(
          () -> {
            hotline.agents().heartbeat(AGENT);
            hotline.agents().wish(AGENT, Wish.READY);
          });
      long until = System.nanoTime() + MOST.toNanos();
      while (callers < CALLERS && System.nanoTime() < until) {
        caller(hotline, callers++, clock.instant());
      }
      // what they have left behind is written before their journal is closed
      mailbox.ask(MOST, () -> true);
    }
    return callers;
  }

  private static void caller(Hotline hotline, int n, Instant now) {
    String id = "warm-" + n;
    String channel = "PJSIP/warm-" + n;
    Map<String, String> from = Map.of("from", "<sip:139%08d@127.0.0.1>".formatted(n));
    hotline.on(new TelephonyEvent.ChannelStarted(now, id, channel, null, "hotline", DIALLED, "0"));
    hotline.dialog().admit(new Arrival(new CallId(id), channel, "warm", DIALLED, from, now));
    hotline.on(new TelephonyEvent.ChannelEnded(now, id, channel, id, 16));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** Takes every order and carries out none. */
  private static final class NoSwitch implements Telephony {
    private static CompletableFuture<Accepted> taken() {
      return CompletableFuture.completedFuture(new Accepted(true, ""));
    }

    @Override
    public CompletableFuture<Accepted> offer(
        String channel, AgentNumber agent, Duration ring, Optional<String> announceIn) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> external(
        String channel, String number, Duration ring, boolean confirm) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> ask(String channel, String stage) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> waitroom(String channel) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> callAgent(
        CallId attempt, int n, AgentNumber agent, Duration ring) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> dialSite(
        CallId attempt, String destination, String shown, String agentChannel, Duration ring) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> hangUp(String channelOrId) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> sendDigits(String channel, String digits) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> standIns(Collection<AgentNumber> agents) {
      return taken();
    }

    @Override
    public CompletableFuture<Accepted> mirror(AgentNumber agent, boolean ready) {
      return taken();
    }
  }
}
