package org.careline.callback;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A distance of days as a cadence says it: {@code 90d}, {@code 4w}, {@code 3mo}. Months are those
 * of the calendar, always counted from the first day: the 31st stays the 31st. Immutable.
 */
public record Every(int amount, Unit unit) {
  private static final Pattern TEXT = Pattern.compile("(-?[0-9]{1,4})(d|w|mo)");

  /** What is counted. */
  public enum Unit {
    DAYS("d", 1, 1),
    WEEKS("w", 7, 7),
    MONTHS("mo", 28, 31);

    private final String word;
    private final int shortest;
    private final int longest;

    Unit(String word, int shortest, int longest) {
      this.word = word;
      this.shortest = shortest;
      this.longest = longest;
    }
  }

  /** Empty when it is not written so; the amount may be zero or negative. */
  static Optional<Every> of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    for (Unit unit : Unit.values()) {
      if (unit.word.equals(matcher.group(2))) {
        return Optional.of(new Every(Integer.parseInt(matcher.group(1)), unit));
      }
    }
    return Optional.empty();
  }

  public LocalDate after(LocalDate day, long times) {
    return switch (unit) {
      case DAYS -> day.plusDays(amount * times);
      case WEEKS -> day.plusWeeks(amount * times);
      case MONTHS -> day.plusMonths(amount * times);
    };
  }

  public int shortestDays() {
    return amount * unit.shortest;
  }

  int longestDays() {
    return amount * unit.longest;
  }

  @Override
  public String toString() {
    return amount + unit.word;
  }
}
