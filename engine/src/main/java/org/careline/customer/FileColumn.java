package org.careline.customer;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.config.Nearest;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * A column of a kind of file. Immutable.
 *
 * @param key as it stands in the head of the file
 * @param most in characters
 * @param type brings what is written into the one form in which it is stored, compared and exported
 */
public record FileColumn(String key, boolean required, int most, boolean severalLines, Type type) {
  private static final Pattern DATE =
      Pattern.compile("([0-9]{4})([-/])([0-9]{1,2})\\2([0-9]{1,2})");

  /** Reads a cell that keeps the limits of its column; also an empty one. */
  @FunctionalInterface
  public interface Type {
    /** Throws {@link Wrong}. */
    String read(String text);
  }

  /** What is wrong with a cell. */
  static final class Wrong extends Refusal {
    private static final long serialVersionUID = 1L;

    Wrong(Sentence reason) {
      super(reason);
    }
  }

  static FileColumn of(String key, int most, Type type) {
    return new FileColumn(key, false, most, false, type);
  }

  static FileColumn text(String key, int most) {
    return of(key, most, text -> text);
  }

  static FileColumn texts(String key, int most) {
    return new FileColumn(key, false, most, true, text -> text);
  }

  static FileColumn ofCode(String key) {
    return of(key, 64, FileColumn::code);
  }

  FileColumn needed() {
    return new FileColumn(key, true, most, severalLines, type);
  }

  /** Codes name things in other systems, and must not be formulas there. */
  static String code(String text) {
    if (!text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0) {
      throw new Wrong(Sentence.of("import.code", text.charAt(0)));
    }
    return text;
  }

  /** {@code +862158881234;ext=801}. */
  static String phone(String text) {
    if (text.isEmpty()) {
      return "";
    }
    return switch (NumberReader.read(text)) {
      case NumberReader.Invalid invalid ->
          throw new Wrong(Sentence.of("import.number", invalid.reason()));
      case NumberReader.Valid valid -> {
        if (valid.number().kind() == PhoneNumber.Kind.SHORT) {
          throw new Wrong(Sentence.of("import.short"));
        }
        yield valid.number().toString();
      }
    };
  }

  static String extension(String text) {
    if (!text.isEmpty() && !text.matches("[0-9]{1,8}")) {
      throw new Wrong(Sentence.of("import.extension"));
    }
    return text;
  }

  /** ISO; also read as spreadsheets in China write it, 2026/3/31. */
  static String date(String text) {
    if (text.isEmpty()) {
      return "";
    }
    Matcher date = DATE.matcher(text);
    if (date.matches()) {
      try {
        int year = Integer.parseInt(date.group(1));
        int month = Integer.parseInt(date.group(3));
        int day = Integer.parseInt(date.group(4));
        if (year >= 1950 && year <= 2200) {
          return LocalDate.of(year, month, day).toString();
        }
      } catch (DateTimeException noSuchDay) {
        // told below
      }
    }
    throw new Wrong(Sentence.of("import.date"));
  }

  /** {@code 09:30}, also {@code 9:30}. */
  static String time(String text) {
    if (text.isEmpty()) {
      return "";
    }
    String two = text.length() == 4 ? "0" + text : text;
    if (!two.matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
      throw new Wrong(Sentence.of("import.time"));
    }
    return two;
  }

  static String yesNo(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "1", "true", "是" -> "yes";
      case "", "no", "0", "false", "否" -> "no";
      default -> throw new Wrong(Sentence.of("import.yes-no"));
    };
  }

  static String zone(String text) {
    if (text.isEmpty()) {
      return "";
    }
    try {
      if (text.contains("/")) {
        return ZoneId.of(text).getId();
      }
    } catch (DateTimeException unknown) {
      // told below
    }
    throw new Wrong(Sentence.of("import.zone"));
  }

  /** One of some words; empty stays empty. */
  static Type choice(List<String> known) {
    return text -> {
      String word = text.toLowerCase(Locale.ROOT);
      if (text.isEmpty() || known.contains(word)) {
        return word;
      }
      throw new Wrong(
          Nearest.of(word, known)
              .map(near -> Sentence.of("import.choice", near, String.join(", ", known)))
              .orElseGet(() -> Sentence.of("import.choice-far", String.join(", ", known))));
    };
  }
}
