package org.careline.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.call.CallEvent;
import org.careline.call.CallId;
import org.careline.recovery.Outcomes.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the switch wrote down with the outcomes in MySQL: every call that reached the
 * hotline and is over has exactly one outcome, and it says the same about who answered; every site
 * that was rung has its attempt. The difference must be zero. Blocks; thread-safe.
 */
public final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** A call that has just ended may still be on its way into MySQL. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

  /** Longer than any call: where the files of a day may begin and end. */
  private static final Duration LONGEST = Duration.ofHours(6);

  private final CelScan scan;
  private final Outcomes outcomes;
  private final AttemptComparison attempts;
  private final InstantSource clock;
  private volatile Result latest;

  /**
   * @param celFile the switch's event file; rotated ones are looked for beside it
   */
  public Reconciler(Path celFile, DataSource database, InstantSource clock) {
    this.scan = new CelScan(celFile);
    this.outcomes = new Outcomes(database);
    this.attempts = new AttemptComparison(scan, database);
    this.clock = clock;
  }

  public enum Kind {
    /** Over in the switch, without outcome in MySQL. */
    NO_OUTCOME,
    /** An outcome for a call the switch does not know. */
    UNKNOWN_CALL,
    /** They do not agree whether, or by whom, it was answered. */
    OTHER_ANSWER,
    /** The switch rang a site, and no attempt says so. */
    NO_ATTEMPT,
    /** An attempt that counts as dialled, and the switch knows no call. */
    NOT_RUNG
  }

  public record Difference(CallId call, Kind kind, String detail) {}

  /**
   * @param calls that reached the hotline in the time and are over
   * @param living that are not over yet, or so lately that their outcome may be on its way
   * @param attempts to reach a site that count as dialled and are settled
   */
  public record Result(
      Instant from, Instant to, int calls, int living, int attempts, List<Difference> differences) {
    public boolean agrees() {
      return differences.isEmpty();
    }
  }

  /** The last comparison since the start. */
  public Optional<Result> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * False when MySQL knows calls and there is no file of the switch: that is no difference of zero,
   * whatever the time asked for. Neither calls nor files is a new installation and fits.
   */
  public boolean comparable() throws IOException, SQLException {
    return scan.seen() || !outcomes.any();
  }

  /**
   * Compares the calls that arrived, and the sites that were rung, in [from, to).
   *
   * @throws IOException when the switch's files cannot be read
   * @throws SQLException when MySQL is away
   */
  public Result run(Instant from, Instant to) throws IOException, SQLException {
    Map<String, CelCall> calls = read(from, to);
    Map<String, Row> rows = new LinkedHashMap<>();
    outcomes
        .between(from.minus(ON_ITS_WAY), to.plus(ON_ITS_WAY))
        .forEach(row -> rows.put(row.id().value(), row));
    Instant certain = clock.instant().minus(ON_ITS_WAY);
    List<Difference> differences = new ArrayList<>();
    int over = 0;
    int living = 0;
    for (CelCall call : calls.values()) {
      Row row = rows.remove(call.id().value());
      boolean has = row != null && row.outcome() != null;
      if (!call.ended() || !has && call.events().getLast().at().isAfter(certain)) {
        living++;
        continue;
      }
      over++;
      if (has) {
        compare(call, row).ifPresent(differences::add);
      } else {
        differences.add(new Difference(call.id(), Kind.NO_OUTCOME, "began " + call.startedAt()));
      }
    }
    for (Row row : rows.values()) {
      if (row.outcome() != null && inside(row, from, to)) {
        differences.add(new Difference(row.id(), Kind.UNKNOWN_CALL, row.outcome()));
      }
    }
    AttemptComparison.Result callbacks = attempts.run(from, to);
    differences.addAll(callbacks.differences());
    Result result =
        new Result(from, to, over, living, callbacks.attempts(), List.copyOf(differences));
    latest = result;
    if (result.agrees()) {
      LOG.info(
          "reconciled {} to {}: {} calls, {} attempts, difference 0",
          from,
          to,
          over,
          result.attempts());
    } else {
      LOG.error("reconciled {} to {}: {} calls, differences {}", from, to, over, differences);
    }
    return result;
  }

  /** Rows at the edges belong to calls whose first line is outside. */
  private static boolean inside(Row row, Instant from, Instant to) {
    return !row.arrivedAt().isBefore(from.plus(ON_ITS_WAY))
        && row.arrivedAt().isBefore(to.minus(ON_ITS_WAY));
  }

  private Map<String, CelCall> read(Instant from, Instant to) throws IOException {
    Map<String, CelCall> calls = new LinkedHashMap<>();
    scan.read(
        from,
        line -> true,
        line -> {
          if (line.at().isBefore(from) || line.at().isAfter(to.plus(LONGEST))) {
            return;
          }
          if (CelReader.beginsCall(line)) {
            if (line.at().isBefore(to)) {
              calls.putIfAbsent(line.uniqueId(), new CelCall(line));
            }
            return;
          }
          CelCall call = calls.get(line.uniqueId());
          if (call == null) {
            call = calls.get(line.linkedId());
          }
          if (call != null) {
            call.add(line);
          }
        });
    return calls;
  }

  private static Optional<Difference> compare(CelCall call, Row row) {
    Optional<String> inSwitch =
        call.events().stream()
            .filter(CallEvent.Answered.class::isInstance)
            .map(event -> ((CallEvent.Answered) event).agent().value())
            .findFirst();
    boolean answered =
        row.outcome().equals("answered") || row.outcome().equals("fallback_answered");
    Optional<String> inDatabase = answered ? Optional.ofNullable(row.agent()) : Optional.empty();
    return inSwitch.equals(inDatabase)
        ? Optional.empty()
        : Optional.of(
            new Difference(
                call.id(),
                Kind.OTHER_ANSWER,
                "switch: %s, outcome %s: %s"
                    .formatted(
                        inSwitch.orElse("nobody"), row.outcome(), inDatabase.orElse("nobody"))));
  }
}
