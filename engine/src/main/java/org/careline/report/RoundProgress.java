package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.careline.callback.Round;
import org.careline.callback.RoundRepository;
import org.careline.callback.RoundWindows;
import org.jdbi.v3.core.Handle;

/**
 * How far an open round is, and when it will end if it goes on like that. The names of the
 * components are keys of the JSON.
 *
 * @param left sites without a result
 * @param finished sites that got one in the hours that were looked at
 * @param openHours of them within the calling windows
 * @param perHour finished / openHours; null while there is none
 * @param expectedEnd when {@code left / perHour} further hours within the calling windows are over;
 *     null while nothing can be said, and of a paused or closed round
 * @param closesAt null = it has no end of its own
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RoundProgress(
    Instant at,
    String status,
    boolean paused,
    int sitesLoaded,
    Map<String, Integer> bins,
    int attempts,
    int left,
    int finished,
    double openHours,
    Double perHour,
    Instant expectedEnd,
    Instant closesAt,
    RoundFormula formula) {
  /** Results of so long ago say how fast it goes. */
  static final Duration LOOKED_AT = Duration.ofDays(7);

  /** Windows are looked at in steps of this: they begin and end at such times. */
  private static final Duration STEP = Duration.ofMinutes(5);

  private static final Duration FARTHEST = Duration.ofDays(400);

  /** What is said with the expected end, in both languages. */
  public record RoundFormula(String en, String zh) {
    static RoundFormula of(String key) {
      return new RoundFormula(
          RoundFigure.bundle(java.util.Locale.ENGLISH).getString(key),
          RoundFigure.bundle(java.util.Locale.CHINESE).getString(key));
    }
  }

  public static RoundProgress of(Handle handle, Round round, Instant now) {
    RoundRepository rounds = new RoundRepository();
    Map<String, Integer> bins = rounds.bins(handle, round.id());
    int left = bins.getOrDefault("due", 0) + bins.getOrDefault("in_progress", 0);
    Optional<Predicate<Instant>> windows = RoundWindows.of(handle, round);
    Instant opened = round.openedAt().orElse(now);
    Instant since = now.minus(LOOKED_AT).isAfter(opened) ? now.minus(LOOKED_AT) : opened;
    int finished = finished(handle, round.id(), since);
    Duration open = windows.map(each -> open(each, since, now)).orElse(Duration.ZERO);
    double hours = open.toSeconds() / 3600.0;
    boolean goesOn = round.status() == Round.Status.OPEN && !round.paused();
    Optional<Instant> end =
        goesOn ? windows.flatMap(each -> end(each, left, finished, open, now)) : Optional.empty();
    return new RoundProgress(
        now,
        round.state(),
        round.paused(),
        round.sitesLoaded(),
        bins,
        rounds.attempts(handle, round.id()),
        left,
        finished,
        Math.round(hours * 100) / 100.0,
        hours == 0 ? null : Math.round(finished / hours * 100) / 100.0,
        end.orElse(null),
        round.closesAt().orElse(null),
        RoundFormula.of("expected_end.formula"));
  }

  /** Sites whose last call is settled since then and who have a result. */
  private static int finished(Handle handle, long round, Instant since) {
    return handle
        .createQuery(
            "SELECT COUNT(DISTINCT rs.id) FROM round_site rs JOIN attempt_site a"
                + " ON a.round_site_id = rs.id WHERE rs.round_id = :round AND rs.status = 3"
                + " AND a.settled_at >= :since")
        .bind("round", round)
        .bind("since", since)
        .mapTo(Integer.class)
        .one();
  }

  /** Time within the windows. Pure. */
  static Duration open(Predicate<Instant> windows, Instant from, Instant to) {
    Duration open = Duration.ZERO;
    for (Instant at = from; at.isBefore(to); at = at.plus(STEP)) {
      if (windows.test(at)) {
        Duration rest = Duration.between(at, to);
        open = open.plus(rest.compareTo(STEP) < 0 ? rest : STEP);
      }
    }
    return open;
  }

  /**
   * {@code left} sites at the rate of {@code finished} in {@code open}, counted within the windows.
   * Pure.
   */
  static Optional<Instant> end(
      Predicate<Instant> windows, int left, int finished, Duration open, Instant now) {
    if (left == 0) {
      return Optional.of(now);
    }
    if (finished == 0 || open.isZero()) {
      return Optional.empty();
    }
    Duration needed = Duration.ofMillis(Math.round(open.toMillis() * (double) left / finished));
    Instant farthest = now.plus(FARTHEST);
    for (Instant at = now; at.isBefore(farthest); at = at.plus(STEP)) {
      if (windows.test(at)) {
        if (needed.compareTo(STEP) <= 0) {
          return Optional.of(at.plus(needed));
        }
        needed = needed.minus(STEP);
      }
    }
    return Optional.empty();
  }
}
