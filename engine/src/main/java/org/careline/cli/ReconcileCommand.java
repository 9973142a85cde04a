package org.careline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.careline.Engine;
import org.careline.recovery.Reconciler;
import org.careline.report.hotline.CallRows;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Identities;
import org.careline.report.hotline.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares calls and callbacks with what the switch has written down, as the engine does each
 * night, and the sums of the hotline's figures with their bins. Prints the counts and each
 * difference; exit code 1 when there is one, or when there are calls and nothing to compare them
 * with.
 */
@Command(name = "reconcile")
final class ReconcileCommand implements Callable<Integer> {
  private static final Duration USUAL = Duration.ofDays(1);

  @Option(names = "--from", paramLabel = "TIME")
  private String from;

  @Option(names = "--to", paramLabel = "TIME")
  private String to;

  @Override
  public Integer call() throws IOException, SQLException {
    Instance instance = Instance.load();
    ZoneId zone = instance.configuration().callback().zone();
    Instant end =
        to == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : time("--to", to, zone);
    Instant begin = from == null ? end.minus(USUAL) : time("--from", from, zone);
    if (!begin.isBefore(end)) {
      throw new CommandFailed(Messages.text("reconcile.order", begin, end));
    }
    Path events = Engine.eventFile(instance.configuration(), instance.home());
    Reconciler.Result result;
    List<Identities.Identity> identities;
    try (Running running = Running.open(instance)) {
      Reconciler reconciler =
          new Reconciler(events, running.database().dataSource(), InstantSource.system());
      if (!reconciler.comparable()) {
        throw new CommandFailed(Messages.text("reconcile.events", events));
      }
      if (!Files.isDirectory(events.toAbsolutePath().getParent())) {
        System.err.println("careline: " + Messages.text("reconcile.events", events));
      }
      result = reconciler.run(begin, end);
      identities = figures(instance, running, zone).identities(begin, end);
    }
    System.out.println("from\t" + begin);
    System.out.println("to\t" + end);
    System.out.println("calls\t" + result.calls());
    System.out.println("attempts\t" + result.attempts());
    System.out.println("living\t" + result.living());
    System.out.println("differences\t" + result.differences().size());
    for (Reconciler.Difference each : result.differences()) {
      System.out.println(
          String.join(
              "\t",
              "difference",
              each.kind().name().toLowerCase(Locale.ROOT),
              each.call().value(),
              each.detail()));
    }
    identities.forEach(ReconcileCommand::print);
    return result.agrees() && identities.stream().allMatch(each -> each.difference() == 0) ? 0 : 1;
  }

  /** Calls that live are not over for it: their outcome is open. */
  private static HotlineFigures figures(Instance instance, Running running, ZoneId zone) {
    return new HotlineFigures(
        new CallRows(running.database().dataSource()),
        List::of,
        Target.Book.always(Target.DEFAULT),
        instance.configuration().hotline().shortAbandon(),
        zone,
        InstantSource.system());
  }

  private static void print(Identities.Identity identity) {
    System.out.println("sum\t" + identity.id() + "\t" + identity.total());
    identity
        .bins()
        .forEach(
            (bin, calls) ->
                System.out.println("bin\t" + identity.id() + "\t" + bin + "\t" + calls));
    System.out.println("sum_difference\t" + identity.id() + "\t" + identity.difference());
    identity
        .calls()
        .forEach(
            call ->
                System.out.println("no_bin\t" + identity.id() + "\t" + call.replace(' ', '\t')));
  }

  /** A day begins at midnight of the office. */
  static Instant time(String option, String text, ZoneId zone) {
    try {
      return text.length() == "2026-12-01".length()
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new CommandFailed(Messages.text("reconcile.time", option, text));
    }
  }
}
