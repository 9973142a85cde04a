package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.harness.MySqlExtension;
import org.careline.hotline.Sound;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callbacks on a real Asterisk, against the sites and desk phones of the outside world. */
class CallbackEndToEndTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final String RULES =
      """
      {"windows":{"default":{"mon-sun":["00:00-24:00"]}},"nightEvidence":"test",
       "officeDays":"all","tradeCalendar":{"default":[]},
       "caps":{"perDay":100,"perWeek":100,"perRound":6,"spacing":"0s","perNumberMinute":100,
        "perNumberHour":1000},"ring":"3s",
       "retry":{"busy":{"delay":"1s","maxTries":1},"no_answer":{"delay":"1s","maxTries":1},
        "number_not_existing":{"delay":"1s","maxTries":1},
        "technical":{"delay":"1s","maxTries":1},
        "no_answer_unverified":{"delay":"1s","maxTries":1},
        "switched_off":{"delay":"1s","maxTries":1}}}
      """;
  private static LiveCallbacks live;

  @BeforeAll
  static void start() throws Exception {
    live = new LiveCallbacks(mysql.database());
    live.ready(AGENT);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void progressiveRingsAgentThenSiteRetriesAndRecords() {
    long round = open("pro", "progressive", this::sites);
    play(round, false);

    assertThat(bins(round))
        .containsOnly(
            Map.entry("completed", 2),
            Map.entry("not_reached", 4),
            Map.entry("no_usable_number", 1));
    assertThat(
            texts(
                "SELECT CONCAT(s.code, ' ', a.seq, ' ', a.disposition) FROM attempt a"
                    + " JOIN round_site rs ON rs.id = a.round_site_id JOIN site s"
                    + " ON s.id = rs.site_id WHERE rs.round_id = "
                    + round
                    + " ORDER BY s.code, a.seq"))
        .containsExactly(
            "pro-answers 1 completed",
            "pro-busy-first 1 busy",
            "pro-busy-first 2 completed",
            "pro-full 1 technical",
            "pro-network 1 no_answer_unverified",
            "pro-nobody 1 no_answer",
            "pro-rang 1 technical",
            "pro-unknown 1 number_not_existing");
    assertThat(
            texts(
                "SELECT CONCAT(s.code, ' ', a.rang) FROM attempt a"
                    + " JOIN round_site rs ON rs.id = a.round_site_id JOIN site s"
                    + " ON s.id = rs.site_id WHERE a.hangup_cause = 34 AND rs.round_id = "
                    + round
                    + " ORDER BY s.code"))
        .as("the same cause, before and after the phone has rung")
        .containsExactly("pro-full 0", "pro-rang 1");
    assertThat(texts("SELECT hangup_cause FROM attempt WHERE disposition = 'busy'"))
        .containsOnly("17");
    for (String id :
        texts(
            "SELECT a.id FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                + " WHERE a.disposition = 'completed' AND rs.round_id = "
                + round)) {
      Path recording = recording(id);
      // 16 bits, 8000 a second, two sides, at least a second of talk
      assertThat(recording).satisfies(file -> assertThat(Files.size(file)).isGreaterThan(32_000));
      bothAreHeardAtOnce(id, recording);
    }
  }

  /**
   * Who says hello is heard, and hears somebody: from the site's answer to the first sound of each
   * side in the recording, which begins when the two are joined.
   */
  private static void bothAreHeardAtOnce(String id, Path recording) {
    Duration joined = Duration.between(live.answered.get(id), live.bridged.get(id));
    Sound sound = sound(recording);
    double agent = joined.toMillis() / 1000.0 + sound.rightFrom(1000);
    double site = joined.toMillis() / 1000.0 + sound.leftFrom(620);
    assertThat(agent).as("the agent's voice for the site, in seconds").isLessThanOrEqualTo(0.3);
    assertThat(site).as("the site's voice for the agent, in seconds").isLessThanOrEqualTo(0.3);
    assertThat(sound.left(620)).as("and goes on").isGreaterThan(1000);
    assertThat(sound.right(1000)).isGreaterThan(1000);
  }

  private static Sound sound(Path recording) {
    try {
      return Sound.of(recording);
    } catch (IOException | UnsupportedAudioFileException e) {
      throw new AssertionError(e);
    }
  }

  /** The announcement comes before an answer, and so does ring-back music. */
  @Test
  void inPreviewTheAgentHearsTheAnnouncementAndSaysWhatItWas() {
    long round =
        open(
            "ann",
            "preview",
            RULES.replace("\"ring\":\"3s\"", "\"ring\":\"20s\""),
            (handle, customer) -> {
              Seed.site(handle, customer, null, "ann-off", "standard", "+862155552093");
              Seed.site(handle, customer, null, "ann-music", "standard", "+862155552094");
            });
    Map<String, Path> heard = new HashMap<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              live.work(AGENT)
                  .ifPresent(
                      work -> {
                        switch (work.state()) {
                          case "inserted" -> live.dial(work.id());
                          case "listening" ->
                              heard.computeIfAbsent(work.e164(), site -> live.heardBy(AGENT));
                          case "heard" -> live.settle(work.id(), Disposition.SWITCHED_OFF);
                          case "talking" -> {
                            live.answers(
                                work.id(), "ann-music", Map.of("fault", "no", "satisfaction", "5"));
                            live.settle(work.id(), Disposition.COMPLETED);
                          }
                          default -> {
                            // rings, or is listened to
                          }
                        }
                      });
              live.closer().closeFinished();
              return texts("SELECT status FROM round WHERE id = " + round)
                  .equals(List.of("closed"));
            });
    assertThat(bins(round)).containsOnly(Map.entry("completed", 1), Map.entry("not_reached", 1));
    String off =
        texts("SELECT id FROM attempt WHERE disposition = 'switched_off' AND heard").getFirst();
    assertThat(live.answered).as("an announcement is no answer").doesNotContainKey(off);
    assertThat(tone(heard.get("+862155552093"), 850)).as("he heard it").isGreaterThan(1000);
    assertThat(tone(heard.get("+862155552094"), 523)).as("and the music").isGreaterThan(500);
    String music =
        texts(
                "SELECT a.id FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                    + " WHERE a.disposition = 'completed' AND rs.round_id = "
                    + round)
            .getFirst();
    assertThat(Duration.between(live.answered.get(music), live.bridged.get(music)))
        .as("joined at the answer")
        .isLessThan(Duration.ofMillis(300));
  }

  /** Behind a switchboard: the extension is sent by keys, and somebody else speaks. */
  @Test
  void theAgentsKeysLeadThroughASwitchboard() {
    long round =
        open(
            "board",
            "preview",
            (handle, customer) ->
                Seed.site(handle, customer, null, "board-a", "standard", "+862155553095"));
    Map<String, Instant> since = new HashMap<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              live.work(AGENT)
                  .ifPresent(
                      work -> {
                        if (work.state().equals("inserted")) {
                          live.dial(work.id());
                        } else if (work.state().equals("talking")) {
                          board(work, since);
                        }
                      });
              live.closer().closeFinished();
              return texts("SELECT status FROM round WHERE id = " + round)
                  .equals(List.of("closed"));
            });
    String id =
        texts(
                "SELECT a.id FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id"
                    + " WHERE rs.round_id = "
                    + round)
            .getFirst();
    Sound talk = sound(recording(id));
    assertThat(talk.leftFrom(700)).as("the switchboard").isLessThan(1);
    assertThat(talk.leftAtTheEnd(620)).as("the extension").isGreaterThan(1000);
    assertThat(talk.leftAtTheEnd(700)).isLessThan(200);
  }

  /** It listens for keys a second after it has answered. */
  private static void board(AttemptView work, Map<String, Instant> since) {
    Instant now = Instant.now();
    Instant answered = since.computeIfAbsent("answered", first -> now);
    if (now.isAfter(answered.plusMillis(1500)) && since.putIfAbsent("keys", now) == null) {
      live.keys(work.id(), "8023");
    }
    if (now.isAfter(answered.plusMillis(6500))) {
      live.settle(work.id(), Disposition.REFUSED_THIS_ROUND);
    }
  }

  private static double tone(Path heard, int hertz) {
    try {
      return Sound.strength(heard, hertz);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path recording(String id) {
    return await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> live.recordings().find(new CallId(id)), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void previewDialsWhenTheAgentSaysSo() {
    long round =
        open(
            "pre",
            "preview",
            (handle, customer) ->
                Seed.site(handle, customer, null, "pre-a", "standard", "+862155551003"));
    AttemptView shown =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> live.work(AGENT), Optional::isPresent)
            .orElseThrow();
    assertThat(shown.state()).isEqualTo("inserted");
    assertThat(
            texts(
                "SELECT COUNT(*) FROM attempt WHERE placed_at IS NOT NULL AND id = '"
                    + shown.id()
                    + "'"))
        .containsExactly("0");
    play(round, true);
    assertThat(bins(round)).containsOnly(Map.entry("completed", 1));
  }

  @Test
  void aContactOfManySitesIsRungOnceForAllAndOnceMoreForWhatTimeWasTooShortFor() {
    long round =
        open(
            "many",
            "progressive",
            (handle, customer) -> {
              List<Long> ids = new ArrayList<>();
              for (int i = 0; i < 8; i++) {
                ids.add(Seed.site(handle, customer, null, "many-" + i, "standard"));
              }
              Seed.contact(handle, customer, "Wang", "+862155552003", ids);
            });
    play(round, false);
    assertThat(bins(round)).containsOnly(Map.entry("completed", 8));
    assertThat(
            texts(
                "SELECT CONCAT(a.seq, ' ', COUNT(*), ' ', SUM(x.disposition = 'not_asked'))"
                    + " FROM attempt a JOIN attempt_site x ON x.attempt_id = a.id"
                    + " WHERE a.e164 = '+862155552003' GROUP BY a.id, a.seq ORDER BY a.id"))
        .containsExactly("1 8 2", "2 2 0");
  }

  private void sites(Handle handle, long customer) {
    Seed.site(handle, customer, null, "pro-answers", "standard", "+862155550003");
    Seed.site(
        handle, customer, null, "pro-busy-first", "standard", "+862155550090", "+862155550004");
    Seed.site(handle, customer, null, "pro-network", "standard", "+862155550193");
    Seed.site(handle, customer, null, "pro-nobody", "standard", "+862155550091");
    Seed.site(handle, customer, null, "pro-full", "standard", "+862155550092");
    Seed.site(handle, customer, null, "pro-rang", "standard", "+862155550192");
    Seed.site(handle, customer, null, "pro-unknown", "standard", "+862155550098");
  }

  private interface Sites {
    void seed(Handle handle, long customer);
  }

  private static long open(String code, String mode, Sites sites) {
    return open(code, mode, RULES, sites);
  }

  private static long open(String code, String mode, String rules, Sites sites) {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, code);
              Seed.campaign(handle, code, customer, mode, rules);
              sites.seed(handle, customer);
            });
    long round = new RoundPlanner(mysql.database().jdbi()).plan(code, Instant.now()).id();
    new RoundOpener(mysql.database().jdbi(), Instant::now).open(round);
    return round;
  }

  /** Plays the agent until the round is over. */
  private static void play(long round, boolean dials) {
    await()
        .conditionEvaluationListener(
            condition -> {
              if (condition.getRemainingTimeInMS() < 200) {
                throw new AssertionError(
                    texts(
                            "SELECT CONCAT_WS(' ', rs.id, rs.status, rs.bin, rs.next_call_at,"
                                + " a.state, a.disposition, a.e164, a.settled_at) FROM round_site rs"
                                + " LEFT JOIN attempt a ON a.round_site_id = rs.id")
                        + " "
                        + live.describe());
              }
            })
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              live.work(AGENT).ifPresent(work -> act(work, dials));
              live.closer().closeFinished();
              return texts("SELECT status FROM round WHERE id = " + round)
                  .equals(List.of("closed"));
            });
  }

  private static void act(AttemptView work, boolean dials) {
    switch (work.state()) {
      case "inserted" -> {
        if (dials) {
          live.dial(work.id());
        }
      }
      case "ended" -> {
        for (AttemptView.Of each : work.sites()) {
          String code = each.site().siteCode();
          boolean later =
              work.sites().size() == 8 && (code.equals("many-3") || code.equals("many-7"));
          if (later) {
            live.done(work.id(), code, Disposition.NOT_ASKED);
          } else {
            live.answers(work.id(), code, Map.of("fault", "no", "satisfaction", "5"));
            live.done(work.id(), code, Disposition.COMPLETED);
          }
        }
      }
      default -> {
        // rings or talks
      }
    }
  }

  private static Map<String, Integer> bins(long round) {
    return mysql.database().jdbi().withHandle(h -> new RoundRepository().bins(h, round));
  }

  private static List<String> texts(String sql) {
    return mysql.database().jdbi().withHandle(h -> h.select(sql).mapTo(String.class).list());
  }
}
