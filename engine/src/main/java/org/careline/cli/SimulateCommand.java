package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.simulation.Answer;
import org.careline.simulation.Scenario;
import org.careline.simulation.ScenarioFile;
import org.careline.simulation.WhatIf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs the hotline's own routing over simulated hours. Prints one line per tier, then figures of
 * the whole, separated by tabs. Needs neither a database nor a switch. Exit code 1 when no number
 * of agents keeps the promises.
 */
@Command(name = "simulate")
final class SimulateCommand implements Callable<Integer> {
  private static final int MOST_AGENTS = 10_000;

  /** Answered within the target, of every tier, where the file promises nothing. */
  private static final double USUAL_PERCENT = 80;

  @Parameters(paramLabel = "FILE", descriptionKey = "file")
  private Path file;

  @Option(names = "--json", paramLabel = "OUT")
  private Path json;

  @Option(names = "--staff")
  private boolean staff;

  @Override
  public Integer call() {
    requireWritable();
    Scenario given = ScenarioFile.read(file);
    boolean nothingPromised = given.tiers().stream().allMatch(tier -> tier.promise().isEmpty());
    Scenario scenario = staff && nothingPromised ? given.withPromise(USUAL_PERCENT) : given;
    Optional<WhatIf.Staff> fewest = staff ? WhatIf.staff(scenario, MOST_AGENTS) : Optional.empty();
    if (staff && fewest.isEmpty()) {
      throw new CommandFailed(Messages.text("simulate.never", MOST_AGENTS));
    }
    fewest.ifPresent(found -> System.out.println("agents\t" + found.agents() + "\tper hour"));
    Answer answer = fewest.map(WhatIf.Staff::answer).orElseGet(() -> WhatIf.answer(scenario));
    print(answer);
    if (json != null) {
      write(answer);
    }
    return 0;
  }

  /** Before the run, which may take minutes. */
  private void requireWritable() {
    if (json == null) {
      return;
    }
    Path folder = json.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new CommandFailed(Messages.text("demo.json", folder));
    }
    Path written = Files.exists(json) ? json : folder;
    if (Files.isDirectory(json) || !Files.isWritable(written)) {
      throw new CommandFailed(Messages.text("file.unwritable", json));
    }
  }

  private void write(Answer answer) {
    ObjectMapper mapper =
        new ObjectMapper()
            .registerModule(new Jdk8Module())
            .enable(SerializationFeature.INDENT_OUTPUT);
    try {
      Files.writeString(json, mapper.writeValueAsString(answer) + "\n");
    } catch (IOException unwritable) {
      throw new CommandFailed(Messages.text("simulate.json", json, unwritable.getMessage()));
    }
  }

  private static void print(Answer answer) {
    System.out.println(
        "tier\toffered\tanswered\tabandoned\tmeanWaitSeconds\tp90WaitSeconds\tserviceLevel");
    for (Answer.Tier tier : answer.tiers()) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "%s\t%d\t%d\t%d\t%.2f\t%.2f\t%.4f",
              tier.name(),
              tier.offered(),
              tier.answered(),
              tier.abandoned(),
              tier.meanWaitSeconds(),
              tier.p90WaitSeconds(),
              tier.serviceLevel()));
    }
    Answer.Figures all = answer.overall();
    System.out.println(
        String.format(
            Locale.ROOT,
            "overall\t%d\t%d\t%d\t%.2f\t%.2f\t%.4f",
            all.offered(),
            all.answered(),
            all.abandoned(),
            all.meanWaitSeconds(),
            all.p90WaitSeconds(),
            all.serviceLevel()));
    System.out.println(String.format(Locale.ROOT, "occupancy\t%.4f", answer.occupancy()));
    for (Answer.Tier tier : answer.tiers()) {
      tier.promise()
          .ifPresent(
              promise ->
                  System.out.println(
                      String.format(
                          Locale.ROOT,
                          "promise\t%s\t%s %% in %s s\t%.2f %%",
                          tier.name(),
                          promise.percent(),
                          promise.seconds(),
                          100 * promise.kept())));
    }
    answer
        .theory()
        .ifPresent(
            theory -> {
              System.out.println(
                  String.format(
                      Locale.ROOT,
                      "theory\t%s\toverall\t%.2f",
                      theory.formula(),
                      theory.meanWaitSeconds()));
              for (Answer.TierWait tier : theory.tiers()) {
                System.out.println(
                    String.format(
                        Locale.ROOT,
                        "theory\t%s\t%s\t%.2f",
                        theory.formula(),
                        tier.name(),
                        tier.meanWaitSeconds()));
              }
            });
  }
}
