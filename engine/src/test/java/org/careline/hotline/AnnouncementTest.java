package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careline.hotline.Announcement.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncementTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 |     | place-next",
        "3 |     | place-before number-3 place-after",
        "60|     | place-before number-60 place-after",
        "61|     | comfort",
        "1 | 29  | ''",
        "1 | 30  | place-next wait-under-minute",
        "2 | 59  | place-before number-2 place-after wait-under-minute",
        "2 | 60  | place-before number-2 place-after wait-before number-1 wait-minute",
        "2 | 61  | place-before number-2 place-after wait-before wait-two-minutes",
        "2 | 300 | place-before number-2 place-after wait-before number-5 wait-minutes",
        "2 | 301 | place-before number-2 place-after wait-before number-6 wait-minutes",
        "61| 3600| wait-before number-60 wait-minutes",
        "61| 3601| wait-over-hour",
      })
  void placeAndWait(int place, Long seconds, String prompts) {
    assertThat(
            String.join(
                " ",
                Announcement.of(
                        place, Optional.ofNullable(seconds).map(Duration::ofSeconds), Known.NOTHING)
                    .prompts()))
        .isEqualTo(prompts);
  }

  @Test
  void neitherPlaceNorWaitIsEverToldWorseThanBefore() {
    Known known = Announcement.of(3, seconds(200), Known.NOTHING).known();
    assertThat(known).isEqualTo(new Known(3, 4));
    Announcement overtaken = Announcement.of(5, seconds(290), known);
    assertThat(overtaken.prompts()).containsExactly("comfort");
    assertThat(overtaken.known()).isEqualTo(known);
    assertThat(Announcement.of(5, seconds(170), known).prompts())
        .containsExactly("wait-before", "number-3", "wait-minutes");
    assertThat(Announcement.of(2, seconds(290), known).prompts())
        .containsExactly("place-before", "number-2", "place-after");
  }

  @Test
  void comfortIsSilentWhenHisTurnIsNear() {
    assertThat(Announcement.comfort(seconds(29), Known.NOTHING).prompts()).isEmpty();
    assertThat(Announcement.comfort(Optional.empty(), Known.NOTHING).prompts())
        .containsExactly("comfort");
  }

  @Test
  void theKeyForACallbackIsSilentWhenHisTurnIsNear() {
    assertThat(Announcement.of(1, seconds(29), Known.NOTHING).withKey().prompts()).isEmpty();
    assertThat(Announcement.key(seconds(29), Known.NOTHING).prompts()).isEmpty();
    assertThat(Announcement.key(seconds(31), Known.NOTHING).prompts())
        .containsExactly("callback-offer");
  }

  /** The same row of prompts is a sentence in both languages. */
  @Test
  void whatIsHeard() throws IOException {
    List<String> three = Announcement.of(3, seconds(290), Known.NOTHING).prompts();
    List<String> two = Announcement.of(1, seconds(110), Known.NOTHING).prompts();
    assertThat(text("zh", three)).isEqualTo("您当前排在第三位。预计等候时间约五分钟。");
    assertThat(text("zh", two)).isEqualTo("您是下一位。预计等候时间约两分钟。");
    assertThat(text("en", three))
        .isEqualTo(
            "You are number three in the queue. Your estimated waiting time is about five minutes.");
    assertThat(text("en", two))
        .isEqualTo("You are next in the queue. Your estimated waiting time is about two minutes.");
  }

  private static String text(String language, List<String> prompts) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../dialplans/prompts/" + language + ".txt"));
    return prompts.stream()
        .map(
            name ->
                lines.stream()
                    .filter(line -> line.startsWith(name + " = "))
                    .map(line -> line.substring(line.indexOf("= ") + 2))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no text for " + name)))
        .collect(Collectors.joining(language.equals("zh") ? "" : " "));
  }

  private static Optional<Duration> seconds(long seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }
}
