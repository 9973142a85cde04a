package org.careline.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.careline.routing.InvalidPolicy.Problem;

/** What a well-formed policy may still say that makes no sense. Pure. */
final class PolicyCheck {
  /** Steps that have agents for each of their callers. */
  private static final Set<PolicyStep.Who> SEVERAL =
      Set.of(
          PolicyStep.Who.GRADED,
          PolicyStep.Who.SKILLED,
          PolicyStep.Who.WIDER,
          PolicyStep.Who.OVERFLOW_GROUP);

  private PolicyCheck() {}

  /**
   * @param world what it may name; empty = it was checked when it was saved
   */
  static List<Problem> problems(Policy policy, Optional<PolicyWorld> world) {
    List<Problem> problems = new ArrayList<>();
    order(policy, problems);
    overlap(policy, problems);
    groups(policy, problems);
    promises(policy, problems);
    world.ifPresent(
        known -> {
          names(policy, known, problems);
          everybody(policy, known, problems);
        });
    return problems;
  }

  private static void order(Policy policy, List<Problem> problems) {
    List<PolicyStep> steps = policy.steps();
    int lastWithAgents = -1;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).who() != PolicyStep.Who.EXTERNAL) {
        lastWithAgents = i;
      }
      if (i > 0 && steps.get(i).after().compareTo(steps.get(i - 1).after()) < 0) {
        problems.add(new Problem("steps[" + i + "].after", Sentence.of("policy.order", i, i + 1)));
      }
    }
    if (lastWithAgents < 0) {
      problems.add(new Problem("steps", Sentence.of("policy.no-agents")));
    }
    for (int i = 0; i < lastWithAgents; i++) {
      if (steps.get(i).lowerGrades()) {
        problems.add(
            new Problem(
                "steps[" + i + "].lowerGrades",
                Sentence.of("policy.lower-grades", lastWithAgents + 1)));
      }
    }
  }

  /**
   * Whoever calls may have somebody: the account manager, his deputy and the last agent are not
   * everybody's, and not always there.
   */
  private static void everybody(Policy policy, PolicyWorld world, List<Problem> problems) {
    if (policy.steps().stream().allMatch(step -> step.who() == PolicyStep.Who.EXTERNAL)) {
      return; // said already
    }
    List<Set<String>> served =
        policy.steps().stream()
            .filter(step -> SEVERAL.contains(step.who()))
            .map(PolicyStep::tiers)
            .toList();
    if (served.stream().anyMatch(Set::isEmpty)) {
      return;
    }
    world.tiers().stream()
        .sorted()
        .filter(tier -> served.stream().noneMatch(tiers -> tiers.contains(tier)))
        .forEach(
            tier -> problems.add(new Problem("steps", Sentence.of("policy.no-agents-for", tier))));
    problems.add(new Problem("steps", Sentence.of("policy.no-agents-later")));
  }

  /** A step that adds nobody whom an earlier one has not added, for the same tiers. */
  private static void overlap(Policy policy, List<Problem> problems) {
    List<PolicyStep> steps = policy.steps();
    for (int i = 1; i < steps.size(); i++) {
      for (int earlier = 0; earlier < i; earlier++) {
        if (covers(steps.get(earlier), steps.get(i))) {
          problems.add(
              new Problem("steps[" + i + "]", Sentence.of("policy.overlap", i + 1, earlier + 1)));
          break;
        }
      }
    }
  }

  private static boolean covers(PolicyStep earlier, PolicyStep later) {
    if (!earlier.tiers().isEmpty()
        && (later.tiers().isEmpty() || !earlier.tiers().containsAll(later.tiers()))) {
      return false;
    }
    if (later.lowerGrades() && !earlier.lowerGrades()) {
      return false;
    }
    boolean sameSkills =
        switch (later.who()) {
          case GRADED, SKILLED -> true;
          case WIDER ->
              earlier.who() == PolicyStep.Who.WIDER
                  && (earlier.skill().isEmpty() || earlier.skill().equals(later.skill()));
          case OVERFLOW_GROUP ->
              earlier.who() == later.who() && earlier.group().equals(later.group());
          case EXTERNAL -> earlier.who() == later.who() && earlier.number().equals(later.number());
          case ACCOUNT_MANAGER, DEPUTY, LAST_AGENT -> earlier.who() == later.who();
        };
    if (later.who() == PolicyStep.Who.GRADED || later.who() == PolicyStep.Who.SKILLED) {
      return switch (earlier.who()) {
        case GRADED -> earlier.grade() <= later.grade();
        case SKILLED -> true;
        case WIDER -> earlier.skill().isEmpty();
        case ACCOUNT_MANAGER, DEPUTY, LAST_AGENT, OVERFLOW_GROUP, EXTERNAL -> false;
      };
    }
    return sameSkills;
  }

  private static void groups(Policy policy, List<Problem> problems) {
    for (int i = 0; i < policy.steps().size(); i++) {
      PolicyStep step = policy.steps().get(i);
      if (step.who() == PolicyStep.Who.OVERFLOW_GROUP
          && !policy.groups().containsKey(step.group())) {
        problems.add(
            new Problem("steps[" + i + "].group", Sentence.of("policy.no-group", step.group())));
      }
    }
    policy
        .groups()
        .forEach(
            (name, group) -> {
              String at = "groups." + name;
              if (group.agents().isEmpty() && group.skills().isEmpty()) {
                problems.add(new Problem(at, Sentence.of("policy.empty-group")));
              }
              group
                  .then()
                  .filter(then -> !policy.groups().containsKey(then.group()))
                  .ifPresent(
                      then ->
                          problems.add(
                              new Problem(
                                  at + ".then.group",
                                  Sentence.of("policy.no-group", then.group()))));
              circle(policy, name)
                  .ifPresent(
                      way ->
                          problems.add(
                              new Problem(at + ".then", Sentence.of("policy.circle", way))));
            });
  }

  /** The way from a group back to itself. */
  private static Optional<String> circle(Policy policy, String from) {
    Set<String> way = new LinkedHashSet<>();
    String at = from;
    while (at != null && way.add(at)) {
      Policy.Group group = policy.groups().get(at);
      at = group == null ? null : group.then().map(Policy.Then::group).orElse(null);
    }
    return from.equals(at) ? Optional.of(String.join(" > ", way) + " > " + from) : Optional.empty();
  }

  private static void promises(Policy policy, List<Problem> problems) {
    policy
        .reserve()
        .filter(reserve -> !policy.tiers().containsKey(reserve.tier()))
        .ifPresent(
            reserve ->
                problems.add(
                    new Problem(
                        "reserve.tier", Sentence.of("policy.reserve-tier", reserve.tier()))));
  }

  private static void names(Policy policy, PolicyWorld world, List<Problem> problems) {
    policy.tiers().keySet().stream()
        .filter(tier -> !world.tiers().contains(tier))
        .forEach(
            tier ->
                problems.add(new Problem("tiers." + tier, Sentence.of("policy.no-tier", tier))));
    for (int i = 0; i < policy.steps().size(); i++) {
      PolicyStep step = policy.steps().get(i);
      String at = "steps[" + i + "]";
      step.tiers().stream()
          .filter(tier -> !world.tiers().contains(tier))
          .forEach(
              tier ->
                  problems.add(new Problem(at + ".tiers", Sentence.of("policy.no-tier", tier))));
      if (!step.skill().isEmpty() && !world.skills().contains(step.skill())) {
        problems.add(new Problem(at + ".skill", Sentence.of("policy.no-skill", step.skill())));
      }
      if (step.who() == PolicyStep.Who.EXTERNAL
          && !step.number().equals(PolicyStep.MANAGER_MOBILE)) {
        outside(step.number(), world)
            .ifPresent(what -> problems.add(new Problem(at + ".number", what)));
      }
    }
    policy
        .groups()
        .forEach(
            (name, group) -> {
              Set<AgentNumber> unknown = new HashSet<>(group.agents());
              unknown.removeAll(world.agents());
              unknown.forEach(
                  agent ->
                      problems.add(
                          new Problem(
                              "groups." + name + ".agents",
                              Sentence.of("policy.no-agent", agent))));
              group.skills().stream()
                  .filter(skill -> !world.skills().contains(skill))
                  .forEach(
                      skill ->
                          problems.add(
                              new Problem(
                                  "groups." + name + ".skills",
                                  Sentence.of("policy.no-skill", skill))));
            });
  }

  private static Optional<Sentence> outside(String number, PolicyWorld world) {
    String digits = number.startsWith("+") ? number.substring(1) : number;
    return world.lines().contains(digits)
        ? Optional.of(Sentence.of("policy.own-number", number))
        : world.dialable().apply(number);
  }
}
