package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundPlanner;
import org.careline.callback.RoundRepository;
import org.careline.callback.RoundSelection;
import org.careline.callback.Rounds;
import org.careline.callback.RulesParser;
import org.careline.report.RoundReport;
import org.careline.report.RoundReportText;
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rounds of a campaign. They work on the rows; a running engine notices within seconds. */
@Command(
    name = "round",
    subcommands = {
      RoundCommand.Open.class,
      RoundCommand.Status.class,
      RoundCommand.Pause.class,
      RoundCommand.Resume.class,
      RoundCommand.Extend.class,
      RoundCommand.Close.class,
      RoundCommand.Report.class
    })
final class RoundCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /** What a subcommand does with the database. */
  abstract static class OnRounds implements Callable<Integer> {
    @Parameters(paramLabel = "CAMPAIGN", descriptionKey = "campaign")
    private String campaign;

    @Override
    public final Integer call() throws IOException {
      try (Running running = Running.open()) {
        Jdbi jdbi = running.database().jdbi();
        run(new Rounds(jdbi, InstantSource.system()), jdbi, campaign);
        return 0;
      } catch (RoundPlanner.Refused | RulesParser.InvalidRules refused) {
        throw new CommandFailed(refused.in(Locale.getDefault()), refused);
      }
    }

    abstract void run(Rounds rounds, Jdbi jdbi, String campaign) throws IOException;
  }

  /** On the current round, or on one of a number. */
  abstract static class OnOne extends OnRounds {
    @Option(names = "--round", paramLabel = "N")
    private Integer number;

    @Override
    final void run(Rounds rounds, Jdbi jdbi, String campaign) {
      run(rounds, campaign, Optional.ofNullable(number));
    }

    abstract void run(Rounds rounds, String campaign, Optional<Integer> number);
  }

  /**
   * Opens the next round now, or plans it; of all sites of the customer or of some. Prints its
   * state. Refused now while another open round has some of the sites; one planned for later that
   * then finds such a round waits for it, and stderr says what it waits for.
   */
  @Command(name = "open")
  static final class Open extends OnRounds {
    @Option(names = "--at", paramLabel = "INSTANT")
    private String at;

    @Option(names = "--until", paramLabel = "INSTANT")
    private String until;

    @Option(names = "--region", paramLabel = "CODE")
    private List<String> regions = List.of();

    @Option(names = "--trade", paramLabel = "TRADE")
    private List<String> trades = List.of();

    @Option(names = "--tier", paramLabel = "CODE")
    private List<String> tiers = List.of();

    @Option(names = "--site", paramLabel = "CODE")
    private List<String> sites = List.of();

    @Option(names = "--sites", paramLabel = "FILE")
    private Path file;

    @Override
    void run(Rounds rounds, Jdbi jdbi, String campaign) throws IOException {
      List<String> named = new ArrayList<>(sites);
      if (file != null) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
          throw new CommandFailed(Messages.text("file.unreadable", file));
        }
        Files.readAllLines(file).stream()
            .map(line -> line.replace("\uFEFF", "").strip())
            .filter(line -> !line.isEmpty())
            .forEach(named::add);
      }
      boolean all =
          file == null
              && named.isEmpty()
              && regions.isEmpty()
              && trades.isEmpty()
              && tiers.isEmpty();
      print(
          campaign,
          rounds.open(
              campaign,
              Optional.ofNullable(at).map(text -> instant("--at", text)),
              Optional.ofNullable(until).map(text -> instant("--until", text)),
              all
                  ? new RoundSelection.All()
                  : new RoundSelection.Some(regions, trades, tiers, named)));
      tellWaiting(rounds, campaign);
    }
  }

  /** Takes no new attempts until it is resumed. Prints its state. */
  @Command(name = "pause")
  static final class Pause extends OnOne {
    @Override
    void run(Rounds rounds, String campaign, Optional<Integer> number) {
      print(campaign, rounds.pause(campaign, number));
    }
  }

  /** Goes on with a paused round. Prints its state. */
  @Command(name = "resume")
  static final class Resume extends OnOne {
    @Override
    void run(Rounds rounds, String campaign, Optional<Integer> number) {
      print(campaign, rounds.resume(campaign, number));
    }
  }

  /** Gives the newest round another end, or none. Prints its state. */
  @Command(name = "extend")
  static final class Extend extends OnOne {
    @ArgGroup(multiplicity = "1")
    private End end;

    private static final class End {
      @Option(names = "--until", paramLabel = "INSTANT", required = true)
      private String until;

      @Option(names = "--open-end", required = true)
      private boolean open;
    }

    @Override
    void run(Rounds rounds, String campaign, Optional<Integer> number) {
      print(
          campaign,
          rounds.extend(
              campaign,
              number,
              Optional.ofNullable(end.until).map(text -> instant("--until", text))));
    }
  }

  /** Prints the newest round. */
  @Command(name = "status")
  static final class Status extends OnOne {
    @Override
    void run(Rounds rounds, String campaign, Optional<Integer> number) {
      print(campaign, rounds.round(campaign, number).orElseThrow(() -> none(campaign)));
      tellWaiting(rounds, campaign);
    }
  }

  /** Takes no new attempts; closed as soon as nothing is in the air. */
  @Command(name = "close")
  static final class Close extends OnOne {
    @Override
    void run(Rounds rounds, String campaign, Optional<Integer> number) {
      RoundCloser.Closing closing = rounds.close(campaign, number);
      print(campaign, rounds.round(campaign, number).orElseThrow());
      if (!closing.closed()) {
        System.err.println(Messages.text("round.closing", closing.inTheAir()));
      }
    }
  }

  /** Prints the figures of the newest round. */
  @Command(name = "report")
  static final class Report extends OnRounds {
    @Option(names = "--json", paramLabel = "FILE")
    private Path json;

    @Override
    void run(Rounds rounds, Jdbi jdbi, String campaign) throws IOException {
      Rounds.Progress round = rounds.current(campaign).orElseThrow(() -> none(campaign));
      RoundReport report = jdbi.inTransaction(handle -> RoundReport.of(handle, round.roundId()));
      RoundReportText.Heading heading =
          jdbi.withHandle(
              handle ->
                  RoundReportText.Heading.of(
                      campaign, new RoundRepository().find(handle, round.roundId()).orElseThrow()));
      boolean chinese = Locale.getDefault().getLanguage().equals("zh");
      System.out.print(
          chinese
              ? RoundReportText.chinese(report, heading)
              : RoundReportText.english(report, heading));
      if (json != null) {
        String text =
            new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(report);
        try {
          Files.writeString(json, text + "\n");
        } catch (IOException e) {
          throw new CommandFailed(Messages.text("file.unwritable", json), e);
        }
      }
    }
  }

  private static Instant instant(String option, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new CommandFailed(Messages.text("round.instant", option, text));
    }
  }

  private static void tellWaiting(Rounds rounds, String campaign) {
    rounds
        .waiting(campaign)
        .ifPresent(reason -> System.err.println("careline: " + reason.in(Locale.getDefault())));
  }

  private static CommandFailed none(String campaign) {
    return new CommandFailed(Messages.text("round.none", campaign));
  }

  private static void print(String campaign, Rounds.Progress round) {
    System.out.println("campaign\t" + campaign);
    System.out.println("round\t" + round.number());
    System.out.println("status\t" + round.status().id());
    if (round.paused()) {
      System.out.println("paused\tyes");
    }
    System.out.println("opensAt\t" + round.opensAt());
    round.closesAt().ifPresent(at -> System.out.println("closesAt\t" + at));
    System.out.println("sitesLoaded\t" + round.sitesLoaded());
    round.bins().forEach((bin, sites) -> System.out.println("bin\t" + bin + "\t" + sites));
    System.out.println("attempts\t" + round.attempts());
  }
}
