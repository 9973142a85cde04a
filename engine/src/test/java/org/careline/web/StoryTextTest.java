package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.call.TalkNote;
import org.junit.jupiter.api.Test;

/** A call told in words. */
class StoryTextTest {
  private static final StoryText.Names NAMES =
      new StoryText.Names() {
        @Override
        public String agent(String number) {
          return "王芳 " + number;
        }

        @Override
        public String tier(String code, Locale language) {
          return language.getLanguage().equals("zh") ? "金牌" : "Gold";
        }
      };

  private static final String EVENTS =
      """
      [{"at": "2026-03-01T08:00:00Z", "kind": "arrived",
        "detail": {"caller": {"dialled": "4001234567", "tierCode": "standard"}}},
       {"at": "2026-03-01T08:00:00Z", "kind": "recognised",
        "detail": {"caller": {"e164": "138****8000", "customerName": "瑞嘉", "siteName": "一店",
                   "tierCode": "gold", "menuChoice": "repair", "skill": "boiler"}}},
       {"at": "2026-03-01T08:00:05Z", "kind": "joined", "detail": {"position": 2}},
       {"at": "2026-03-01T08:00:05Z", "kind": "entered_room", "detail": {}},
       {"at": "2026-03-01T08:00:20Z", "kind": "offer_made",
        "detail": {"agent": "8001", "reasonEn": "because", "reasonZh": "因为"}},
       {"at": "2026-03-01T08:00:35Z", "kind": "offer_failed",
        "detail": {"agent": "8001", "miss": "MISSED"}},
       {"at": "2026-03-01T08:01:00Z", "kind": "overflow_made",
        "detail": {"target": "account_manager"}},
       {"at": "2026-03-01T08:01:30Z", "kind": "overflow_failed", "detail": {}},
       {"at": "2026-03-01T08:01:31Z", "kind": "something_new", "detail": {}},
       {"at": "2026-03-01T08:02:00Z", "kind": "hung_up", "detail": {"by": "CALLER"}}]
      """;

  private static List<StoryText.Line> told(Locale language) throws IOException {
    JsonNode events = Json.MAPPER.readTree(EVENTS);
    return StoryText.of(events, NAMES, language);
  }

  @Test
  void whatWasKnownWhoWasAskedAndWhatCameOfIt() throws IOException {
    assertThat(told(Locale.ENGLISH))
        .extracting(StoryText.Line::text)
        .containsExactly(
            "calls 4001234567",
            "known: 瑞嘉, 一店, tier Gold; chose a repair in the menu; needs the skill boiler",
            "waits at place 2",
            "王芳 8001 is asked",
            "王芳 8001: did not answer",
            "rings outside: his account manager's mobile",
            "not reached outside, waits on",
            "the caller hangs up");
    assertThat(told(Locale.SIMPLIFIED_CHINESE))
        .extracting(StoryText.Line::text)
        .contains("已识别：瑞嘉 一店，等级 金牌；菜单选择：报修；需要技能 boiler", "王芳 8001：未接听");
  }

  @Test
  void theReasonIsInTheReadersLanguage() throws IOException {
    assertThat(told(Locale.ENGLISH).get(3).why()).isEqualTo("because");
    assertThat(told(Locale.SIMPLIFIED_CHINESE).get(3).why()).isEqualTo("因为");
    assertThat(told(Locale.ENGLISH).get(4).why()).isNull();
  }

  /** Every kind of event that tells a person something is told; the others are listed here. */
  @Test
  void everyKindOfEventIsToldOrLeftOutOnPurpose() throws Exception {
    Set<String> silent = Set.of("entered_room");
    String source =
        java.nio.file.Files.readString(
            java.nio.file.Path.of("src/main/java/org/careline/call/CallEntry.java"));
    List<String> kinds =
        java.util.regex.Pattern.compile("case \\w+ e -> \"(\\w+)\"")
            .matcher(source)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(kinds).hasSizeGreaterThan(10);
    List<String> notes = Arrays.stream(TalkNote.values()).map(TalkNote::kind).toList();
    for (String kind : Stream.concat(kinds.stream(), notes.stream()).toList()) {
      JsonNode event =
          Json.MAPPER.readTree(
              "[{\"at\": \"2026-03-01T08:00:00Z\", \"kind\": \"%s\", \"detail\": {}}]"
                  .formatted(kind));
      for (Locale language : List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)) {
        assertThat(StoryText.of(event, NAMES, language))
            .as(kind)
            .hasSize(silent.contains(kind) ? 0 : 1);
      }
    }
  }
}
