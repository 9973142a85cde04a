package org.careline.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.line.OfficeCalendar.Day;
import org.careline.line.OfficeCalendar.Kind;
import org.junit.jupiter.api.Test;

class OfficeCalendarTest {
  private static final Pattern DATE = Pattern.compile("(?:(\\d+)月)?(\\d+)日（(?:[^）、]*、)?周(.)）");
  private static final OfficeCalendar CHINA = OfficeCalendars.china();

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = OfficeCalendarTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  /** Against a library that others keep: the npm package chinese-days 1.5.7. */
  @Test
  void theDaysAreThoseOfASecondSource() throws Exception {
    Map<LocalDate, Kind> second = new TreeMap<>();
    for (String line : lines("chinese-days-1.5.7.tsv")) {
      String[] cells = line.split("\t");
      second.put(
          LocalDate.parse(cells[0]),
          cells[1].equals("holiday") ? Kind.HOLIDAY : Kind.MAKE_UP_WORKDAY);
    }
    Map<LocalDate, Kind> ours = new TreeMap<>();
    CHINA.days().forEach((date, day) -> ours.put(date, day.kind()));
    assertThat(ours).isEqualTo(second).hasSize(72);
    assertThat(CHINA.years()).containsExactly(2025, 2026);
  }

  /** Against the notices' own words, weekdays and numbers of days included. */
  @Test
  void theDaysAreThoseOfTheNotices() throws Exception {
    Map<LocalDate, Day> announced = new TreeMap<>();
    int year = 0;
    for (String line : lines("notices.txt")) {
      if (line.matches("\\d{4}")) {
        year = Integer.parseInt(line);
        continue;
      }
      String name = line.substring(0, line.indexOf('：'));
      String[] sentences = line.substring(line.indexOf('：') + 1).split("。");
      List<LocalDate> off = dates(year, sentences[0]);
      List<LocalDate> days = off.getFirst().datesUntil(off.getLast().plusDays(1)).toList();
      assertThat(sentences[0]).contains(days.size() + "天");
      days.forEach(date -> announced.put(date, new Day(Kind.HOLIDAY, "", name)));
      if (sentences.length > 1) {
        dates(year, sentences[1])
            .forEach(date -> announced.put(date, new Day(Kind.MAKE_UP_WORKDAY, "", name)));
      }
    }
    Map<LocalDate, Day> ours = new TreeMap<>();
    CHINA.days().forEach((date, day) -> ours.put(date, new Day(day.kind(), "", day.nameZh())));
    assertThat(ours).isEqualTo(announced);
    assertThat(CHINA.days().values()).allMatch(day -> day.nameEn().matches("[A-Z][A-Za-z' -]+"));
  }

  private static List<LocalDate> dates(int year, String sentence) {
    List<LocalDate> dates = new ArrayList<>();
    Matcher found = DATE.matcher(sentence);
    int month = 0;
    while (found.find()) {
      month = found.group(1) == null ? month : Integer.parseInt(found.group(1));
      LocalDate date = LocalDate.of(year, month, Integer.parseInt(found.group(2)));
      assertThat("一二三四五六日".charAt(date.getDayOfWeek().getValue() - 1))
          .as(date.toString())
          .isEqualTo(found.group(3).charAt(0));
      dates.add(date);
    }
    return dates;
  }

  @Test
  void otherDaysAreWhatTheirWeekdaySays() {
    assertThat(CHINA.on(LocalDate.of(2026, 11, 24)).kind()).isEqualTo(Kind.WORKDAY);
    assertThat(CHINA.on(LocalDate.of(2026, 11, 28)).kind()).isEqualTo(Kind.WEEKEND);
    assertThat(CHINA.on(LocalDate.of(2026, 10, 4)).kind()).isEqualTo(Kind.HOLIDAY);
    assertThat(CHINA.on(LocalDate.of(2026, 10, 10)))
        .isEqualTo(new Day(Kind.MAKE_UP_WORKDAY, "National Day", "国庆节"));
    assertThat(OfficeCalendar.NONE.on(LocalDate.of(2026, 10, 1)).kind()).isEqualTo(Kind.WORKDAY);
  }

  @Test
  void anInstallationAddsAndTakesAway() {
    LocalDate first = LocalDate.of(2026, 10, 1);
    LocalDate party = LocalDate.of(2027, 3, 5);
    Map<String, OfficeCalendar> all =
        OfficeCalendars.with(
            List.of(
                new OfficeCalendars.OwnDay("cn", first, "ordinary", "", ""),
                new OfficeCalendars.OwnDay("cn", party, "holiday", "Works outing", "团建"),
                new OfficeCalendars.OwnDay("plant", party, "holiday", "Works outing", "团建")));
    assertThat(all.get("cn").on(first).kind()).isEqualTo(Kind.WORKDAY);
    assertThat(all.get("cn").on(first.plusDays(1)).kind()).isEqualTo(Kind.HOLIDAY);
    assertThat(all.get("cn").on(party).nameZh()).isEqualTo("团建");
    assertThat(all.get("cn").years()).containsExactly(2025, 2026, 2027);
    assertThat(all.get("plant").days()).hasSize(1);
    assertThat(CHINA.on(first).kind()).isEqualTo(Kind.HOLIDAY);
  }
}
