package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** What the interface says of policies, tiers, account managers and leaves. All immutable. */
public final class PolicyViews {
  private PolicyViews() {}

  /**
   * The newest version of a policy.
   *
   * @param lines codes of those that go by it
   */
  public record PolicyRow(
      String code,
      int version,
      String nameEn,
      String nameZh,
      String discipline,
      List<String> lines,
      String savedBy,
      Instant savedAt) {}

  public record VersionRow(int version, String savedBy, Instant savedAt) {}

  /**
   * One version of a policy.
   *
   * @param document as {@link org.careline.routing.PolicyParser} reads it
   * @param versions all there are, newest first
   */
  public record PolicyView(
      String code,
      int version,
      JsonNode document,
      List<String> lines,
      String savedBy,
      Instant savedAt,
      List<VersionRow> versions) {}

  /**
   * @param at place in the document, such as {@code steps[2].after}
   */
  public record ProblemView(String at, String message) {}

  public record TierView(
      String code, String nameEn, String nameZh, int rank, double weight, int minGrade) {}

  /**
   * What a policy may name.
   *
   * @param agents number and name of each
   */
  public record Vocabulary(List<TierView> tiers, List<String> skills, List<NamedAgent> agents) {}

  public record NamedAgent(String number, String login, String name, int grade) {}

  /**
   * @param known false = only a name that customers or sites have
   */
  public record ManagerView(
      String name, boolean known, String login, String deputy, String mobile) {}

  public record LeaveView(long id, String login, Instant from, Instant to, String deputy) {}
}
