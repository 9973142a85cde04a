package org.careline.language;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of {@link MessageFormat} whose places take texts as they are, taken apart once. Where a
 * place wants more than a text ({@code {0,choice,...}}) MessageFormat itself does it. Immutable.
 */
final class SentencePattern {
  private static final Pattern MARK = Pattern.compile("\u0001([0-9]+)\u0002");
  private static final int MOST = 16;

  private final String pattern;
  private final List<String> texts = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final boolean plain;

  private SentencePattern(String pattern) {
    this.pattern = pattern;
    MessageFormat format = new MessageFormat(pattern, Locale.ROOT);
    plain = java.util.Arrays.stream(format.getFormats()).allMatch(java.util.Objects::isNull);
    if (!plain) {
      return;
    }
    Object[] marks = new Object[MOST];
    for (int i = 0; i < MOST; i++) {
      marks[i] = "\u0001" + i + "\u0002";
    }
    String marked = format.format(marks);
    Matcher mark = MARK.matcher(marked);
    int from = 0;
    while (mark.find()) {
      texts.add(marked.substring(from, mark.start()));
      places.add(Integer.valueOf(mark.group(1)));
      from = mark.end();
    }
    texts.add(marked.substring(from));
  }

  static SentencePattern of(String pattern) {
    return new SentencePattern(pattern);
  }

  /** A place for which there is no value stays as it is written. */
  String with(String... values) {
    if (!plain) {
      return new MessageFormat(pattern, Locale.ROOT).format(values);
    }
    StringBuilder sentence = new StringBuilder(texts.getFirst());
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      sentence.append(place < values.length ? values[place] : "{" + place + "}");
      sentence.append(texts.get(i + 1));
    }
    return sentence.toString();
  }
}
