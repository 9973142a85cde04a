package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.callback.RulesParser.InvalidRules;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * Cadences in MySQL. Whoever saves names the version he has changed: of two who have read the same
 * the second is refused and told who was first, and the first finds in it who was refused. Works in
 * the caller's transaction. Stateless.
 */
public final class CadenceStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SELECT =
      "SELECT c.*, COALESCE(k.code, sk.code) AS customer_code, s.code AS site_code"
          + " FROM cadence c LEFT JOIN customer k ON k.id = c.customer_id"
          + " LEFT JOIN site s ON s.id = c.site_id LEFT JOIN customer sk ON sk.id = s.customer_id";

  private final CampaignRepository campaigns = new CampaignRepository();

  /** Whose cadence. */
  public sealed interface Owner {
    record OfTier(String code) implements Owner {}

    record OfCustomer(long id) implements Owner {}

    record OfSite(long id, long customer) implements Owner {}
  }

  /**
   * As it is kept.
   *
   * @param kind tier, customer or site
   * @param version 0 = nobody has said anything yet
   * @param refused who else wanted to save over this version
   */
  public record Stored(
      String kind,
      Optional<String> tier,
      Optional<String> customer,
      Optional<String> site,
      JsonNode document,
      int version,
      Optional<String> savedBy,
      Optional<Instant> savedAt,
      Optional<Refused> refused) {}

  public record Refused(String by, Instant at) {}

  /** What came of saving. A refusal is a value: that it happened is to be kept. */
  public sealed interface Saving {
    record Saved(Stored stored) implements Saving {}

    record Meanwhile(ChangedMeanwhile refusal) implements Saving {}
  }

  /** Somebody else was faster. */
  public static final class ChangedMeanwhile extends Refusal {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhile(Stored now) {
      super(Sentence.of("rules.changed-meanwhile", now.savedBy().orElse("-"), now.version()));
    }
  }

  private record Key(String column, Object value) {}

  private static Key key(Owner owner) {
    return switch (owner) {
      case Owner.OfTier tier -> new Key("tier_code", tier.code());
      case Owner.OfCustomer customer -> new Key("customer_id", customer.id());
      case Owner.OfSite site -> new Key("site_id", site.id());
    };
  }

  /** Tiers first, then customers, then sites. */
  public List<Stored> all(Handle handle) {
    return handle
        .createQuery(
            SELECT
                + " ORDER BY c.tier_code IS NULL, c.tier_code, customer_code, site_code IS NOT NULL,"
                + " site_code")
        .map((rs, context) -> stored(rs))
        .list();
  }

  public Stored find(Handle handle, Owner owner) {
    return find(handle, owner, "").orElseGet(() -> none(handle, owner));
  }

  private static Optional<Stored> find(Handle handle, Owner owner, String lock) {
    Key key = key(owner);
    return handle
        .createQuery(SELECT + " WHERE c." + key.column() + " = :value" + lock)
        .bind("value", key.value())
        .map((rs, context) -> stored(rs))
        .findOne();
  }

  private static Stored none(Handle handle, Owner owner) {
    return handle
        .createQuery(
            switch (owner) {
              case Owner.OfTier tier ->
                  "SELECT 'tier', code, NULL, NULL FROM tier WHERE code = :value";
              case Owner.OfCustomer customer ->
                  "SELECT 'customer', NULL, code, NULL FROM customer WHERE id = :value";
              case Owner.OfSite site ->
                  "SELECT 'site', NULL, k.code, s.code FROM site s JOIN customer k"
                      + " ON k.id = s.customer_id WHERE s.id = :value";
            })
        .bind("value", key(owner).value())
        .map(
            (rs, context) ->
                new Stored(
                    rs.getString(1),
                    Optional.ofNullable(rs.getString(2)),
                    Optional.ofNullable(rs.getString(3)),
                    Optional.ofNullable(rs.getString(4)),
                    JSON.createObjectNode(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
        .one();
  }

  private static Stored stored(ResultSet rs) throws SQLException {
    Optional<String> tier = Optional.ofNullable(rs.getString("tier_code"));
    Optional<String> site = Optional.ofNullable(rs.getString("site_code"));
    Instant refused = Sql.instant(rs, "refused_at");
    return new Stored(
        tier.isPresent() ? "tier" : site.isPresent() ? "site" : "customer",
        tier,
        Optional.ofNullable(rs.getString("customer_code")),
        site,
        json(rs.getString("document")),
        rs.getInt("version"),
        Optional.of(rs.getString("saved_by")),
        Optional.of(Sql.instant(rs, "saved_at")),
        refused == null
            ? Optional.empty()
            : Optional.of(new Refused(rs.getString("refused_by"), refused)));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("MySQL holds a JSON column that is none", e);
    }
  }

  /**
   * Saves. An empty document takes the cadence back. Throws {@link InvalidRules}.
   *
   * @param edited the version that was changed
   */
  public Saving save(
      Handle handle, Owner owner, int edited, JsonNode document, String login, Instant now) {
    lock(handle, owner);
    Stored before = find(handle, owner, " FOR UPDATE OF c").orElseGet(() -> none(handle, owner));
    if (before.version() != edited) {
      Key key = key(owner);
      handle
          .createUpdate(
              "UPDATE cadence SET refused_by = :login, refused_at = :now WHERE "
                  + key.column()
                  + " = :value")
          .bind("login", login)
          .bind("now", now)
          .bind("value", key.value())
          .execute();
      return new Saving.Meanwhile(new ChangedMeanwhile(before));
    }
    put(handle, owner, document, login, now);
    return new Saving.Saved(find(handle, owner));
  }

  /** As above, whatever version there is. False = it stands there already. */
  public boolean apply(Handle handle, Owner owner, JsonNode document, String login, Instant now) {
    lock(handle, owner);
    Stored before = find(handle, owner);
    if (before.version() > 0 && before.document().equals(document)) {
      return false;
    }
    put(handle, owner, document, login, now);
    return true;
  }

  private void put(Handle handle, Owner owner, JsonNode document, String login, Instant now) {
    check(handle, owner, CadenceParser.parse(document), now);
    Key key = key(owner);
    handle
        .createUpdate(
            "INSERT INTO cadence ("
                + key.column()
                + ", document, version, visits_since, saved_by, saved_at)"
                + " VALUES (:value, :document, 1, :now, :login, :now) ON DUPLICATE KEY UPDATE"
                + " visits_since = IF(JSON_EXTRACT(document, '$.visits')"
                + "  <=> JSON_EXTRACT(CAST(:document AS JSON), '$.visits'), visits_since, :now),"
                + " document = :document, version = version + 1, saved_by = :login, saved_at = :now,"
                + " refused_by = NULL, refused_at = NULL")
        .bind("value", key.value())
        .bind("document", document.toString())
        .bind("login", login)
        .bind("now", now)
        .execute();
  }

  /** Two first versions would else both find none. */
  private static void lock(Handle handle, Owner owner) {
    String sql =
        switch (owner) {
          case Owner.OfTier tier -> "SELECT 1 FROM tier WHERE code = :value FOR UPDATE";
          case Owner.OfCustomer customer -> "SELECT 1 FROM customer WHERE id = :value FOR UPDATE";
          case Owner.OfSite site -> "SELECT 1 FROM site WHERE id = :value FOR UPDATE";
        };
    handle.createQuery(sql).bind("value", key(owner).value()).mapTo(Integer.class).one();
  }

  // --- what could not work

  private void check(Handle handle, Owner owner, Cadence wanted, Instant now) {
    switch (owner) {
      case Owner.OfTier tier -> {
        if (wanted.campaign().isPresent()
            || wanted.events().orElse(List.of()).stream()
                .anyMatch(event -> event.campaign().isPresent())) {
          throw CadenceParser.wrong("cadence.campaign", Sentence.of("cadence.campaign-of-tier"));
        }
        List<Long> customers =
            handle
                .createQuery("SELECT DISTINCT customer_id FROM site WHERE tier_code = :tier")
                .bind("tier", tier.code())
                .mapTo(Long.class)
                .list();
        CadenceBook book = CadenceBook.read(handle);
        for (long customer : customers) {
          campaign(handle, customer, book.customer(customer))
              .ifPresent(found -> windows(handle, found, now));
        }
      }
      case Owner.OfCustomer customer -> ofCustomer(handle, customer.id(), wanted, now);
      case Owner.OfSite site -> {
        if (wanted.campaign().isPresent()) {
          throw CadenceParser.wrong("cadence.campaign", Sentence.of("cadence.campaign-of-site"));
        }
        if (wanted.visits().filter(Visits.ByCalendar.class::isInstance).isPresent()) {
          throw CadenceParser.wrong("cadence.visits.by", Sentence.of("cadence.calendar-of-site"));
        }
        Cadence whole = wanted.over(CadenceBook.read(handle).customer(site.customer()));
        ofCustomer(handle, site.customer(), whole, now);
      }
    }
  }

  private void ofCustomer(Handle handle, long customer, Cadence wanted, Instant now) {
    wanted.campaign().ifPresent(code -> owned(handle, "cadence.campaign", code, customer));
    List<EventRule> events = wanted.events().orElse(List.of());
    for (int i = 0; i < events.size(); i++) {
      String where = "cadence.events[" + i + "].campaign";
      events
          .get(i)
          .campaign()
          .ifPresent(code -> windows(handle, owned(handle, where, code, customer), now));
    }
    boolean opens =
        wanted.visits().filter(visits -> !(visits instanceof Visits.Never)).isPresent()
            || wanted.warranty().orElse(0) > 0
            || events.stream().anyMatch(event -> event.campaign().isEmpty());
    if (!opens) {
      return;
    }
    Optional<Campaign> campaign = campaign(handle, customer, wanted);
    if (campaign.isEmpty()) {
      List<String> codes = of(handle, customer).stream().map(Campaign::code).toList();
      throw CadenceParser.wrong(
          "cadence.campaign",
          codes.isEmpty()
              ? Sentence.of("cadence.no-campaign")
              : Sentence.of("cadence.which-campaign", String.join(", ", codes)));
    }
    windows(handle, campaign.get(), now);
  }

  private Campaign owned(Handle handle, String where, String code, long customer) {
    return of(handle, customer).stream()
        .filter(campaign -> campaign.code().equals(code))
        .findFirst()
        .orElseThrow(
            () -> CadenceParser.wrong(where, Sentence.of("cadence.campaign-of-other", code)));
  }

  private List<Campaign> of(Handle handle, long customer) {
    return campaigns.all(handle).stream()
        .filter(campaign -> campaign.customerId() == customer)
        .toList();
  }

  /** The one his cadence names, or the only one he has. */
  Optional<Campaign> campaign(Handle handle, long customer, Cadence cadence) {
    List<Campaign> his = of(handle, customer);
    return cadence
        .campaign()
        .map(code -> his.stream().filter(each -> each.code().equals(code)).findFirst())
        .orElseGet(() -> his.size() == 1 ? Optional.of(his.getFirst()) : Optional.empty());
  }

  private static void windows(Handle handle, Campaign campaign, Instant now) {
    try {
      OwnRulesStore.checkCampaign(
          handle, campaign.code(), campaign.customerId(), json(campaign.rules()), now);
    } catch (InvalidRules never) {
      throw CadenceParser.wrong(
          "cadence", Sentence.of("cadence.never", campaign.code(), never.reason()));
    }
  }
}
