package org.careline.hotline;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.customer.AccountManager;
import org.careline.customer.Leave;
import org.careline.customer.ReferenceData;
import org.careline.customer.RoutingData;
import org.careline.line.LineSettings;
import org.careline.routing.CallerFacts;
import org.careline.routing.Terms;
import org.careline.routing.TierTerms;

/** The saved policies, the account managers and the leave calendar. Thread-safe. */
public final class PolicyRules implements Rules {
  private final Supplier<ReferenceData> data;
  private final Function<Caller, Optional<AgentNumber>> lastAgent;

  /**
   * @param lastAgent who served the caller's open matter last, from memory
   */
  public PolicyRules(
      Supplier<ReferenceData> data, Function<Caller, Optional<AgentNumber>> lastAgent) {
    this.data = data;
    this.lastAgent = lastAgent;
  }

  @Override
  public Terms terms(
      Caller caller, Handling handling, Instant now, Predicate<AgentNumber> signedOut) {
    ReferenceData reference = data.get();
    return reference
        .policyOf(caller.servedLine())
        .terms(
            new CallerFacts(
                caller.tierCode(),
                standard(reference, caller.tierCode()),
                caller.skill() == null ? Set.of() : Set.of(caller.skill()),
                manager(reference, caller, now, signedOut),
                lastAgent.apply(caller),
                LineSettings.Choice.ACCOUNT_MANAGER.word().equals(caller.menuChoice())));
  }

  /** What the policy of the caller's line grants his tier. */
  public TierTerms tier(Caller caller) {
    ReferenceData reference = data.get();
    return reference
        .policyOf(caller.servedLine())
        .tier(caller.tierCode(), standard(reference, caller.tierCode()));
  }

  private static TierTerms standard(ReferenceData reference, String code) {
    ReferenceData.Tier tier = reference.tier(code);
    return TierTerms.standard(tier.rank(), tier.weight(), tier.minGrade());
  }

  private static Optional<CallerFacts.Manager> manager(
      ReferenceData reference, Caller caller, Instant now, Predicate<AgentNumber> signedOut) {
    RoutingData routing = reference.routing();
    Optional<AccountManager> known =
        reference.managerName(caller.customerId(), caller.siteId()).flatMap(routing::manager);
    return known.map(
        manager -> {
          Optional<Leave> leave = manager.agent().flatMap(agent -> routing.leave(agent, now));
          return new CallerFacts.Manager(
              manager.agent(),
              leave.isPresent() || manager.agent().filter(signedOut).isPresent(),
              leave
                  .flatMap(Leave::deputy)
                  .or(manager::deputy)
                  .filter(deputy -> routing.leave(deputy, now).isEmpty())
                  .filter(deputy -> !signedOut.test(deputy)),
              leave.isPresent() ? Optional.empty() : manager.mobile());
        });
  }

  /** The account manager of the caller: his name, and his login where he is one of our agents. */
  public Optional<Manager> manager(Caller caller) {
    ReferenceData reference = data.get();
    return reference
        .managerName(caller.customerId(), caller.siteId())
        .map(
            name ->
                new Manager(
                    name,
                    reference
                        .routing()
                        .manager(name)
                        .flatMap(AccountManager::agent)
                        .flatMap(reference::agent)
                        .map(ReferenceData.Agent::login)));
  }

  public record Manager(String name, Optional<String> login) {}

  @Override
  public List<Terms.Keep> reserves() {
    ReferenceData reference = data.get();
    RoutingData routing = reference.routing();
    return Stream.concat(
            Stream.of(""), reference.lines().stream().map(line -> line.settings().policy()))
        .distinct()
        .map(routing::policy)
        .distinct()
        .flatMap(policy -> policy.keep().stream())
        .toList();
  }

  @Override
  public Optional<Instant> nextChange(Instant now) {
    return data.get().routing().nextChange(now);
  }

  @Override
  public String tierName(String code, Locale language) {
    ReferenceData.Tier tier = data.get().tier(code);
    return language.getLanguage().equals("zh") ? tier.nameZh() : tier.nameEn();
  }

  @Override
  public String agentName(AgentNumber number) {
    return data.get()
        .agent(number)
        .map(agent -> agent.name() + " " + number)
        .orElse(number.value());
  }
}
