package org.careline.hotline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careline.routing.WaitOutlook;

/**
 * What a waiting caller is told, as a row of prompts. Pure.
 *
 * <ul>
 *   <li>Nothing while less than 30 s are left: he would be interrupted in the middle of it.
 *   <li>His place, unless he has been told a better one: others may go ahead of him.
 *   <li>The expected wait in whole minutes, rounded up, when the estimate is good enough and not
 *       longer than what he was told before.
 *   <li>When nothing of this can be said, comfort.
 *   <li>Behind it the key for a callback, where there is one.
 * </ul>
 *
 * @param prompts empty = be silent
 * @param known what he knows afterwards
 */
record Announcement(List<String> prompts, Known known) {
  /** Numbers up to this are spoken. */
  private static final int MOST = 60;

  private static final String KEY = "callback-offer";

  /**
   * @param place the best place he was told
   * @param minutes the shortest wait he was told; 0 = less than a minute
   */
  record Known(int place, long minutes) {
    static final Known NOTHING = new Known(Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * @param place 1 = next
   * @param left empty = not known well enough
   */
  static Announcement of(int place, Optional<Duration> left, Known before) {
    if (soon(left)) {
      return new Announcement(List.of(), before);
    }
    List<String> prompts = new ArrayList<>();
    Known after = before;
    if (place <= before.place() && place <= MOST) {
      if (place == 1) {
        prompts.add("place-next");
      } else {
        prompts.addAll(List.of("place-before", "number-" + place, "place-after"));
      }
      after = new Known(place, after.minutes());
    }
    if (left.isPresent()) {
      long minutes =
          left.get().compareTo(Duration.ofMinutes(1)) < 0
              ? 0
              : left.get().plusSeconds(60).minusNanos(1).toMinutes();
      if (minutes <= before.minutes()) {
        prompts.addAll(expected(minutes));
        after = new Known(after.place(), minutes);
      }
    }
    return prompts.isEmpty() ? comfort(left, before) : new Announcement(prompts, after);
  }

  /** Between two of these. */
  static Announcement comfort(Optional<Duration> left, Known before) {
    return new Announcement(soon(left) ? List.of() : List.of("comfort"), before);
  }

  /** The key for a callback alone. */
  static Announcement key(Optional<Duration> left, Known before) {
    return new Announcement(soon(left) ? List.of() : List.of(KEY), before);
  }

  /** The same with the key for a callback; silence stays silence. */
  Announcement withKey() {
    return prompts.isEmpty()
        ? this
        : new Announcement(Stream.concat(prompts.stream(), Stream.of(KEY)).toList(), known);
  }

  private static boolean soon(Optional<Duration> left) {
    return left.isPresent() && left.get().compareTo(WaitOutlook.SHORTEST) < 0;
  }

  /** "Two minutes" is not the number two in Chinese. */
  private static List<String> expected(long minutes) {
    if (minutes == 0) {
      return List.of("wait-under-minute");
    }
    if (minutes == 2) {
      return List.of("wait-before", "wait-two-minutes");
    }
    return minutes > MOST
        ? List.of("wait-over-hour")
        : List.of(
            "wait-before", "number-" + minutes, minutes == 1 ? "wait-minute" : "wait-minutes");
  }
}
