package org.careline.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePatternTest {
  private static final String[] VALUES = {"a", "{1}", "c'd", "", "e", "f", "g", "h"};

  /** Every sentence there is comes out as MessageFormat would have it. */
  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void isWhatMessageFormatSays(String language) {
    ResourceBundle bundle =
        ResourceBundle.getBundle(
            Sentence.Keyed.BUNDLE,
            Locale.of(language),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    assertThat(bundle.keySet()).hasSizeGreaterThan(100);
    for (String key : bundle.keySet()) {
      String pattern = bundle.getString(key);
      assertThat(SentencePattern.of(pattern).with(VALUES))
          .as(key)
          .isEqualTo(new MessageFormat(pattern, Locale.ROOT).format(VALUES));
    }
  }

  @Test
  void choicesAndMissingValues() {
    assertThat(SentencePattern.of("{0,choice,0#none|1#one}").with()).isEqualTo("{0}");
    assertThat(SentencePattern.of("it''s {0} of {1}").with("1")).isEqualTo("it's 1 of {1}");
    assertThat(SentencePattern.of("").with("1")).isEmpty();
  }
}
