package org.careline.language;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What a person is told, in the language he reads: Chinese or English. Kinds, keys and identifiers
 * never go through it. The text form ({@link #toString}) is English and is what stands in the log.
 * Immutable.
 */
public sealed interface Sentence {
  /** The text in the language; English where the language is not Chinese. */
  String in(Locale language);

  /**
   * A sentence of Sentences.properties. A value may be a sentence itself; numbers are given as
   * text, without separators.
   */
  static Sentence of(String key, Object... values) {
    return new Keyed(
        key,
        List.of(values).stream()
            .map(value -> value instanceof Sentence inner ? inner : plain(String.valueOf(value)))
            .toList());
  }

  /** A text that is the same in every language: a path, a name, what another program said. */
  static Sentence plain(String text) {
    return new Plain(text);
  }

  /** What another program of ours has said in both languages. */
  static Sentence said(String english, String chinese) {
    return new Said(english, chinese);
  }

  /** Several sentences with a separator between them. */
  static Sentence joined(String separator, List<Sentence> parts) {
    return new Joined(separator, List.copyOf(parts));
  }

  /** A sentence and what is put into it. */
  record Keyed(String key, List<Sentence> values) implements Sentence {
    static final String BUNDLE = "org.careline.language.Sentences";

    /** Never the default locale's file: whoever asks for English gets English everywhere. */
    private static final ResourceBundle.Control NO_FALLBACK =
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    /** Read once: an assignment is put into words some twenty times. */
    private static final Map<Named, SentencePattern> PATTERNS = new ConcurrentHashMap<>();

    private record Named(String key, Locale language) {}

    @Override
    public String in(Locale language) {
      SentencePattern pattern =
          PATTERNS.computeIfAbsent(
              new Named(key, language),
              named ->
                  SentencePattern.of(
                      ResourceBundle.getBundle(BUNDLE, named.language(), NO_FALLBACK)
                          .getString(named.key())));
      String[] texts = new String[values.size()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = values.get(i).in(language);
      }
      return pattern.with(texts);
    }

    @Override
    public String toString() {
      return in(Locale.ENGLISH);
    }
  }

  /** The same in every language. */
  record Plain(String text) implements Sentence {
    @Override
    public String in(Locale language) {
      return text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Put into words already. */
  record Said(String english, String chinese) implements Sentence {
    @Override
    public String in(Locale language) {
      return language.getLanguage().equals("zh") ? chinese : english;
    }

    @Override
    public String toString() {
      return english;
    }
  }

  /** One after the other. */
  record Joined(String separator, List<Sentence> parts) implements Sentence {
    @Override
    public String in(Locale language) {
      return parts.stream().map(part -> part.in(language)).collect(Collectors.joining(separator));
    }

    @Override
    public String toString() {
      return in(Locale.ENGLISH);
    }
  }
}
