package org.careline.task;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** "We will call you back tomorrow after nine thirty", as a row of prompts. Pure. */
public final class OpeningWords {
  /** A day further away has no word of its own. */
  private static final int WEEK = 7;

  private OpeningWords() {}

  /**
   * @param opening when the line is open again, in the future
   * @param zone of the line's hours
   * @param language zh or en: the time of day is put together differently
   */
  public static List<String> of(Instant opening, Instant now, ZoneId zone, String language) {
    ZonedDateTime at = opening.atZone(zone);
    long days = ChronoUnit.DAYS.between(now.atZone(zone).toLocalDate(), at.toLocalDate());
    if (days < 0 || days >= WEEK) {
      return List.of("closing-promise");
    }
    List<String> prompts = new ArrayList<>();
    prompts.add(day(days, at.getDayOfWeek()));
    prompts.add("number-" + at.getHour());
    boolean chinese = language.equals("zh");
    int minute = at.getMinute();
    if (minute == 0 || chinese) {
      prompts.add("clock-hour");
    }
    if (minute > 0) {
      if (minute < 10) {
        prompts.add("number-0");
      }
      prompts.add("number-" + minute);
      if (chinese) {
        prompts.add("clock-minutes");
      }
    }
    prompts.add("call-then");
    return List.copyOf(prompts);
  }

  private static String day(long days, DayOfWeek day) {
    return days == 0
        ? "call-today"
        : days == 1 ? "call-tomorrow" : "call-" + day.name().toLowerCase(Locale.ROOT);
  }
}
