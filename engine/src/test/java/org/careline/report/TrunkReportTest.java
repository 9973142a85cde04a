package org.careline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.callback.RoundOpener;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Seed;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.DialForm;
import org.careline.config.Configuration.ShownNumber;
import org.careline.config.Configuration.Trunk;
import org.careline.harness.MySqlExtension;
import org.careline.report.TrunkReport.Day;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls out per trunk and hour, shown numbers per day of the office's zone. */
class TrunkReportTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  /** Seven in the morning of 1 December in China, still 30 November in UTC. */
  private static final Instant NOW = Instant.parse("2026-11-30T23:30:00Z");

  private static final LocalDate TODAY = LocalDate.parse("2026-12-01");
  private int calls;

  @Test
  void aNumberThatIsSeldomAnsweredTodayIsToldOf() throws SQLException {
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "tr");
              Seed.campaign(handle, "tr", customer, "preview", Seed.ANY_HOUR);
              Seed.site(handle, customer, null, "tr1", "standard", "+862160000001");
            });
    long round = new RoundPlanner(mysql.database().jdbi()).plan("tr", NOW).id();
    new RoundOpener(mysql.database().jdbi(), () -> NOW).open(round);
    mysql
        .database()
        .jdbi()
        .useTransaction(
            handle -> {
              // 70 % before; the last half hour of 30 November in China is not today's
              called(handle, Instant.parse("2026-11-10T03:00:00Z"), "021555", 100, 70, 0);
              called(handle, Instant.parse("2026-11-30T15:30:00Z"), "021555", 20, 14, 0);
              called(handle, NOW.minusSeconds(600), "021555", 25, 5, 4);
              called(handle, NOW.minus(Duration.ofDays(40)), "021555", 30, 30, 0);
              // few calls say nothing
              called(handle, Instant.parse("2026-11-10T03:00:00Z"), "021556", 200, 180, 0);
              called(handle, NOW.minusSeconds(600), "021556", 19, 0, 0);
              called(handle, NOW.minusSeconds(600), null, 2, 1, 0);
            });
    try (TrunkReport trunks =
        new TrunkReport(
            mysql.database().dataSource(),
            List.of(trunk()),
            ZoneId.of("Asia/Shanghai"),
            InstantSource.fixed(NOW))) {
      TrunkReport.Report report = trunks.report();
      assertThat(report.today()).isEqualTo(TODAY);
      assertThat(report.numbers())
          .extracting(TrunkReport.Number::number)
          .containsExactly("", "021555", "021556", "021557");
      TrunkReport.Number rare = report.numbers().get(1);
      assertThat(rare.days())
          .containsExactly(
              Day.of(LocalDate.parse("2026-11-10"), 100, 70),
              Day.of(LocalDate.parse("2026-11-30"), 20, 14),
              Day.of(TODAY, 25, 5));
      assertThat(rare.mean()).isEqualTo(0.7);
      assertThat(rare.alarm()).isTrue();
      assertThat(rare.owner()).isEqualTo("XH Ltd");
      assertThat(rare.expired()).isTrue();
      assertThat(report.numbers().get(2).alarm()).as("19 calls").isFalse();
      assertThat(report.numbers().get(0).ours()).as("the endpoint's own").isFalse();
      assertThat(report.hours())
          .containsExactly(
              new TrunkReport.Hours(
                  "carrier",
                  List.of(
                      new TrunkReport.Hour(Instant.parse("2026-11-30T15:00:00Z"), 20, 14, 0),
                      new TrunkReport.Hour(Instant.parse("2026-11-30T23:00:00Z"), 50, 6, 4))));
      trunks.start();
      org.awaitility.Awaitility.await().until(() -> trunks.alarms() == 1);
      assertThat(trunks.alarm().orElseThrow().in(Locale.CHINESE)).contains("021555", "20%", "70%");
    }
  }

  private static Trunk trunk() {
    return new Trunk(
        "carrier",
        "trunk",
        "021",
        List.of(CallerHeader.FROM),
        List.of(),
        List.of(),
        List.of(),
        List.of(
            new ShownNumber(
                "021555",
                Optional.of("XH Ltd"),
                Optional.of("folder 12"),
                Optional.of(LocalDate.parse("2026-11-30"))),
            new ShownNumber("021557", Optional.empty(), Optional.empty(), Optional.empty())),
        DialForm.national,
        10,
        40,
        10);
  }

  /** So many that found a channel, of them answered, and so many that found none. */
  private void called(
      Handle handle, Instant at, String shown, int found, int answered, int noChannel) {
    LocalDateTime utc = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    for (int i = 0; i < found + noChannel; i++) {
      boolean without = i >= found;
      handle.execute(
          "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, disposition,"
              + " hangup_cause, created_at, placed_at, answered_at, ended_at, settled_at, epoch,"
              + " trunk, shown_number) SELECT ?, MIN(id), ?, '+862160000001', 'preview', 'settled',"
              + " ?, ?, ?, ?, ?, ?, ?, 1, 'carrier', ? FROM round_site",
          "t" + ++calls,
          calls,
          without ? "technical" : i < answered ? "completed" : "no_answer",
          without ? 34 : 19,
          utc,
          utc,
          i < answered ? utc : null,
          utc,
          utc,
          shown);
    }
  }
}
