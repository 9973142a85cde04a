package org.careline.callback;

import static org.careline.callback.Disposition.*;

import java.time.DayOfWeek;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.callback.CallingWindow.Span;
import org.careline.callback.CampaignRules.RetryRule;

/** House rules, used where a campaign says nothing. Stateless. */
final class DefaultRules {
  static final CampaignRules RULES =
      new CampaignRules(
          windows(),
          Optional.empty(),
          List.of(),
          Map.of("default", tradeCalendar()),
          false,
          caps(),
          Map.of(),
          true,
          "",
          retry(),
          Duration.ofMinutes(2),
          Duration.ofSeconds(45),
          Duration.ofSeconds(15),
          Duration.ofMinutes(15),
          Set.of());

  private DefaultRules() {}

  /** Days on which shops, restaurants and hotels have no ear for anybody. */
  private static List<Blackout> tradeCalendar() {
    return List.of(
        Blackout.of("spring-festival-7..+7"), Blackout.of("05-01"), Blackout.of("10-01"));
  }

  private static Map<Cap, Long> caps() {
    return Map.of(
        Cap.PER_DAY,
        2L,
        Cap.PER_WEEK,
        4L,
        Cap.PER_ROUND,
        6L,
        Cap.SPACING,
        Duration.ofHours(2).toMillis(),
        Cap.PER_NUMBER_MINUTE,
        1L,
        Cap.PER_NUMBER_HOUR,
        5L);
  }

  private static Map<String, Map<DayOfWeek, List<Span>>> windows() {
    Map<String, Map<DayOfWeek, List<Span>>> windows = new HashMap<>();
    windows.put("default", week("09:30-11:30", "14:00-17:00"));
    windows.put("hotel", week("09:30-11:30", "14:30-17:00"));
    windows.put("restaurant", week("09:30-10:45", "14:00-16:30"));
    windows.put("gym", week("10:30-12:00", "14:00-16:30"));
    windows.put("beauty", week("10:30-12:00", "14:00-16:30"));
    return windows;
  }

  /** Shops work every day; on Mondays nobody is rung before 10:00. */
  private static Map<DayOfWeek, List<Span>> week(String morning, String afternoon) {
    List<Span> spans = List.of(Span.of(morning), Span.of(afternoon));
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(
          day,
          day == DayOfWeek.MONDAY
              ? spans.stream().map(span -> new Span(Math.max(600, span.from()), span.to())).toList()
              : spans);
    }
    return week;
  }

  private static Map<Disposition, RetryRule> retry() {
    Map<Disposition, RetryRule> retry = new EnumMap<>(Disposition.class);
    retry.put(COMPLETED, done(Bin.COMPLETED, false));
    retry.put(PARTIAL, done(Bin.PARTIAL, false));
    retry.put(REFUSED_THIS_ROUND, done(Bin.REFUSED_THIS_ROUND, false));
    retry.put(REFUSED_FOR_GOOD, done(Bin.DO_NOT_CALL, true));
    retry.put(HEADQUARTERS_FORBIDS, done(Bin.DO_NOT_CALL, true));
    retry.put(SITE_MOVED, done(Bin.MOVED, true));
    retry.put(SITE_CLOSED, done(Bin.CLOSED, true));
    retry.put(TEMPORARILY_CLOSED, done(Bin.TEMPORARILY_CLOSED, true));
    retry.put(NOT_YET_OPENED, done(Bin.TEMPORARILY_CLOSED, true));
    // no longer a site of ours: not eligible, as a closed one
    retry.put(DEVICE_REMOVED, done(Bin.CLOSED, true));
    retry.put(APPOINTMENT, again(Bin.APPOINTMENT_PENDING, Duration.ZERO, 3, false, false));
    retry.put(REFERRED, again(Bin.REFERRAL_PENDING, Duration.ofHours(2), 1, true, true));
    retry.put(ANSWERING_MACHINE, again(Bin.NOT_REACHED, Duration.ofHours(4), 3, true, false));
    retry.put(VOICE_ASSISTANT, again(Bin.NOT_REACHED, Duration.ofHours(4), 3, true, false));
    retry.put(
        RESPONSIBLE_PERSON_ABSENT, again(Bin.NOT_REACHED, Duration.ofHours(4), 4, false, false));
    // the calls permitted with the contact may be used up before it is this site's turn
    retry.put(NOT_ASKED, again(Bin.ROUND_CLOSED_FIRST, Duration.ZERO, 6, false, false));
    retry.put(LANGUAGE, again(Bin.NOT_REACHED, Duration.ofDays(1), 2, false, true));
    retry.put(BUSY, again(Bin.NOT_REACHED, Duration.ofMinutes(30), 4, true, false));
    retry.put(NO_ANSWER, again(Bin.NOT_REACHED, Duration.ofHours(4), 4, true, false));
    retry.put(NO_ANSWER_UNVERIFIED, again(Bin.NOT_REACHED, Duration.ofHours(4), 4, true, false));
    retry.put(TECHNICAL, again(Bin.NOT_REACHED, Duration.ofMinutes(30), 4, true, false));
    // from any hour of a window half a day leads to the next day; the slot rule to another slot
    retry.put(SWITCHED_OFF, again(Bin.NOT_REACHED, Duration.ofHours(12), 3, true, false));
    retry.put(OUT_OF_SERVICE, again(Bin.NOT_REACHED, Duration.ofDays(3), 2, true, false));
    retry.put(TEMPORARILY_UNREACHABLE, again(Bin.NOT_REACHED, Duration.ofHours(2), 3, true, false));
    retry.put(FAX, again(Bin.NO_USABLE_NUMBER, Duration.ofHours(2), 1, true, false));
    // dead on the second day of it, or when a person has heard it
    retry.put(NUMBER_NOT_EXISTING, again(Bin.NO_USABLE_NUMBER, Duration.ofDays(1), 2, true, false));
    retry.put(WRONG_NUMBER, again(Bin.NO_USABLE_NUMBER, Duration.ofHours(2), 1, true, false));
    return retry;
  }

  private static RetryRule done(Bin bin, boolean noteRequired) {
    return new RetryRule(true, bin, Duration.ZERO, 1, false, noteRequired);
  }

  private static RetryRule again(
      Bin bin, Duration delay, int maxTries, boolean nextNumber, boolean noteRequired) {
    return new RetryRule(false, bin, delay, maxTries, nextNumber, noteRequired);
  }
}
