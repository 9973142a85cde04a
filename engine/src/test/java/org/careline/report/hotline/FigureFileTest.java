package org.careline.report.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.report.hotline.Grouping.Dimension;
import org.junit.jupiter.api.Test;

/** The CSV files of figures, read again by a parser. */
class FigureFileTest {
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");
  private static final List<String> EVIL =
      List.of("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "a,\"b\"\r\nc", "'=1");

  @Test
  void keepsFormulasFromBeingOneAndEveryCellInItsPlace() {
    Map<String, Amount> values = Map.of("service_level", Amount.share(860, 1050));
    List<HotlineFigures.Row> rows =
        EVIL.stream().map(name -> new HotlineFigures.Row(NINE, List.of(name), values)).toList();
    HotlineFigures.Report report =
        new HotlineFigures.Report(
            NINE,
            NINE.plusSeconds(3600),
            NINE,
            Duration.ofMillis(5500),
            10,
            Map.of(),
            List.of(HotlineFigure.SERVICE_LEVEL.explained()),
            rows,
            values,
            List.of());
    Grouping grouping = Rows.by(Grouping.Interval.HALF, Dimension.LINE);
    String csv = FigureFile.csv(report, grouping);
    assertThat(csv).startsWith("\uFEFFfrom,to,line,").endsWith("\r\n");

    List<CsvRecord> lines = CsvReader.builder().ofCsvRecord(csv.substring(1)).stream().toList();
    assertThat(lines.getFirst().getFields())
        .containsExactly(
            "from",
            "to",
            "line",
            "short_abandon_seconds",
            "service_level",
            "service_level_n",
            "service_level_of");
    for (int i = 0; i < EVIL.size(); i++) {
      List<String> fields = lines.get(i + 1).getFields();
      assertThat(fields).hasSize(7);
      assertThat(fields.get(2)).doesNotStartWith("=").doesNotMatch("(?s)[+@\t-].*");
      assertThat(org.careline.customer.SafeCell.decode(fields.get(2))).isEqualTo(EVIL.get(i));
      assertThat(fields.subList(3, 7)).containsExactly("5.5", "0.819048", "860", "1050");
      assertThat(fields.subList(0, 2))
          .containsExactly("2026-03-02T01:00:00Z", "2026-03-02T01:30:00Z");
    }
  }

  @Test
  void agentsHaveTheirExcludedRowsBesideThem() {
    AgentTally none = new AgentTally(Objections.NONE);
    Map<String, Amount> values = new java.util.HashMap<>(none.values());
    values.put("rona", Amount.share(1, 4).objected(2, 1));
    AgentFigures.Report report =
        new AgentFigures.Report(
            NINE,
            NINE.plusSeconds(60),
            NINE,
            List.of(AgentFigure.RONA.explained()),
            List.of(new AgentFigures.Row(null, "8001", "=Li", values, Map.of())),
            values,
            List.of());
    List<CsvRecord> lines =
        CsvReader.builder().ofCsvRecord(FigureFile.csv(report, Rows.by(null)).substring(1)).stream()
            .toList();
    assertThat(Set.copyOf(lines.getFirst().getFields())).contains("excluded", "contested");
    assertThat(lines.get(1).getFields().subList(2, 9))
        .containsExactly("8001", "'=Li", "0.25", "1", "4", "2", "1");
  }

  /** On the day the clock goes forward in Berlin, and into a day that is not over yet. */
  @Test
  void aRowEndsWhenItsIntervalDoesAndNotAfterTheReport() {
    Map<String, Amount> values = new AgentTally(Objections.NONE).values();
    Instant day = Instant.parse("2026-03-28T23:00:00Z");
    Instant next = Instant.parse("2026-03-29T22:00:00Z");
    Instant now = next.plusSeconds(3600);
    AgentFigures.Report report =
        new AgentFigures.Report(
            day,
            now,
            now,
            List.of(AgentFigure.RONA.explained()),
            List.of(
                new AgentFigures.Row(day, "8001", "Li", values, Map.of()),
                new AgentFigures.Row(next, "8001", "Li", values, Map.of())),
            values,
            List.of());
    Grouping days =
        new Grouping(Set.of(), Grouping.Interval.DAY, java.time.ZoneId.of("Europe/Berlin"));
    List<CsvRecord> lines =
        CsvReader.builder().ofCsvRecord(FigureFile.csv(report, days).substring(1)).stream()
            .toList();
    assertThat(lines.get(1).getFields().subList(0, 2))
        .containsExactly(day.toString(), next.toString());
    assertThat(lines.get(2).getFields().subList(0, 2))
        .containsExactly(next.toString(), now.toString());
  }
}
