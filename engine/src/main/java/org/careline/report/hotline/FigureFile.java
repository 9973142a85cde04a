package org.careline.report.hotline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.careline.customer.SafeCell;

/**
 * Figures as a CSV file for spreadsheets: RFC 4180, UTF-8 with a byte order mark, so that Excel
 * reads Chinese. Shares and means have their numerator and denominator in columns of their own.
 * Texts that a spreadsheet would take for a formula get an apostrophe (see {@link SafeCell}).
 */
public final class FigureFile {
  private static final String MARK = "\uFEFF";

  private FigureFile() {}

  public static String csv(HotlineFigures.Report report, Grouping grouping) {
    List<String> head = new ArrayList<>(List.of("from", "to"));
    grouping.dimensions().forEach(dimension -> head.add(dimension.key()));
    head.add("short_abandon_seconds");
    head.addAll(columns(report.figures()));
    List<List<String>> lines = new ArrayList<>(List.of(head));
    for (HotlineFigures.Row row : report.rows()) {
      List<String> line = begin(row.from(), report.from(), report.to(), grouping);
      line.addAll(row.key());
      line.add(number(report.shortAbandon().toMillis() / 1000.0));
      line.addAll(cells(report.figures(), row.values()));
      lines.add(line);
    }
    return write(lines);
  }

  public static String csv(AgentFigures.Report report, Grouping grouping) {
    List<String> head = new ArrayList<>(List.of("from", "to", "agent", "name"));
    head.addAll(columns(report.figures()));
    head.addAll(List.of("excluded", "contested"));
    List<List<String>> lines = new ArrayList<>(List.of(head));
    for (AgentFigures.Row row : report.rows()) {
      List<String> line = begin(row.from(), report.from(), report.to(), grouping);
      line.add(row.agent());
      line.add(row.name());
      line.addAll(cells(report.figures(), row.values()));
      line.add(sum(row.values(), true));
      line.add(sum(row.values(), false));
      lines.add(line);
    }
    return write(lines);
  }

  public static String csv(MatterFigures.Report report) {
    List<String> head = new ArrayList<>(List.of("from", "to"));
    report.by().forEach(by -> head.add(by.key()));
    head.addAll(columns(report.figures()));
    List<List<String>> lines = new ArrayList<>(List.of(head));
    for (MatterFigures.Row row : report.rows()) {
      List<String> line =
          new ArrayList<>(List.of(report.from().toString(), report.to().toString()));
      line.addAll(row.key());
      line.addAll(cells(report.figures(), row.values()));
      lines.add(line);
    }
    return write(lines);
  }

  private static String sum(Map<String, Amount> values, boolean excluded) {
    return Long.toString(
        values.values().stream()
            .mapToLong(amount -> excluded ? amount.excluded() : amount.contested())
            .sum());
  }

  private static List<String> begin(Instant row, Instant from, Instant to, Grouping grouping) {
    List<String> line = new ArrayList<>();
    line.add((row == null ? from : row).toString());
    Instant end = row == null ? to : grouping.end(row);
    line.add((end.isAfter(to) ? to : end).toString());
    return line;
  }

  private static List<String> columns(List<Explained> figures) {
    List<String> columns = new ArrayList<>();
    for (Explained figure : figures) {
      columns.add(figure.id());
      if (divided(figure)) {
        columns.add(figure.id() + "_n");
        columns.add(figure.id() + "_of");
      }
    }
    return columns;
  }

  private static boolean divided(Explained figure) {
    return !figure.unit().equals(Unit.COUNT.key());
  }

  private static List<String> cells(List<Explained> figures, Map<String, Amount> values) {
    List<String> cells = new ArrayList<>();
    for (Explained figure : figures) {
      Amount amount = values.get(figure.id());
      cells.add(amount.value() == null ? "" : number(amount.value()));
      if (divided(figure)) {
        cells.add(amount.n() == null ? "" : number(amount.n()));
        cells.add(amount.of() == null ? "" : amount.of().toString());
      }
    }
    return cells;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : java.math.BigDecimal.valueOf(value)
            .setScale(6, java.math.RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
  }

  private static String write(List<List<String>> lines) {
    return lines.stream()
        .map(line -> line.stream().map(FigureFile::cell).collect(Collectors.joining(",")))
        .collect(Collectors.joining("\r\n", MARK, "\r\n"));
  }

  private static String cell(String text) {
    String safe = SafeCell.encode(text);
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
