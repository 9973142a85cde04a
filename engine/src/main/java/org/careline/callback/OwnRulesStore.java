package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careline.callback.RulesParser.InvalidRules;
import org.careline.callback.SiteRules.Owners;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * The rules of house, customers and sites in MySQL. Whoever saves says which version he has
 * changed; of two who have read the same, the second is told. What could never open is refused.
 * Stateless.
 */
public final class OwnRulesStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whose rules. */
  public sealed interface Owner {
    record House() implements Owner {}

    record OfCustomer(long id) implements Owner {}

    record OfSite(long id, long customer) implements Owner {}

    default RuleSource source() {
      return switch (this) {
        case House house -> RuleSource.HOUSE;
        case OfCustomer customer -> RuleSource.CUSTOMER;
        case OfSite site -> RuleSource.SITE;
      };
    }
  }

  /**
   * As they are kept.
   *
   * @param version 0 = nobody has said anything yet
   */
  public record Stored(
      JsonNode rules, int version, Optional<String> changedBy, Optional<Instant> changedAt) {}

  /** Somebody else was faster. */
  public static final class ChangedMeanwhile extends Refusal {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhile(Stored now) {
      super(Sentence.of("rules.changed-meanwhile", now.changedBy().orElse("-"), now.version()));
    }
  }

  private record Table(String name, String key, long id) {}

  private static Table table(Owner owner) {
    return switch (owner) {
      case Owner.House house -> new Table("house_rules", "id", 1);
      case Owner.OfCustomer customer -> new Table("customer_rules", "customer_id", customer.id());
      case Owner.OfSite site -> new Table("site_rules", "site_id", site.id());
    };
  }

  public Stored find(Handle handle, Owner owner) {
    return find(handle, owner, "");
  }

  private static Stored find(Handle handle, Owner owner, String lock) {
    Table table = table(owner);
    return handle
        .createQuery(
            "SELECT rules, version, changed_by, changed_at FROM "
                + table.name()
                + " WHERE "
                + table.key()
                + " = :id"
                + lock)
        .bind("id", table.id())
        .map(
            (rs, context) ->
                new Stored(
                    json(rs.getString(1)),
                    rs.getInt(2),
                    Optional.of(rs.getString(3)),
                    Optional.of(Sql.instant(rs, "changed_at"))))
        .findOne()
        .orElseGet(
            () -> new Stored(JSON.createObjectNode(), 0, Optional.empty(), Optional.empty()));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("MySQL holds a JSON column that is none", e);
    }
  }

  /**
   * Saves in the caller's transaction. Sites that wait for their first attempt are looked at anew;
   * whoever has been tried keeps his retry delay. Throws {@link InvalidRules} and {@link
   * ChangedMeanwhile}.
   *
   * @param edited the version that was changed
   */
  public Stored save(
      Handle handle, Owner owner, int edited, JsonNode rules, String login, Instant now) {
    OwnRules wanted = RulesParser.own(owner.source(), rules);
    // the row above is locked: two first versions would else both find none
    lockOwner(handle, owner);
    Stored before = find(handle, owner, " FOR UPDATE");
    if (before.version() != edited) {
      throw new ChangedMeanwhile(before);
    }
    wanted
        .windows()
        .forEach(
            (trade, week) -> {
              // also where there is no site of the trade yet
              if (week.values().stream().allMatch(List::isEmpty)) {
                throw new InvalidRules(
                    Sentence.of(
                        "rules.at",
                        "rules.windows." + trade,
                        Sentence.of("rules.never-hours", owner.source().sentence())));
              }
            });
    check(handle, owner, wanted, now);
    Table table = table(owner);
    handle
        .createUpdate(
            "INSERT INTO "
                + table.name()
                + " ("
                + table.key()
                + ", rules, version, changed_by, changed_at)"
                + " VALUES (:id, :rules, 1, :login, :now) ON DUPLICATE KEY UPDATE rules = :rules,"
                + " version = version + 1, changed_by = :login, changed_at = :now")
        .bind("id", table.id())
        .bind("rules", rules.toString())
        .bind("login", login)
        .bind("now", now)
        .execute();
    lookAnew(handle, owner, now);
    return find(handle, owner);
  }

  private static void lockOwner(Handle handle, Owner owner) {
    switch (owner) {
      case Owner.House house ->
          handle
              .createQuery("SELECT number FROM revision WHERE topic = 'reference' FOR UPDATE")
              .mapTo(Long.class)
              .one();
      case Owner.OfCustomer customer -> lock(handle, "customer", customer.id());
      case Owner.OfSite site -> lock(handle, "site", site.id());
    }
  }

  private static void lock(Handle handle, String table, long id) {
    handle
        .createQuery("SELECT id FROM " + table + " WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Sites that were not rung yet are looked at again at once, by the new rules; the gap after their
   * last contact stays.
   */
  private static void lookAnew(Handle handle, Owner owner, Instant now) {
    String whose =
        switch (owner) {
          case Owner.House house -> " AND :id = 1";
          case Owner.OfCustomer customer -> " AND c.customer_id = :id";
          case Owner.OfSite site -> " AND c.customer_id = " + site.customer() + " AND :id > 0";
        };
    Map<Round, Long> open =
        handle
            .createQuery(
                "SELECT r.*, c.customer_id FROM round r JOIN campaign c ON c.id = r.campaign_id"
                    + " WHERE r.status = 'open'"
                    + whose)
            .bind("id", table(owner).id())
            .map(
                (rs, context) ->
                    Map.entry(RoundRepository.ROW.map(rs, context), rs.getLong("customer_id")))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    CadenceBook cadences = CadenceBook.read(handle);
    open.forEach(
        (round, customer) -> {
          int done;
          do {
            done =
                handle
                    .createUpdate(
                        "UPDATE round_site SET next_call_at = :now WHERE round_id = :round"
                            + " AND status IN (0, 4) AND attempts = 0 AND next_call_at > :now"
                            + (owner instanceof Owner.OfSite
                                ? " AND site_id = :id"
                                : " AND :id > 0")
                            + " LIMIT "
                            + RoundLoader.CHUNK)
                    .bind("now", now)
                    .bind("round", round.id())
                    .bind("id", table(owner).id())
                    .execute();
          } while (done == RoundLoader.CHUNK);
          if (round.origin() == Round.Origin.CALENDAR) {
            RoundHistory.gaps(handle, round, customer, cadences, now);
          }
        });
  }

  // --- what could never open

  private record NamedRules(Sentence campaign, long customer, CampaignRules rules) {}

  /**
   * For a campaign that is about to be saved. Throws {@link InvalidRules}.
   *
   * @param rules can be read
   */
  public static void checkCampaign(
      Handle handle, String code, long customer, JsonNode rules, Instant now) {
    CampaignRules parsed = RulesParser.parse(rules);
    RuleBook book = RuleBook.read(handle);
    // first alone: that is who must mend it
    for (String trade : parsed.windows().keySet()) {
      RuleCheck.never(parsed, trade, "", Owners.NONE, book, now)
          .ifPresent(
              reason -> {
                throw new InvalidRules(Sentence.of("rules.at", "rules.windows." + trade, reason));
              });
    }
    OwnRules own =
        RulesParser.own(
            RuleSource.CUSTOMER,
            new OwnRulesStore().find(handle, new Owner.OfCustomer(customer)).rules());
    check(
        handle,
        List.of(new NamedRules(Sentence.plain(code), customer, parsed)),
        "s.customer_id = :id",
        customer,
        book,
        Optional.of(own),
        Optional.empty(),
        now);
  }

  private static void check(Handle handle, Owner owner, OwnRules wanted, Instant now) {
    RuleBook book = RuleBook.read(handle);
    switch (owner) {
      case Owner.House house ->
          check(
              handle,
              campaigns(handle, Optional.empty()),
              ":id = 1",
              1,
              new RuleBook(book.office(), wanted, book.tradeCalendars()),
              Optional.empty(),
              Optional.empty(),
              now);
      case Owner.OfCustomer customer ->
          check(
              handle,
              campaigns(handle, Optional.of(customer.id())),
              "s.customer_id = :id",
              customer.id(),
              book,
              Optional.of(wanted),
              Optional.empty(),
              now);
      case Owner.OfSite site ->
          check(
              handle,
              campaigns(handle, Optional.of(site.customer())),
              "s.id = :id",
              site.id(),
              book,
              Optional.empty(),
              Optional.of(wanted),
              now);
    }
  }

  /** Those that may ring the sites; the house's own rules where there is none yet. */
  private static List<NamedRules> campaigns(Handle handle, Optional<Long> customer) {
    List<NamedRules> found =
        new CampaignRepository()
            .all(handle).stream()
                .filter(each -> customer.isEmpty() || each.customerId() == customer.get())
                .flatMap(
                    each -> {
                      try {
                        return java.util.stream.Stream.of(
                            new NamedRules(
                                Sentence.plain(each.code()),
                                each.customerId(),
                                RulesParser.parse(each.rules())));
                      } catch (InvalidRules told) {
                        // whoever opens its next round is told
                        return java.util.stream.Stream.<NamedRules>empty();
                      }
                    })
                .toList();
    return found.isEmpty()
        ? List.of(new NamedRules(Sentence.of("rules.never-default"), 0, DefaultRules.RULES))
        : found;
  }

  /**
   * Every kind of site there is, with every campaign that may ring it.
   *
   * @param which a condition of ours on the site {@code s} and {@code :id}
   */
  private static void check(
      Handle handle,
      List<NamedRules> campaigns,
      String which,
      long id,
      RuleBook book,
      Optional<OwnRules> ofCustomer,
      Optional<OwnRules> ofSite,
      Instant now) {
    record Place(
        long customer,
        String trade,
        String province,
        String code,
        OwnRules ofCustomer,
        OwnRules own) {}
    List<Place> places =
        handle
            .createQuery(
                "SELECT DISTINCT s.customer_id, IF(sr.site_id IS NULL, '', s.code) AS code,"
                    + RuleBook.COLUMNS
                    + " FROM site s"
                    + RuleBook.JOINS
                    + " WHERE "
                    + which)
            .bind("id", id)
            .map(
                (rs, context) ->
                    new Place(
                        rs.getLong("customer_id"),
                        rs.getString("trade"),
                        rs.getString("province"),
                        rs.getString("code"),
                        RulesParser.own(RuleSource.CUSTOMER, rs.getString("customer_rules")),
                        RulesParser.own(RuleSource.SITE, rs.getString("site_rules"))))
            .list();
    for (Place place : places) {
      Owners owners =
          new Owners(
              book.house(), ofCustomer.orElse(place.ofCustomer()), ofSite.orElse(place.own()));
      for (NamedRules campaign : campaigns) {
        if (campaign.customer() != 0 && campaign.customer() != place.customer()) {
          continue;
        }
        RuleCheck.never(campaign.rules(), place.trade(), place.province(), owners, book, now)
            .ifPresent(
                reason -> {
                  throw new InvalidRules(
                      Sentence.of(
                          "rules.never-for",
                          campaign.campaign(),
                          place.trade().isEmpty() ? Sentence.of("rules.never-any") : place.trade(),
                          place.code().isEmpty() ? Sentence.of("rules.never-any") : place.code(),
                          reason));
                });
      }
    }
  }
}
