package org.careline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Measurements in small: what is compared is equal, and they say so. */
class TransitionBenchTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void comparesTheSummaryWithTheStraightQueryAndReadsTheMonthsAhead() throws Exception {
    try (Connection patient = mysql.database().dataSource().getConnection()) {
      TransitionBench.Result result =
          TransitionBench.run(
              mysql.database(), patient, new TransitionBench.Settings(400, 2, 12), step -> {});
      assertThat(result.equal()).isEqualTo(1);
      assertThat(result.targets().getLast().met()).isTrue();
      assertThat(result.p50()).isPositive();
    }
    assertThat(PreviewBench.run(mysql.database(), new PreviewBench.Settings(60, 600, 2)).targets())
        .as("the months ahead, in small")
        .allMatch(Target::met);
  }
}
