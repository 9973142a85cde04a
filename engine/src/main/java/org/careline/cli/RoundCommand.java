package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.callback.Round;
import org.careline.callback.RoundCloser;
import org.careline.callback.RoundPlanner;
import org.careline.callback.RoundRepository;
import org.careline.callback.RoundSelection;
import org.careline.callback.Rounds;
import org.careline.callback.RulesParser;
import org.careline.language.Sentence;
import org.careline.report.RoundComparison;
import org.careline.report.RoundProgress;
import org.careline.report.RoundReport;
import org.careline.report.RoundReportText;
import org.careline.report.Transitions;
import org.careline.report.TransitionsText;
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
      RoundCommand.Report.class,
      RoundCommand.Transition.class
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
  static final class Status extends OnRounds {
    @Option(names = "--round", paramLabel = "N")
    private Integer number;

    @Override
    void run(Rounds rounds, Jdbi jdbi, String campaign) {
      Rounds.Progress progress =
          rounds.round(campaign, Optional.ofNullable(number)).orElseThrow(() -> none(campaign));
      print(campaign, progress);
      if (progress.status() == Round.Status.OPEN) {
        Round round = find(jdbi, campaign, progress.number());
        printEnd(jdbi.withHandle(handle -> RoundProgress.of(handle, round, Instant.now())));
      }
      tellWaiting(rounds, campaign);
    }

    private static void printEnd(RoundProgress progress) {
      boolean chinese = Locale.getDefault().getLanguage().equals("zh");
      System.out.println("left\t" + progress.left());
      System.out.println("perHour\t" + (progress.perHour() == null ? "-" : progress.perHour()));
      System.out.println(
          "expectedEnd\t"
              + (progress.expectedEnd() == null
                  ? "-"
                  : progress.expectedEnd().truncatedTo(ChronoUnit.MINUTES))
              + "\t"
              + (chinese ? progress.formula().zh() : progress.formula().en()));
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
        if (closing.left() > 0) {
          System.err.println(Messages.text("round.closing-goes-on"));
        }
      }
    }
  }

  /** Prints the figures of a round, the newest one where none is named. */
  @Command(name = "report")
  static final class Report extends OnRounds {
    @Option(names = "--round", paramLabel = "N")
    private Integer number;

    @Option(names = "--json", paramLabel = "FILE")
    private Path json;

    @Override
    void run(Rounds rounds, Jdbi jdbi, String campaign) throws IOException {
      int wanted = number == null ? newest(rounds, campaign) : number;
      Round round = find(jdbi, campaign, wanted);
      RoundReport report = jdbi.inTransaction(handle -> RoundReport.of(handle, round.id()));
      RoundReportText.Heading heading = RoundReportText.Heading.of(campaign, round);
      boolean chinese = Locale.getDefault().getLanguage().equals("zh");
      System.out.print(
          chinese
              ? RoundReportText.chinese(report, heading)
              : RoundReportText.english(report, heading));
      write(json, report);
    }
  }

  /** Prints round against round: the newest two where none is named. */
  @Command(name = "transitions")
  static final class Transition extends OnRounds {
    @Option(names = "--from", paramLabel = "N")
    private Integer from;

    @Option(names = "--from-campaign", paramLabel = "CAMPAIGN")
    private String fromCampaign;

    @Option(names = "--to", paramLabel = "N")
    private Integer to;

    @Option(names = "--region", paramLabel = "REGION")
    private String region;

    @Option(names = "--json", paramLabel = "FILE")
    private Path json;

    @Override
    void run(Rounds rounds, Jdbi jdbi, String campaign) throws IOException {
      int later = to == null ? newest(rounds, campaign) : to;
      int earlier = from == null ? later - 1 : from;
      try {
        Transitions transitions =
            new RoundComparison(jdbi, InstantSource.system())
                .compare(
                    fromCampaign == null ? campaign : fromCampaign,
                    earlier,
                    campaign,
                    later,
                    Optional.ofNullable(region));
        System.out.print(TransitionsText.of(transitions, Locale.getDefault()));
        write(json, transitions);
      } catch (RoundComparison.Refused refused) {
        throw new CommandFailed(refused.reason().in(Locale.getDefault()), refused);
      }
    }
  }

  private static int newest(Rounds rounds, String campaign) {
    return rounds.current(campaign).orElseThrow(() -> none(campaign)).number();
  }

  private static Round find(Jdbi jdbi, String campaign, int number) {
    return jdbi.withHandle(handle -> new RoundRepository().find(handle, campaign, number))
        .orElseThrow(
            () ->
                new CommandFailed(
                    Sentence.of("report.no-round", number, campaign).in(Locale.getDefault())));
  }

  private static void write(Path file, Object report) throws IOException {
    if (file == null) {
      return;
    }
    String text =
        new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(report);
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new CommandFailed(Messages.text("file.unwritable", file), e);
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
    System.out.println("status\t" + round.state());
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
