package org.careline.cli;

import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.careline.line.LineStore;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What days are for an office: date, workday, weekend, holiday or make-up-workday, and the name of
 * the holiday, separated by tabs. With the days this installation has changed, once it has a
 * database.
 */
@Command(name = "calendar")
final class CalendarCommand implements Callable<Integer> {
  @Option(names = "--calendar", paramLabel = "CODE", defaultValue = OfficeCalendars.CHINA)
  private String code;

  @Parameters(paramLabel = "DATE", arity = "1..*", descriptionKey = "dates")
  private List<String> dates;

  @Override
  public Integer call() {
    List<LocalDate> asked = new ArrayList<>();
    for (String text : dates) {
      try {
        asked.add(LocalDate.parse(text));
      } catch (DateTimeParseException e) {
        throw new CommandFailed(Messages.text("calendar.date", text));
      }
    }
    Map<String, OfficeCalendar> calendars = calendars();
    OfficeCalendar calendar = calendars.get(code);
    if (calendar == null) {
      throw new CommandFailed(
          Messages.text("calendar.unknown", code, String.join(", ", calendars.keySet())));
    }
    boolean chinese = Locale.getDefault().getLanguage().equals("zh");
    Set<Integer> unknown = new TreeSet<>();
    for (LocalDate date : asked) {
      OfficeCalendar.Day day = calendar.on(date);
      System.out.println(
          date + "\t" + day.kind().word() + "\t" + (chinese ? day.nameZh() : day.nameEn()));
      if (!calendar.years().contains(date.getYear())) {
        unknown.add(date.getYear());
      }
    }
    for (int year : unknown) {
      System.err.println("careline: " + Messages.text("calendar.year", code, "" + year));
    }
    return 0;
  }

  private static Map<String, OfficeCalendar> calendars() {
    Instance instance = Instance.load();
    boolean none =
        instance.configuration().database().local()
            && !Files.isDirectory(instance.home().resolve("mysql"));
    if (none) {
      return OfficeCalendars.with(List.of());
    }
    try (Running running = Running.open(instance)) {
      return running.database().jdbi().withHandle(new LineStore(Map::of)::calendars);
    }
  }
}
