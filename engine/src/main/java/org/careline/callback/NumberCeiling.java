package org.careline.callback;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How often one number may be rung, whoever rings it: calls of rounds and calls for tasks count
 * together. Rounds ask with the rules of their sites; what is called for a task asks here, with
 * those of the house. Stateless.
 */
public final class NumberCeiling {
  private NumberCeiling() {}

  /** The first instant from {@code now} on at which the number may be rung for a task. */
  public static Instant free(Connection connection, String e164, Instant now) throws SQLException {
    List<Instant> rung = Sql.numberHistory(connection, e164, now).stream().sorted().toList();
    if (rung.isEmpty()) {
      return now;
    }
    Map<Cap, Long> house = RuleBook.read(connection).house().caps("default");
    Instant free = now;
    for (Cap cap : List.of(Cap.PER_NUMBER_MINUTE, Cap.PER_NUMBER_HOUR)) {
      Duration span = cap == Cap.PER_NUMBER_MINUTE ? Duration.ofMinutes(1) : Duration.ofHours(1);
      Cap.Limit usual = new Cap.Limit(DefaultRules.RULES.caps().get(cap), RuleSource.HOUSE);
      int limit = (int) cap.tighten(usual, house, RuleSource.HOUSE).value();
      List<Instant> counted = rung.stream().filter(at -> at.plus(span).isAfter(now)).toList();
      if (counted.size() >= limit) {
        Instant then = counted.get(counted.size() - limit).plus(span);
        free = then.isAfter(free) ? then : free;
      }
    }
    return free;
  }
}
