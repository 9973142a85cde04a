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
import org.careline.config.InvalidValue;
import org.careline.config.YamlFile;
import org.careline.config.YamlValue;
import org.careline.language.Sentence;
import org.careline.routing.Discipline;

/** Reads a scenario from YAML; config/examples/simulation.yaml shows every key. */
public final class ScenarioFile {
  private static final int MAX_CALLS = 20_000_000;
  private static final int MAX_AGENTS = 10_000;

  /** A day: who handles a call for longer has mistyped. */
  private static final int MAX_SECONDS = 86_400;

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
      long seed,
      int calls,
      double targetSeconds,
      Handling handling,
      YamlValue patience,
      List<Tier> tiers,
      YamlValue agents,
      String policy,
      Duration widenAfter) {
    File {
      require(
          calls >= 1000 && calls <= MAX_CALLS, Sentence.of("simulation.calls", 1000, MAX_CALLS));
      require(!tiers.isEmpty() && tiers.size() <= 100, Sentence.of("simulation.tiers", 1, 100));
      require(
          new HashSet<>(tiers.stream().map(Tier::name).toList()).size() == tiers.size(),
          Sentence.of("simulation.twice"));
      require(
          Arrays.stream(Discipline.values()).anyMatch(known -> known.key().equals(policy)),
          Sentence.of("simulation.policy", "strict, ageing, fifo"));
    }
  }

  private record Handling(double meanSeconds, String distribution, double variation) {
    Handling {
      require(
          meanSeconds > 0 && meanSeconds <= MAX_SECONDS,
          Sentence.of("simulation.most", "handling.meanSeconds", MAX_SECONDS));
      require(
          distribution.matches("exponential|lognormal|fixed"),
          Sentence.of("simulation.distribution", "exponential, lognormal, fixed"));
      require(
          variation > 0 && variation <= 10,
          Sentence.of("simulation.most", "handling.variation", 10));
    }
  }

  private record Patience(double meanSeconds) {
    Patience {
      require(meanSeconds > 0, Sentence.of("simulation.positive", "patience.meanSeconds"));
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
          Sentence.of("simulation.name", 1, 64));
      require(
          perHour > 0 && perHour <= 1_000_000,
          Sentence.of("simulation.most", "perHour", 1_000_000));
      require(weight > 0 && weight <= 1_000_000, Sentence.of("simulation.positive", "weight"));
      require(minGrade >= 1 && minGrade <= 5, Sentence.of("simulation.grade", "minGrade"));
    }
  }

  private record Promise(double percent, double seconds) {
    Promise {
      require(percent > 0 && percent < 100, Sentence.of("simulation.percent", 100));
    }
  }

  private record Count(int count) {}

  private record Agent(int grade, List<String> skills, int count) {
    Agent {
      require(grade >= 1 && grade <= 5, Sentence.of("simulation.grade", "grade"));
      require(count >= 1, Sentence.of("simulation.count", 1));
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
    File file = bind(DEFAULTS.overlaidBy(given), File.class, "");
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
    scenario
        .unserved()
        .ifPresent(
            tier -> {
              throw wrong(given, Sentence.of("simulation.skill", tier.name()));
            });
    return scenario;
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
        && (scalar.empty() || Set.of("", "~", "none").contains(scalar.text()))) {
      return Optional.empty();
    }
    if (value instanceof YamlValue.Mapping mapping) {
      return Optional.of(bind(mapping, Patience.class, "patience.").meanSeconds());
    }
    throw wrong(value, Sentence.of("simulation.patience", "{meanSeconds: N}"));
  }

  private static List<Scenario.Agent> agents(YamlValue value) {
    List<Scenario.Agent> agents = new java.util.ArrayList<>();
    if (value instanceof YamlValue.Mapping mapping) {
      int count = bind(mapping, Count.class, "agents.").count();
      agents.addAll(Collections.nCopies(Math.max(0, count), new Scenario.Agent(5, Set.of())));
    } else if (value instanceof YamlValue.Sequence sequence) {
      for (YamlValue item : sequence.items()) {
        if (!(item instanceof YamlValue.Mapping mapping)) {
          throw wrong(item, Sentence.of("simulation.agent", "{grade: N, skills: [..]}"));
        }
        Agent agent = bind(AGENT.overlaidBy(mapping), Agent.class, "agents.");
        agents.addAll(
            Collections.nCopies(
                Math.min(agent.count(), MAX_AGENTS + 1),
                new Scenario.Agent(agent.grade(), Set.copyOf(agent.skills()))));
      }
    } else {
      throw wrong(
          value, Sentence.of("simulation.agents", "{count: N}", "{grade: N, skills: [..]}"));
    }
    if (agents.isEmpty() || agents.size() > MAX_AGENTS) {
      throw wrong(value, Sentence.of("simulation.staff", 1, MAX_AGENTS));
    }
    return agents;
  }

  private static <T extends Record> T bind(YamlValue.Mapping mapping, Class<T> type, String path) {
    return new Binder(Path.of("")).bind(mapping, type, path);
  }

  private static ConfigurationException wrong(YamlValue at, Sentence reason) {
    return new ConfigurationException(at.file(), at.line(), reason);
  }

  private static void require(boolean condition, Sentence otherwise) {
    if (!condition) {
      throw new InvalidValue(otherwise);
    }
  }
}
