package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far an import is, as a terminal shows it. */
class ProgressBarTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "0,      100000, 0,  0",
    "500,    100000, 0,  0",
    "40000,  100000, 16, 40",
    "99999,  100000, 39, 99",
    "100000, 100000, 40, 100",
    "0,      0,      40, 100"
  })
  void fillsAsRowsAreDone(long done, long all, int filled, int percent) {
    assertThat(ProgressBar.text(done, all))
        .isEqualTo(
            "["
                + "#".repeat(filled)
                + " ".repeat(40 - filled)
                + "] "
                + percent
                + " % "
                + done
                + "/"
                + all);
  }

  @Test
  void isDrawnOverItselfAndEndsItsLineOnce() {
    try (ProgressBar bar = new ProgressBar(out, true)) {
      bar.at(500, 1000);
      bar.at(1000, 1000);
      bar.close();
    }
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r"
                + ProgressBar.text(500, 1000)
                + "\r"
                + ProgressBar.text(1000, 1000)
                + System.lineSeparator());
  }

  @Test
  void isNotInFilesAndPipes() {
    try (ProgressBar bar = new ProgressBar(out, false)) {
      bar.at(1, 2);
    }
    assertThat(shown.size()).isZero();
  }
}
