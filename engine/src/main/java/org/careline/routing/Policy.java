package org.careline.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;

/**
 * How a line treats its callers: order, promises, and whom they may have after which wait. Pure and
 * immutable; made by {@link PolicyParser}.
 *
 * @param version counts from 1 with each change
 * @param tiers by code; a tier that is not named gets what the tier itself says
 * @param groups by name, for {@link PolicyStep.Who#OVERFLOW_GROUP}
 */
public record Policy(
    String code,
    int version,
    String nameEn,
    String nameZh,
    Discipline discipline,
    Map<String, TierTerms> tiers,
    List<PolicyStep> steps,
    Map<String, Group> groups,
    Optional<Reserve> reserve) {
  /** The policy of a line that names none. */
  public static final String DEFAULT_CODE = "default";

  /** So long the account manager alone is kept for one who has asked for him. */
  public static final Duration MANAGER_ALONE = Duration.ofSeconds(30);

  /**
   * A group to overflow to.
   *
   * @param skills agents who have all of these belong to it too; none = only the named ones
   * @param then where it overflows to in its turn, after so much more waiting
   */
  public record Group(Set<AgentNumber> agents, Set<String> skills, Optional<Then> then) {
    public Group {
      agents = Set.copyOf(agents);
      skills = Set.copyOf(skills);
    }
  }

  public record Then(Duration after, String group) {}

  public Policy {
    tiers = Map.copyOf(tiers);
    steps = List.copyOf(steps);
    groups = Map.copyOf(groups);
  }

  /** In use before anybody has written one: by grade at once, after 30 s whoever is there. */
  public static Policy standard() {
    return new Policy(
        DEFAULT_CODE,
        0,
        "Standard",
        "标准",
        Discipline.AGEING,
        Map.of(),
        List.of(
            PolicyStep.of(Duration.ZERO, PolicyStep.Who.ACCOUNT_MANAGER),
            PolicyStep.of(Duration.ZERO, PolicyStep.Who.DEPUTY),
            PolicyStep.of(Duration.ZERO, PolicyStep.Who.LAST_AGENT),
            PolicyStep.of(Duration.ZERO, PolicyStep.Who.GRADED),
            PolicyStep.of(Duration.ofSeconds(30), PolicyStep.Who.WIDER).withLowerGrades()),
        Map.of(),
        Optional.empty());
  }

  /** What the tier gets here. */
  public TierTerms tier(String code, TierTerms standard) {
    return tiers.getOrDefault(code, standard);
  }

  /** All that decides this caller's place and whom he may have. */
  public Terms terms(CallerFacts facts) {
    TierTerms own = tier(facts.tier(), facts.standard());
    List<Step> agents = new ArrayList<>();
    List<Outside> outside = new ArrayList<>();
    Duration gone = Duration.ZERO;
    int i = 0;
    while (i < steps.size()) {
      Duration from = steps.get(i).after();
      boolean concerned = false;
      int next = i;
      for (; next < steps.size() && steps.get(next).after().equals(from); next++) {
        concerned |= add(steps.get(next), from.minus(gone), own, facts, agents, outside);
      }
      if (!concerned && next < steps.size()) {
        gone = gone.plus(steps.get(next).after().minus(from));
      }
      i = next;
    }
    agents.sort(java.util.Comparator.comparing(Step::after));
    facts
        .answering()
        .filter(wanted -> facts.wantsManager() && !alone(wanted, agents))
        .ifPresent(wanted -> managerFirst(wanted, facts, agents, outside));
    return new Terms(
        facts.tier(),
        own.rank(),
        own.weight(),
        own.promised() ? Promise.of(own.promisePercent(), own.promiseWithin()) : Promise.NONE,
        agents,
        outside,
        keep(own, facts),
        Optional.of(discipline));
  }

  /** Whether the policy itself keeps him for the caller at first. */
  private static boolean alone(AgentNumber wanted, List<Step> agents) {
    List<Step> first =
        agents.stream().filter(step -> step.after().equals(agents.getFirst().after())).toList();
    return !first.isEmpty()
        && first.size() < agents.size()
        && first.stream().allMatch(step -> step.who().equals(new Step.Person(wanted)));
  }

  /**
   * Whatever the tier: who has asked for his account manager is kept for him, or his deputy, and
   * all that the policy says comes so much later.
   */
  private static void managerFirst(
      AgentNumber wanted, CallerFacts facts, List<Step> agents, List<Outside> outside) {
    agents.replaceAll(step -> new Step(step.after().plus(MANAGER_ALONE), step.who(), step.why()));
    outside.replaceAll(
        step ->
            new Outside(
                step.after().plus(MANAGER_ALONE),
                step.number(),
                step.manager(),
                step.press1(),
                step.ring()));
    boolean deputy = facts.manager().filter(CallerFacts.Manager::away).isPresent();
    agents.addFirst(
        new Step(
            Duration.ZERO,
            new Step.Person(wanted),
            deputy ? PolicyStep.Who.DEPUTY : PolicyStep.Who.ACCOUNT_MANAGER));
  }

  /** Whether the step concerns the caller. */
  private boolean add(
      PolicyStep step,
      Duration at,
      TierTerms own,
      CallerFacts facts,
      List<Step> agents,
      List<Outside> outside) {
    if (!step.tiers().isEmpty() && !step.tiers().contains(facts.tier())) {
      return false;
    }
    int least = step.lowerGrades() ? 1 : own.minGrade();
    switch (step.who()) {
      case ACCOUNT_MANAGER -> {
        Optional<AgentNumber> manager =
            facts.manager().filter(known -> !known.away()).flatMap(CallerFacts.Manager::agent);
        manager.ifPresent(agent -> agents.add(step(step, at, new Step.Person(agent))));
        return manager.isPresent();
      }
      case DEPUTY -> {
        Optional<AgentNumber> deputy =
            facts.manager().filter(CallerFacts.Manager::away).flatMap(CallerFacts.Manager::deputy);
        deputy.ifPresent(agent -> agents.add(step(step, at, new Step.Person(agent))));
        return deputy.isPresent();
      }
      case LAST_AGENT -> {
        facts
            .lastAgent()
            .ifPresent(agent -> agents.add(step(step, at, new Step.Person(agent, least))));
        return facts.lastAgent().isPresent();
      }
      case GRADED ->
          agents.add(step(step, at, new Step.Group(Math.max(step.grade(), least), facts.skills())));
      case SKILLED -> agents.add(step(step, at, new Step.Group(least, facts.skills())));
      case WIDER ->
          agents.add(
              step(
                  step,
                  at,
                  new Step.Group(least, step.skill().isEmpty() ? Set.of() : Set.of(step.skill()))));
      case OVERFLOW_GROUP -> group(step, step.group(), at, least, agents);
      case EXTERNAL -> {
        Optional<String> number =
            step.number().equals(PolicyStep.MANAGER_MOBILE)
                ? facts.manager().flatMap(CallerFacts.Manager::mobile)
                : Optional.of(step.number());
        number.ifPresent(
            target ->
                outside.add(
                    new Outside(
                        at,
                        target,
                        step.number().equals(PolicyStep.MANAGER_MOBILE),
                        step.press1(),
                        step.ring())));
        return number.isPresent();
      }
    }
    return true;
  }

  private static Step step(PolicyStep from, Duration at, Step.Who who) {
    return new Step(at, who, from.who());
  }

  /** The group's agents, then those of the group it overflows to. The parser refuses circles. */
  private void group(PolicyStep from, String name, Duration at, int least, List<Step> agents) {
    Group group = groups.get(name);
    agents.add(step(from, at, new Step.Members(group.agents(), group.skills(), least)));
    group.then().ifPresent(then -> group(from, then.group(), at.plus(then.after()), least, agents));
  }

  /** The agents kept for better tiers, whoever asks. */
  public Optional<Terms.Keep> keep() {
    return reserve.map(
        kept -> {
          TierTerms served = tiers.get(kept.tier());
          return new Terms.Keep(
              kept.agents(), served == null ? 1 : served.minGrade(), kept.atMost());
        });
  }

  /** What this caller must leave to better ones. */
  private Optional<Terms.Keep> keep(TierTerms own, CallerFacts facts) {
    boolean may =
        reserve
            .map(
                kept ->
                    facts.tier().equals(kept.tier())
                        || tiers.containsKey(kept.tier())
                            && own.rank() <= tiers.get(kept.tier()).rank())
            .orElse(true);
    return may ? Optional.empty() : keep();
  }
}
