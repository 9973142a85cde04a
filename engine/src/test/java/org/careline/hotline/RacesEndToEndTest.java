package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.careline.agent.AgentDirectory;
import org.careline.agent.AgentNumber;
import org.careline.agent.Wish;
import org.careline.call.CallState;
import org.careline.config.ConfigurationLoader;
import org.careline.harness.MySqlExtension;
import org.careline.harness.SipPeer;
import org.careline.harness.SipPeer.Call;
import org.careline.harness.SipPeer.Ring;
import org.careline.harness.Sipp;
import org.careline.harness.TestFolders;
import org.careline.local.ChildProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What happens at one instant: many answers, hang-ups as callers are assigned, phones that go away
 * while they ring, a flood. Asterisk, MySQL and the engine are real; phones and callers do what
 * they do to the millisecond. Who was connected with whom is read in the switch's own event file.
 */
class RacesEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final int PHONES = 60;
  private static final long GAP_MILLIS = 25;
  private static final int FLOOD = 500;

  /**
   * Who calls amid the flood stands behind its INVITEs; one that finds the switch's socket full is
   * sent again after 0.5, 1 and 2 s.
   */
  private static final Duration FLOOD_LIMIT = Duration.ofSeconds(8);

  /**
   * Seconds. What finds a full socket again and again is given up after 32 s (RFC 3261, timer B).
   */
  private static final int FLOOD_ENDS = 75;

  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration FROZEN_LIMIT = Duration.ofSeconds(4);
  private static final List<String> AGENTS =
      IntStream.rangeClosed(1, PHONES).mapToObj(n -> "" + (8300 + n)).toList();

  private static LiveHotline live;
  private static SipPeer phones;
  private static SipPeer people;
  private static WaitWatch watch;
  private static ScheduledExecutorService timer;
  private static volatile Consumer<Ring> script = ring -> {};
  private static int placed;
  private static final List<String> failedOn = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    List<AgentDirectory.Profile> browsers =
        AGENTS.stream()
            .map(n -> new AgentDirectory.Profile(new AgentNumber(n), n, 1, Set.of(), false))
            .toList();
    // many calls at once: more ports for sound than a test has, where no other test has any
    Map<String, String> values =
        Map.of(
            "RTP_START",
            "20000",
            "RTP_END",
            "27998",
            "CALLS_PER_NUMBER",
            "" + ConfigurationLoader.defaults().hotline().callsPerNumber());
    live = new LiveHotline(MYSQL.database(), values, browsers);
    timer = Executors.newScheduledThreadPool(2);
    InetSocketAddress server = new InetSocketAddress("127.0.0.1", live.ports.sip());
    phones = new SipPeer("127.0.0.3", server);
    people = new SipPeer("127.0.0.2", server);
    phones.onRing(ring -> script.accept(ring));
    for (String agent : AGENTS) {
      live.softPhone(agent);
    }
    register(AGENTS);
    everybodyReady();
    // the first calls of a process are slow ones
    answers(2, 5);
    watch = new WaitWatch(live.mailbox, live.hotline, LIMIT);
  }

  @AfterAll
  static void stop() {
    if (watch != null) {
      watch.close();
    }
    if (phones != null) {
      phones.close();
      people.close();
      timer.shutdownNow();
    }
    if (live != null) {
      live.close();
    }
  }

  // --- the races

  @Test
  void manyAnswerAtOneInstant() throws Exception {
    answers(1, 20);
  }

  @Test
  void anAnswerInTheInstantTheRingTimeEnds() throws Exception {
    lateAnswers(1, 20);
  }

  @Test
  void aCallerHangsUpInTheInstantOfHisAssignment() throws Exception {
    hangUps(1, 20);
  }

  @Test
  void aPhoneIsTakenAwayWhileItRings() throws Exception {
    phonesGo(1, 20, Going.REMOVED);
  }

  @Test
  void aPhoneFreezesWhileItRings() throws Exception {
    phonesGo(1, 20, Going.FROZEN);
  }

  @Test
  @Tag("long")
  void aThousandAnswersAtOneInstant() throws Exception {
    answers(34, 30);
  }

  @Test
  @Tag("long")
  void aThousandAnswersInTheInstantTheRingTimeEnds() throws Exception {
    lateAnswers(34, 30);
  }

  @Test
  @Tag("long")
  void aThousandHangUpsInTheInstantOfTheAssignment() throws Exception {
    hangUps(34, 30);
  }

  @Test
  @Tag("long")
  void aThousandPhonesAreTakenAwayWhileTheyRing() throws Exception {
    phonesGo(34, 30, Going.REMOVED);
  }

  @Test
  @Tag("long")
  void aThousandPhonesFreezeWhileTheyRing() throws Exception {
    phonesGo(34, 30, Going.FROZEN);
  }

  private static void answers(int rounds, int width) throws Exception {
    for (int round = 0; round < rounds; round++) {
      List<Ring> rung = new CopyOnWriteArrayList<>();
      script = rung::add;
      List<Call> calls = call(LiveHotline.PLAIN, width);
      soon(20, () -> rung.size() == width);
      rung.forEach(Ring::answer);
      soon(20, () -> rung.stream().allMatch(Ring::acknowledged));
      soon(20, () -> calls.stream().allMatch(call -> call.status() == 200));
      assertThat(rung.stream().map(ring -> ring.caller).distinct().count()).isEqualTo(width);
      assertThat(rung.stream().map(ring -> ring.phone).distinct().count()).isEqualTo(width);
      for (int i = 0; i < width; i += 2) {
        rung.get(i).hangUp();
      }
      calls.forEach(Call::hangUp);
      everybodyReady();
    }
  }

  /** Ring time 2 s; answers come from 40 ms before its end to 40 ms after it. */
  private static void lateAnswers(int rounds, int width) throws Exception {
    int missed = 0;
    for (int round = 0; round < rounds; round++) {
      List<Ring> rung = new CopyOnWriteArrayList<>();
      Set<String> first = ConcurrentHashMap.newKeySet();
      script =
          ring -> {
            rung.add(ring);
            boolean late = first.add(ring.caller);
            long millis = late ? 2000 - 40 + 80L * first.size() / width : 30;
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ring.at);
            timer.schedule(ring::answer, millis - passed, TimeUnit.MILLISECONDS);
          };
      List<Call> calls = call(LiveHotline.SHORT_RING, width);
      soon(
          30,
          () ->
              calls.stream()
                  .allMatch(call -> talking(rung).filter(call.caller::equals).count() == 1));
      missed += rung.size() - width;
      calls.forEach(Call::hangUp);
      everybodyReady();
    }
    System.out.println(
        "answers in the instant the ring time ends: "
            + rounds * width
            + ", too late and offered again: "
            + missed);
  }

  private static java.util.stream.Stream<String> talking(List<Ring> rung) {
    return rung.stream()
        .filter(ring -> ring.acknowledged() && !ring.over())
        .map(ring -> ring.caller);
  }

  /**
   * Two callers wait for each agent; when all become ready the first one hangs up, from 10 ms
   * before to 50 ms after.
   */
  private static void hangUps(int rounds, int width) throws Exception {
    long longest = 0;
    for (int round = 0; round < rounds; round++) {
      nobodyReady();
      Map<String, Long> rungAt = new ConcurrentHashMap<>();
      List<Ring> rung = new CopyOnWriteArrayList<>();
      script =
          ring -> {
            rung.add(ring);
            rungAt.put(ring.caller, ring.at);
            timer.schedule(ring::answer, 400, TimeUnit.MILLISECONDS);
          };
      List<Call> leaving = call(LiveHotline.PLAIN, width);
      inTheRoom(width);
      List<Call> staying = call(LiveHotline.PLAIN, width);
      inTheRoom(2 * width);
      leaving.forEach(call -> failedOn.add(call.caller));
      long zero = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
      for (int i = 0; i < width; i++) {
        long at = zero + TimeUnit.MILLISECONDS.toNanos(-10 + 60L * i / width);
        timer.schedule(leaving.get(i)::hangUp, at - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      timer.schedule(
          () -> wish(AGENTS.subList(0, width), Wish.READY),
          zero - System.nanoTime(),
          TimeUnit.NANOSECONDS);
      soon(30, () -> staying.stream().allMatch(call -> rungAt.containsKey(call.caller)));
      long last = zero + TimeUnit.MILLISECONDS.toNanos(50);
      for (Call call : staying) {
        longest = Math.max(longest, rungAt.get(call.caller) - last);
      }
      soon(20, () -> talking(rung).count() == width);
      assertThat(talking(rung))
          .containsExactlyInAnyOrderElementsOf(staying.stream().map(call -> call.caller).toList());
      staying.forEach(Call::hangUp);
      everybodyReady();
    }
    System.out.println(
        "callers hung up at their assignment: "
            + rounds * width
            + ", the next caller's phone rang at the latest after ms: "
            + TimeUnit.NANOSECONDS.toMillis(longest));
    assertThat(Duration.ofNanos(Math.max(0, longest))).isLessThan(LIMIT);
  }

  private enum Going {
    REMOVED,
    FROZEN
  }

  /** The first phone that rings for a caller goes away; the next one answers. */
  private static void phonesGo(int rounds, int width, Going how) throws Exception {
    long longest = 0;
    for (int round = 0; round < rounds; round++) {
      Map<String, Long> goneAt = new ConcurrentHashMap<>();
      Map<String, Long> againAt = new ConcurrentHashMap<>();
      Set<String> gone = ConcurrentHashMap.newKeySet();
      List<Ring> rung = new CopyOnWriteArrayList<>();
      script =
          ring -> {
            rung.add(ring);
            if (goneAt.putIfAbsent(ring.caller, ring.at) != null) {
              againAt.putIfAbsent(ring.caller, ring.at);
              timer.schedule(ring::answer, 20, TimeUnit.MILLISECONDS);
              return;
            }
            gone.add(ring.phone);
            if (how == Going.FROZEN) {
              phones.freeze(ring.phone, true);
            } else {
              timer.schedule(
                  () -> {
                    goneAt.put(ring.caller, System.nanoTime());
                    phones.register(ring.phone, Duration.ZERO);
                  },
                  20,
                  TimeUnit.MILLISECONDS);
            }
          };
      List<Call> calls = call(LiveHotline.PLAIN, width);
      soon(30, () -> calls.stream().allMatch(call -> againAt.containsKey(call.caller)));
      for (Call call : calls) {
        longest = Math.max(longest, againAt.get(call.caller) - goneAt.get(call.caller));
      }
      soon(20, () -> talking(rung).count() == width);
      assertThat(gone).hasSize(width);
      calls.forEach(Call::hangUp);
      gone.forEach(phone -> phones.freeze(phone, false));
      if (how == Going.REMOVED) {
        register(gone.stream().map(phone -> phone.substring(1)).toList());
      }
      everybodyReady();
    }
    System.out.println(
        "phones "
            + how.name().toLowerCase(java.util.Locale.ROOT)
            + " while they rang: "
            + rounds * width
            + ", the next phone rang at the latest after ms: "
            + TimeUnit.NANOSECONDS.toMillis(longest));
    assertThat(Duration.ofNanos(longest)).isLessThan(how == Going.FROZEN ? FROZEN_LIMIT : LIMIT);
    String cause = how == Going.FROZEN ? "network" : "browser";
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                number("SELECT COUNT(*) FROM call_leg WHERE result = '" + cause + "'")
                    >= (long) rounds * width);
  }

  // --- the flood

  @Test
  void fiveHundredCallsInASecondFromOneNumberHarmNobodyElse() throws Exception {
    script = ring -> timer.schedule(ring::answer, 100, TimeUnit.MILLISECONDS);
    Path folder = TestFolders.create("flood");
    try (ChildProcess flood =
        Sipp.start(
            Path.of("src/test/resources/sipp/caller-floods.xml"),
            folder,
            "-i",
            "127.0.0.2",
            "-p",
            "" + (live.ports.base() + 9),
            "-mp",
            "" + (live.ports.base() + 480),
            "-s",
            LiveHotline.PLAIN,
            "-r",
            "" + FLOOD,
            "-m",
            "" + FLOOD,
            "-l",
            "" + FLOOD,
            "127.0.0.1:" + live.ports.sip())) {
      soon(30, () -> !live.live().isEmpty());
      List<Call> others = new ArrayList<>();
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Call other = call(LiveHotline.PLAIN, 1).getFirst();
        long began = System.nanoTime();
        others.add(other);
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .atMost(FLOOD_LIMIT)
            .until(() -> other.status() >= 200);
        waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
      }
      assertThat(others).allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
      others.forEach(Call::hangUp);
      soon(FLOOD_ENDS, () -> !flood.alive());
      soon(30, () -> flooded("outcome IS NOT NULL") == FLOOD);
      long blocked = flooded("outcome = 'blocked' AND ended_by = 'system'");
      System.out.println(
          "of "
              + FLOOD
              + " calls from one number refused: "
              + blocked
              + ", answered while no question was: "
              + flooded("outcome = 'fallback_answered'")
              + "; others were answered after ms: "
              + waits);
      assertThat(blocked).isGreaterThanOrEqualTo(FLOOD - 50);
      String served = "'answered', 'fallback_answered', 'abandoned', 'short_abandoned'";
      assertThat(flooded("outcome IN (" + served + ")")).isEqualTo(FLOOD - blocked);
      assertThat(flood.exitCode().orElse(-1))
          .as(Files.readString(folder.resolve("sipp.log")))
          .isEqualTo(0);
    }
    everybodyReady();
  }

  private static long flooded(String what) {
    return number(
        "SELECT COUNT(*) FROM call_record WHERE caller_e164 = '+8613700137000' AND " + what);
  }

  // --- afterwards

  @AfterEach
  void everyCallerWasConnectedOnceOrLeft() throws Exception {
    script = ring -> {};
    people.hangUpAll();
    soon(30, () -> live.live().isEmpty());
    String ours = " FROM call_record WHERE caller_e164 LIKE '+86136%'";
    soon(60, () -> number("SELECT COUNT(*)" + ours + " AND outcome IS NOT NULL") == placed);
    assertThat(number("SELECT COUNT(DISTINCT caller_e164)" + ours)).isEqualTo(placed);
    assertThat(
            number(
                "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) n FROM call_event"
                    + " WHERE kind = 'hung_up' GROUP BY call_id) x"))
        .isEqualTo(placed == 0 ? 0 : 1);
    Map<String, String> talks = talks();
    MYSQL
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createQuery("SELECT id, caller_e164, outcome, agent_number" + ours)
                    .mapToMap()
                    .forEach(
                        row -> {
                          String who = String.valueOf(row.get("caller_e164")).substring(3);
                          String talked = talks.get(String.valueOf(row.get("id")));
                          if (failedOn.contains(who)) {
                            assertThat(row.get("outcome")).isIn("abandoned", "short_abandoned");
                            assertThat(talked).as("nobody was connected with him").isNull();
                          } else {
                            assertThat(row.get("outcome")).as(who).isEqualTo("answered");
                            assertThat(talked).as(who).isEqualTo(row.get("agent_number"));
                          }
                        }));
    System.out.println(
        "longest wait of a caller while an agent was ready: "
            + watch.longest().toMillis()
            + " ms in "
            + watch.looks()
            + " looks");
    assertThat(watch.complaints()).isEmpty();
  }

  /** By call the one agent in whose bridge the caller was, as the switch wrote it down. */
  private static Map<String, String> talks() throws IOException {
    Map<String, Set<String>> bridges = new HashMap<>();
    Map<String, String> inBridge = new HashMap<>();
    Map<String, String> callOf = new HashMap<>();
    for (String line :
        Files.readAllLines(live.asterisk.home().resolve("log/cel-custom/Master.csv"))) {
      String[] cell = line.substring(1).split("\",\"", 11);
      if (!Set.of("BRIDGE_ENTER", "BRIDGE_EXIT").contains(cell[0])) {
        continue;
      }
      String bridge = cell[10].replaceFirst(".*\"\"bridge_id\"\":\"\"([^\"]*)\"\".*", "$1");
      String agent = AgentNumber.ofChannel(cell[4]).map(AgentNumber::value).orElse(null);
      if (agent != null && cell[0].equals("BRIDGE_ENTER")) {
        String other = inBridge.put(agent, bridge);
        assertThat(other).as("agent " + agent + " is in one talk at a time").isNull();
      } else if (agent != null) {
        inBridge.remove(agent);
      }
      if (cell[0].equals("BRIDGE_ENTER")) {
        callOf.putIfAbsent(bridge, cell[3]);
        bridges
            .computeIfAbsent(bridge, key -> new HashSet<>())
            .add(agent == null ? cell[2] : "a" + agent);
      }
    }
    Map<String, String> talks = new HashMap<>();
    bridges.forEach(
        (bridge, inside) -> {
          assertThat(inside).as("one caller and one agent").hasSizeLessThanOrEqualTo(2);
          String agent = inside.stream().filter(who -> who.matches("a\\d+")).findFirst().orElse("");
          inside.stream()
              .filter(who -> !who.matches("a\\d+"))
              .forEach(
                  caller ->
                      assertThat(talks.put(caller, agent.isEmpty() ? "" : agent.substring(1)))
                          .as("nobody is connected twice")
                          .isNull());
        });
    // one of the two hung up in the instant of the answer: the bridge had his agent alone
    bridges.forEach(
        (bridge, inside) -> {
          if (inside.size() == 1) {
            String only = inside.iterator().next();
            talks.putIfAbsent(callOf.get(bridge), only.startsWith("a") ? only.substring(1) : "");
          }
        });
    return talks;
  }

  // --- tools

  /** They call one after the other: what they do at one instant comes later. */
  private static List<Call> call(String line, int count) throws Exception {
    List<Future<Call>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String caller = "136%08d".formatted(++placed);
      calls.add(
          timer.schedule(() -> people.call(line, caller), i * GAP_MILLIS, TimeUnit.MILLISECONDS));
    }
    List<Call> begun = new ArrayList<>();
    for (Future<Call> call : calls) {
      begun.add(call.get());
    }
    return begun;
  }

  private static void inTheRoom(int count) {
    soon(
        30,
        () ->
            live.live().stream()
                    .filter(c -> c.state() instanceof CallState.Waiting w && w.inRoom())
                    .count()
                == count);
  }

  private static void register(List<String> agents) throws Exception {
    for (var answer :
        agents.stream().map(n -> phones.register("a" + n, Duration.ofMinutes(55))).toList()) {
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(200);
    }
  }

  private static void wish(List<String> agents, Wish wish) {
    live.mailbox.execute(
        () -> agents.forEach(n -> live.hotline.agents().wish(new AgentNumber(n), wish)));
  }

  private static void nobodyReady() {
    wish(AGENTS, Wish.notReady("break"));
    soon(30, () -> ready() == 0);
  }

  private static void everybodyReady() {
    soon(30, () -> live.live().isEmpty());
    soon(
        30,
        () -> {
          wish(AGENTS, Wish.READY);
          return ready() == PHONES;
        });
  }

  private static int ready() {
    return live.mailbox.ask(Duration.ofSeconds(5), () -> live.hotline.agents().readyCount());
  }

  private static long number(String query) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(handle -> handle.createQuery(query).mapTo(Long.class).one());
  }

  private static void soon(int seconds, Callable<Boolean> condition) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(seconds))
        .until(condition);
  }
}
