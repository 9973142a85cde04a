package org.careline.report;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.careline.callback.Sql;
import org.careline.config.Configuration.ShownNumber;
import org.careline.config.Configuration.Trunk;
import org.careline.language.Sentence;
import org.careline.thread.Beat;

/**
 * How calls out fare, from the rows of attempts and of calls for tasks: per trunk and hour how many
 * found no channel, and per shown number and day how many of those that found one were answered. A
 * number that networks or phones have marked as a nuisance is answered less and less: its day is
 * held against the 30 days before. Thread-safe; looks every five minutes on the thread {@code
 * shown-numbers}.
 */
public final class TrunkReport implements AutoCloseable {
  /** Calls of a day, and of the days before it, below which a share says nothing. */
  public static final int LEAST_OF_DAY = 20;

  public static final int LEAST_BEFORE = 100;
  private static final int DAYS_BEFORE = 30;
  private static final int HOURS = 24;
  private static final Duration EVERY = Duration.ofMinutes(5);

  /** Minutes of UTC; every zone begins its days on one of these. */
  private static final int QUARTER = 15;

  private static final Instant ZERO = Instant.parse("2020-01-01T00:00:00Z");

  private static final String CALLS =
      "SELECT trunk, shown_number, quarter, COUNT(*) AS placed, SUM(answered) AS answered,"
          + " SUM(no_channel) AS no_channel FROM (%s UNION ALL %s) c"
          + " GROUP BY trunk, shown_number, quarter";
  private static final String OF =
      "SELECT a.trunk, COALESCE(a.shown_number, '') AS shown_number,"
          + " TIMESTAMPDIFF(MINUTE, '2020-01-01', a.placed_at) DIV 15 AS quarter,"
          + " a.answered_at IS NOT NULL AS answered,"
          + Sql.NO_CHANNEL
          + " AS no_channel FROM %s a WHERE a.placed_at >= ? AND a.trunk IS NOT NULL";

  private final DataSource source;
  private final List<Trunk> trunks;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Beat turns;
  private volatile List<Number> alarmed = List.of();

  /**
   * @param hour its beginning
   * @param placed calls that left
   * @param noChannel of them, those for which no channel was free on the trunk or behind it
   */
  public record Hour(Instant hour, long placed, long answered, long noChannel) {}

  /**
   * @param placed calls that left and found a channel
   * @param rate answered / placed; null without calls
   */
  public record Day(LocalDate day, long placed, long answered, Double rate) {
    static Day of(LocalDate day, long placed, long answered) {
      return new Day(day, placed, answered, placed == 0 ? null : (double) answered / placed);
    }
  }

  /**
   * @param number digits; empty = the identity of the trunk's endpoint
   * @param ours on the trunk's list at present
   * @param until its last day; null = without end
   * @param days today last, days without calls left out
   * @param mean answered / placed of the 30 days before today; null without calls
   * @param alarm today's rate is below half the mean, and neither is of too few calls
   */
  public record Number(
      String trunk,
      String number,
      boolean ours,
      String owner,
      String proof,
      LocalDate until,
      boolean expired,
      List<Day> days,
      Double mean,
      boolean alarm) {}

  /**
   * @param trunk its name
   * @param hours of the last 24 h, those without calls left out
   */
  public record Hours(String trunk, List<Hour> hours) {}

  public record Report(LocalDate today, List<Hours> hours, List<Number> numbers) {}

  private record Key(String trunk, String number) {}

  private static final class Sums {
    private long placed;
    private long answered;
    private long noChannel;

    Sums add(long morePlaced, long moreAnswered, long moreWithout) {
      placed += morePlaced;
      answered += moreAnswered;
      noChannel += moreWithout;
      return this;
    }
  }

  /**
   * @param zone in which a day begins
   */
  public TrunkReport(DataSource source, List<Trunk> trunks, ZoneId zone, InstantSource clock) {
    this.source = source;
    this.trunks = List.copyOf(trunks);
    this.zone = zone;
    this.clock = clock;
    this.turns = Beat.every("shown-numbers", EVERY, this::look);
  }

  public void start() {
    turns.start();
  }

  private void look() throws SQLException {
    alarmed = report().numbers().stream().filter(Number::alarm).toList();
  }

  /** The number that is answered least against what it was, of those that are told of. */
  public Optional<Sentence> alarm() {
    return alarmed.stream()
        .min(Comparator.comparing(number -> number.days().getLast().rate() / number.mean()))
        .map(
            number ->
                Sentence.of(
                    "shown.rarely-answered",
                    number.number(),
                    percent(number.days().getLast().rate()),
                    percent(number.mean())));
  }

