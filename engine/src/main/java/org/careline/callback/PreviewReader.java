package org.careline.callback;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.careline.customer.DoNotCall;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Reads what the {@link Preview} needs: cadences with their sites, counted by MySQL, what calls
 * took lately, and the roster. Blocks; thread-safe.
 */
public final class PreviewReader {
  /** What calls took is measured over so many days, with so many of the newest at most. */
  private static final int MEASURED_DAYS = 90;

  private static final int MEASURED_CALLS = 20_000;

  /** Events and the hotline are measured over so many weeks. */
  private static final int LATELY = 8;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final CadenceStore store = new CadenceStore();

  /** There is no such customer. */
  public static final class NoCustomer extends Refusal {
    private static final long serialVersionUID = 1L;

    NoCustomer(String code) {
      super(Sentence.of("why.no-customer", code));
    }
  }

  public PreviewReader(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * The coming 12 months.
   *
   * @param customer his code; empty = of all. The roster is everybody's in either case
   * @throws NoCustomer when nobody has the code
   */
  public Preview.Months read(Optional<String> customer) {
    return jdbi.inTransaction(handle -> read(handle, customer));
  }

  private Preview.Months read(Handle handle, Optional<String> code) {
    Instant now = clock.instant();
    Optional<Long> only =
        code.map(
            each ->
                handle
                    .createQuery("SELECT id FROM customer WHERE code = :code")
                    .bind("code", each)
                    .mapTo(Long.class)
                    .findOne()
                    .orElseThrow(() -> new NoCustomer(each)));
    CadenceBook book = CadenceBook.read(handle);
    List<Preview.Group> groups = new ArrayList<>();
    RuleBook rules = RuleBook.read(handle);
    Map<List<String>, NavigableSet<LocalDate>> days = new HashMap<>();
    TreeSet<Long> customers = new TreeSet<>(book.ofCustomers().keySet());
    book.ofSites().values().forEach(site -> customers.add(site.customer()));
    if (!book.ofTiers().isEmpty()) {
      customers.addAll(
          handle.createQuery("SELECT DISTINCT customer_id FROM campaign").mapTo(Long.class).list());
    }
    for (long customer : customers) {
      if (only.isEmpty() || only.get() == customer) {
        store
            .campaign(handle, customer, book.customer(customer))
            .ifPresent(
                campaign ->
                    groups(
                        handle,
                        book,
                        campaign,
                        days(handle, rules, campaign, now, days),
                        now,
                        groups));
      }
    }
    return Preview.of(groups, measured(handle, only, now), staff(handle, now), rules.office(), now);
  }

  /**
   * The days on which the campaign may ring a site of the usual trade.
   *
   * @param known those of campaigns with the same rules
   */
  private static NavigableSet<LocalDate> days(
      Handle handle,
      RuleBook rules,
      Campaign campaign,
      Instant now,
      Map<List<String>, NavigableSet<LocalDate>> known) {
    JsonNode own =
        new OwnRulesStore()
            .find(handle, new OwnRulesStore.Owner.OfCustomer(campaign.customerId()))
            .rules();
    return known.computeIfAbsent(
        List.of(campaign.rules(), own.toString()),
        key -> {
          SiteRules site =
              rules.site(
                  RulesParser.parse(campaign.rules()),
                  "",
                  "",
                  false,
                  RulesParser.own(RuleSource.CUSTOMER, own),
                  OwnRules.NONE);
          NavigableSet<LocalDate> days = new TreeSet<>();
          LocalDate day = CadencePlan.officeDate(now);
          LocalDate end = day.plusWeeks(Preview.WEEKS + 17);
          while (day.isBefore(end)) {
            Optional<Instant> next =
                CallingRules.nextPermitted(
                    site, day.atStartOfDay(SiteRules.OFFICE).toInstant(), History.NONE);
            if (next.isEmpty()) {
              return days;
            }
            days.add(CadencePlan.officeDate(next.get()));
            day = CadencePlan.officeDate(next.get()).plusDays(1);
          }
          return days;
        });
  }

  // --- sites

  private record Counted(String tier, Optional<LocalDate> completed, int sites) {}

  private static void groups(
      Handle handle,
      CadenceBook book,
      Campaign campaign,
      NavigableSet<LocalDate> days,
      Instant now,
      List<Preview.Group> groups) {
    long customer = campaign.customerId();
    LocalDate today = CadencePlan.officeDate(now);
    Map<Visits.FromLastVisit, Map<LocalDate, Integer>> rolling = new LinkedHashMap<>();
    Map<String, Integer> calendars = new HashMap<>();
    for (Counted one : counted(handle, customer)) {
      Visits visits = book.of(customer, one.tier()).visits().orElseGet(Visits.Never::new);
      switch (visits) {
        case Visits.FromLastVisit each -> add(rolling, each, one.completed(), one.sites(), today);
        case Visits.ByCalendar calendar ->
            calendars.merge(
                book.customer(customer).visits().isPresent() ? "" : one.tier(),
                one.sites(),
                Integer::sum);
        case Visits.Never never -> {}
      }
    }
    // the few with a setting of their own are counted one by one
    handle
        .createQuery(
            "SELECT s.id, s.tier_code, "
                + COMPLETED
                + " AS day FROM cadence c JOIN site s ON s.id = c.site_id"
                + HEARD
                + " WHERE s.customer_id = :customer AND s.status <> 'closed'"
                + " AND JSON_CONTAINS_PATH(c.document, 'one', '$.visits')")
        .bind("customer", customer)
        .map(
            (rs, context) ->
                Map.entry(
                    rs.getLong(1),
                    new Counted(
                        rs.getString(2), Optional.ofNullable(rs.getObject(3, LocalDate.class)), 1)))
        .forEach(
            each -> {
              if (book.of(customer, each.getValue().tier(), each.getKey()).visits().orElseThrow()
                  instanceof Visits.FromLastVisit own) {
                add(rolling, own, each.getValue().completed(), 1, today);
              }
            });
    calendars.forEach(
        (tier, sites) -> {
          Optional<String> of = tier.isEmpty() ? Optional.empty() : Optional.of(tier);
          Visits.ByCalendar visits =
              (Visits.ByCalendar)
                  (of.isEmpty()
                          ? book.customer(customer).visits()
                          : book.ofTiers().get(tier).visits())
                      .orElseThrow();
          groups.add(
              new Preview.Group.Calendar(
                  campaign.code(), days, visits, from(handle, book, campaign, of, now), sites));
        });
    Optional<LocalDate> last =
        handle
            .createQuery(
                "SELECT MAX(opens_at) AS at FROM round"
                    + " WHERE campaign_id = :campaign AND origin = 'due'")
            .bind("campaign", campaign.id())
            .map((rs, context) -> Optional.ofNullable(Sql.instant(rs, "at")))
            .one()
            .map(CadencePlan::officeDate);
    rolling.forEach(
        (visits, due) ->
            groups.add(new Preview.Group.Rolling(campaign.code(), days, visits, due, last)));
    events(handle, book, campaign, days, now).forEach(groups::add);
    Map<LocalDate, Integer> warranties = warranties(handle, book, customer, now);
    if (!warranties.isEmpty()) {
      groups.add(new Preview.Group.Warranties(campaign.code(), days, warranties));
    }
  }

  /**
   * Visits that only a warranty asks for, shared evenly over what is left of it. Sites that are
   * rung from their last visit on have them anyhow.
   */
  private static Map<LocalDate, Integer> warranties(
      Handle handle, CadenceBook book, long customer, Instant now) {
    Map<LocalDate, Integer> due = new HashMap<>();
    boolean wanted =
        book.customer(customer).warranty().orElse(0) > 0
            || book.ofTiers().values().stream().anyMatch(each -> each.warranty().orElse(0) > 0)
            || book.ofSites().values().stream()
                .anyMatch(each -> each.cadence().warranty().orElse(0) > 0);
    if (!wanted) {
      return due;
    }
    LocalDate today = CadencePlan.officeDate(now);
    Map<Long, List<CadencePlanner.Covered>> covered =
        CadencePlanner.warranties(handle, customer, now);
    handle
        .createQuery("SELECT id, tier_code FROM site WHERE customer_id = :customer")
        .bind("customer", customer)
        .map((rs, context) -> Map.entry(rs.getLong(1), rs.getString(2)))
        .filter(site -> covered.containsKey(site.getKey()))
        .forEach(
            site -> {
              Cadence cadence = book.of(customer, site.getValue(), site.getKey());
              if (cadence.visits().filter(Visits.FromLastVisit.class::isInstance).isPresent()) {
                return;
              }
              for (CadencePlanner.Covered one : covered.get(site.getKey())) {
                int left = cadence.warranty().orElse(0) - one.done();
                LocalDate last = one.done() == 0 ? one.warranty().from() : today;
                long span = one.warranty().until().toEpochDay() - last.toEpochDay();
                for (int i = 1; i <= left; i++) {
                  due.merge(last.plusDays(span * i / (left + 1)), 1, Integer::sum);
                }
              }
            });
    return due;
  }

  private static void add(
      Map<Visits.FromLastVisit, Map<LocalDate, Integer>> rolling,
      Visits.FromLastVisit visits,
      Optional<LocalDate> completed,
      int sites,
      LocalDate today) {
    LocalDate due = completed.map(day -> visits.every().after(day, 1)).orElse(today);
    rolling.computeIfAbsent(visits, each -> new HashMap<>()).merge(due, sites, Integer::sum);
  }

  /** The day after a round of today's that is there already. */
  private static LocalDate from(
      Handle handle, CadenceBook book, Campaign campaign, Optional<String> tier, Instant now) {
    LocalDate today = CadencePlan.officeDate(now);
    LocalDate since = CadencePlan.officeDate(book.since(tier, campaign.customerId()));
    boolean there =
        handle
            .createQuery("SELECT 1 FROM round WHERE campaign_id = :campaign AND plan_key = :key")
            .bind("campaign", campaign.id())
            .bind("key", "calendar:" + tier.orElse("") + ":" + today)
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    return there ? today.plusDays(1) : since.isAfter(today) ? since : today;
  }

  private static final String HEARD =
      " LEFT JOIN site_heard h ON h.site_id = s.id"
          + " LEFT JOIN (SELECT site_id, MAX(done_on) AS day FROM visit"
          + "  WHERE customer_id = :customer AND kind = 'visit' GROUP BY site_id) v"
          + " ON v.site_id = s.id";

  /** The office's day of the last completed visit. */
  private static final String COMPLETED =
      "GREATEST(COALESCE(DATE(h.completed_at + INTERVAL 8 HOUR), v.day),"
          + " COALESCE(v.day, DATE(h.completed_at + INTERVAL 8 HOUR)))";

  private static List<Counted> counted(Handle handle, long customer) {
    return handle
        .createQuery(
            "SELECT s.tier_code, "
                + COMPLETED
                + " AS last_day, COUNT(*) FROM site s"
                + HEARD
                + " WHERE s.customer_id = :customer AND s.status <> 'closed' AND NOT "
                + String.format(DoNotCall.SITE, DoNotCall.TODAY)
                + " AND NOT EXISTS (SELECT 1 FROM cadence own WHERE own.site_id = s.id"
                + " AND JSON_CONTAINS_PATH(own.document, 'one', '$.visits'))"
                + " GROUP BY s.tier_code, last_day")
        .bind("customer", customer)
        .map(
            (rs, context) ->
                new Counted(
                    rs.getString(1),
                    Optional.ofNullable(rs.getObject(2, LocalDate.class)),
                    rs.getInt(3)))
        .list();
  }

  /** As often as they happened in the last weeks. */
  private static List<Preview.Group> events(
      Handle handle,
      CadenceBook book,
      Campaign campaign,
      NavigableSet<LocalDate> days,
      Instant now) {
    Map<String, Double> weekly = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT v.kind, s.tier_code, COUNT(*) FROM visit v JOIN site s ON s.id = v.site_id"
                + " WHERE v.customer_id = :customer AND v.done_on >= :from"
                + " AND v.kind IN ('hand_over', 'installation', 'acceptance', 'repair')"
                + " GROUP BY v.kind, s.tier_code")
        .bind("customer", campaign.customerId())
        .bind("from", CadencePlan.officeDate(now).minusWeeks(LATELY))
        .map(
            (rs, context) -> {
              for (EventRule rule :
                  book.of(campaign.customerId(), rs.getString(2)).events().orElse(List.of())) {
                if (rule.after().id().equals(rs.getString(1))) {
                  weekly.merge(
                      rule.campaign().orElse(campaign.code()),
                      rs.getInt(3) / (double) LATELY,
                      Double::sum);
                }
              }
              return 0;
            })
        .list();
    List<Preview.Group> groups = new ArrayList<>();
    weekly.forEach((code, n) -> groups.add(new Preview.Group.Events(code, days, n)));
    return groups;
  }

