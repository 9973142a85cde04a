package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.customer.AwayStore;
import org.careline.customer.PolicyStore;
import org.careline.customer.ReferenceData;
import org.careline.customer.RoutingRefused;
import org.careline.customer.TierStore;
import org.careline.language.Sentence;
import org.careline.routing.InvalidPolicy;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Policies, tiers, account managers and leaves for the console, from MySQL. Thread-safe. */
public final class RoutingPolicies implements Desks.PolicyDesk {
  private final Supplier<Jdbi> jdbi;
  private final PolicyStore policies;
  private final TierStore tiers = new TierStore();
  private final AwayStore away;

  public RoutingPolicies(Supplier<Jdbi> jdbi, PolicyStore policies, AwayStore away) {
    this.jdbi = jdbi;
    this.policies = policies;
    this.away = away;
  }

  private <T> T in(Function<Handle, T> work, Locale language) {
    try {
      return jdbi.get().inTransaction(work::apply);
    } catch (InvalidPolicy invalid) {
      throw new Refusal(
          400,
          "invalid_policy",
          Sentence.of("policy.invalid", invalid.reason()),
          Map.of("problems", problems(invalid, language)));
    } catch (RoutingRefused refused) {
      throw switch (refused.kind()) {
        case INVALID -> new Refusal(400, refused.id(), refused.reason(), Map.of());
        case NOT_FOUND -> Refusal.notFound(refused.reason());
        case CONFLICT -> Refusal.conflict(refused.id(), refused.reason());
      };
    }
  }

  private static List<PolicyViews.ProblemView> problems(InvalidPolicy invalid, Locale language) {
    return invalid.problems().stream()
        .map(problem -> new PolicyViews.ProblemView(problem.at(), problem.what().in(language)))
        .toList();
  }

  // --- policies

  @Override
  public List<PolicyViews.PolicyRow> policies() {
    return in(
        handle ->
            policies.all(handle).stream()
                .map(
                    newest ->
                        new PolicyViews.PolicyRow(
                            newest.code(),
                            newest.version(),
                            newest.document().path("nameEn").asText(newest.code()),
                            newest.document().path("nameZh").asText(newest.code()),
                            newest.document().path("discipline").asText("ageing"),
                            PolicyStore.lines(handle, newest.code()),
                            newest.savedBy(),
                            newest.savedAt()))
                .toList(),
        Locale.ENGLISH);
  }

  @Override
  public Optional<PolicyViews.PolicyView> policy(String code, Optional<Integer> version) {
    return in(handle -> view(handle, code, version), Locale.ENGLISH);
  }

  private Optional<PolicyViews.PolicyView> view(
      Handle handle, String code, Optional<Integer> version) {
    List<PolicyStore.Version> all = policies.versions(handle, code);
    return all.stream()
        .filter(one -> version.isEmpty() || one.version() == version.get())
        .findFirst()
        .map(
            one ->
                new PolicyViews.PolicyView(
                    code,
                    one.version(),
                    one.document(),
                    PolicyStore.lines(handle, code),
                    one.savedBy(),
                    one.savedAt(),
                    all.stream()
                        .map(
                            each ->
                                new PolicyViews.VersionRow(
                                    each.version(), each.savedBy(), each.savedAt()))
                        .toList()));
  }

  @Override
  public PolicyViews.PolicyView save(
      String code, int edited, JsonNode document, String login, Locale language) {
    return in(
        handle -> {
          policies.save(handle, code, Optional.of(edited), document, login);
          return view(handle, code, Optional.empty()).orElseThrow();
        },
        language);
  }

  @Override
  public List<PolicyViews.ProblemView> check(String code, JsonNode document, Locale language) {
    return in(
        handle -> {
          try {
            policies.check(handle, code, 0, document);
            return List.of();
          } catch (InvalidPolicy invalid) {
            return problems(invalid, language);
          }
        },
        language);
  }