  /** Numbers that are told of. */
  public int alarms() {
    return alarmed.size();
  }

  private static String percent(double share) {
    return String.valueOf(Math.round(share * 100));
  }

  /** Blocks for one query. */
  public Report report() throws SQLException {
    Instant now = clock.instant();
    LocalDate today = now.atZone(zone).toLocalDate();
    Instant from = today.minusDays(DAYS_BEFORE).atStartOfDay(zone).toInstant();
    Instant hoursFrom = now.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(HOURS - 1));
    Map<String, Map<Instant, Sums>> hours = new TreeMap<>();
    Map<Key, Map<LocalDate, Sums>> days =
        new TreeMap<>(Comparator.comparing(Key::trunk).thenComparing(Key::number));
    for (Trunk trunk : trunks) {
      hours.put(trunk.name(), new TreeMap<>());
      trunk.shown().forEach(number -> days.put(new Key(trunk.name(), number), new TreeMap<>()));
    }
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                String.format(
                    CALLS, String.format(OF, "attempt"), String.format(OF, "task_attempt")))) {
      Sql.bind(statement, from, from);
      try (ResultSet rs = statement.executeQuery()) {
        while (rs.next()) {
          String trunk = rs.getString("trunk");
          Instant at = ZERO.plus(Duration.ofMinutes(rs.getLong("quarter") * QUARTER));
          long placed = rs.getLong("placed");
          long answered = rs.getLong("answered");
          long without = rs.getLong("no_channel");
          days.computeIfAbsent(new Key(trunk, rs.getString("shown_number")), key -> new TreeMap<>())
              .computeIfAbsent(at.atZone(zone).toLocalDate(), day -> new Sums())
              .add(placed, answered, without);
          if (!at.isBefore(hoursFrom)) {
            hours
                .computeIfAbsent(trunk, name -> new TreeMap<>())
                .computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), hour -> new Sums())
                .add(placed, answered, without);
          }
        }
      }
    }
    List<Hours> perTrunk = new ArrayList<>();
    hours.forEach(
        (trunk, sums) ->
            perTrunk.add(
                new Hours(
                    trunk,
                    sums.entrySet().stream()
                        .map(
                            each ->
                                new Hour(
                                    each.getKey(),
                                    each.getValue().placed,
                                    each.getValue().answered,
                                    each.getValue().noChannel))
                        .toList())));
    List<Number> numbers = new ArrayList<>();
    days.forEach((key, sums) -> numbers.add(number(key, sums, today)));
    return new Report(today, perTrunk, numbers);
  }

  private Number number(Key key, Map<LocalDate, Sums> sums, LocalDate today) {
    List<Day> days =
        sums.entrySet().stream()
            .map(
                each ->
                    Day.of(
                        each.getKey(),
                        each.getValue().placed - each.getValue().noChannel,
                        each.getValue().answered))
            .filter(day -> day.placed() > 0)
            .toList();
    Optional<ShownNumber> listed =
        trunks.stream()
            .filter(trunk -> trunk.name().equals(key.trunk()))
            .flatMap(trunk -> trunk.shownNumbers().stream())
            .filter(number -> number.number().equals(key.number()))
            .findFirst();
    Optional<LocalDate> until = listed.flatMap(ShownNumber::until);
    Day before =
        days.stream()
            .filter(day -> day.day().isBefore(today))
            .reduce(
                Day.of(today, 0, 0),
                (one, other) ->
                    Day.of(
                        today, one.placed() + other.placed(), one.answered() + other.answered()));
    return new Number(
        key.trunk(),
        key.number(),
        listed.isPresent(),
        listed.flatMap(ShownNumber::owner).orElse(null),
        listed.flatMap(ShownNumber::proof).orElse(null),
        until.orElse(null),
        until.filter(day -> day.isBefore(today)).isPresent(),
        days,
        before.rate(),
        days.stream().anyMatch(day -> day.day().equals(today) && rare(day, before)));
  }

  /** Pure: whether the day is told of, held against the days before it. */
  static boolean rare(Day day, Day before) {
    return day.placed() >= LEAST_OF_DAY
        && before.placed() >= LEAST_BEFORE
        && day.rate() < before.rate() / 2;
  }

  @Override
  public void close() {
    turns.close();
  }
}
