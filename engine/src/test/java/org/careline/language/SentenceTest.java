package org.careline.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SentenceTest {
  @Test
  void bothLanguagesHaveTheSameSentencesWithTheSameValues() throws IOException {
    Properties english = bundle("Sentences.properties");
    Properties chinese = bundle("Sentences_zh.properties");
    assertThat(chinese.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(places(chinese.getProperty(key)))
          .as(key)
          .isEqualTo(places(english.getProperty(key)));
      assertThat(chinese.getProperty(key)).as(key).isNotEqualTo(english.getProperty(key));
      for (Properties texts : List.of(english, chinese)) {
        assertThat(texts.getProperty(key).replace("''", ""))
            .as("an apostrophe alone would vanish: " + key)
            .doesNotContain("'");
      }
    }
  }

  /** A sentence nobody says is forgotten; one that is missing would break an error's report. */
  @Test
  void everySentenceIsSaidSomewhere() throws IOException {
    String program;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      program =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(SentenceTest::text)
              .collect(Collectors.joining());
    }
    assertThat(bundle("Sentences.properties").stringPropertyNames())
        .allSatisfy(key -> assertThat(program).contains('"' + key + '"'));
    Properties english = bundle("Sentences.properties");
    java.util.regex.Pattern.compile("Sentence\\s*\\.\\s*of\\(\\s*\"([^\"]+)\"")
        .matcher(program)
        .results()
        .forEach(found -> assertThat(english).containsKey(found.group(1)));
  }

  @Test
  void partsThatNeedNoTranslationStayAsTheyAre() {
    Sentence joined =
        Sentence.joined("; ", List.of(Sentence.plain("it's {0}"), Sentence.plain("二")));
    assertThat(joined.in(Locale.SIMPLIFIED_CHINESE)).isEqualTo("it's {0}; 二");
    assertThat(joined).hasToString("it's {0}; 二");
  }

  private static int places(String pattern) {
    return new MessageFormat(pattern, Locale.ROOT).getFormatsByArgumentIndex().length;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Properties bundle(String name) throws IOException {
    Properties texts = new Properties();
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(Sentence.class.getResourceAsStream(name)),
            StandardCharsets.UTF_8)) {
      texts.load(in);
    }
    return texts;
  }
}
