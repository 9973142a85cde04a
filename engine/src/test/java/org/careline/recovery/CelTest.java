package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.call.EndedBy;
import org.careline.call.Journal;
import org.careline.call.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The switch's event file: lines of a real Asterisk, torn lines, rotation, restarts. */
class CelTest {
  private static final String HANGUP =
      "\"HANGUP\",\"1795473919.330101\",\"t1-1.0\",\"t1-1.0\",\"PJSIP/trunk-00000000\","
          + "\"careline-offer\",\"ring\",\"\",\"t1-1.0\",\"\","
          + "\"{\"\"hangupcause\"\":16,\"\"hangupsource\"\":\"\"PJSIP/a8001-00000008\"\"}\",\"1\"";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("Master.csv");
  }

  private List<String> recorded() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("cel-recorded.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void append(String text) throws IOException {
    Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Journal journal() {
    return new Journal(folder.resolve("journal.sqlite"), InstantSource.system());
  }

  private static List<String> names(CelCall call) {
    return call.events().stream().map(event -> event.getClass().getSimpleName()).toList();
  }

  @Test
  void tellsTheLifeOfCallsOnARealAsterisk() throws Exception {
    append(String.join("\n", recorded()) + "\n");
    try (Journal journal = journal()) {
      CelReader reader = new CelReader(file(), journal);
      reader.poll();
      assertThat(reader.calls()).hasSize(7).allMatch(CelCall::ended);

      CelCall direct = reader.call(new CallId("t12500-1795473896.0")).orElseThrow();
      assertThat(direct.dialled()).isEqualTo("4008001234");
      assertThat(direct.caller()).isEqualTo("13800138000");
      assertThat(direct.startedAt()).isEqualTo(Instant.parse("2026-11-23T22:44:56.755975Z"));
      assertThat(names(direct)).containsExactly("OfferMade", "Answered", "HungUp");
      CallEvent.Answered answered = (CallEvent.Answered) direct.events().get(1);
      CallEvent.HungUp end = (CallEvent.HungUp) direct.events().getLast();
      assertThat(answered.agent()).isEqualTo(new AgentNumber("8001"));
      assertThat(Duration.between(answered.at(), end.at()).toSeconds()).isEqualTo(20);
      assertThat(end.by()).isEqualTo(EndedBy.CALLER);

      // answered by the switch alone while the engine was dead
      CelCall alone = reader.call(new CallId("t12500-1795473896.6")).orElseThrow();
      assertThat(names(alone))
          .containsExactly("EnteredRoom", "EnteredFallback", "Answered", "HungUp");

      // the engine was killed, came back and took him over
      CelCall taken = reader.call(new CallId("t12500-1795473896.4")).orElseThrow();
      assertThat(names(taken))
          .containsExactly("EnteredRoom", "EnteredFallback", "EnteredRoom", "HungUp");
    }
  }

  @Test
  void knowsWhoHungUp() {
    CelCall call = new CelCall(CelRecord.parse(HANGUP.replace("HANGUP", "CHAN_START")).get());
    call.add(CelRecord.parse(HANGUP).orElseThrow());
    assertThat(((CallEvent.HungUp) call.events().getLast()).by()).isEqualTo(EndedBy.AGENT);
    assertThat(call.ended()).isTrue();
  }

  @Test
  void aCallTheSwitchRefusedByItselfIsBlocked() {
    CelCall call = new CelCall(CelRecord.parse(HANGUP.replace("HANGUP", "CHAN_START")).get());
    String refused = HANGUP.replace("careline-offer", "careline-many").replace(":16,", ":21,");
    call.add(CelRecord.parse(refused).orElseThrow());
    CallEvent.Turned turned = (CallEvent.Turned) call.events().getFirst();
    assertThat(turned.outcome()).isEqualTo(Outcome.BLOCKED);
    assertThat(((CallEvent.HungUp) call.events().getLast()).by()).isEqualTo(EndedBy.SYSTEM);
    assertThat(call.ended()).isTrue();
  }

  /** The guard of a question that was never answered keeps its context. */
  @Test
  void whoComesToTheFallbackQueueByTheGuardIsServedByIt() {
    CelCall call = new CelCall(CelRecord.parse(HANGUP.replace("HANGUP", "CHAN_START")).get());
    String queue =
        HANGUP
            .replace("HANGUP", "APP_START")
            .replace("careline-offer", "careline-ask")
            .replace("\"ring\",\"\"", "\"T\",\"Queue\"");
    call.add(CelRecord.parse(queue).orElseThrow());
    call.add(CelRecord.parse(queue.replace("careline-ask", "careline-fallback")).orElseThrow());
    assertThat(names(call)).containsExactly("EnteredFallback");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"HANGUP\"",
        "\"HANGUP\",\"now\",\"u\",\"u\",\"c\",\"x\",\"e\",\"a\",\"i\",\"p\",\"{}\"",
        "\"HANGUP\",\"99999999999999999999\",\"u\",\"u\",\"c\",\"x\",\"e\",\"a\",\"i\",\"p\",\"\"",
        "\"HANGUP\",\"1795473919.33\",\"\",\"u\",\"c\",\"x\",\"e\",\"a\",\"i\",\"p\",\"{}\"",
        "\"HANGUP\",\"1795473919.33\",\"u\",\"u\",\"c\",\"x\",\"e\",\"a\",\"i\",\"p\",\"{",
        "\u0000\u0001\u0002,,,,,,,,,,,,,"
      })
  void refusesWhatIsNoLineOfOurs(String line) {
    assertThat(CelRecord.parse(line)).isEmpty();
  }

  @Test
  void aQuoteCommaOrWordInACellStaysInItsCell() {
    CelRecord line =
        CelRecord.parse(
                "\"HANGUP\",\"1.5\",\"u\",\"u\",\"c,\"\"CHAN_END\"\"\",\"x\",\"e\",\"a\",\"i\","
                    + "\"p\",\"not json\"")
            .orElseThrow();
    assertThat(line.channel()).isEqualTo("c,\"CHAN_END\"");
    assertThat(CelCall.extra(line, "hangupcause")).isEmpty();
    assertThat(line.at()).isEqualTo(Instant.ofEpochSecond(1, 500_000_000));
    assertThat(line.caller()).isEmpty();
  }

  @Test
  void goesOnAfterTornLinesRotationAndCutting() throws Exception {
    List<String> seen = new ArrayList<>();
    CelFile follower = new CelFile(file(), CelFile.Place.START);
    follower.poll((line, place) -> seen.add(line));
    append("one\ntw");
    follower.poll((line, place) -> seen.add(line));
    assertThat(seen).containsExactly("one");
    append("o\nthree\n");
    follower = new CelFile(file(), CelFile.Place.parse(follower.place().text()));
    follower.poll((line, place) -> seen.add(line));
    assertThat(seen).containsExactly("one", "two", "three");

    append("last of the old\n");
    Files.move(file(), folder.resolve("Master.csv.1"));
    append("first of the new\n");
    follower.poll((line, place) -> seen.add(line));
    assertThat(seen.subList(3, 5)).containsExactly("last of the old", "first of the new");

    Files.writeString(file(), "cut\n", StandardOpenOption.TRUNCATE_EXISTING);
    follower.poll((line, place) -> seen.add(line));
    assertThat(seen).endsWith("cut").hasSize(6);

    append("x".repeat(300_000) + "\nafter\n");
    follower.poll((line, place) -> seen.add(line));
    assertThat(seen).endsWith("after");
  }

  @Test
  void aRestartReadsFromTheOldestUnfinishedCall() throws Exception {
    List<String> lines = recorded();
    int half = lines.size() / 2;
    append(String.join("\n", lines.subList(0, half)) + "\n");
    int before;
    try (Journal journal = journal()) {
      CelReader reader = new CelReader(file(), journal);
      reader.poll();
      before = reader.calls().size();
      reader.settled(reader.calls().stream().filter(CelCall::ended).map(CelCall::id).toList());
      reader.keepPlace();
    }
    append(String.join("\n", lines.subList(half, lines.size())) + "\n");
    try (Journal journal = journal()) {
      CelReader reader = new CelReader(file(), journal);
      reader.poll();
      assertThat(before).isEqualTo(7);
      assertThat(reader.calls()).isNotEmpty().allMatch(CelCall::ended);
      assertThat(reader.calls())
          .allMatch(call -> call.events().getLast() instanceof CallEvent.HungUp);
    }
  }

  @Test
  void anAttemptNobodyKnowsCountsAsDialledUntilItIsProven() {
    Instant at = Instant.parse("2026-11-23T10:00:00Z");
    AttemptEvidence.Trail begun =
        new AttemptEvidence.Trail(at, at.plusSeconds(3), Optional.empty(), Optional.empty(), 0);
    AttemptEvidence.Trail over =
        new AttemptEvidence.Trail(
            at,
            at.plusSeconds(9),
            Optional.of(at.plusSeconds(4)),
            Optional.of(at.plusSeconds(9)),
            16);
    assertThat(AttemptEvidence.decide(false, null, false)).isInstanceOf(Evidence.Unknown.class);
    assertThat(AttemptEvidence.decide(false, null, true)).isInstanceOf(Evidence.NeverSeen.class);
    assertThat(AttemptEvidence.decide(true, null, true)).isInstanceOf(Evidence.Living.class);
    assertThat(AttemptEvidence.decide(false, begun, false)).isInstanceOf(Evidence.Unknown.class);
    assertThat(AttemptEvidence.decide(false, begun, true)).isInstanceOf(Evidence.Ended.class);
    assertThat(AttemptEvidence.decide(false, over, false))
        .isEqualTo(new Evidence.Ended(at, over.answeredAt(), at.plusSeconds(9), 16));
  }
}
