package org.careline.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careline.asterisk.OutsideCallers;
import org.careline.callback.SiteRules;
import org.careline.config.Configuration;
import org.careline.customer.Apply;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.database.Database;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A day in small: the two chains' round beside hotline callers of all tiers, served by six
 * simulated agents. Everything goes through the running product: import, apply, HTTP, real calls
 * with audio. One thread drives it; {@link #end} may be called from another.
 */
public final class Demonstration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Demonstration.class);
  public static final String LINE = "4008001234";
  public static final List<String> AGENTS = List.of("chen", "liu", "zhao", "sun", "zhou", "wu");
  static final List<String> CHAINS = List.of("RJ", "MT");
  private static final Duration CALLER_EVERY = Duration.ofSeconds(4);
  // Now and then more callers at once than agents: some wait, some lose patience.
  private static final int BURST = 8;
  private static final int BURST_EVERY = 6;
  private static final Duration OPENING = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(60);
  private static final SimulatedAgent.Pace PACE =
      new SimulatedAgent.Pace(
          Duration.ofSeconds(1), Duration.ofMillis(900), Duration.ofMillis(700));

  /** Where things are. */
  public record Place(
      URI console, Path outsideHome, int outsideSip, int outsideAmi, String outsideSecret) {}

  private final Place place;
  private final Configuration configuration;
  private final Database database;
  private final String password;
  private final Consumer<Sentence> story;
  private final InstantSource clock;
  private final Seeds seeds = new Seeds();
  private final Random dice = new Random(20260101);
  private final List<SimulatedAgent> agents = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final OutsideCallers callers;
  private final Instant since;
  private final Ledger ledger;
  private volatile ConsoleClient scheduler;

  /**
   * @param password of everybody in the demonstration
   * @param story hears, line by line, what happens
   */
  public Demonstration(
      Place place,
      Configuration configuration,
      Database database,
      String password,
      Consumer<Sentence> story,
      InstantSource clock) {
    this.place = place;
    this.configuration = configuration;
    this.database = database;
    this.password = password;
    this.story = story;
    this.clock = clock;
    since = clock.instant();
    ledger = new Ledger(database.jdbi(), since);
    callers = new OutsideCallers(place.outsideAmi(), place.outsideSecret(), clock);
  }

  /**
   * Seeds customers and people, opens the rounds, lets the agents begin. Blocks for some seconds.
   * Throws {@link NotStaged} while a round of another campaign is open, and unless its own rounds
   * are soon open with all their sites.
   */
  public void begin() throws Exception {
    ledger.refuseOthers();
    Apply apply = new Apply(database, configuration);
    apply.run(
        "cast.yaml", Seeds.cast(place.outsideSip(), password).getBytes(StandardCharsets.UTF_8));
    DataImport imports = new DataImport(database, configuration.imports().maxSize().bytes());
    imports.sites(
        new ByteArrayInputStream(seeds.csv()),
        "demo.csv",
        false,
        OutputStream.nullOutputStream(),
        Locale.ENGLISH);
    LocalDate today = LocalDate.ofInstant(clock.instant(), SiteRules.OFFICE);
    imports.run(
        DataImport.Order.of(FileKind.ROSTER, "roster.csv", false, Locale.ENGLISH),
        new ByteArrayInputStream(Seeds.roster(today)),
        OutputStream.nullOutputStream());
    apply.run(
        "campaigns.yaml", Seeds.campaigns(today.plusDays(60)).getBytes(StandardCharsets.UTF_8));
    story.accept(columns("seeded", Sentence.of("demo.sites", seeds.sites().size())));
    scheduler = new ConsoleClient(place.console(), "scheduler");
    until("the scheduler can log in", () -> scheduler.logIn(password).has("login"));
    for (String login : AGENTS) {
      SimulatedAgent agent =
          new SimulatedAgent(
              place.console(),
              login,
              password,
              PACE,
              seeds::destiny,
              line -> story.accept(columns("site", line)));
      agents.add(agent);
      until(login + " can log in", () -> start(agent));
    }
    for (String chain : CHAINS) {
      openRound(chain);
    }
  }

  private static boolean start(SimulatedAgent agent) {
    agent.start();
    return true;
  }

  private void openRound(String chain) throws InterruptedException {
    String path = "/campaigns/" + chain + "/rounds";
    try {
      JsonNode current = scheduler.get(path + "/current");
      if (!current.path("status").asText().equals("closed")) {
        scheduler.post(path + "/current/close", Map.of());
      }
    } catch (ConsoleClient.Refused none) {
      log.debug("{} has no round yet", chain);
    }
    scheduler.post(path, Map.of());
    JsonNode round = opened(chain, path + "/current");
    story.accept(
        columns(
            "round",
            chain,
            round.path("number").asText(),
            Sentence.of("demo.sites", round.path("sitesLoaded").asInt())));
  }

  /** The round, once the engine has opened it. */
  private JsonNode opened(String chain, String path) throws InterruptedException {
    Instant deadline = clock.instant().plus(OPENING);
    CountDownLatch pause = new CountDownLatch(1);
    while (true) {
      JsonNode round = scheduler.get(path);
      int loaded = round.path("sitesLoaded").asInt();
      String status = round.path("status").asText();
      if (status.equals("open") && loaded >= seeds.sitesOf(chain)) {
        return round;
      }
      if (clock.instant().isAfter(deadline)) {
        throw new NotStaged(
            Sentence.of(
                "demo.round-not-open",
                round.path("number").asInt(),
                chain,
                status,
                loaded,
                OPENING.toSeconds(),
                seeds.sitesOf(chain)));
      }
      pause.await(200, TimeUnit.MILLISECONDS);
    }
  }

  /** One line of the story: its kind, which is never translated, and the rest, between tabs. */
  private static Sentence columns(Object... columns) {
    return Sentence.joined(
        "\t",
        Stream.of(columns)
            .map(
                column ->
                    column instanceof Sentence sentence
                        ? sentence
                        : Sentence.plain(String.valueOf(column)))
            .toList());
  }

  /**
   * Lets callers ring for {@code length}, or until {@link #end}. Reports on {@code progress} each
   * second.
   */
  public void run(Duration length, Runnable progress) throws InterruptedException {
    Instant stop = clock.instant().plus(length);
    Instant nextCaller = clock.instant();
    while (clock.instant().isBefore(stop)) {
      if (!clock.instant().isBefore(nextCaller)) {
        nextCaller = clock.instant().plus(CALLER_EVERY);
        int atOnce = dice.nextInt(BURST_EVERY) == 0 ? BURST : 1;
        for (int i = 0; i < atOnce; i++) {
          caller();
        }
      }
      progress.run();
      if (ended.await(1, TimeUnit.SECONDS)) {
        return;
      }
    }
  }

  /**
   * One caller: mostly a site we know, at times a stranger or a withheld number; some hang up soon.
   */
  private void caller() {
    int kind = dice.nextInt(10);
    Seeds.Site site = seeds.sites().get(dice.nextInt(seeds.sites().size()));
    String from =
        switch (kind) {
          case 0 -> "anonymous";
          case 1 -> "139%08d".formatted(dice.nextInt(100_000_000));
          case 2 -> "+86" + site.phone();
          case 3 -> "0" + site.phone();
          default -> site.phone();
        };
    Duration talk = Duration.ofSeconds(4 + dice.nextInt(8));
    callers.call(LINE, from, talk);
    story.accept(
        kind == 0 || kind == 1
            ? columns("caller", from, Sentence.of("demo.unknown-caller"))
            : columns("caller", from, site.code(), site.tier()));
  }

  /** Ends {@link #run} early. */
  public void end() {
    ended.countDown();
  }

  /**
   * The agents finish what they have and go home; then everything is counted. Blocks for at most 60
   * s.
   */
  public Summary finish() throws InterruptedException {
    for (SimulatedAgent agent : agents) {
      try {
        agent.goHome();
      } catch (RuntimeException e) {
        log.warn("{}", e.getMessage());
      }
    }
    Instant deadline = clock.instant().plus(DRAIN);
    Summary summary = count();
    CountDownLatch pause = new CountDownLatch(1);
    while (clock.instant().isBefore(deadline)
        && (ledger.open() > 0 || ledger.attemptsOpen() > 0 || !summary.reconciles())) {
      pause.await(500, TimeUnit.MILLISECONDS);
      summary = count();
    }
    return summary;
  }

  /** Counted as of now. */
  public Summary count() {
    return Summary.of(
        OutsideCount.read(place.outsideHome(), since),
        ledger.outcomes(),
        ledger.sitesLoaded(),
        ledger.bins(),
        ledger.attempts(),
        ledger.attemptsFailedBeforeWire());
  }

  private void closeRound(String chain) {
    try {
      scheduler.post("/campaigns/" + chain + "/rounds/current/close", Map.of());
    } catch (RuntimeException unreachable) {
      log.warn("the round of {} stays open: {}", chain, unreachable.getMessage());
    }
  }

  private interface Check {
    boolean holds();
  }

  private void until(String what, Check check) throws InterruptedException {
    Instant deadline = clock.instant().plusSeconds(20);
    CountDownLatch pause = new CountDownLatch(1);
    RuntimeException last = null;
    while (clock.instant().isBefore(deadline)) {
      try {
        if (check.holds()) {
          return;
        }
        last = null;
      } catch (ConsoleClient.Refused | IllegalStateException e) {
        last = e;
      }
      pause.await(200, TimeUnit.MILLISECONDS);
    }
    throw new IllegalStateException(
        what + ": not within 20 s" + (last == null ? "" : ": " + last.getMessage()), last);
  }

  /** Its rounds are closed: an engine started here later must not go on ringing invented sites. */
  @Override
  public void close() {
    agents.forEach(SimulatedAgent::close);
    if (scheduler != null) {
      CHAINS.forEach(this::closeRound);
      scheduler.close();
    }
    callers.close();
  }
}
