package org.careline.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.config.Binder;
import org.careline.config.ConfigurationException;
import org.careline.config.YamlFile;
import org.careline.config.YamlValue;
import org.careline.routing.Discipline;

/** Reads a scenario from YAML; config/examples/simulation.yaml shows every key. */
public final class ScenarioFile {
  private static final int MAX_CALLS = 20_000_000;
  private static final int MAX_AGENTS = 10_000;
  private static final YamlValue.Mapping DEFAULTS =
      YamlFile.parse(
          "defaults",
          """
          seed: 1
          calls: 100000
          targetSeconds: 20
          handling: {distribution: exponential, variation: 1}
          patience: none
          policy: ageing
          widenAfter: 30s
          tiers:
            - weight: 1
              minGrade: 1
              skill: ""
              promise: ""
          """);
  private static final YamlValue.Mapping AGENT =
      YamlFile.parse("defaults", "grade: 1\nskills: []\ncount: 1");

  private ScenarioFile() {}

  private record File(
      int seed,
      int calls,
      double targetSeconds,
      Handling handling,
      YamlValue patience,
      List<Tier> tiers,
      YamlValue agents,
      String policy,
      Duration widenAfter) {
    File {
      require(calls >= 1000 && calls <= MAX_CALLS, "calls is 1000 to " + MAX_CALLS);
      require(!tiers.isEmpty() && tiers.size() <= 100, "tiers has 1 to 100 entries");
      require(
          new HashSet<>(tiers.stream().map(Tier::name).toList()).size() == tiers.size(),
          "a tier stands twice");
      require(
          Arrays.stream(Discipline.values()).anyMatch(known -> known.key().equals(policy)),
          "policy is strict, ageing or fifo");
    }
  }

  private record Handling(double meanSeconds, String distribution, double variation) {
    Handling {
      require(meanSeconds > 0, "handling.meanSeconds is above 0");
      require(
          distribution.matches("exponential|lognormal|fixed"),
          "handling.distribution is exponential, lognormal or fixed");
      require(variation > 0 && variation <= 10, "handling.variation is above 0, at most 10");
    }
  }

  private record Patience(double meanSeconds) {
    Patience {
      require(meanSeconds > 0, "patience.meanSeconds is above 0");
    }
  }

  private record Tier(
      String name,
      double perHour,
      double weight,
      int minGrade,
      String skill,
      Optional<Promise> promise) {
    Tier {
      require(
          !name.isBlank() && name.length() <= 64 && name.chars().noneMatch(Character::isISOControl),
          "a tier's name has 1 to 64 characters in one line");
      require(perHour > 0 && perHour <= 1_000_000, "perHour is above 0, at most 1000000");
      require(weight > 0 && weight <= 1_000_000, "a tier's weight is above 0");
      require(minGrade >= 1 && minGrade <= 5, "minGrade is 1 to 5");
    }
  }

  private record Promise(double percent, double seconds) {
    Promise {
      require(percent > 0 && percent < 100, "promise.percent is above 0 and below 100");
      require(seconds >= 0, "promise.seconds is 0 or more");
    }
  }

  private record Count(int count) {}

  private record Agent(int grade, List<String> skills, int count) {
    Agent {
      require(grade >= 1 && grade <= 5, "grade is 1 to 5");
      require(count >= 1, "count is 1 or more");
    }
  }

  /**
   * Reads a file.
   *
   * @throws ConfigurationException with file and line of everything wrong
   */
  public static Scenario read(Path file) {
    return scenario(YamlFile.read(file));
  }

  static Scenario scenario(YamlValue.Mapping given) {
    File file = bind(DEFAULTS.overlaidBy(given), File.class);
    Scenario scenario =
        new Scenario(
            file.seed(),
            file.calls(),
            file.targetSeconds(),
            new Scenario.Handling(
                file.handling().meanSeconds(),
                Scenario.Distribution.valueOf(
                    file.handling().distribution().toUpperCase(java.util.Locale.ROOT)),
                file.handling().variation()),
            patience(file.patience()),
            file.tiers().stream().map(ScenarioFile::tier).toList(),
            agents(file.agents()),
            Discipline.valueOf(file.policy().toUpperCase(java.util.Locale.ROOT)),
            file.widenAfter());
    whoCannotBeServed(scenario)
        .ifPresent(
            name -> {
              throw wrong(given, "no agent has the skill of the tier '" + name + "'");
            });
    return scenario;
  }

  private static Optional<String> whoCannotBeServed(Scenario scenario) {
    return scenario.tiers().stream()
        .filter(
            tier ->
                tier.skill()
                    .filter(
                        skill ->
                            scenario.agents().stream()
                                .noneMatch(agent -> agent.skills().contains(skill)))
                    .isPresent())
        .map(Scenario.Tier::name)
        .findFirst();
  }

  private static Scenario.Tier tier(Tier tier) {
    return new Scenario.Tier(
        tier.name(),
        tier.perHour(),
        tier.weight(),
        tier.minGrade(),
        tier.skill().isEmpty() ? Optional.empty() : Optional.of(tier.skill()),
        tier.promise().map(p -> new Scenario.Promise(p.percent(), p.seconds())));
  }

  private static Optional<Double> patience(YamlValue value) {
    if (value instanceof YamlValue.Scalar scalar
        && (scalar.empty() || scalar.text().equals("none"))) {
      return Optional.empty();
    }
    if (value instanceof YamlValue.Mapping mapping) {
      return Optional.of(bind(mapping, Patience.class).meanSeconds());
    }
    throw wrong(value, "patience is none or {meanSeconds: N}");
  }

  private static List<Scenario.Agent> agents(YamlValue value) {
    List<Scenario.Agent> agents = new java.util.ArrayList<>();
    if (value instanceof YamlValue.Mapping mapping) {
      int count = bind(mapping, Count.class).count();
      agents.addAll(Collections.nCopies(Math.max(0, count), new Scenario.Agent(5, Set.of())));
    } else if (value instanceof YamlValue.Sequence sequence) {
      for (YamlValue item : sequence.items()) {
        if (!(item instanceof YamlValue.Mapping mapping)) {
          throw wrong(item, "an agent is {grade: N, skills: [..]}");
        }
        Agent agent = bind(AGENT.overlaidBy(mapping), Agent.class);
        agents.addAll(
            Collections.nCopies(
                Math.min(agent.count(), MAX_AGENTS + 1),
                new Scenario.Agent(agent.grade(), Set.copyOf(agent.skills()))));
      }
    } else {
      throw wrong(value, "agents is {count: N} or a list of {grade: N, skills: [..]}");
    }
    if (agents.isEmpty() || agents.size() > MAX_AGENTS) {
      throw wrong(value, "there are 1 to " + MAX_AGENTS + " agents");
    }
    return agents;
  }

  private static <T extends Record> T bind(YamlValue.Mapping mapping, Class<T> type) {
    return new Binder(Path.of("")).bind(mapping, type);
  }

  private static ConfigurationException wrong(YamlValue at, String reason) {
    return new ConfigurationException(at.file(), at.line(), reason);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
