package org.careline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.careline.callback.Seed;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the demonstration counts as its own, on real MySQL. */
class LedgerTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private final Database database = mysql.database();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @Test
  void countsItsOwnRoundsOnlyAndRefusesToBeginBesideAnother() {
    Ledger ledger = new Ledger(database.jdbi(), now);
    Seed.openRound(database, "RJ", 3, now);
    attempt("RJ");
    assertThatCode(ledger::refuseOthers).doesNotThrowAnyException();

    Seed.openRound(database, "other", 5, now);
    attempt("other");
    assertThat(ledger.sitesLoaded()).isEqualTo(3);
    assertThat(ledger.bins()).isEqualTo(Map.of("due", 3));
    assertThat(ledger.attempts()).isEqualTo(1);
    assertThat(ledger.attemptsOpen()).isEqualTo(1);
    assertThat(ledger.attemptsFailedBeforeWire()).isEqualTo(1);
    assertThatThrownBy(ledger::refuseOthers)
        .isInstanceOfSatisfying(
            NotStaged.class,
            refused ->
                assertThat(refused.in(Locale.SIMPLIFIED_CHINESE)).startsWith("other 第 1 轮正在进行"))
        .hasMessageStartingWith("round 1 of other is open");
  }

  private void attempt(String code) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at,"
                        + " epoch) SELECT ?, rs.id, 1, ?, 'preview', 'inserted', UTC_TIMESTAMP(3), 1"
                        + " FROM round_site rs JOIN site s ON s.id = rs.site_id WHERE s.code = ?",
                    "01JDTEST-" + code,
                    code,
                    code + 0));
  }
}