  // --- measures

  /** Of the customer's own calls when there are enough to say something, else of all. */
  private static Preview.Measured measured(Handle handle, Optional<Long> customer, Instant now) {
    Preview.Measured all = measured(handle, "", 0, now);
    if (customer.isEmpty()) {
      return all;
    }
    Preview.Measured own = measured(handle, " AND c.customer_id = :customer", customer.get(), now);
    return own.completed() >= ENOUGH ? own : all;
  }

  private static final int ENOUGH = 30;

  private static Preview.Measured measured(
      Handle handle, String condition, long customer, Instant now) {
    record Sums(int attempts, int completed, int timed, double seconds) {}
    Sums sums =
        handle
            .createQuery(
                "SELECT COUNT(*), COALESCE(SUM((SELECT COUNT(*) FROM attempt_site x"
                    + "  WHERE x.attempt_id = a.id AND x.disposition = 'completed')), 0),"
                    + " COUNT(a.ended_at),"
                    + " COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, a.created_at, a.ended_at)"
                    + "  + COALESCE((SELECT SUM(TIMESTAMPDIFF(MICROSECOND, w.began_at, w.ended_at))"
                    + "  FROM after_call_work w WHERE w.call_id = a.id), 0)) / 1e6, 0)"
                    + " FROM (SELECT a.id, a.created_at, a.ended_at"
                    + "  FROM attempt a"
                    + (condition.isEmpty()
                        ? ""
                        : " JOIN round_site rs ON rs.id = a.round_site_id"
                            + " JOIN round r ON r.id = rs.round_id"
                            + " JOIN campaign c ON c.id = r.campaign_id")
                    + "  WHERE a.placed_at >= :from AND a.settled_at IS NOT NULL AND :customer >= 0"
                    + condition
                    + "  ORDER BY a.placed_at DESC LIMIT "
                    + MEASURED_CALLS
                    + ") a")
            .bind("from", now.minus(Duration.ofDays(MEASURED_DAYS)))
            .bind("customer", customer)
            .map(
                (rs, context) ->
                    new Sums(rs.getInt(1), rs.getInt(2), rs.getInt(3), rs.getDouble(4)))
            .one();
    return new Preview.Measured(
        sums.completed() == 0
            ? Preview.USUAL_ATTEMPTS
            : sums.attempts() / (double) sums.completed(),
        sums.completed(),
        sums.timed() == 0
            ? Preview.USUAL_HANDLING
            : Duration.ofMillis(Math.round(1000 * sums.seconds() / sums.timed())),
        sums.timed(),
        hotline(handle, now));
  }

