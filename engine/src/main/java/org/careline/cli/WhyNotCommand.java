package org.careline.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.callback.WhyNot;
import org.careline.customer.AllowedDestinations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Why a site is not rung at an instant: {@code key TAB value} about the site, then a line {@code
 * rule TAB name TAB permitted|refused TAB source TAB reason TAB until} for each rule, then {@code
 * next}. Exit code 0 whatever the verdict, 1 when there is no such site or it is not clear which.
 */
@Command(name = "why-not")
final class WhyNotCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SITE_CODE", descriptionKey = "site")
  private String site;

  @Option(names = "--customer", paramLabel = "CODE")
  private String customer;

  @Option(names = "--at", paramLabel = "INSTANT")
  private String at;

  @Override
  public Integer call() {
    Instant instant = at == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : instant(at);
    try (Running running = Running.open()) {
      AllowedDestinations allowed =
          new AllowedDestinations(running.configuration().callback().allowedPrefixes());
      print(
          new WhyNot(running.database().jdbi(), allowed)
              .ask(site, Optional.ofNullable(customer), instant));
    }
    return 0;
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new CommandFailed(Messages.text("round.instant", text));
    }
  }

  private static void print(WhyNot.Answer answer) {
    row("site", answer.siteCode(), answer.siteName());
    row("customer", answer.customerCode());
    row("campaign", answer.campaign(), answer.round() == 0 ? "" : "" + answer.round());
    row("at", local(answer.at(), answer.zone()), answer.zone().getId());
    for (WhyNot.Line line : answer.lines()) {
      row(
          "rule",
          line.rule(),
          line.permitted() ? "permitted" : "refused",
          line.source().word(),
          line.reason().in(Locale.getDefault()),
          line.permitted() ? "" : line.until().map(u -> local(u, answer.zone())).orElse("never"));
    }
    row("next", answer.next().map(next -> local(next, answer.zone())).orElse("never"));
  }

  private static String local(Instant at, ZoneId zone) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone));
  }

  /** What came from outside must not make columns or lines of its own. */
  private static void row(String... cells) {
    StringBuilder row = new StringBuilder();
    for (String cell : cells) {
      row.append(row.isEmpty() ? "" : "\t").append(cell.replaceAll("\\p{Cntrl}", " "));
    }
    System.out.println(row.toString().stripTrailing());
  }
}
