package org.careline.task;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careline.customer.PhoneNumber;
import org.careline.task.CallbackNumbers.Checked;

/**
 * What is said to a waiting caller who has pressed the key: he confirms the number he calls from or
 * types another, and hears when he is called; or he waits on. Pure; the stage says where he is, so
 * that the dialogue goes on when another engine answers.
 *
 * <pre>
 *  key --> "we call you at ..." --1--> written --> "within n minutes", good-bye
 *   |            |   ^                    |
 *   |            2   | 1, after it was    '-- not on disk --> waits on
 *   |            v   | read back
 *   '-------> type a number --refused, three times--> waits on
 * </pre>
 */
public final class CallbackDialogue {
  /** He has pressed the key. */
  public static final String KEY = "callback-key";

  static final String CONFIRM = "callback-confirm";
  static final String NUMBER = "callback-number";
  static final String TYPED = "callback-typed";

  /** He has confirmed, and it is being written down. */
  public static final String WRITTEN = "callback-written";

  /** He has heard why he waits on. */
  public static final String STAY = "callback-stay";

  private static final int TRIES = 3;
  private static final int LONGEST = 20;

  private CallbackDialogue() {}

  /** What happens next. */
  public sealed interface Turn {}

  /** Prompts are played, then at most so many digits are read. */
  public record Ask(List<String> prompts, String stage, int most) implements Turn {}

  /** The typed number is kept for his confirmation, then as {@link Ask}. */
  public record Repeat(PhoneNumber number, Ask ask) implements Turn {}

  /** The promise is to be written down. */
  public record Promise(PhoneNumber number) implements Turn {}

  /** Back to his place, after these prompts. */
  public record Stay(List<String> prompts) implements Turn {}

  /**
   * What is known.
   *
   * @param offered the line offers callbacks
   * @param shown the number he calls from, checked; empty = withheld
   * @param typed the number he has typed before; empty also when nobody remembers
   * @param promised whether somebody is called back at this number already
   * @param check judges what he types
   */
  public record Facts(
      boolean offered,
      Optional<Checked> shown,
      Optional<PhoneNumber> typed,
      Function<PhoneNumber, Boolean> promised,
      Function<String, Checked> check) {}

  /** What follows from what was heard in a stage. */
  public static Turn next(String stage, String digits, Facts facts) {
    if (!facts.offered()) {
      return new Stay(List.of());
    }
    return switch (stage) {
      case KEY -> begin(facts);
      case CONFIRM -> confirm(facts.shown().flatMap(Checked::number), digits, facts);
      case TYPED -> confirm(facts.typed(), digits, facts);
      case String other ->
          other.startsWith(NUMBER) ? number(other, digits, facts) : new Stay(List.of());
    };
  }

  private static Turn begin(Facts facts) {
    if (facts.shown().isEmpty()) {
      return enter(List.of(), NUMBER);
    }
    Checked shown = facts.shown().get();
    return shown
        .number()
        .map(number -> offer(number, CONFIRM, facts))
        .orElseGet(() -> enter(List.of(shown.why().orElseThrow().prompt()), NUMBER));
  }

  private static Turn offer(PhoneNumber number, String stage, Facts facts) {
    if (facts.promised().apply(number)) {
      return new Stay(List.of("callback-already", "callback-kept"));
    }
    List<String> prompts = new ArrayList<>();
    prompts.add("callback-number");
    number.national().chars().forEach(digit -> prompts.add("digit-" + (char) digit));
    prompts.add("callback-confirm");
    Ask ask = new Ask(List.copyOf(prompts), stage, 1);
    return stage.equals(TYPED) ? new Repeat(number, ask) : ask;
  }

  private static Turn confirm(Optional<PhoneNumber> number, String digits, Facts facts) {
    if (digits.equals("2") || digits.equals("1") && number.isEmpty()) {
      return enter(List.of(), NUMBER);
    }
    if (!digits.equals("1")) {
      return new Stay(List.of("callback-kept"));
    }
    // another call may have been promised to it meanwhile
    return facts.promised().apply(number.get())
        ? new Stay(List.of("callback-already", "callback-kept"))
        : new Promise(number.get());
  }

  private static Turn number(String stage, String digits, Facts facts) {
    if (digits.isEmpty() || digits.contains("*")) {
      return new Stay(List.of("callback-kept"));
    }
    Checked checked = facts.check().apply(digits);
    if (checked.number().isPresent()) {
      return offer(checked.number().get(), TYPED, facts);
    }
    String why = checked.why().orElseThrow().prompt();
    int tries = tries(stage);
    return tries >= TRIES
        ? new Stay(List.of(why, "callback-kept"))
        : enter(List.of(why), NUMBER + "-" + (tries + 1));
  }

  private static int tries(String stage) {
    String text = stage.substring(NUMBER.length());
    return text.matches("-[2-9]") ? text.charAt(1) - '0' : 1;
  }

  private static Ask enter(List<String> before, String stage) {
    List<String> prompts = new ArrayList<>(before);
    prompts.add("callback-enter");
    return new Ask(List.copyOf(prompts), stage, LONGEST);
  }

  /** What he hears when the promise is on disk, and then nothing more. */
  static List<String> told(PromisedTime time, Instant now, ZoneId zone, String language) {
    if (time.from().isPresent()) {
      return OpeningWords.of(time.from().get(), now, zone, language);
    }
    return time.told()
        .map(minutes -> List.of("callback-within", "number-" + minutes, "callback-minutes"))
        .orElse(List.of("callback-taken"));
  }
}
