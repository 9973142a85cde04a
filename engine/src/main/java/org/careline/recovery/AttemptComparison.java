package org.careline.recovery;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.careline.call.CallId;
import org.careline.recovery.AttemptEvidence.Trail;
import org.careline.recovery.Reconciler.Difference;
import org.careline.recovery.Reconciler.Kind;

/**
 * Compares what the switch has rung with the attempts, of rounds and of tasks, that count as
 * dialled: each has the other, and they agree on whether somebody answered. Blocks; thread-safe.
 */
final class AttemptComparison {
  /** Between the permission to dial and the channel's first line lies less than this. */
  private static final Duration EDGE = Duration.ofSeconds(30);

  private static final String SELECT_FROM =
      "SELECT id, placed_at, settled_at IS NOT NULL, answered_at IS NOT NULL,"
          + " COALESCE(disposition, '') FROM ";

  private final CelScan scan;
  private final DataSource database;

  AttemptComparison(CelScan scan, DataSource database) {
    this.scan = scan;
    this.database = database;
  }

  /** An attempt that counts as dialled. */
  private record Row(
      CallId id, Instant placedAt, boolean settled, boolean answered, String disposition) {
    /** The switch may have refused the order; then it has no channel. */
    boolean maybeRefused() {
      return "technical".equals(disposition);
    }
  }

  /**
   * @param attempts that count as dialled in the time and are settled
   */
  record Result(int attempts, List<Difference> differences) {}

  /** Compares what was dialled in [from, to). */
  Result run(Instant from, Instant to) throws IOException, SQLException {
    Map<String, Row> rows = rows(from.minus(EDGE), to.plus(EDGE));
    Map<String, Trail> trails = trails(from, to);
    List<Difference> differences = new ArrayList<>();
    int attempts = 0;
    for (Map.Entry<String, Trail> trail : trails.entrySet()) {
      Row row = rows.remove(trail.getKey());
      CallId id = new CallId(trail.getKey());
      if (row == null) {
        if (trail.getValue().startedAt().isBefore(to)) {
          differences.add(
              new Difference(id, Kind.NO_ATTEMPT, "rung " + trail.getValue().startedAt()));
        }
      } else if (row.settled()) {
        attempts++;
        compare(row, trail.getValue()).ifPresent(differences::add);
      }
    }
    for (Row row : rows.values()) {
      boolean inside =
          !row.placedAt().isBefore(from.plus(EDGE)) && row.placedAt().isBefore(to.minus(EDGE));
      if (row.settled() && inside) {
        attempts++;
        if (!row.maybeRefused()) {
          differences.add(new Difference(row.id(), Kind.NOT_RUNG, row.disposition()));
        }
      }
    }
    return new Result(attempts, differences);
  }

  private static Optional<Difference> compare(Row row, Trail trail) {
    boolean inSwitch = trail.answeredAt().isPresent();
    return inSwitch == row.answered()
        ? Optional.empty()
        : Optional.of(
            new Difference(
                row.id(),
                Kind.OTHER_ANSWER,
                "switch: %s, attempt %s: %s"
                    .formatted(words(inSwitch), row.disposition(), words(row.answered()))));
  }

  private static String words(boolean answered) {
    return answered ? "answered" : "not answered";
  }

  private Map<String, Trail> trails(Instant from, Instant to) throws IOException {
    Map<String, Trail> trails = new LinkedHashMap<>();
    scan.read(
        from,
        line -> true,
        line -> {
          boolean begins = line.at().isBefore(to) && !line.at().isBefore(from);
          if (CallId.ofAttempt(line.uniqueId())
              && (trails.containsKey(line.uniqueId())
                  || begins && line.type().equals("CHAN_START"))) {
            trails.merge(line.uniqueId(), Trail.of(line), Trail::followedBy);
          }
        });
    return trails;
  }

  private Map<String, Row> rows(Instant from, Instant to) throws SQLException {
    Map<String, Row> rows = new LinkedHashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                SELECT_FROM
                    + "attempt WHERE placed_at >= ? AND placed_at < ? UNION ALL "
                    + SELECT_FROM
                    + "task_attempt WHERE placed_at >= ? AND placed_at < ?")) {
      query.setObject(1, from.atOffset(ZoneOffset.UTC));
      query.setObject(2, to.atOffset(ZoneOffset.UTC));
      query.setObject(3, from.atOffset(ZoneOffset.UTC));
      query.setObject(4, to.atOffset(ZoneOffset.UTC));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          CallId id = new CallId(row.getString(1));
          rows.put(
              id.value(),
              new Row(
                  id,
                  row.getObject(2, OffsetDateTime.class).toInstant(),
                  row.getBoolean(3),
                  row.getBoolean(4),
                  row.getString(5)));
        }
      }
    }
    return rows;
  }
}
