package org.careline.questionnaire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A draft carried over to a newer version, case by case. */
class DraftMergeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String question(String code, String text) {
    return "{\"code\":\"%s\",\"type\":\"text\",\"textEn\":\"%s\",\"textZh\":\"一\"}"
        .formatted(code, text);
  }

  private static String section(String code, String... questions) {
    return "{\"code\":\"%s\",\"titleEn\":\"T\",\"titleZh\":\"题\",\"questions\":[%s]}"
        .formatted(code, String.join(",", questions));
  }

  private static String sections(String... sections) {
    return "{\"sections\":[" + String.join(",", sections) + "]}";
  }

  private static DraftMerge merge(String before, String newest, String draft) throws Exception {
    return new DraftMerge(JSON.readTree(before), JSON.readTree(newest), JSON.readTree(draft));
  }

  /** As {@code section: code text, code text}. */
  private static List<String> said(JsonNode document) {
    List<String> said = new ArrayList<>();
    for (JsonNode section : document.path("sections")) {
      List<String> here = new ArrayList<>();
      section
          .path("questions")
          .forEach(q -> here.add(q.path("code").asText() + " " + q.path("textEn").asText()));
      said.add(section.path("code").asText() + ": " + String.join(", ", here));
    }
    return said;
  }

  /** Added, moved and removed by one stays so; what both have changed is the draft's. */
  @Test
  void whatOneHasChangedStandsAndTheDraftWhereBothHave() throws Exception {
    String before =
        sections(
            section("s", question("a", "A"), question("b", "B"), question("gone", "G")),
            section("t", question("c", "C"), question("mine", "M")));
    String newest =
        sections(
            section("s", question("a", "A2"), question("new", "N"), question("b", "B")),
            section("t", question("c", "C2")),
            section("u", question("d", "D")));
    String draft =
        sections(
            section("s", question("a", "A"), question("gone", "G")),
            section("t", question("b", "B"), question("c", "C3"), question("mine", "M3")));
    DraftMerge merge = merge(before, newest, draft);
    assertThat(said(merge.merged()))
        .containsExactly("s: a A2, new N", "t: b B, c C3, mine M3", "u: d D");
    assertThat(merge.changes())
        .filteredOn(DraftMerge.Change::collides)
        .extracting(DraftMerge.Change::code)
        .containsExactly("c", "mine");
    assertThat(merge(newest, newest, JSON.writeValueAsString(merge.merged())).merged())
        .as("carried over again it is the same")
        .isEqualTo(merge.merged());
  }

  /** The editor gives the only section a name; that is no change of its questions. */
  @Test
  void questionsWithoutSectionsAreThoseOfTheEditorsOnlySection() throws Exception {
    String before = "{\"questions\":[%s]}".formatted(question("a", "A"));
    String newest = "{\"questions\":[%s,%s]}".formatted(question("a", "A"), question("b", "B"));
    DraftMerge merge = merge(before, newest, sections(section("main", question("a", "A2"))));
    assertThat(said(merge.merged())).containsExactly("main: a A2, b B");
    assertThat(merge.changes()).extracting(DraftMerge.Change::code).containsExactly("a", "b");
  }

  /** A draft is kept with whatever is wrong with it: nothing that was typed is lost. */
  @Test
  void whatCannotBeReadIsCarriedOverAsItIs() throws Exception {
    String draft = sections(section("s", "{\"code\":\"\"}", "{\"code\":\"\",\"type\":\"odd\"}"));
    String newest = sections(section("s", question("a", "A")));
    assertThat(merge(newest, newest, draft).merged().at("/sections/0/questions"))
        .isEqualTo(JSON.readTree(draft).at("/sections/0/questions"));
  }
}
