package org.careline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestMySql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Small: that they measure, not what they find. */
class ClaimBenchTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void claimsAndOpeningAreMeasured() throws Exception {
    try (Database large = TestMySql.shared().freshDatabase()) {
      ClaimBench.Result claims =
          ClaimBench.run(
              mysql.database(),
              large,
              new ClaimBench.Settings(500, 2_000, 1, 5, 5, List.of(1, 3)),
              line -> {});
      assertThat(claims.crowds()).hasSize(2);
      assertThat(claims.crowds()).allSatisfy(crowd -> assertThat(crowd.large().p50()).isPositive());
      assertThat(claims.crowds().get(1).small().claimers()).isEqualTo(3);
    }
    try (Database database = TestMySql.shared().freshDatabase()) {
      OpeningBench.Result opening =
          OpeningBench.run(
              database, new OpeningBench.Settings(12_000, 500, Duration.ofMillis(200)), line -> {});
      assertThat(opening.alone().count()).isPositive();
      assertThat(opening.seconds()).isPositive();
      assertThat(opening.targets().getFirst().met()).isTrue();
    }
  }
}
