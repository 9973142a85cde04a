package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.callback.Preview;
import org.careline.callback.PreviewReader;
import org.careline.web.PlanningViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The coming 12 months: {@code round TAB campaign TAB origin TAB day TAB until TAB sites} for each
 * round, then {@code week TAB monday TAB working days TAB sites TAB calls TAB agent hours TAB hours
 * of the shifts TAB hours of the hotline TAB missing hours TAB roster|assumed TAB suffices|short}.
 * How the figures are made goes to standard error.
 */
@Command(name = "preview")
final class PreviewCommand implements Callable<Integer> {
  @Option(names = "--customer", paramLabel = "CODE")
  private String customer;

  @Option(names = "--json", paramLabel = "OUT")
  private Path json;

  @Override
  public Integer call() throws IOException {
    try (Running running = Running.open()) {
      Preview.Months months =
          new PreviewReader(running.database().jdbi(), InstantSource.system())
              .read(Optional.ofNullable(customer));
      String formula = months.formula().in(Locale.getDefault());
      print(months);
      System.err.println(formula);
      System.err.println("careline: " + verdict(months));
      if (json != null) {
        String text =
            new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(PlanningViews.PreviewView.of(months, formula));
        try {
          Files.writeString(json, text + "\n");
        } catch (IOException e) {
          throw new CommandFailed(Messages.text("file.unwritable", json), e);
        }
      }
      return 0;
    }
  }

  private static String verdict(Preview.Months months) {
    List<Preview.Week> tight = months.weeks().stream().filter(week -> !week.suffices()).toList();
    return tight.isEmpty()
        ? Messages.text("preview.enough", "" + months.weeks().size())
        : Messages.text("preview.short", "" + tight.size(), tight.getFirst().monday().toString());
  }

  private static void print(Preview.Months months) {
    for (Preview.PlannedRound round : months.rounds()) {
      row(
          "round",
          round.campaign(),
          round.origin().id(),
          round.day(),
          round.until(),
          number(round.sites()));
    }
    for (Preview.Week week : months.weeks()) {
      row(
          "week",
          week.monday(),
          week.workingDays(),
          number(week.sites()),
          number(week.calls()),
          number(week.needed()),
          number(week.present()),
          number(week.hotline()),
          number(week.missing()),
          week.roster() ? "roster" : "assumed",
          week.suffices() ? "suffices" : "short");
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static void row(Object... cells) {
    StringBuilder row = new StringBuilder();
    for (Object cell : cells) {
      row.append(row.isEmpty() ? "" : "\t").append(cell);
    }
    System.out.println(row);
  }
}
