package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.callback.CallingWindow.Span;
import org.careline.customer.PhoneNumber;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.OfficeCalendar;
import org.careline.task.CallbackDialogue.Ask;
import org.careline.task.CallbackDialogue.Facts;
import org.careline.task.CallbackDialogue.Promise;
import org.careline.task.CallbackDialogue.Repeat;
import org.careline.task.CallbackDialogue.Stay;
import org.careline.task.CallbackDialogue.Turn;
import org.careline.task.CallbackNumbers.Checked;
import org.careline.task.CallbackNumbers.Why;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallbackDialogueTest {
  private static final PhoneNumber OWN = PhoneNumber.of("+8613800138000");
  private static final PhoneNumber OTHER = PhoneNumber.of("+862158881234");
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  /** Monday, 16:00 there. */
  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

  private static final PromisedTime.Open ALWAYS =
      new PromisedTime.Open(NOW, Optional.empty(), Optional.empty());
  private final Set<PhoneNumber> promised = new HashSet<>();

  private Facts facts(Optional<Checked> shown, Optional<PhoneNumber> typed) {
    return new Facts(
        true,
        shown,
        typed,
        promised::contains,
        digits -> digits.equals("02158881234") ? Checked.good(OTHER) : Checked.bad(Why.PREMIUM));
  }

  private Facts known() {
    return facts(Optional.of(Checked.good(OWN)), Optional.empty());
  }

  private static Ask ask(Turn turn) {
    return turn instanceof Repeat repeat ? repeat.ask() : (Ask) turn;
  }

  @Test
  void heConfirmsTheNumberHeCallsFrom() {
    Ask offer = ask(CallbackDialogue.next("callback-key", "1", known()));
    assertThat(offer.prompts())
        .containsExactly(
            "callback-number",
            "digit-1",
            "digit-3",
            "digit-8",
            "digit-0",
            "digit-0",
            "digit-1",
            "digit-3",
            "digit-8",
            "digit-0",
            "digit-0",
            "digit-0",
            "callback-confirm");
    assertThat(offer.most()).isEqualTo(1);
    assertThat(CallbackDialogue.next(offer.stage(), "1", known())).isEqualTo(new Promise(OWN));
    assertThat(CallbackDialogue.next(offer.stage(), "*", known()))
        .isEqualTo(new Stay(List.of("callback-kept")));
    assertThat(CallbackDialogue.next(offer.stage(), "", known()))
        .isEqualTo(new Stay(List.of("callback-kept")));
  }

  @Test
  void heTypesAnotherHearsItAndConfirms() {
    Ask enter = ask(CallbackDialogue.next("callback-confirm", "2", known()));
    assertThat(enter.prompts()).containsExactly("callback-enter");
    Repeat repeat = (Repeat) CallbackDialogue.next(enter.stage(), "02158881234", known());
    assertThat(repeat.number()).isEqualTo(OTHER);
    assertThat(repeat.ask().prompts()).startsWith("callback-number", "digit-0", "digit-2");
    Facts typed = facts(Optional.of(Checked.good(OWN)), Optional.of(OTHER));
    assertThat(CallbackDialogue.next(repeat.ask().stage(), "1", typed))
        .isEqualTo(new Promise(OTHER));
    // the engine that remembered it is gone: he is asked again, nobody else is called
    assertThat(ask(CallbackDialogue.next(repeat.ask().stage(), "1", known())).prompts())
        .containsExactly("callback-enter");
  }

  @Test
  void eachRefusalIsToldAndTheThirdSendsHimBackToHisPlace() {
    String stage = "callback-number";
    for (int i = 0; i < 2; i++) {
      Ask again = ask(CallbackDialogue.next(stage, "16812345", known()));
      assertThat(again.prompts()).containsExactly("callback-refused-kind", "callback-enter");
      stage = again.stage();
    }
    assertThat(CallbackDialogue.next(stage, "16812345", known()))
        .isEqualTo(new Stay(List.of("callback-refused-kind", "callback-kept")));
  }

  @Test
  void aWithheldOrRefusedNumberMustBeTyped() {
    assertThat(
            ask(CallbackDialogue.next(
                    "callback-key", "1", facts(Optional.empty(), Optional.empty())))
                .prompts())
        .containsExactly("callback-enter");
    assertThat(
            ask(CallbackDialogue.next(
                    "callback-key",
                    "1",
                    facts(Optional.of(Checked.bad(Why.FOREIGN)), Optional.empty())))
                .prompts())
        .containsExactly("callback-refused-foreign", "callback-enter");
  }

  @Test
  void aNumberHasOnePromise() {
    promised.add(OWN);
    assertThat(CallbackDialogue.next("callback-key", "1", known()))
        .isEqualTo(new Stay(List.of("callback-already", "callback-kept")));
    assertThat(CallbackDialogue.next("callback-confirm", "1", known()))
        .isEqualTo(new Stay(List.of("callback-already", "callback-kept")));
  }

  @Test
  void withoutTheOfferTheKeyDoesNothing() {
    Facts none =
        new Facts(
            false,
            Optional.of(Checked.good(OWN)),
            Optional.empty(),
            number -> false,
            digits -> Checked.bad(Why.INVALID));
    for (String stage : List.of("callback-key", "callback-confirm", "callback-number")) {
      assertThat(CallbackDialogue.next(stage, "1", none)).isEqualTo(new Stay(List.of()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 5",
    "180, 5, 5",
    "181, 10, 10",
    "600, 15, 15",
    "1000, 20, 20",
    "2000, 45, 45",
    "3480, 60, 60",
    "3481, 120, ",
    "-1, 60, 60"
  })
  void theTimeToldIsRoundedUpAndHasRoom(int seconds, int within, Integer told) {
    Optional<Duration> expected =
        seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    PromisedTime time = PromisedTime.of(expected, Duration.ofHours(4), ALWAYS);
    assertThat(time.within()).isEqualTo(Duration.ofMinutes(within));
    assertThat(time.told()).isEqualTo(Optional.ofNullable(told));
    assertThat(CallbackDialogue.told(time, NOW, SHANGHAI, "zh"))
        .isEqualTo(
            told == null
                ? List.of("callback-taken")
                : List.of("callback-within", "number-" + told, "callback-minutes"));
  }

  @Test
  void noPromiseIsLongerThanItsExpiry() {
    PromisedTime time =
        PromisedTime.of(Optional.of(Duration.ofMinutes(50)), Duration.ofMinutes(30), ALWAYS);
    assertThat(time.within()).isEqualTo(Duration.ofMinutes(30));
    assertThat(time.told()).isEmpty();
  }

  /** Minutes until the line closes; what does not fit is promised for the next morning. */
  @ParameterizedTest
  @CsvSource({
    "180, 6, 5",
    "180, 5, 5",
    "180, 4, ",
    "600, 14, ",
    "600, 15, 15",
    "3481, 119, ",
    "-1, 61, 60",
    "-1, 59, 45",
    "-1, 16, 15",
    "-1, 14, ",
    "-1, 0, "
  })
  void whatDoesNotFitBeforeClosingIsPromisedForTheNextOpening(
      int seconds, int untilClosing, Integer told) {
    Instant opening = Instant.parse("2026-03-03T01:00:00Z");
    PromisedTime time =
        PromisedTime.of(
            seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)),
            Duration.ofHours(4),
            new PromisedTime.Open(
                NOW,
                Optional.of(NOW.plus(Duration.ofMinutes(untilClosing))),
                Optional.of(opening)));
    assertThat(time.told()).isEqualTo(Optional.ofNullable(told));
    assertThat(time.from()).isEqualTo(told == null ? Optional.of(opening) : Optional.empty());
    assertThat(NOW.plus(time.within()))
        .isEqualTo(told == null ? opening : NOW.plus(Duration.ofMinutes(told)));
    assertThat(CallbackDialogue.told(time, NOW, SHANGHAI, "en"))
        .isEqualTo(
            told == null
                ? List.of("call-tomorrow", "number-9", "clock-hour", "call-then")
                : List.of("callback-within", "number-" + told, "callback-minutes"));
  }

  @Test
  void howLongALineIsOpenDependsOnTheTierAndTheBreak() {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Span(9 * 60, 12 * 60), new Span(13 * 60 + 30, 18 * 60)));
    }
    LineSettings usual = LineSettings.DEFAULT;
    LineSettings settings =
        new LineSettings(
            "",
            List.of(),
            "",
            false,
            new LineHours(SHANGHAI, week, List.of(), List.of(), OfficeCalendar.NONE),
            Set.of("gold"),
            List.of(),
            usual.afterHours(),
            usual.closing(),
            false,
            usual.survey(),
            "",
            usual.callback(),
            usual.disposition(),
            usual.wrapUp());
    Instant morning = Instant.parse("2026-03-02T03:30:00Z");
    assertThat(PromisedTime.Open.of(settings, "standard", morning))
        .isEqualTo(
            new PromisedTime.Open(
                morning,
                Optional.of(Instant.parse("2026-03-02T04:00:00Z")),
                Optional.of(Instant.parse("2026-03-02T05:30:00Z"))));
    assertThat(PromisedTime.Open.of(settings, "gold", morning))
        .isEqualTo(new PromisedTime.Open(morning, Optional.empty(), Optional.empty()));
    Instant night = Instant.parse("2026-03-02T14:00:00Z");
    assertThat(PromisedTime.Open.of(settings, "standard", night))
        .isEqualTo(
            new PromisedTime.Open(
                night, Optional.of(night), Optional.of(Instant.parse("2026-03-03T01:00:00Z"))));
    assertThat(PromisedTime.Open.of(usual, "standard", night).closing()).isEmpty();
  }

  /** The same names in both languages, put together as each says it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-03-02T05:30:00Z|2026-03-02T04:00:00Z|我们将在今天十三点三十分之后给您回电，再见。"
            + "|We will call you back today after thirteen thirty Goodbye.",
        "2026-03-03T01:00:00Z|2026-03-02T10:00:00Z|我们将在明天九点之后给您回电，再见。"
            + "|We will call you back tomorrow after nine o'clock Goodbye.",
        "2026-03-09T00:05:00Z|2026-03-06T10:00:00Z|我们将在星期一八点零五分之后给您回电，再见。"
            + "|We will call you back on Monday after eight zero five Goodbye.",
        "2026-02-25T01:00:00Z|2026-02-13T10:00:00Z|恢复服务后我们将给您回电，再见。"
            + "|We will call you back when we are open again. Goodbye.",
      })
  void whenTheLineOpensInWords(Instant opening, Instant now, String zh, String en)
      throws IOException {
    assertThat(text("zh", OpeningWords.of(opening, now, SHANGHAI, "zh"))).isEqualTo(zh);
    assertThat(text("en", OpeningWords.of(opening, now, SHANGHAI, "en"))).isEqualTo(en);
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
}
