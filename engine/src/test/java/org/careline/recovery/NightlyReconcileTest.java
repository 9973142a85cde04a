package org.careline.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.call.Journal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights pass by setting the clock; days are noted instead of compared. */
class NightlyReconcileTest {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  @TempDir Path folder;

  private final List<LocalDate> compared = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private boolean serving = true;
  private boolean away;
  private Journal journal;
  private NightlyReconcile nightly;

  @BeforeEach
  void start() {
    journal = new Journal(folder.resolve("journal.sqlite"), () -> now);
    nightly = new NightlyReconcile(this::compare, journal, () -> serving, ZONE, () -> now);
  }

  @AfterEach
  void stop() {
    nightly.close();
    journal.close();
  }

  private void compare(Instant from, Instant to) throws IOException {
    if (away) {
      throw new IOException("away");
    }
    assertThat(Duration.between(from, to)).isEqualTo(Duration.ofDays(1));
    compared.add(LocalDate.ofInstant(from, ZONE));
  }

  /** Returns the days compared. */
  private List<LocalDate> look(String officeTime) {
    compared.clear();
    now = java.time.LocalDateTime.parse(officeTime).atZone(ZONE).toInstant();
    nightly.look();
    if (!compared.isEmpty()) {
      Optional<String> last = Optional.of(compared.getLast().toString());
      await().atMost(Duration.ofSeconds(10)).until(() -> journal.meta("reconciled").equals(last));
    }
    return List.copyOf(compared);
  }

  private static List<LocalDate> days(String... days) {
    return java.util.Arrays.stream(days).map(LocalDate::parse).toList();
  }

  @Test
  void eachDayIsComparedOnceInTheNightAfterIt() {
    assertThat(look("2026-03-02T01:59")).isEmpty();
    assertThat(look("2026-03-02T02:00")).isEqualTo(days("2026-03-01"));
    assertThat(look("2026-03-02T02:10")).isEmpty();
    assertThat(look("2026-03-03T01:50")).isEmpty();
    assertThat(look("2026-03-03T02:00")).isEqualTo(days("2026-03-02"));
  }

  @Test
  void nightsWithoutEngineOrDatabaseAreMadeUpFor() {
    look("2026-03-02T03:00");
    serving = false;
    assertThat(look("2026-03-03T03:00")).isEmpty();
    serving = true;
    away = true;
    assertThat(look("2026-03-04T03:00")).isEmpty();
    away = false;
    assertThat(look("2026-03-05T09:00")).isEqualTo(days("2026-03-02", "2026-03-03", "2026-03-04"));
    assertThat(look("2026-03-05T09:10")).isEmpty();
  }

  @Test
  void atMostAMonthIsMadeUpFor() {
    look("2026-01-02T03:00");
    assertThat(look("2026-06-02T03:00"))
        .hasSize(31)
        .startsWith(LocalDate.parse("2026-05-02"))
        .endsWith(LocalDate.parse("2026-06-01"));
  }

  @Test
  void aClockThatRanAheadKeepsNoDayFromBeingCompared() {
    look("2030-01-02T03:00");
    assertThat(look("2026-03-02T03:00")).isEqualTo(days("2026-03-01"));
    assertThat(look("2026-03-03T03:00")).isEqualTo(days("2026-03-02"));
  }

  /** The switch's files cannot be read: the sums are checked all the same, and the day is due. */
  @Test
  void oneComparisonThatFailsDoesNotKeepTheOtherFromBeingMade() {
    java.util.List<String> made = new java.util.ArrayList<>();
    NightlyReconcile.Comparison both =
        NightlyReconcile.each(
            (from, to) -> {
              throw new java.io.IOException("no file");
            },
            (from, to) -> made.add("sums"),
            (from, to) -> {
              throw new IllegalStateException("later");
            });
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> both.compare(java.time.Instant.EPOCH, java.time.Instant.MAX))
        .isInstanceOf(java.io.IOException.class)
        .hasMessage("no file")
        .hasSuppressedException(new IllegalStateException("later"));
    org.assertj.core.api.Assertions.assertThat(made).containsExactly("sums");
  }
}
