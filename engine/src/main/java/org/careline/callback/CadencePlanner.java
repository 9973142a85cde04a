package org.careline.callback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careline.callback.CadencePlan.Gathered;
import org.careline.callback.CadencePlan.Seen;
import org.careline.callback.CadencePlan.Warranty;
import org.careline.callback.CadencePlan.Wish;
import org.careline.callback.RoundPlanner.Plan;
import org.careline.customer.Consent;
import org.careline.customer.DoNotCall;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the rounds whose time has come, from cadences and history: those of the calendar, those of
 * sites that are due by themselves, and those after events. Whoever opens planned rounds opens
 * them. Any engine may do it at any time: a round has a key and is planned once. Thread-safe.
 */
public final class CadencePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(CadencePlanner.class);

  /** A round of sites that were asked after an event ends by itself, so that none is held long. */
  private static final int EVENT_CLOSES = 14;

  /** Nobody has said when on its day something was done: at the end of the day's work. */
  private static final LocalTime UNKNOWN = LocalTime.of(18, 0);

  private static final int CHUNK = 1000;

  /** All sites are looked at only so often, and when a cadence has changed: days are counted. */
  private static final Duration ALL_SITES = Duration.ofMinutes(5);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RoundPlanner planner;
  private final CadenceStore store = new CadenceStore();
  private Instant allSitesAt = Instant.MIN; // guarded by this
  private long changes; // guarded by this

  public CadencePlanner(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.planner = new RoundPlanner(jdbi);
  }

  /** Blocks on the database. Gives the rounds that were planned. */
  public List<Round> plan() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    CadenceBook book = jdbi.withHandle(CadenceBook::read);
    if (book.empty()) {
      return List.of();
    }
    List<Round> planned = new ArrayList<>();
    boolean allSites = allSites(book, now);
    for (long customer : customers(book)) {
      // one customer whose data is no good must not keep the others from being rung
      try {
        jdbi.useTransaction(handle -> plan(handle, book, customer, allSites, now, planned));
      } catch (RulesParser.InvalidRules invalid) {
        LOG.warn("no round is planned for customer {}: {}", customer, invalid.getMessage());
      }
    }
    return planned;
  }

  private synchronized boolean allSites(CadenceBook book, Instant now) {
    if (book.changes() == changes && now.isBefore(allSitesAt)) {
      return false;
    }
    changes = book.changes();
    allSitesAt = now.plus(ALL_SITES);
    return true;
  }

  private Set<Long> customers(CadenceBook book) {
    Set<Long> customers = new TreeSet<>(book.ofCustomers().keySet());
    book.ofSites().values().forEach(site -> customers.add(site.customer()));
    if (!book.ofTiers().isEmpty()) {
      customers.addAll(
          jdbi.withHandle(
              handle ->
                  handle
                      .createQuery("SELECT DISTINCT customer_id FROM campaign")
                      .mapTo(Long.class)
                      .list()));
    }
    return customers;
  }

  private void plan(
      Handle handle,
      CadenceBook book,
      long customer,
      boolean allSites,
      Instant now,
      List<Round> planned) {
    Optional<Campaign> campaign = store.campaign(handle, customer, book.customer(customer));
    if (campaign.isEmpty()) {
      return;
    }
    RuleBook rules = RuleBook.read(handle);
    calendars(handle, book, campaign.get(), rules, now, planned);
    // without a ground a chain's round is planned and waits for it, where everybody sees it
    if (Consent.refusal(handle, customer, DoNotCall.day(now)).isPresent()) {
      return;
    }
    if (allSites && Sites.eachCounts(book, customer)) {
      Sites sites = Sites.read(handle, book, campaign.get(), List.of());
      dueSites(handle, campaign.get(), sites, rules, now, planned);
    }
    events(handle, book, campaign.get(), now, planned);
  }

  private void add(Handle handle, Campaign campaign, Plan plan, List<Round> planned) {
    planner
        .planned(handle, campaign, plan)
        .ifPresent(
            round -> {
              planned.add(round);
              LOG.info(
                  "round {} of {} is planned for {}: {}",
                  round.number(),
                  campaign.code(),
                  round.opensAt(),
                  plan.key().orElse(""));
            });
  }

  // --- by calendar

  private void calendars(
      Handle handle,
      CadenceBook book,
      Campaign campaign,
      RuleBook rules,
      Instant now,
      List<Round> planned) {
    Optional<Visits> own = book.customer(campaign.customerId()).visits();
    Map<Optional<String>, Visits> all = new LinkedHashMap<>();
    if (own.isPresent()) {
      all.put(Optional.empty(), own.get());
    } else {
      book.ofTiers()
          .forEach((tier, each) -> each.visits().ifPresent(v -> all.put(Optional.of(tier), v)));
    }
    all.forEach(
        (tier, visits) -> {
          if (visits instanceof Visits.ByCalendar calendar) {
            calendar(handle, book, campaign, tier, calendar, rules, now, planned);
          }
        });
  }

  private void calendar(
      Handle handle,
      CadenceBook book,
      Campaign campaign,
      Optional<String> tier,
      Visits.ByCalendar calendar,
      RuleBook rules,
      Instant now,
      List<Round> planned) {
    LocalDate since = CadencePlan.officeDate(book.since(tier, campaign.customerId()));
    Optional<LocalDate> day = CadencePlan.opened(calendar, since, rules.office(), now);
    RoundSelection sites = new RoundSelection.ByCalendar(tier);
    if (day.isEmpty() || sites.count(handle, campaign.customerId(), 0) == 0) {
      return;
    }
    Instant opens = CadencePlan.opening(day.get(), calendar.at());
    Instant from = opens.isBefore(now) ? now : opens;
    LocalDate since90 = day.get().minusDays(RoundPlanner.FIRST_PERIOD_DAYS);
    LocalDate period =
        new RoundRepository()
            .newestWhole(handle, campaign.id())
            .flatMap(Round::openedAt)
            .map(CadencePlan::officeDate)
            .orElse(since90);
    add(
        handle,
        campaign,
        new Plan(
            Round.Origin.CALENDAR,
            Optional.of("calendar:" + tier.orElse("") + ":" + day.get()),
            opens,
            closes(from, calendar.closes()),
            period,
            sites,
            List.of()),
        planned);
  }

  private static Optional<Instant> closes(Instant opens, OptionalInt days) {
    return days.isPresent()
        ? Optional.of(opens.plus(Duration.ofDays(days.getAsInt())))
        : Optional.empty();
  }

  // --- sites due by themselves

  /** A site with what is known of it. */
  private record Site(long id, String tier, Cadence cadence, Seen seen, boolean rung) {}

  /** The sites of a customer whose cadence looks at each of them, with what is known of them. */
  private record Sites(Map<Long, Site> byId) {
    /** Whether some cadence of the customer cannot be told from the calendar alone. */
    static boolean eachCounts(CadenceBook book, long customer) {
      return each(book.customer(customer))
          || book.ofTiers().values().stream().anyMatch(Sites::each)
          || book.ofSites().values().stream()
              .anyMatch(site -> site.customer() == customer && each(site.cadence()));
    }

    /**
     * @param only these; empty = all
     */
    static Sites read(Handle handle, CadenceBook book, Campaign campaign, List<Long> only) {
      long customer = campaign.customerId();
      Map<Long, Site> sites = new HashMap<>();
      CampaignRules rules = RulesParser.parse(campaign.rules());
      Query query =
          handle.createQuery(
              "SELECT s.id, s.tier_code, s.zone, s.province, h.completed_at, h.contacted_at, v.day,"
                  + " r.id IS NOT NULL OR EXISTS (SELECT 1 FROM round_choice chosen"
                  + "  JOIN round next ON next.id = chosen.round_id AND next.status = 'scheduled'"
                  + "  WHERE chosen.site_id = s.id) AS rung FROM site s"
                  + " LEFT JOIN site_heard h ON h.site_id = s.id"
                  + " LEFT JOIN (SELECT site_id, MAX(done_on) AS day FROM visit"
                  + "  WHERE customer_id = :customer AND kind = 'visit' GROUP BY site_id) v"
                  + " ON v.site_id = s.id LEFT JOIN site_in_round i ON i.site_id = s.id"
                  + " LEFT JOIN round r ON r.id = i.round_id AND r.status = 'open'"
                  + " WHERE s.customer_id = :customer AND s.status <> 'closed' AND NOT "
                  + String.format(DoNotCall.SITE, DoNotCall.TODAY)
                  + (only.isEmpty() ? "" : " AND s.id IN (<only>)"));
      if (!only.isEmpty()) {
        query.bindList("only", only);
      }
      query
          .bind("customer", customer)
          .map((rs, context) -> site(rs, book, customer, rules))
          .forEach(site -> sites.put(site.id(), site));
      return new Sites(sites);
    }

    private static boolean each(Cadence cadence) {
      return cadence.visits().filter(Visits.FromLastVisit.class::isInstance).isPresent()
          || cadence.warranty().orElse(0) > 0;
    }

    private static Site site(ResultSet rs, CadenceBook book, long customer, CampaignRules rules)
        throws SQLException {
      long id = rs.getLong("id");
      String tier = rs.getString("tier_code");
      String zone = rs.getString("zone");
      ZoneId here = zone.isEmpty() ? rules.zone(rs.getString("province")) : ZoneId.of(zone);
      Optional<Instant> completed = Optional.ofNullable(Sql.instant(rs, "completed_at"));
      Optional<Instant> visited =
          Optional.ofNullable(rs.getObject("day", LocalDate.class))
              .map(day -> day.atTime(UNKNOWN).atZone(SiteRules.OFFICE).toInstant());
      Optional<Instant> contacted = Optional.ofNullable(Sql.instant(rs, "contacted_at"));
      return new Site(
          id,
          tier,
          book.of(customer, tier, id),
          new Seen(here, latest(completed, visited), latest(contacted, visited)),
          rs.getBoolean("rung"));
    }

    private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
      return one.isEmpty() || other.filter(at -> at.isAfter(one.get())).isPresent() ? other : one;
    }

    /** When each of them was last on the list of a round. */
    static Map<Long, Instant> loaded(Handle handle, List<Long> sites) {
      Map<Long, Instant> loaded = new HashMap<>();
      for (int from = 0; from < sites.size(); from += CHUNK) {
        handle
            .createQuery(
                "SELECT rs.site_id, MAX(r.opened_at) AS at FROM round_site rs"
                    + " JOIN round r ON r.id = rs.round_id"
                    + " WHERE rs.site_id IN (<sites>) AND r.opened_at IS NOT NULL"
                    + " GROUP BY rs.site_id")
            .bindList("sites", sites.subList(from, Math.min(sites.size(), from + CHUNK)))
            .map((rs, context) -> Map.entry(rs.getLong(1), Sql.instant(rs, "at")))
            .forEach(each -> loaded.put(each.getKey(), each.getValue()));
      }
      return loaded;
    }
  }

  private static Seen with(Seen seen, Instant loaded) {
    return loaded == null || seen.last().filter(at -> at.isAfter(loaded)).isPresent()
        ? seen
        : new Seen(seen.zone(), seen.completed(), Optional.of(loaded));
  }

  private void dueSites(
      Handle handle,
      Campaign campaign,
      Sites sites,
      RuleBook rules,
      Instant now,
      List<Round> planned) {
    Map<Long, List<Covered>> covered =
        sites.byId().values().stream().anyMatch(site -> site.cadence().warranty().orElse(0) > 0)
            ? warranties(handle, campaign.customerId(), now)
            : Map.of();
    // first without the lists of rounds, which only matter for those that would be due
    List<Long> maybe = new ArrayList<>();
    for (Site site : sites.byId().values()) {
      if (!site.rung()) {
        wish(site, site.seen(), covered)
            .filter(wish -> !wish.due().isAfter(now.plus(Duration.ofDays(wish.collect()))))
            .ifPresent(wish -> maybe.add(site.id()));
      }
    }
    if (maybe.isEmpty()) {
      return;
    }
    Map<Long, Instant> loaded = Sites.loaded(handle, maybe);
    List<Wish> wishes = new ArrayList<>();
    for (long id : maybe) {
      Site site = sites.byId().get(id);
      wish(site, with(site.seen(), loaded.get(id)), covered).ifPresent(wishes::add);
    }
    LocalDate today = CadencePlan.officeDate(now);
    Optional<Gathered> gathered =
        CadencePlan.gather(wishes, lastDue(handle, campaign.id()), rules.office(), now);
    gathered.ifPresent(
        found ->
            add(
                handle,
                campaign,
                new Plan(
                    Round.Origin.DUE,
                    Optional.of("due:" + today),
                    now,
                    closes(now, found.closes()),
                    today.minusDays(RoundPlanner.FIRST_PERIOD_DAYS),
                    new RoundSelection.Chosen(),
                    found.sites()),
                planned));
  }

  private static Optional<LocalDate> lastDue(Handle handle, long campaign) {
    return handle
        .createQuery(
            "SELECT MAX(opens_at) AS at FROM round WHERE campaign_id = :campaign AND origin = 'due'")
        .bind("campaign", campaign)
        .map((rs, context) -> Optional.ofNullable(Sql.instant(rs, "at")))
        .one()
        .map(CadencePlan::officeDate);
  }

  /** A warranty with the completed visits within it. */
  record Covered(Warranty warranty, int done) {}

  /** Devices under warranty, by site; those of the same days once. */
  static Map<Long, List<Covered>> warranties(Handle handle, long customer, Instant now) {
    Map<Long, List<Covered>> covered = new HashMap<>();
    handle
        .createQuery(
            "SELECT d.site_id, d.install_date, d.warranty_until,"
                + " (SELECT COUNT(*) FROM round_site rs JOIN round r ON r.id = rs.round_id"
                + "  WHERE rs.site_id = d.site_id AND rs.bin = 'completed'"
                + "  AND r.opened_at >= d.install_date)"
                + " + (SELECT COUNT(*) FROM visit v WHERE v.site_id = d.site_id"
                + "  AND v.kind = 'visit' AND v.done_on >= d.install_date) AS done"
                + " FROM (SELECT DISTINCT d.site_id, d.install_date, d.warranty_until FROM device d"
                + "  JOIN site s ON s.id = d.site_id WHERE s.customer_id = :customer"
                + "  AND d.install_date IS NOT NULL AND d.install_date <= :today"
                + "  AND d.warranty_until >= :today) d")
        .bind("customer", customer)
        .bind("today", CadencePlan.officeDate(now))
        .map(
            (rs, context) ->
                Map.entry(
                    rs.getLong(1),
                    new Covered(
                        new Warranty(
                            rs.getObject(2, LocalDate.class), rs.getObject(3, LocalDate.class)),
                        rs.getInt(4))))
        .forEach(
            each ->
                covered
                    .computeIfAbsent(each.getKey(), id -> new ArrayList<>())
                    .add(each.getValue()));
    return covered;
  }

  private static Optional<Wish> wish(Site site, Seen seen, Map<Long, List<Covered>> covered) {
    return wish(site.id(), site.cadence(), seen, covered.getOrDefault(site.id(), List.of()));
  }

  /** When the site is due by itself; the earlier of its visits and its warranties. */
  static Optional<Wish> wish(long id, Cadence cadence, Seen seen, List<Covered> covered) {
    Visits visits = cadence.visits().orElseGet(Visits.Never::new);
    int gap =
        switch (visits) {
          case Visits.FromLastVisit each -> each.gap();
          case Visits.ByCalendar calendar -> calendar.gap();
          case Visits.Never never -> USUAL_GAP;
        };
    Optional<Instant> due =
        visits instanceof Visits.FromLastVisit each
            ? Optional.of(CadencePlan.due(each, seen))
            : Optional.empty();
    int wanted = cadence.warranty().orElse(0);
    for (Covered one : covered) {
      Optional<Instant> byWarranty =
          CadencePlan.warrantyDue(one.warranty(), wanted, one.done(), seen, gap);
      if (byWarranty.isPresent() && (due.isEmpty() || byWarranty.get().isBefore(due.get()))) {
        due = byWarranty;
      }
    }
    LocalTime at = LocalTime.of(9, 0);
    int collect = 1;
    OptionalInt closes = OptionalInt.empty();
    if (visits instanceof Visits.FromLastVisit each) {
      at = each.at();
      collect = each.collect();
      closes = each.closes();
    }
    LocalTime from = at;
    int together = collect;
    OptionalInt ends = closes;
    return due.map(instant -> new Wish(id, instant, seen.free(gap), from, together, ends));
  }

  private static final int USUAL_GAP = 14;

  // --- events

  private record Happened(long site, EventRule.Event event, Instant at) {}

  private void events(
      Handle handle, CadenceBook book, Campaign usual, Instant now, List<Round> planned) {
    long customer = usual.customerId();
    long longest =
        Stream.of(
                Stream.of(book.customer(customer)),
                book.ofTiers().values().stream(),
                book.ofSites().values().stream().map(CadenceBook.OfSite::cadence))
            .flatMap(each -> each)
            .flatMap(cadence -> cadence.events().orElse(List.of()).stream())
            .mapToLong(rule -> rule.hours() ? rule.amount() / 24 + 1 : rule.amount())
            .max()
            .orElse(0);
    if (longest == 0) {
      return;
    }
    List<Happened> happened =
        happened(
            handle, customer, now.minus(Duration.ofDays(longest + 2)).minus(EventRule.REMEMBERED));
    if (happened.isEmpty()) {
      return;
    }
    List<Long> ids = happened.stream().map(Happened::site).distinct().toList();
    Sites sites = Sites.read(handle, book, usual, ids);
    Map<Long, Instant> loaded = Sites.loaded(handle, ids);
    Map<String, Set<Long>> due = new LinkedHashMap<>();
    for (Happened one : happened) {
      Site site = sites.byId().get(one.site());
      if (site == null || site.rung()) {
        continue;
      }
      Seen seen = with(site.seen(), loaded.get(site.id()));
      for (EventRule rule : site.cadence().events().orElse(List.of())) {
        if (rule.after() == one.event()
            && CadencePlan.eventOpen(rule, one.at(), seen, now)
            && !CadencePlan.eventDue(rule, one.at(), seen).isAfter(now)) {
          due.computeIfAbsent(rule.campaign().orElse(usual.code()), code -> new LinkedHashSet<>())
              .add(site.id());
        }
      }
    }
    Set<Long> taken = new LinkedHashSet<>();
    due.forEach(
        (code, wanted) -> {
          // who is to be asked after two things at once is asked once
          List<Long> left = wanted.stream().filter(taken::add).toList();
          Optional<Campaign> campaign = new CampaignRepository().find(handle, code);
          if (!left.isEmpty() && campaign.isPresent()) {
            add(
                handle,
                campaign.get(),
                new Plan(
                    Round.Origin.EVENT,
                    Optional.of("event:" + now.truncatedTo(ChronoUnit.MINUTES)),
                    now,
                    closes(now, OptionalInt.of(EVENT_CLOSES)),
                    CadencePlan.officeDate(now).minusDays(RoundPlanner.FIRST_PERIOD_DAYS),
                    new RoundSelection.Chosen(),
                    left),
                planned);
          }
        });
  }

  /** What happened at sites of the customer, from past visits and from settled matters. */
  private static List<Happened> happened(Handle handle, long customer, Instant from) {
    List<Happened> happened =
        new ArrayList<>(
            handle
                .createQuery(
                    "SELECT site_id, kind, done_on, done_time FROM visit"
                        + " WHERE customer_id = :customer AND done_on >= :from"
                        + " AND kind IN ('hand_over', 'installation', 'acceptance', 'repair')"
                        + " ORDER BY done_on, id")
                .bind("customer", customer)
                .bind("from", CadencePlan.officeDate(from))
                .map(
                    (rs, context) ->
                        new Happened(
                            rs.getLong(1),
                            event(rs.getString(2)),
                            rs.getObject(3, LocalDate.class)
                                .atTime(
                                    Optional.ofNullable(rs.getObject(4, LocalTime.class))
                                        .orElse(UNKNOWN))
                                .atZone(SiteRules.OFFICE)
                                .toInstant()))
                .list());
    happened.addAll(
        handle
            .createQuery(
                "SELECT m.site_id, IF(COALESCE(k.parent_code, k.code) = 'repair', 'repair',"
                    + " 'installation') AS event, m.done_at FROM matter m"
                    + " JOIN matter_kind k ON k.code = m.kind_code"
                    + " WHERE m.customer_id = :customer AND m.done_at >= :from"
                    + " AND m.site_id IS NOT NULL AND m.dispatched_at IS NOT NULL"
                    + " AND COALESCE(k.parent_code, k.code) IN ('repair', 'install')")
            .bind("customer", customer)
            .bind("from", from)
            .map(
                (rs, context) ->
                    new Happened(rs.getLong(1), event(rs.getString(2)), Sql.instant(rs, "done_at")))
            .list());
    return happened;
  }

  private static EventRule.Event event(String id) {
    return EventRule.Event.valueOf(id.toUpperCase(java.util.Locale.ROOT));
  }
}
