package org.careline.customer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.routing.Policy;

/**
 * Policies, account managers and the leave calendar as of one revision: the part of the reference
 * data that is small and changes while callers wait, so that it is loaded by itself. Immutable.
 */
public final class RoutingData {
  /** Nothing saved yet: every line goes by {@link Policy#standard}. */
  public static final RoutingData NONE = new RoutingData(-1, List.of(), List.of(), List.of());

  /**
   * @param document as it was saved
   */
  public record Saved(Policy policy, String document) {}

  private final long revision;
  private final List<Saved> policies;
  private final List<AccountManager> managers;
  private final List<Leave> leaves;
  private final Map<String, Policy> policyByCode;
  private final Map<String, AccountManager> managerByName;
  private final Map<AgentNumber, List<Leave>> leavesByAgent;

  public RoutingData(
      long revision, List<Saved> policies, List<AccountManager> managers, List<Leave> leaves) {
    this.revision = revision;
    this.policies = List.copyOf(policies);
    this.managers = List.copyOf(managers);
    this.leaves = List.copyOf(leaves);
    this.policyByCode =
        policies.stream()
            .map(Saved::policy)
            .collect(Collectors.toUnmodifiableMap(Policy::code, Function.identity()));
    this.managerByName =
        managers.stream()
            .collect(Collectors.toUnmodifiableMap(AccountManager::name, Function.identity()));
    this.leavesByAgent = leaves.stream().collect(Collectors.groupingBy(Leave::agent));
  }

  public long revision() {
    return revision;
  }

  List<Saved> saved() {
    return policies;
  }

  public List<Policy> policies() {
    return policies.stream().map(Saved::policy).toList();
  }

  public List<AccountManager> managers() {
    return managers;
  }

  public List<Leave> leaves() {
    return leaves;
  }

  /** The policy of this code, else the default one. */
  public Policy policy(String code) {
    Policy policy = policyByCode.get(code.isEmpty() ? Policy.DEFAULT_CODE : code);
    return policy != null
        ? policy
        : policyByCode.getOrDefault(Policy.DEFAULT_CODE, Policy.standard());
  }

  public Optional<AccountManager> manager(String name) {
    return Optional.ofNullable(managerByName.get(name));
  }

  /** His leave at that instant, if he is away. */
  public Optional<Leave> leave(AgentNumber agent, Instant at) {
    return leavesByAgent.getOrDefault(agent, List.of()).stream()
        .filter(leave -> leave.covers(at))
        .findFirst();
  }

  /** When the calendar next says something else than now; empty = never. */
  public Optional<Instant> nextChange(Instant now) {
    return leaves.stream()
        .flatMap(leave -> java.util.stream.Stream.of(leave.from(), leave.to()))
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo);
  }
}
