package org.careline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.customer.PhoneNumber;
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
    PromisedTime time = PromisedTime.of(expected, Duration.ofHours(4));
    assertThat(time.within()).isEqualTo(Duration.ofMinutes(within));
    assertThat(time.told()).isEqualTo(Optional.ofNullable(told));
    assertThat(CallbackDialogue.told(time))
        .isEqualTo(
            told == null
                ? List.of("callback-taken")
                : List.of("callback-within", "number-" + told, "callback-minutes"));
  }

  @Test
  void noPromiseIsLongerThanItsExpiry() {
    PromisedTime time =
        PromisedTime.of(Optional.of(Duration.ofMinutes(50)), Duration.ofMinutes(30));
    assertThat(time.within()).isEqualTo(Duration.ofMinutes(30));
    assertThat(time.told()).isEmpty();
  }
}
