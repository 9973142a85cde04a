package org.careline.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.careline.language.Sentence;

/**
 * Slows the guessing of passwords: so many wrong ones within five minutes per login and address,
 * per address, and per login from everywhere; then nobody is asked until the five minutes are over.
 * The last limit is wide, so that a stranger does not lock an agent out easily. Right passwords do
 * not count. Bounded: the oldest entry goes when there are too many. Thread-safe.
 */
final class LoginGuard {
  static final int PER_LOGIN_AND_ADDRESS = 5;
  static final int PER_LOGIN = 30;
  static final int PER_ADDRESS = 60;
  static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int MOST_ENTRIES = 10_000;

  private final InstantSource clock;
  private final Map<String, Tally> tallies =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tally> eldest) {
          return size() > MOST_ENTRIES;
        }
      };

  LoginGuard(InstantSource clock) {
    this.clock = clock;
  }

  private record Tally(Instant since, int wrong) {}

  /** Refuses with 429 when there were too many wrong ones. */
  synchronized void admit(String login, String address) {
    Instant now = clock.instant();
    refuseAbove(both(login, address), PER_LOGIN_AND_ADDRESS, now);
    refuseAbove("l " + login, PER_LOGIN, now);
    refuseAbove("a " + address, PER_ADDRESS, now);
  }

  synchronized void wrong(String login, String address) {
    Instant now = clock.instant();
    count(both(login, address), now);
    count("l " + login, now);
    count("a " + address, now);
  }

  synchronized void right(String login, String address) {
    tallies.remove(both(login, address));
  }

  private void refuseAbove(String key, int most, Instant now) {
    Tally tally = tallies.get(key);
    if (tally != null && tally.wrong >= most && now.isBefore(tally.since.plus(WINDOW))) {
      long seconds = Duration.between(now, tally.since.plus(WINDOW)).toSeconds() + 1;
      throw new Refusal(
          429,
          "too_many_attempts",
          Sentence.of("web.passwords"),
          Map.of("retryAfterSeconds", seconds));
    }
  }

  private void count(String key, Instant now) {
    tallies.merge(
        key,
        new Tally(now, 1),
        (old, one) ->
            now.isBefore(old.since.plus(WINDOW)) ? new Tally(old.since, old.wrong + 1) : one);
  }

  private static String both(String login, String address) {
    return "b " + address + " " + login;
  }
}