  @Override
  public PolicyViews.Vocabulary vocabulary() {
    return in(
        handle ->
            new PolicyViews.Vocabulary(
                tierViews(handle),
                new TreeSet<>(policies.world(handle).skills())
                    .stream().filter(skill -> !skill.isEmpty()).toList(),
                handle
                    .createQuery(
                        "SELECT agent_number, login, name, grade FROM user_account WHERE active AND"
                            + " agent_number IS NOT NULL ORDER BY agent_number")
                    .map(
                        (row, context) ->
                            new PolicyViews.NamedAgent(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getInt(4)))
                    .list()),
        Locale.ENGLISH);
  }

  // --- tiers

  @Override
  public List<PolicyViews.TierView> tiers() {
    return in(this::tierViews, Locale.ENGLISH);
  }

  private List<PolicyViews.TierView> tierViews(Handle handle) {
    return tiers.all(handle).stream()
        .map(
            tier ->
                new PolicyViews.TierView(
                    tier.code(),
                    tier.nameEn(),
                    tier.nameZh(),
                    tier.rank(),
                    tier.weight(),
                    tier.minGrade()))
        .toList();
  }

  @Override
  public void saveTier(PolicyViews.TierView tier, boolean there) {
    in(
        handle -> {
          tiers.save(
              handle,
              new ReferenceData.Tier(
                  tier.code(),
                  tier.nameEn(),
                  tier.nameZh(),
                  tier.rank(),
                  tier.weight(),
                  tier.minGrade()),
              there);
          return null;
        },
        Locale.ENGLISH);
  }

  @Override
  public void removeTier(String code) {
    in(
        handle -> {
          tiers.remove(handle, code);
          return null;
        },
        Locale.ENGLISH);
  }

  // --- account managers and leaves

  @Override
  public List<PolicyViews.ManagerView> managers() {
    return in(
        handle -> {
          Map<String, AwayStore.Manager> known = new HashMap<>();
          away.managers(handle).forEach(manager -> known.put(manager.name(), manager));
          List<PolicyViews.ManagerView> views = new ArrayList<>();
          for (String name : away.names(handle)) {
            AwayStore.Manager manager = known.get(name);
            views.add(
                manager == null
                    ? new PolicyViews.ManagerView(name, false, null, null, null)
                    : new PolicyViews.ManagerView(
                        name, true, manager.login(), manager.deputy(), manager.mobile()));
          }
          return views;
        },
        Locale.ENGLISH);
  }

  @Override
  public void saveManager(PolicyViews.ManagerView manager) {
    in(
        handle ->
            away.save(
                handle,
                new AwayStore.Manager(
                    manager.name(), manager.login(), manager.deputy(), manager.mobile())),
        Locale.ENGLISH);
  }

  @Override
  public void removeManager(String name) {
    in(
        handle -> {
          away.removeManager(handle, name);
          return null;
        },
        Locale.ENGLISH);
  }

  @Override
  public List<PolicyViews.LeaveView> leaves() {
    return in(
        handle -> away.leaves(handle).stream().map(RoutingPolicies::view).toList(), Locale.ENGLISH);
  }

  private static PolicyViews.LeaveView view(AwayStore.Absence leave) {
    return new PolicyViews.LeaveView(
        leave.id(), leave.login(), leave.from(), leave.to(), leave.deputy());
  }

  @Override
  public PolicyViews.LeaveView addLeave(PolicyViews.LeaveView leave) {
    return in(
        handle ->
            away.add(
                    handle,
                    new AwayStore.Absence(
                        0, leave.login(), leave.from(), leave.to(), leave.deputy()))
                .map(RoutingPolicies::view)
                .orElseThrow(
                    () ->
                        Refusal.conflict(
                            "leave_overlaps",
                            Sentence.of("policy.leave-overlap", leave.from(), leave.to()))),
        Locale.ENGLISH);
  }

  @Override
  public void removeLeave(long id) {
    in(
        handle -> {
          away.removeLeave(handle, id);
          return null;
        },
        Locale.ENGLISH);
  }
}
