package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.careline.agent.AgentDirectory;
import org.careline.agent.Agents;
import org.careline.call.CallEntry;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.CallTransitions;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.telephony.SwitchState;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

/**
 * An engine dies at any moment of any calls' lives. Whatever its journal had and whatever happened
 * meanwhile: after adoption everything is as if one engine had seen it all, and a second adoption
 * changes nothing.
 */
class AdoptionTest {
  private static final Instant BEGAN = Instant.parse("2026-11-23T10:00:00Z");
  private static final Duration WAIT = Duration.ofSeconds(10);

  @TempDir Path folder;

  @RepeatedTest(40)
  void adoptingIsAsHavingSeenItAllAndTwiceIsAsOnce(RepetitionInfo info) throws Exception {
    Random random = new Random(info.getCurrentRepetition());
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      lives.add(new Life(i, random));
    }
    Path cel = folder.resolve("Master.csv");
    List<Line> lines = lives.stream().flatMap(life -> life.lines.stream()).toList();
    Files.write(
        cel, lines.stream().sorted(Comparator.comparing(Line::at)).map(Line::text).toList());
    Instant killed = BEGAN.plusMillis(random.nextInt(60_000));

    try (Stage first = new Stage(folder.resolve("a"), cel, lives)) {
      first.live(killed);
    }
    Map<String, String> expected;
    try (Stage all = new Stage(folder.resolve("b"), cel, lives)) {
      all.adoption.run();
      expected = all.result();
    }
    try (Stage second = new Stage(folder.resolve("a"), cel, lives)) {
      second.adoption.run();
      assertThat(second.result()).isEqualTo(expected);
      for (Life over : lives.stream().filter(life -> life.ended).toList()) {
        // what is only told again is not ordered again
        Mockito.verify(second.telephony, Mockito.never()).waitroom(over.channel());
      }
      List<String> once = second.journalled();
      second.adoption.run();
      assertThat(second.journalled()).isEqualTo(once);
      assertThat(once.stream().filter(line -> line.startsWith("outcome")).distinct().count())
          .isEqualTo(once.stream().filter(line -> line.startsWith("outcome")).count())
          .isEqualTo(lives.stream().filter(life -> life.ended).count());
    }
    try (Stage third = new Stage(folder.resolve("a"), cel, lives)) {
      List<String> before = third.journalled();
      third.adoption.run();
      assertThat(third.journalled()).isEqualTo(before);
    }
  }

  /** Nobody here has heard of the call when its agent answers: the lists are older than that. */
  @Test
  void whoIsAnsweredWhileTheListsAreReadTalksOn() throws Exception {
    Life life = new Life("t1-500.0");
    Path cel = folder.resolve("Master.csv");
    Files.write(cel, life.lines.stream().map(Line::text).toList());
    try (Stage stage = new Stage(folder.resolve("a"), cel, List.of(life))) {
      Instant answered = BEGAN.plusSeconds(3601);
      Mockito.when(stage.switchState.phones())
          .thenAnswer(
              lists -> {
                stage.mailbox.execute(
                    () ->
                        stage.calls.inOrder(
                            () ->
                                stage.calls.on(
                                    new TelephonyEvent.DialEnded(
                                        answered,
                                        life.id,
                                        life.channel(),
                                        life.id,
                                        life.id + "-leg",
                                        "PJSIP/a8005-00000001",
                                        "ANSWER"))));
                return List.of();
              });
      stage.adoption.run();
      assertThat(stage.result().get(life.id))
          .startsWith("fallback_talking")
          .contains("8005")
          .contains(BEGAN.toString());
      Mockito.verify(stage.telephony, Mockito.never()).waitroom(life.channel());
    }
    // and one who still waits there is fetched
    Life waits = new Life("t1-501.0");
    Files.write(cel, waits.lines.stream().map(Line::text).toList());
    try (Stage stage = new Stage(folder.resolve("b"), cel, List.of(waits))) {
      stage.adoption.run();
      Mockito.verify(stage.telephony).waitroom(waits.channel());
    }
  }

  private record Line(Instant at, String text) {}

  /** A call as a real switch would write it down; each has an agent of its own. */
  private static final class Life {
    final String id;
    String agent;
    final List<Line> lines = new ArrayList<>();
    private Instant now;
    String queue = "";
    boolean ended;
    boolean talks;

    Life(int number, Random random) {
      id = "t1-" + (100 + number) + ".0";
      agent = "PJSIP/a800" + number + "-0000000";
      String other = "PJSIP/a900" + number + "-0000000";
      now = BEGAN.plusMillis(random.nextInt(20_000)).plusNanos(1000L * number);
      line("CHAN_START", id, channel(), "hotline", "", "");
      int legs = 0;
      if (random.nextInt(4) > 0) {
        queue("careline-wait", random);
      }
      for (int step = random.nextInt(4); step > 0; step--) {
        if (random.nextInt(3) == 0) {
          queue("careline-fallback", random);
        }
        String leg = id + "-leg" + legs;
        String channel = agent + legs++;
        pass(random);
        line("CHAN_START", leg, channel, "from-agent", "", "");
        pass(random);
        if (random.nextBoolean()) {
          line("BRIDGE_ENTER", leg, channel, "from-agent", "", bridge());
          pass(random);
          line("BRIDGE_ENTER", id, channel(), "careline-offer", "Dial", bridge());
          talks = true;
          queue = "";
          if (random.nextInt(3) > 0) {
            break;
          }
          // his phone dies: back to the waitroom, perhaps to another agent
          pass(random);
          line("BRIDGE_EXIT", leg, channel, "from-agent", "", bridge());
          line("BRIDGE_EXIT", id, channel(), "careline-offer", "Dial", bridge());
          line("HANGUP", leg, channel, "from-agent", "", "");
          talks = false;
          agent = other;
          queue("careline-wait", random);
          continue;
        }
        line("HANGUP", leg, channel, "from-agent", "", "");
        queue(queue.isEmpty() ? "careline-wait" : queue, random);
      }
      if (random.nextInt(3) > 0) {
        pass(random);
        ended = true;
        line("HANGUP", id, channel(), "x", "", "{\"\"hangupcause\"\":16}");
      }
    }

    /** Came and waits in the fallback queue. */
    Life(String id) {
      this.id = id;
      agent = "PJSIP/a8005-0000000";
      now = BEGAN;
      line("CHAN_START", id, channel(), "hotline", "", "");
      queue = "careline-fallback";
      line("APP_START", id, channel(), queue, "Queue", "");
    }

    String channel() {
      return "PJSIP/trunk-" + id;
    }

    private String bridge() {
      return "{\"\"bridge_id\"\":\"\"b" + id + "\"\"}";
    }

    private void pass(Random random) {
      now = now.plusMillis(1 + random.nextInt(8_000));
    }

    private void queue(String context, Random random) {
      pass(random);
      queue = context;
      line("APP_START", id, channel(), context, "Queue", "");
    }

    private void line(
        String type, String unique, String channel, String context, String app, String extra) {
      lines.add(
          new Line(
              now,
              "\"%s\",\"%d.%06d\",\"%s\",\"%s\",\"%s\",\"%s\",\"4001\",\"%s\",\"%s\",\"\",\"%s\",\"1\""
                  .formatted(
                      type,
                      now.getEpochSecond(),
                      now.getNano() / 1000,
                      unique,
                      id,
                      channel,
                      context,
                      app,
                      id,
                      extra)));
    }
  }

  /** An engine's parts with a switch that holds what lives at the end. */
  private static final class Stage implements AutoCloseable {
    final Mailbox mailbox = new Mailbox();
    final Journal journal;
    final Calls calls;
    final Adoption adoption;
    final Telephony telephony =
        Mockito.mock(
            Telephony.class,
            invocation -> CompletableFuture.completedFuture(new Telephony.Accepted(true, "")));
    final SwitchState switchState;
    private final Path cel;
    private final List<Life> lives;

    Stage(Path home, Path cel, List<Life> lives) throws Exception {
      this.cel = cel;
      this.lives = lives;
      this.switchState = living();
      InstantSource clock = InstantSource.fixed(BEGAN.plusSeconds(3600));
      journal = new Journal(home.resolve("journal.sqlite"), clock);
      Agents agents =
          new Agents(
              AgentDirectory.of(List.of()),
              journal,
              telephony,
              (delay, task) -> {},
              clock,
              Duration.ofSeconds(10));
      calls =
          new Calls(
              new CallTransitions(Duration.ofSeconds(5)),
              journal,
              telephony,
              agents,
              (dialled, number) ->
                  new Calls.Known(Caller.unknown(dialled), new Handling(WAIT, WAIT, 1, 100, 1)),
              mailbox,
              clock,
              () -> true);
      LastSeen lastSeen = new LastSeen();
      mailbox.ask(
          WAIT,
          () -> {
            journal.replay(
                0,
                entry -> {
                  calls.replay(entry);
                  if (entry.kind().equals("call")) {
                    lastSeen.seen(new CallId(entry.key()), entry.as(CallEntry.class).at());
                  }
                });
            calls.replayed();
            return true;
          });
      adoption =
          new Adoption(
              switchState,
              telephony,
              calls,
              agents,
              mailbox,
              new CelReader(cel, journal),
              new Outcomes(Mockito.mock(DataSource.class)),
              lastSeen,
              () -> false,
              clock);
    }

    private SwitchState living() {
      List<SwitchState.LivingChannel> channels = new ArrayList<>();
      List<SwitchState.QueuedCaller> queued = new ArrayList<>();
      for (Life life : lives) {
        if (life.ended) {
          continue;
        }
        String bridge = life.talks ? "b" + life.id : null;
        channels.add(channel(life, life.id, life.channel(), bridge));
        if (life.talks) {
          channels.add(channel(life, life.id + "-leg", life.agent + "9", bridge));
        } else if (!life.queue.isEmpty()) {
          queued.add(
              new SwitchState.QueuedCaller(
                  life.id,
                  life.channel(),
                  life.id,
                  life.queue.equals("careline-wait") ? "waitroom" : "fallback",
                  1,
                  "1",
                  BEGAN));
        }
      }
      SwitchState state = Mockito.mock(SwitchState.class);
      Mockito.when(state.channels()).thenReturn(channels);
      Mockito.when(state.queued()).thenReturn(queued);
      Mockito.when(state.members()).thenReturn(List.of());
      Mockito.when(state.phones()).thenReturn(List.of());
      return state;
    }

    private static SwitchState.LivingChannel channel(
        Life life, String unique, String name, String bridge) {
      return new SwitchState.LivingChannel(
          unique, name, life.id, life.id, "x", "4001", "", "Up", bridge, "1", BEGAN);
    }

    /** Sees everything until it is killed. */
    void live(Instant until) throws IOException {
      CelReader reader = new CelReader(cel, journal);
      reader.poll();
      record Seen(CelCall call, CallEvent event) {}
      List<Seen> seen = new ArrayList<>();
      for (CelCall call : reader.calls()) {
        call.events().stream()
            .filter(event -> !event.at().isAfter(until))
            .forEach(event -> seen.add(new Seen(call, event)));
      }
      seen.sort(Comparator.comparing(one -> one.event().at()));
      mailbox.ask(
          WAIT,
          () -> {
            for (CelCall call : reader.calls()) {
              if (!call.startedAt().isAfter(until)) {
                calls.adopt(
                    call.id(), call.channel(), call.dialled(), call.caller(), call.startedAt());
              }
            }
            seen.forEach(one -> calls.feed(one.call().id(), one.event(), false));
            return true;
          });
    }

    /** State or outcome with its figures, by call. */
    Map<String, String> result() {
      Map<String, String> result = new TreeMap<>();
      mailbox.ask(
          WAIT,
          () -> {
            calls
                .live()
                .forEach(
                    call ->
                        result.put(
                            call.id().value(),
                            call.state().kind() + call.state().agent() + call.joinedAt()));
            return true;
          });
      journal.flush().join();
      journal.replay(
          0,
          entry -> {
            if (entry.kind().equals("outcome")) {
              result.put(entry.key(), entry.json());
            }
          });
      return result;
    }

    List<String> journalled() {
      journal.flush().join();
      List<String> lines = new ArrayList<>();
      journal.replay(
          0,
          entry -> {
            if (Set.of("call", "outcome").contains(entry.kind())) {
              lines.add(entry.kind() + " " + entry.key() + " " + entry.json());
            }
          });
      return lines;
    }

    @Override
    public void close() {
      mailbox.close();
      journal.close();
    }
  }
}
