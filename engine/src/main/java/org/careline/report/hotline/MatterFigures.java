package org.careline.report.hotline;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Figures of what callers call about. Blocks; thread-safe. */
public final class MatterFigures {
  /** By what matters are taken apart. */
  public enum By {
    /** Kind of the first level. */
    GROUP,
    KIND,
    CUSTOMER,
    /** Who served it last. */
    AGENT;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<By> of(String key) {
      return Arrays.stream(values()).filter(by -> by.key().equals(key)).findFirst();
    }

    private String of(MatterFacts matter) {
      return text(
          switch (this) {
            case GROUP -> matter.group();
            case KIND -> matter.kind();
            case CUSTOMER -> matter.customer();
            case AGENT -> matter.agent();
          });
    }

    private String of(AfterFacts matter) {
      return text(
          switch (this) {
            case GROUP -> matter.group();
            case KIND -> matter.kind();
            case CUSTOMER -> matter.customer();
            case AGENT -> matter.agent();
          });
    }

    private static String text(String value) {
      return value == null ? "" : value;
    }
  }

  /**
   * @param key values of the dimensions in their order; empty = none
   */
  public record Row(List<String> key, Map<String, Amount> values) {}

  /**
   * @param at when it was counted: what is unresolved then
   * @param fcrWorkingDays a matter counts as settled when nobody came back to it so long
   */
  public record Report(
      Instant from,
      Instant to,
      Instant at,
      int fcrWorkingDays,
      List<By> by,
      List<Explained> figures,
      List<Row> rows,
      Map<String, Amount> total) {}

  private final CallRows rows;
  private final WorkingDays workingDays;
  private final InstantSource clock;

  MatterFigures(CallRows rows, WorkingDays workingDays, InstantSource clock) {
    this.rows = rows;
    this.workingDays = workingDays;
    this.clock = clock;
  }

  /**
   * Matters opened in [from, to); for first call resolution those whose first call entered then.
   *
   * @throws SQLException when MySQL is away
   * @throws HotlineFigures.TooManyGroups when it is taken apart too finely
   */
  public Report report(Instant from, Instant to, List<By> by) throws SQLException {
    Instant now = clock.instant();
    Map<List<String>, MatterTally> groups = new TreeMap<>(MatterFigures::compare);
    MatterTally total = new MatterTally();
    rows.opened(
        from,
        to,
        matter -> {
          total.add(matter, now);
          group(groups, by.stream().map(each -> each.of(matter)).toList()).add(matter, now);
        });
    rows.matters(
        from,
        to,
        matter ->
            workingDays
                .over(matter, now)
                .ifPresent(
                    deadline -> {
                      total.firstCall(matter, deadline);
                      group(groups, by.stream().map(each -> each.of(matter)).toList())
                          .firstCall(matter, deadline);
                    }));
    return new Report(
        from,
        to,
        now,
        WorkingDays.USUAL,
        by,
        Arrays.stream(MatterFigure.values()).map(MatterFigure::explained).toList(),
        groups.entrySet().stream()
            .map(group -> new Row(group.getKey(), values(group.getValue())))
            .toList(),
        values(total));
  }

  private static int compare(List<String> one, List<String> other) {
    return Arrays.compare(one.toArray(String[]::new), other.toArray(String[]::new));
  }

  private static MatterTally group(Map<List<String>, MatterTally> groups, List<String> key) {
    MatterTally tally = groups.computeIfAbsent(key, k -> new MatterTally());
    if (groups.size() > HotlineFigures.MOST_GROUPS) {
      throw new HotlineFigures.TooManyGroups();
    }
    return tally;
  }

  private static Map<String, Amount> values(MatterTally tally) {
    Map<String, Amount> values = new LinkedHashMap<>();
    for (MatterFigure figure : MatterFigure.values()) {
      values.put(figure.id(), figure.of(tally));
    }
    return values;
  }
}
