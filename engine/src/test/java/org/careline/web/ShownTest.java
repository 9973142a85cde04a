package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownTest {
  private static Shown.Rows rows(Shown.Rows before, String... namesAndValues) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      rows.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Shown.Rows.of("agents", rows, before);
  }

  @Test
  void whoMissedAStateGetsAllThatChangedSince() {
    Shown.Rows first = rows(null, "a", "1", "b", "2", "c", "3");
    Shown.Rows second = rows(first, "a", "1", "b", "20", "c", "3");
    Shown.Rows third = rows(second, "a", "1", "b", "20", "c", "30");
    assertThat(third.since(second)).isEqualTo("{\"type\":\"agents\",\"changed\":[30]}");
    assertThat(third.since(first)).isEqualTo("{\"type\":\"agents\",\"changed\":[20,30]}");
    assertThat(third.since(second)).isEqualTo("{\"type\":\"agents\",\"changed\":[30]}");
    assertThat(third.since(null)).isEqualTo("{\"type\":\"agents\",\"agents\":[1,20,30]}");
    Shown.Rows back = rows(third, "a", "1", "b", "2", "c", "3");
    assertThat(back.since(first)).isEmpty();
  }

  @Test
  void theSameRowsAreTheSameStateAndAnotherOrderIsSentWhole() {
    Shown.Rows first = rows(null, "a", "1", "b", "2");
    assertThat(rows(first, "a", "1", "b", "2")).isSameAs(first);
    assertThat(rows(first, "b", "2", "a", "1").since(first))
        .isEqualTo("{\"type\":\"agents\",\"agents\":[2,1]}");
    assertThat(rows(first, "a", "1").since(first))
        .isEqualTo("{\"type\":\"agents\",\"agents\":[1]}");
  }

  @Test
  void aWholePartIsSentWhenItIsAnotherAndAnAnswerAlways() {
    Shown.Whole whole = new Shown.Whole("round", "rounds", "[]");
    assertThat(whole.since(new Shown.Whole("round", "rounds", "[]"))).isEmpty();
    assertThat(whole.since(null)).isEqualTo("{\"type\":\"round\",\"rounds\":[]}");
    Shown.Answer answer = new Shown.Answer("{}");
    assertThat(answer.since(answer)).isEqualTo("{}");
  }
}
