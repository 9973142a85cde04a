package org.careline.questionnaire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.careline.questionnaire.Questionnaire.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionnaireTest {
  private static final String STANDARD =
      """
      {"questions":[
       {"code":"fault","type":"yes_no","textEn":"a","textZh":"b","required":true},
       {"code":"fault_solved","type":"yes_no","textEn":"a","textZh":"b","required":true,
        "onlyWhen":{"code":"fault","equals":"yes"}},
       {"code":"how","type":"choice","textEn":"a","textZh":"b","options":["phone","visit"],
        "onlyWhen":{"code":"fault_solved","equals":"yes"}},
       {"code":"satisfaction","type":"scale_1_5","textEn":"a","textZh":"b","required":true}]}
      """;
  private final Questionnaire standard = QuestionnaireParser.parse("standard", 1, STANDARD);

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(QuestionnaireParser.parse("standard", 1, QuestionnaireParser.write(standard)))
        .isEqualTo(standard);
  }

  @Test
  void refusesWhatIsUnknownWrongOrNotAsked() {
    assertThat(standard.check(Map.of("colour", "red"), Map.of()))
        .containsExactly(new Refusal("colour", "unknown_question"));
    assertThat(standard.check(Map.of("satisfaction", "6"), Map.of()))
        .containsExactly(new Refusal("satisfaction", "wrong_value"));
    assertThat(standard.check(Map.of("fault_solved", "yes"), Map.of("fault", "no")))
        .containsExactly(new Refusal("fault_solved", "not_asked"));
    assertThat(standard.check(Map.of("fault_solved", "yes"), Map.of("fault", "yes"))).isEmpty();
    assertThat(standard.check(Map.of("fault", "no", "how", "phone"), Map.of("fault_solved", "yes")))
        .as("a condition on a question that is itself not asked")
        .containsExactly(new Refusal("how", "not_asked"));
  }

  @Test
  void requiresOnlyWhatIsAsked() {
    assertThat(standard.missing(Map.of("fault", "no", "satisfaction", "5"))).isEmpty();
    assertThat(standard.missing(Map.of("fault", "yes", "satisfaction", "5")))
        .containsExactly("fault_solved");
    assertThat(standard.missing(Map.of())).containsExactly("fault", "satisfaction");
  }

  @Test
  void anAnswerFallsAwayWithItsCondition() {
    assertThat(standard.standing(Map.of("fault", "no", "fault_solved", "no", "satisfaction", "4")))
        .containsOnlyKeys("fault", "satisfaction");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                           | not JSON
          {"questions":[]}                                            | at least one question
          {"questions":[{"code":"A b","type":"text"}]}                | [0].code: small letters
          {"questions":[{"code":"a","type":"date"}]}                  | [0].type: date is none of
          {"questions":[{"code":"a","type":"text","textEn":"x"}]}     | [0].textZh: missing
          {"questions":[{"code":"a","typ":"text"}]}                   | [0]: unknown key typ
          {"questions":[{"code":"a","type":"choice","textEn":"x","textZh":"y"}]} | two or more
          {"questions":[{"code":"a","type":"text","textEn":"x","textZh":"y",\
          "onlyWhen":{"code":"b","equals":"yes"}}]}                   | no earlier question b
          {"questions":[{"code":"a","type":"text","textEn":"x","textZh":"y","required":"yes"}]} \
          | true or false
          """)
  void errorsNameThePlace(String definition, String message) {
    assertThatThrownBy(() -> QuestionnaireParser.parse("standard", 1, definition))
        .hasMessageContaining(message);
  }
}
