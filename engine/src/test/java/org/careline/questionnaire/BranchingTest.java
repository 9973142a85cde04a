package org.careline.questionnaire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What holds of every questionnaire and every set of answers. A failure names its seed. */
class BranchingTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-02");
  private static final List<Long> IDS = List.of(7L, 9L);
  private static final Devices DEVICES = devices("Alpha 1", "Beta 2");

  private static Devices devices(String seventh, String ninth) {
    return new Devices(
        List.of(new Devices.Device(7, seventh, false), new Devices.Device(9, ninth, false)));
  }

  /** Answers that are not asked for are as if they had not been given. */
  @Property(tries = 10_000)
  void hiddenAnswersNeitherStandNorOpenAnything(@ForAll long seed) {
    GeneratedQuestionnaires generated = new GeneratedQuestionnaires(seed);
    Questionnaire questionnaire = generated.next(8, true);
    Map<AnswerKey, String> given = generated.answers(questionnaire, IDS);
    Branching now = Branching.of(questionnaire, DEVICES, given);
    assertThat(now.asked()).containsAll(now.standing().keySet());
    assertThat(given).containsAllEntriesOf(now.standing());
    assertThat(now.fallenAway()).doesNotContainAnyElementsOf(now.asked());
    assertThat(now.standing().size() + now.fallenAway().size()).isEqualTo(given.size());
    Branching again = Branching.of(questionnaire, DEVICES, now.standing());
    assertThat(again.asked()).isEqualTo(now.asked());
    assertThat(again.standing()).isEqualTo(now.standing());
    assertThat(again.missing()).isEqualTo(now.missing());
    assertThat(again.fallenAway()).isEmpty();
    List<AnswerKey> wanted =
        now.asked().stream()
            .filter(key -> questionnaire.question(key.code()).orElseThrow().required())
            .filter(key -> !given.containsKey(key))
            .toList();
    assertThat(now.missing()).as("required holds of what is asked only").isEqualTo(wanted);
  }

  /** An answer is taken exactly when its question is asked with all that is given and kept. */
  @Property(tries = 10_000)
  void anAnswerIsTakenWhereItIsAsked(@ForAll long seed) {
    GeneratedQuestionnaires generated = new GeneratedQuestionnaires(seed);
    Questionnaire questionnaire = generated.next(8, true);
    Map<AnswerKey, String> kept =
        Branching.of(questionnaire, DEVICES, generated.answers(questionnaire, IDS)).standing();
    Map<AnswerKey, String> given = generated.answers(questionnaire, IDS);
    Set<String> refused = new HashSet<>();
    questionnaire
        .check(given, kept, DEVICES, TODAY)
        .forEach(
            refusal -> {
              assertThat(refusal.reason()).isEqualTo("not_asked");
              refused.add(refusal.key());
            });
    Map<AnswerKey, String> all = new HashMap<>(kept);
    all.putAll(given);
    Set<AnswerKey> asked = Branching.of(questionnaire, DEVICES, all).asked();
    given
        .keySet()
        .forEach(
            key -> assertThat(refused.contains(key.toString())).isEqualTo(!asked.contains(key)));
  }

  /** What is said of one device changes nothing for another. */
  @Property(tries = 2_000)
  void devicesDoNotLeanOnEachOther(@ForAll long seed) {
    GeneratedQuestionnaires generated = new GeneratedQuestionnaires(seed);
    Questionnaire questionnaire = generated.next(8, true);
    Map<AnswerKey, String> given = generated.answers(questionnaire, IDS);
    Map<AnswerKey, String> without = new HashMap<>(given);
    without.keySet().removeIf(key -> key.device() == 9);
    assertThat(
            Branching.of(questionnaire, new Devices(DEVICES.list().subList(0, 1)), without).asked())
        .containsExactlyElementsOf(
            Branching.of(questionnaire, DEVICES, given).asked().stream()
                .filter(key -> key.device() != 9)
                .toList());
  }

  /** Every question that is said to be reachable is, and every other is not: all answers tried. */
  @Property(tries = 1_500)
  void whatIsSaidToBeReachableIsAndNothingElse(@ForAll long seed) {
    Questionnaire questionnaire = new GeneratedQuestionnaires(seed).next(5, false);
    Set<String> ever = new HashSet<>();
    everyAnswer(
        questionnaire,
        0,
        new LinkedHashMap<>(),
        given ->
            Branching.of(questionnaire, Devices.NONE, given)
                .asked()
                .forEach(key -> ever.add(key.code())));
    Reach reach = new Reach(questionnaire);
    for (Question question : questionnaire.questions()) {
      boolean found = reach.to(question.code()) instanceof Reach.Way.Found;
      assertThat(found).as(question.code()).isEqualTo(ever.contains(question.code()));
    }
    Set<String> named = new HashSet<>();
    QuestionnaireCheck.problems(questionnaire).forEach(problem -> named.add(problem.at()));
    assertThat(named).hasSize(questionnaire.questions().size() - ever.size());
  }

  /** The same of what is asked of devices: each model that could make a difference is tried. */
  @Property(tries = 1_000)
  void whatIsAskedOfSomeModelsIsReachableWhereOneIsAskedAllItLeansOn(@ForAll long seed) {
    Questionnaire questionnaire = new GeneratedQuestionnaires(seed).next(4, true);
    Set<String> ever = new HashSet<>();
    for (String model : List.of("Alpha 1", "Alpha 2", "Beta 2", "Gamma", "Other")) {
      Devices one = new Devices(List.of(new Devices.Device(1, model, false)));
      everyAnswer(
          questionnaire,
          0,
          new LinkedHashMap<>(),
          given ->
              Branching.of(questionnaire, one, given).asked().forEach(key -> ever.add(key.code())));
    }
    Reach reach = new Reach(questionnaire);
    for (Question question : questionnaire.questions()) {
      boolean found = reach.to(question.code()) instanceof Reach.Way.Found;
      assertThat(found).as(question.code()).isEqualTo(ever.contains(question.code()));
    }
  }

  private interface Each {
    void with(Map<AnswerKey, String> given);
  }

  private static void everyAnswer(
      Questionnaire questionnaire, int next, Map<AnswerKey, String> given, Each each) {
    List<Question> questions = questionnaire.questions();
    if (next == questions.size()) {
      each.with(given);
      return;
    }
    String code = questions.get(next).code();
    AnswerKey key = new AnswerKey(code, questionnaire.ofDevices(code) ? 1 : AnswerKey.SITE);
    everyAnswer(questionnaire, next + 1, given, each);
    for (String value : GeneratedQuestionnaires.values(questions.get(next))) {
      given.put(key, value);
      everyAnswer(questionnaire, next + 1, given, each);
    }
    given.remove(key);
  }

  /**
   * From wherever a form has come to, each reachable question can still be got at, by answering.
   */
  @Property(tries = 5_000)
  void noReachableQuestionIsHiddenForEver(@ForAll long seed) {
    GeneratedQuestionnaires generated = new GeneratedQuestionnaires(seed);
    Questionnaire questionnaire = generated.next(8, false);
    Map<AnswerKey, String> somewhere =
        Branching.of(questionnaire, Devices.NONE, generated.answers(questionnaire, List.of()))
            .standing();
    Reach reach = new Reach(questionnaire);
    for (Question question : questionnaire.questions()) {
      if (reach.to(question.code()) instanceof Reach.Way.Found found) {
        Map<AnswerKey, String> kept = new HashMap<>(somewhere);
        for (Question each : questionnaire.questions()) {
          String value = found.answers().get(each.code());
          if (value != null) {
            AnswerKey key = AnswerKey.site(each.code());
            assertThat(questionnaire.check(Map.of(key, value), kept, Devices.NONE, TODAY))
                .isEmpty();
            kept.put(key, value);
            kept = new HashMap<>(Branching.of(questionnaire, Devices.NONE, kept).standing());
          }
        }
        assertThat(Branching.of(questionnaire, Devices.NONE, kept).asked())
            .contains(AnswerKey.site(question.code()));
      }
    }
  }

  @Property(tries = 2_000)
  void whatIsWrittenIsReadBack(@ForAll long seed) {
    Questionnaire questionnaire = new GeneratedQuestionnaires(seed).next(8, true);
    assertThat(QuestionnaireParser.parse("generated", 1, QuestionnaireWriter.write(questionnaire)))
        .isEqualTo(questionnaire);
  }

  /** The console shows what the engine asks: its own tests go by the same cases. */
  @Test
  void theConsolesCasesAreTheEngines() throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(Path.of("../agent-console/test/unit/branching.json").toFile());
    assertThat(cases).hasSizeGreaterThan(50);
    for (JsonNode one : cases) {
      Questionnaire questionnaire = QuestionnaireParser.parse("case", 1, one.get("definition"));
      Map<AnswerKey, String> given = new HashMap<>();
      one.get("answers")
          .fields()
          .forEachRemaining(
              entry ->
                  given.put(AnswerKey.of(entry.getKey()).orElseThrow(), entry.getValue().asText()));
      List<Devices.Device> devices = new ArrayList<>();
      one.get("devices")
          .forEach(
              device ->
                  devices.add(
                      new Devices.Device(
                          device.asLong(),
                          one.path("models").path(device.asText()).asText(),
                          false)));
      Branching now = Branching.of(questionnaire, new Devices(devices), given);
      assertThat(now.asked().stream().map(AnswerKey::toString)).isEqualTo(texts(one.get("asked")));
      assertThat(now.missing().stream().map(AnswerKey::toString))
          .isEqualTo(texts(one.get("missing")));
    }
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void anAnswersKeyIsReadAsItIsWritten() {
    AnswerKey key = new AnswerKey("fault", 12);
    assertThat(AnswerKey.of(key.toString())).contains(key);
    assertThat(AnswerKey.of("fault")).contains(AnswerKey.site("fault"));
    assertThat(List.of("fault@", "fault@0", "fault@-1", "fault@1@2", "fault@9999999999999999999"))
        .allSatisfy(text -> assertThat(AnswerKey.of(text)).isEqualTo(Optional.empty()));
  }
}
