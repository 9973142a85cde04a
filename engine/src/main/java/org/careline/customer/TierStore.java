package org.careline.customer;

import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;
import org.careline.routing.Policy;
import org.careline.routing.PolicyParser;
import org.jdbi.v3.core.Handle;

/**
 * Tiers in MySQL: their names and number are free, only the standard one must stay. Blocks; works
 * in the caller's transaction. Stateless; thread-safe.
 */
public final class TierStore {
  /** All, in their order. */
  public List<ReferenceData.Tier> all(Handle handle) {
    return handle
        .createQuery(
            "SELECT code, name_en, name_zh, rank_no, weight, min_grade FROM tier ORDER BY rank_no,"
                + " code")
        .map(
            (row, context) ->
                new ReferenceData.Tier(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getDouble(5),
                    row.getInt(6)))
        .list();
  }

  private Optional<ReferenceData.Tier> find(Handle handle, String code) {
    return all(handle).stream().filter(tier -> tier.code().equals(code)).findFirst();
  }

  /**
   * Makes or changes a tier.
   *
   * @param there it must exist already; false = it must not
   */
  public void save(Handle handle, ReferenceData.Tier tier, boolean there) {
    check(tier);
    boolean known = find(handle, tier.code()).isPresent();
    if (there && !known) {
      throw RoutingRefused.notFound(Sentence.of("policy.no-tier", tier.code()));
    }
    if (!there && known) {
      throw RoutingRefused.conflict("tier_exists", Sentence.of("policy.tier-exists", tier.code()));
    }
    handle
        .createUpdate(
            "INSERT INTO tier (code, name_en, name_zh, rank_no, weight, min_grade) VALUES (:code,"
                + " :en, :zh, :rank, :weight, :grade) ON DUPLICATE KEY UPDATE name_en = :en,"
                + " name_zh = :zh, rank_no = :rank, weight = :weight, min_grade = :grade")
        .bind("code", tier.code())
        .bind("en", tier.nameEn())
        .bind("zh", tier.nameZh())
        .bind("rank", tier.rank())
        .bind("weight", tier.weight())
        .bind("grade", tier.minGrade())
        .execute();
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
  }

  private static void check(ReferenceData.Tier tier) {
    RoutingRefused.require(
        tier.code().matches("[a-z0-9][a-z0-9_-]{0,31}"), "code", Sentence.of("policy.name"));
    text("nameEn", tier.nameEn());
    text("nameZh", tier.nameZh());
    RoutingRefused.require(
        tier.rank() >= 1 && tier.rank() <= 100_000,
        "rank",
        Sentence.of("policy.whole", 1, 100_000));
    RoutingRefused.require(
        tier.weight() > 0 && tier.weight() <= 1_000_000, "weight", Sentence.of("policy.weight"));
    RoutingRefused.require(
        tier.minGrade() >= 1 && tier.minGrade() <= 5,
        "minGrade",
        Sentence.of("policy.whole", 1, 5));
  }

  private static void text(String field, String text) {
    RoutingRefused.require(
        !text.isBlank()
            && text.codePointCount(0, text.length()) <= 64
            && text.chars().noneMatch(Character::isISOControl),
        field,
        Sentence.of("policy.text", 64));
  }

  /** Refused while a customer, a site or a policy has it. */
  public void remove(Handle handle, String code) {
    if (find(handle, code).isEmpty()) {
      throw RoutingRefused.notFound(Sentence.of("policy.no-tier", code));
    }
    if (code.equals(Recognition.STANDARD)) {
      throw RoutingRefused.conflict("tier_needed", Sentence.of("policy.tier-standard"));
    }
    int used =
        handle
            .createQuery(
                "SELECT (SELECT COUNT(*) FROM customer WHERE tier_code = :code) + (SELECT COUNT(*)"
                    + " FROM site WHERE tier_code = :code)")
            .bind("code", code)
            .mapTo(Integer.class)
            .one();
    if (used > 0) {
      throw RoutingRefused.conflict("tier_used", Sentence.of("policy.tier-used", used));
    }
    for (PolicyStore.Version newest : new PolicyStore(n -> Optional.empty(), null).all(handle)) {
      Policy policy =
          PolicyParser.parse(newest.code(), newest.version(), newest.document().toString());
      if (policy.tiers().containsKey(code)
          || policy.steps().stream().anyMatch(step -> step.tiers().contains(code))) {
        throw RoutingRefused.conflict(
            "tier_used", Sentence.of("policy.tier-in-policy", newest.code()));
      }
    }
    handle.createUpdate("DELETE FROM tier WHERE code = :code").bind("code", code).execute();
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
  }
}
