package org.careline.report.hotline;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.careline.call.LiveCall;

/**
 * The hotline's figures of any time: from MySQL, and what is still going on from memory. Every
 * figure has one formula, in {@link HotlineFigure}, for today as for last year. Blocks;
 * thread-safe.
 */
public final class HotlineFigures {
  /** More groups than a person or a table can take. */
  public static final int MOST_GROUPS = 20_000;

  /**
   * @param from begin of the interval; null when not asked for
   * @param key values of the dimensions in their order; empty = none
   */
  public record Row(Instant from, List<String> key, Map<String, Amount> values) {}

  /**
   * @param at when it was counted
   * @param shortAbandon threshold by which short abandons were told apart
   * @param fcrWorkingDays a matter counts as settled when nobody came back to it so long
   * @param targets what "within T" means in the rows: the promise of line and tier
   * @param identities of all calls in it
   */
  public record Report(
      Instant from,
      Instant to,
      Instant at,
      Duration shortAbandon,
      int fcrWorkingDays,
      Map<String, Target> targets,
      List<Explained> figures,
      List<Row> rows,
      Map<String, Amount> total,
      List<Identities.Identity> identities) {}

  /** More than {@value #MOST_GROUPS} groups. */
  public static final class TooManyGroups extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final CallRows rows;
  private final Supplier<List<LiveCall>> living;
  private final Target.Book targets;
  private final Duration shortAbandon;
  private final WorkingDays workingDays;
  private final ZoneId zone;
  private final InstantSource clock;

  /** With weekdays as working days. */
  public HotlineFigures(
      CallRows rows,
      Supplier<List<LiveCall>> living,
      Target.Book targets,
      Duration shortAbandon,
      ZoneId zone,
      InstantSource clock) {
    this(rows, living, targets, shortAbandon, WorkingDays.plain(zone), zone, clock);
  }

  /**
   * @param living the living calls; asked on the caller's thread, may block
   * @param zone of the office: days and intervals are its own
   */
  public HotlineFigures(
      CallRows rows,
      Supplier<List<LiveCall>> living,
      Target.Book targets,
      Duration shortAbandon,
      WorkingDays workingDays,
      ZoneId zone,
      InstantSource clock) {
    this.workingDays = workingDays;
    this.rows = rows;
    this.living = living;
    this.targets = targets;
    this.shortAbandon = shortAbandon;
    this.zone = zone;
    this.clock = clock;
  }

  public ZoneId zone() {
    return zone;
  }

  /** Begin of the office's day. */
  public Instant today() {
    return LocalDate.ofInstant(clock.instant(), zone).atStartOfDay(zone).toInstant();
  }

  /**
   * Calls that entered in [from, to).
   *
   * @param within in time for everybody; empty = the promise of line and tier
   * @throws SQLException when MySQL is away
   * @throws TooManyGroups when it is taken apart too finely
   */
  public Report report(Instant from, Instant to, Grouping grouping, Optional<Duration> within)
      throws SQLException {
    Map<Grouping.Key, Tally> groups = new HashMap<>();
    Tally total = new Tally();
    Identities identities = new Identities();
    Map<String, Target> used = new TreeMap<>();
    Instant now = clock.instant();
    calls(
        from,
        to,
        now,
        call -> {
          Target target =
              within
                  .map(time -> new Target(Target.DEFAULT.percent(), time))
                  .orElseGet(() -> targets.of(call.line(), call.tier()));
          used.putIfAbsent(place(call), target);
          group(groups, grouping.of(call)).add(call, target.within());
          total.add(call, target.within());
          identities.add(call);
        });
    rows.legs(
        from,
        to,
        leg -> {
          group(groups, grouping.of(leg)).add(leg);
          total.add(leg);
        });
    rows.wraps(
        from,
        to,
        leg -> {
          group(groups, grouping.of(leg)).wrapped(leg);
          total.wrapped(leg);
        });
    rows.matters(
        from,
        to,
        matter ->
            workingDays
                .over(matter, now)
                .ifPresent(
                    deadline -> {
                      group(groups, grouping.of(matter)).matter(matter, deadline);
                      total.matter(matter, deadline);
                    }));
    rows.promises(
        from,
        to,
        callback -> {
          if (now.isAfter(callback.begunAt())) {
            group(groups, grouping.of(callback)).promise(callback);
            total.promise(callback);
          }
        });
    List<Row> lines =
        groups.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                group ->
                    new Row(
                        group.getKey().from(), group.getKey().values(), values(group.getValue())))
            .toList();
    return new Report(
        from,
        to,
        now,
        shortAbandon,
        WorkingDays.USUAL,
        used,
        Arrays.stream(HotlineFigure.values()).map(HotlineFigure::explained).toList(),
        lines,
        values(total),
        identities.both());
  }

  /** Figures of what those calls were about, from the same rows and working days. */
  public MatterFigures ofMatters() {
    return new MatterFigures(rows, workingDays, clock);
  }

  private static String place(CallFacts call) {
    return (call.line() == null ? "" : call.line()) + "/" + call.tier();
  }

  /** Both identities alone. */
  public List<Identities.Identity> identities(Instant from, Instant to) throws SQLException {
    Identities identities = new Identities();
    calls(from, to, clock.instant(), identities::add);
    return identities.both();
  }

  /**
   * Every call once. Memory is read first: a call that ends meanwhile is found in MySQL with its
   * outcome, which counts; one that is in neither is on its way there, and open.
   */
  private void calls(
      Instant from, Instant to, Instant now, java.util.function.Consumer<CallFacts> reader)
      throws SQLException {
    Map<String, CallFacts> alive = new HashMap<>();
    for (LiveCall call : living.get()) {
      CallFacts facts = CallFacts.of(call, now);
      alive.put(facts.id(), facts);
    }
    Map<String, CallFacts> open = new HashMap<>();
    // a caller may join long after he came: his record has the time of joining only at the end
    rows.open(from.minus(CallRows.LONGEST), to, call -> open.put(call.id(), call));
    rows.ended(
        from,
        to,
        call -> {
          alive.remove(call.id());
          open.remove(call.id());
          reader.accept(call);
        });
    alive.keySet().forEach(open::remove);
    Map<String, Instant> joined = rows.joined(open.keySet());
    open.values().stream()
        .map(call -> call.joinedAt(joined.get(call.id())))
        .forEach(call -> alive.put(call.id(), call));
    for (CallFacts call : alive.values()) {
      if (!call.enteredAt().isBefore(from) && call.enteredAt().isBefore(to)) {
        reader.accept(call);
      }
    }
  }

  private static Tally group(Map<Grouping.Key, Tally> groups, Grouping.Key key) {
    Tally tally = groups.computeIfAbsent(key, k -> new Tally());
    if (groups.size() > MOST_GROUPS) {
      throw new TooManyGroups();
    }
    return tally;
  }

  private static Map<String, Amount> values(Tally tally) {
    Map<HotlineFigure, Amount> values = new EnumMap<>(HotlineFigure.class);
    for (HotlineFigure figure : HotlineFigure.values()) {
      values.put(figure, figure.of(tally));
    }
    Map<String, Amount> named = new java.util.LinkedHashMap<>();
    values.forEach((figure, amount) -> named.put(figure.id(), amount));
    return named;
  }
}
