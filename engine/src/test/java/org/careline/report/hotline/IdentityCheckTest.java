package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdentityCheckTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant TUESDAY = MONDAY.plus(Duration.ofDays(1));
  private static final Instant WEDNESDAY = TUESDAY.plus(Duration.ofDays(1));

  /** Several nights made up for: the good one does not hide the bad one before it. */
  @Test
  void aDifferenceStaysUntilItsDayIsCheckedAgain() throws Exception {
    Rows rows = new Rows(mysql.database());
    rows.call("m", MONDAY.plusSeconds(60)).joins(0).ends("a new outcome", 5).write();
    rows.call("t", TUESDAY.plusSeconds(60)).joins(0).ends("abandoned", 50).write();
    IdentityCheck check = new IdentityCheck(rows.figures(() -> WEDNESDAY));
    assertThat(check.difference()).as("nothing is known yet").isEmpty();
    check.run(MONDAY, TUESDAY);
    assertThat(check.difference()).hasValue(1L);
    check.run(TUESDAY, WEDNESDAY);
    assertThat(check.difference()).hasValue(1L);
    rows.execute("UPDATE call_record SET outcome = 'abandoned' WHERE id = 'm'");
    check.run(MONDAY, WEDNESDAY);
    assertThat(check.difference()).hasValue(0L);
  }
}
