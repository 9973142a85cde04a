package org.careline.questionnaire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.careline.questionnaire.InvalidQuestionnaire.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionnaireTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-02");
  private static final Devices DEVICES =
      new Devices(
          List.of(
              new Devices.Device(7, "Boiler 5", false), new Devices.Device(9, "Fridge 2", false)));
  private static final String STANDARD =
      """
      {"sections":[
       {"code":"general","titleEn":"a","titleZh":"b","questions":[
        {"code":"fault","type":"yes_no","textEn":"a","textZh":"b","required":true},
        {"code":"satisfaction","type":"scale_1_5","textEn":"a","textZh":"b","required":true}]},
       {"code":"devices","titleEn":"a","titleZh":"b","perDevice":true,
        "onlyWhen":{"code":"fault","equals":"yes"},"questions":[
        {"code":"solved","type":"yes_no","textEn":"a","textZh":"b","required":true,
         "hintEn":"h","hintZh":"h"},
        {"code":"how","type":"choice","textEn":"a","textZh":"b","options":["phone","visit"],
         "onlyWhen":{"code":"solved","equals":"yes"}},
        {"code":"parts","type":"multi","textEn":"a","textZh":"b",
         "options":[{"value":"pump","textEn":"P","textZh":"泵"},"fan","valve"]},
        {"code":"pressure","type":"number","textEn":"a","textZh":"b","unitEn":"bar","unitZh":"巴",
         "min":0.5,"max":"10","decimals":1},
        {"code":"since","type":"date","textEn":"a","textZh":"b","min":"2020-01-01","max":"today"},
        {"code":"told","type":"text","textEn":"a","textZh":"b","longest":10,"onlyWhen":
         {"any":[{"code":"parts","includes":"fan"},
          {"all":[{"code":"pressure","atMost":2},{"code":"how","oneOf":["phone"]}]}]}}]}]}
      """;
  private final Questionnaire standard = QuestionnaireParser.checked("standard", 1, json(STANDARD));

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Map<AnswerKey, String> keyed(Map<String, String> answers) {
    Map<AnswerKey, String> keyed = new HashMap<>();
    answers.forEach((key, value) -> keyed.put(AnswerKey.of(key).orElseThrow(), value));
    return keyed;
  }

  private List<String> refused(Map<String, String> given, Map<String, String> kept) {
    return standard.check(keyed(given), keyed(kept), DEVICES, TODAY).stream()
        .map(refusal -> refusal.key() + " " + refusal.reason())
        .toList();
  }

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(QuestionnaireParser.parse("standard", 1, QuestionnaireWriter.write(standard)))
        .isEqualTo(standard);
  }

  @Test
  void refusesWhatIsUnknownOrNotAsked() {
    assertThat(refused(Map.of("colour", "red"), Map.of()))
        .containsExactly("colour unknown_question");
    assertThat(refused(Map.of("solved", "yes"), Map.of("fault", "yes")))
        .as("asked of devices, not of the site")
        .containsExactly("solved unknown_question");
    assertThat(refused(Map.of("solved@8", "yes"), Map.of("fault", "yes")))
        .as("a device of somebody else")
        .containsExactly("solved@8 unknown_question");
    assertThat(refused(Map.of("fault@7", "yes"), Map.of()))
        .containsExactly("fault@7 unknown_question");
    assertThat(refused(Map.of("solved@7", "yes"), Map.of("fault", "no")))
        .containsExactly("solved@7 not_asked");
    assertThat(refused(Map.of("solved@7", "yes"), Map.of("fault", "yes"))).isEmpty();
    assertThat(refused(Map.of("fault", "no", "how@7", "phone"), Map.of("solved@7", "yes")))
        .as("a condition on a question that is itself not asked")
        .containsExactly("how@7 not_asked");
    assertThat(refused(Map.of("how@9", "phone"), Map.of("fault", "yes", "solved@7", "yes")))
        .as("the other device was not solved")
        .containsExactly("how@9 not_asked");
  }

  /** Each type takes what is right and says of the rest what it expects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fault        | yes        |
          fault        | Yes        | yes or no
          satisfaction | 5          |
          satisfaction | 6          | 1 to 5
          how@7        | visit      |
          how@7        | Visit      | phone, visit
          parts@7      | pump,valve |
          parts@7      | valve,pump | in this order
          parts@7      | pump,pump  | in this order
          parts@7      | pump,      | pump, fan, valve
          pressure@7   | 0.5        |
          pressure@7   | 10.0       |
          pressure@7   | 0.4        | at least 0.5
          pressure@7   | 10.1       | at most 10
          pressure@7   | 2.25       | at most 1 places
          pressure@7   | 1e1        | a number such as
          since@7      | 2026-03-02 |
          since@7      | 2026-03-03 | not after 2026-03-02
          since@7      | 2019-12-31 | not before 2020-01-01
          since@7      | 2026-02-29 | a day such as
          since@7      | 2026-3-2   | a day such as
          told@7       | 一二三四五六七八九十 |
          told@7       | 一二三四五六七八九十一 | at most 10 characters
          """)
  void everyTypeChecksItsAnswers(String key, String value, String expected) {
    Map<AnswerKey, String> kept =
        keyed(Map.of("fault", "yes", "solved@7", "yes", "parts@7", "fan"));
    List<Questionnaire.Refusal> refusals =
        standard.check(keyed(Map.of(key, value)), kept, DEVICES, TODAY);
    if (expected == null) {
      assertThat(refusals.stream().filter(each -> !each.reason().equals("not_asked"))).isEmpty();
    } else {
      assertThat(refusals).hasSize(1);
      assertThat(refusals.getFirst().why().in(Locale.ENGLISH)).contains(key, expected);
      assertThat(refusals.getFirst().why().in(Locale.CHINESE)).contains("不能这样回答");
    }
  }

  @Test
  void requiresOfEachDeviceWhatIsAskedOfIt() {
    assertThat(missing(Map.of("fault", "no", "satisfaction", "5"))).isEmpty();
    assertThat(missing(Map.of("fault", "yes", "satisfaction", "5", "solved@9", "no")))
        .containsExactly("solved@7");
    assertThat(missing(Map.of())).containsExactly("fault", "satisfaction");
  }

  private List<String> missing(Map<String, String> answers) {
    return Branching.of(standard, DEVICES, keyed(answers)).missing().stream()
        .map(AnswerKey::toString)
        .toList();
  }

  @Test
  void anAnswerFallsAwayWithItsCondition() {
    Branching now =
        Branching.of(
            standard, DEVICES, keyed(Map.of("fault", "no", "solved@7", "no", "satisfaction", "4")));
    assertThat(now.standing())
        .containsOnlyKeys(keyed(Map.of("fault", "", "satisfaction", "")).keySet());
    assertThat(now.fallenAway()).containsExactly(new AnswerKey("solved", 7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"questions":[]}                                            | at least one question
          {"questions":[{"code":"A b","type":"text"}]}                | [0].code: small letters
          {"questions":[{"code":"a","type":"colour"}]}                | [0].type: colour is none of
          {"questions":[{"code":"a","type":"text","textEn":"x"}]}     | [0].textZh: missing
          {"questions":[{"code":"a","typ":"text"}]}                   | [0]: unknown key typ
          {"questions":[{"code":"a","type":"choice","textEn":"x","textZh":"y"}]} | 2 to 50 options
          {"questions":[{"code":"a","type":"text","textEn":"x","textZh":"y","min":1}]} | text has no min
          {"questions":[{"code":"a","type":"text","textEn":"x","textZh":"y","required":"yes"}]} \
          | true or false
          {"questions":[{"code":"a","type":"date","textEn":"x","textZh":"y","max":"soon"}]} \
          | [0].max: expected a day
          {"questions":[{"code":"a","type":"text","textEn":"x","textZh":"y","onlyWhen":{"code":"b"}}]} \
          | exactly one of equals
          {"sections":[]}                                             | at least one section
          {"sections":[{"code":"a","titleEn":"x","titleZh":"y","questions":[]}]} \
          | sections[0].questions: a list
          """)
  void errorsNameThePlace(String definition, String message) {
    assertThatThrownBy(() -> QuestionnaireParser.parse("standard", 1, definition))
        .isInstanceOf(InvalidQuestionnaire.class)
        .hasMessageContaining(message);
  }

  private static final String BRANCHES =
      """
      {"sections":[{"code":"one","titleEn":"a","titleZh":"b","questions":[
        {"code":"a","type":"yes_no","textEn":"a","textZh":"b"%s},
        {"code":"n","type":"number","textEn":"a","textZh":"b","min":0,"max":10,"decimals":0%s},
        {"code":"m","type":"multi","textEn":"a","textZh":"b","options":["x","y"]%s}]},
       {"code":"two","titleEn":"a","titleZh":"b","perDevice":true%s,"questions":[
        {"code":"d","type":"yes_no","textEn":"a","textZh":"b"%s}]},
       {"code":"three","titleEn":"a","titleZh":"b","questions":[
        {"code":"z","type":"text","textEn":"a","textZh":"b"%s}]}]}
      """;

  /** What can be wrong with branches: where, in English, in Chinese. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a | {"code":"q","equals":"yes"}   | sections[0].questions[0].onlyWhen | no question q | 没有问题 q
          a | {"code":"a","equals":"yes"}   | sections[0].questions[0].onlyWhen | loops: each waits for the next one to be answered, so none is ever asked: a > a | 成环
          a | {"code":"n","atLeast":1}      | sections[0].questions[0].onlyWhen | n is not asked before | n 不在前面
          m | {"code":"a","equals":"maybe"} | sections[0].questions[2].onlyWhen | maybe is no answer to a | maybe 不是
          m | {"code":"n","equals":"1"}     | sections[0].questions[2].onlyWhen | n is of type number; what can be tested of it: atLeast, atMost | 类型是 number
          z | {"code":"m","equals":"x"}     | sections[2].questions[0].onlyWhen | can be tested of it: includes | 可以用的条件
          z | {"code":"d","equals":"yes"}   | sections[2].questions[0].onlyWhen | d is asked of each device | 按每台设备提问
          z | {"all":[{"code":"a","equals":"yes"},{"code":"a","equals":"no"}]} | sections[2].questions[0] | never asked: no answers make these hold at once: a = yes & a = no | 永远不会被问到
          z | {"code":"n","atLeast":"10.5"} | sections[2].questions[0] | never asked | n ≥ 10.5
          s | {"code":"d","equals":"yes"}   | sections[1].onlyWhen | loops | two > d
          s | {"code":"z","equals":"yes"}   | sections[1].onlyWhen | z is not asked before | z 不在前面
          """)
  void branchesThatLeadNowhereAreNamed(
      String where, String condition, String at, String english, String chinese) {
    List<Problem> problems = branches(where, condition);
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().at()).isEqualTo(at);
    assertThat(problems.getFirst().what().in(Locale.ENGLISH)).contains(english);
    assertThat(problems.getFirst().what().in(Locale.CHINESE)).contains(chinese);
  }

  private static List<Problem> branches(String where, String condition) {
    String added = ",\"onlyWhen\":" + condition;
    String text =
        BRANCHES.formatted(
            where.equals("a") ? added : "",
            where.equals("n") ? added : "",
            where.equals("m") ? added : "",
            where.equals("s") ? added : "",
            where.equals("d") ? added : "",
            where.equals("z") ? added : "");
    return QuestionnaireCheck.problems(QuestionnaireParser.parse("branches", 1, text));
  }

  @Test
  void aLongLoopIsToldStepByStep() {
    String question = "{\"code\":\"%s\",\"type\":\"yes_no\",\"textEn\":\"a\",\"textZh\":\"b\"%s}";
    String leans = ",\"onlyWhen\":{\"code\":\"%s\",\"equals\":\"yes\"}";
    String text =
        "{\"questions\":[%s,%s,%s]}"
            .formatted(
                question.formatted("a", leans.formatted("c")),
                question.formatted("b", leans.formatted("a")),
                question.formatted("c", leans.formatted("b")));
    assertThat(QuestionnaireCheck.problems(QuestionnaireParser.parse("loop", 1, text)))
        .extracting(problem -> problem.at() + ": " + problem.what())
        .anySatisfy(
            said -> assertThat(said).startsWith("questions[0].onlyWhen").contains("a > c > b > a"))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "type":"number","min":5,"max":4              | dead end
          "type":"number","min":0.2,"max":0.8,"decimals":0 | dead end
          "type":"date","min":"2026-02-01","max":"2026-01-01" | dead end
          "type":"date","min":"today","max":"2026-01-01" | dead end
          "type":"date","min":"today","max":"today"    |
          "type":"number","min":0.2,"max":0.8,"decimals":1 |
          """)
  void aQuestionNobodyCanAnswerIsADeadEnd(String type, String expected) {
    String text =
        "{\"questions\":[{\"code\":\"a\",\"textEn\":\"a\",\"textZh\":\"b\"," + type + "}]}";
    List<Problem> problems = QuestionnaireCheck.problems(QuestionnaireParser.parse("d", 1, text));
    assertThat(problems).hasSize(expected == null ? 0 : 1);
    problems.forEach(each -> assertThat(each.what().in(Locale.CHINESE)).contains("死胡同"));
  }

  /** Rewording breaks a comparison; another type is another meaning and needs another code. */
  @Test
  void aCodeKeepsItsMeaningAcrossVersions() {
    Questionnaire reworded =
        QuestionnaireParser.parse(
            "standard", 2, STANDARD.replaceFirst("\"textEn\":\"a\"", "\"textEn\":\"A\""));
    assertThat(reworded.reworded(standard)).containsExactly("fault");
    assertThat(QuestionnaireCheck.meanings(reworded, List.of(standard))).isEmpty();
    Questionnaire other =
        QuestionnaireParser.parse(
            "standard",
            2,
            STANDARD.replaceFirst("\"yes_no\"", "\"text\"").replace("\"bar\"", "\"kPa\""));
    assertThat(QuestionnaireCheck.meanings(other, List.of(standard)))
        .extracting(Problem::at)
        .containsExactly("sections[0].questions[0].code", "sections[1].questions[3].code");
    Questionnaire moved =
        QuestionnaireParser.parse("standard", 2, STANDARD.replace("\"perDevice\":true,", ""));
    assertThat(QuestionnaireCheck.meanings(moved, List.of(standard)))
        .as("of the site is not of each device")
        .hasSize(6)
        .allSatisfy(problem -> assertThat(problem.what().in(Locale.CHINESE)).contains("每台设备"));
  }

  /** As the browser leaves them out: Chinese files have full-width ones. */
  @Test
  void blanksOfAnyWidthMakeNoOtherModel() {
    Models models = new Models(List.of("锅炉\u30005*"));
    assertThat(models.fit("锅炉 5 S\u00a01")).isTrue();
    assertThat(models.fit("锅炉 6")).isFalse();
  }
}