  private static double hotline(Handle handle, Instant now) {
    return handle
            .createQuery(
                "SELECT COALESCE(SUM(c.talk_ms / 1000 + COALESCE((SELECT"
                    + " SUM(TIMESTAMPDIFF(SECOND, w.began_at, w.ended_at)) FROM after_call_work w"
                    + " WHERE w.call_id = c.id), 0)), 0) FROM call_record c"
                    + " WHERE c.arrived_at >= :from AND c.talk_ms IS NOT NULL")
            .bind("from", now.minus(Duration.ofDays(LATELY * 7L)))
            .mapTo(Double.class)
            .one()
        / 3600
        / LATELY;
  }

  private static Preview.Staff staff(Handle handle, Instant now) {
    LocalDate today = CadencePlan.officeDate(now);
    Map<LocalDate, Integer> minutes = new HashMap<>();
    handle
        .createQuery(
            "SELECT day, SUM(to_minute - from_minute) FROM roster_shift r"
                + " WHERE day BETWEEN :from AND :to AND EXISTS (SELECT 1 FROM user_account u"
                + "  WHERE u.agent_number = r.agent_number AND u.active"
                // who is on leave in the middle of his shift is not there
                + "  AND NOT EXISTS (SELECT 1 FROM agent_leave l WHERE l.login = u.login"
                + "   AND r.day + INTERVAL (r.from_minute + r.to_minute) DIV 2 - 480 MINUTE"
                + "   BETWEEN l.from_at AND l.to_at)) GROUP BY day")
        .bind("from", today.minusDays(7))
        .bind("to", today.plusWeeks(Preview.WEEKS))
        .map((rs, context) -> Map.entry(rs.getObject(1, LocalDate.class), rs.getInt(2)))
        .forEach(each -> minutes.put(each.getKey(), each.getValue()));
    int agents =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM user_account WHERE active AND agent_number IS NOT NULL"
                    + " AND FIND_IN_SET('agent', roles)")
            .mapTo(Integer.class)
            .one();
    return new Preview.Staff(minutes, minutes.keySet().stream().max(LocalDate::compareTo), agents);
  }
}
