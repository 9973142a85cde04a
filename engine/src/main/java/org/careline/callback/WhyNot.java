package org.careline.callback;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.DoNotCall;
import org.careline.customer.PhoneNumber;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Why a site is not rung at an instant: every rule with its verdict and source, and when it may be
 * rung next. Decided by {@link CallingRules} from the same rows as a claim. Blocks on MySQL;
 * thread-safe.
 */
public final class WhyNot {
  private final Jdbi jdbi;
  private final AllowedDestinations allowed;

  /**
   * @param allowed numbers that may be dialled at all
   */
  public WhyNot(Jdbi jdbi, AllowedDestinations allowed) {
    this.jdbi = jdbi;
    this.allowed = allowed;
  }

  /** There is no such site, or several. The id is stable: no_site, ambiguous_site. */
  public static final class NotFound extends Refusal {
    private static final long serialVersionUID = 1L;
    private final String id;

    NotFound(String id, Sentence reason) {
      super(reason);
      this.id = id;
    }

    public String id() {
      return id;
    }
  }

  /**
   * What somebody says.
   *
   * @param rule one of {@link CallingRule}, or what only a round knows: round, due, number; or
   *     no-channel and best-hour, which refuse nothing
   * @param until as in {@link Verdict}
   */
  public record Line(
      String rule, RuleSource source, boolean permitted, Optional<Instant> until, Sentence reason) {
    static Line of(Verdict verdict) {
      return new Line(
          verdict.rule().id(),
          verdict.source(),
          verdict.permitted(),
          verdict.until(),
          verdict.sentence());
    }
  }

  /**
   * The answer.
   *
   * @param campaign whose rules were taken; empty = the house's, the customer has no campaign
   * @param round the open one the site is in; 0 = none
   * @param next the earliest instant nobody refuses; empty = never, as things stand
   */
  public record Answer(
      String siteCode,
      String siteName,
      String customerCode,
      String campaign,
      int round,
      ZoneId zone,
      Instant at,
      List<Line> lines,
      Optional<Instant> next) {
    public boolean permitted() {
      return lines.stream().allMatch(Line::permitted);
    }
  }

  private record Row(
      long id,
      String code,
      String name,
      long customer,
      String customerCode,
      boolean doNotCall,
      String trade) {}

  /** The open round a site is in, or the customer's newest campaign, or neither. */
  private record Place(
      String campaign,
      long roundId,
      int round,
      boolean closing,
      boolean paused,
      Optional<Instant> closesAt,
      CampaignRules rules,
      int status,
      Optional<Instant> due,
      Optional<String> bin,
      Optional<String> last,
      int position) {
    static final int DUE = 0;
    static final int DIALLING = 2;
    static final int PAUSED = 4;
  }

  /**
   * Throws {@link NotFound}.
   *
   * @param customer needed where several have a site of the code
   */
  public Answer ask(String site, Optional<String> customer, Instant at) {
    return jdbi.inTransaction(handle -> answer(handle, find(handle, site, customer), at));
  }

  private static Row find(Handle handle, String code, Optional<String> customer) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT s.id, s.code, s.name, k.id, k.code, "
                    + String.format(DoNotCall.SITE, DoNotCall.TODAY)
                    + ", s.trade FROM site s"
                    + " JOIN customer k ON k.id = s.customer_id WHERE s.code = :code"
                    + " AND (:customer IS NULL OR k.code = :customer) ORDER BY k.code LIMIT 20")
            .bind("code", code)
            .bind("customer", customer.orElse(null))
            .map(
                (rs, context) ->
                    new Row(
                        rs.getLong(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getLong(4),
                        rs.getString(5),
                        rs.getBoolean(6),
                        rs.getString(7)))
            .list();
    if (found.isEmpty()) {
      throw new NotFound(
          "no_site",
          customer.isPresent()
              ? Sentence.of("why.no-site-of", code, customer.get())
              : Sentence.of("why.no-site", code));
    }
    if (found.size() > 1) {
      throw new NotFound(
          "ambiguous_site",
          Sentence.of(
              "why.ambiguous",
              code,
              String.join(", ", found.stream().map(Row::customerCode).toList())));
    }
    return found.getFirst();
  }

  private Answer answer(Handle handle, Row row, Instant at) {
    Place place = place(handle, row);
    Connection connection = handle.getConnection();
    try {
      List<ClaimedSite.Phone> phones = SitePhones.of(connection, row.id());
      Optional<ClaimedSite.Phone> phone =
          place.position() <= phones.size()
              ? Optional.of(phones.get(place.position() - 1))
              : Optional.empty();
      History history = history(connection, row, place, phone, at);
      List<Line> known = new ArrayList<>();
      known.add(round(place, at));
      known.add(number(phone));
      due(place, at).ifPresent(known::add);
      SiteRules rules = rules(handle, row, place);
      if (phone.isPresent()) {
        String e164 = phone.get().e164();
        List<Refused> refused =
            Sql.withoutChannel(connection, row.id(), place.roundId(), e164).stream()
                .filter(each -> !each.at().isAfter(at))
                .toList();
        noChannel(place, rules, Refused.since(refused, history.site(), e164)).ifPresent(known::add);
      }
      return answer(
          row,
          place,
          known,
          rules,
          history,
          at,
          best(ContactHours.of(connection, row.trade(), at)));
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  /** As it was known at the instant: who asks about last week is not told of yesterday. */
  private static History history(
      Connection connection, Row row, Place place, Optional<ClaimedSite.Phone> phone, Instant at)
      throws SQLException {
    List<Past> person = List.of();
    List<Instant> number = List.of();
    if (phone.isPresent()) {
      person = Sql.person(connection, phone.get().contactId(), place.roundId(), at);
      number = Sql.numberHistory(connection, phone.get().e164(), at);
    }
    return new History(
        until(Sql.history(connection, row.id(), place.roundId()), at),
        until(person, at),
        number.stream().filter(rung -> !rung.isAfter(at)).toList(),
        referred(connection, row));
  }

  /** When somebody there has named whom to ring instead. */
  private static Optional<Instant> referred(Connection connection, Row row) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT MAX(f.made_at) AS at FROM round_site rs JOIN round r ON r.id = rs.round_id"
                + " JOIN referral f ON f.id = rs.referral_id"
                + " WHERE rs.site_id = ? AND r.status = 'open'")) {
      Sql.bind(statement, row.id());
      try (ResultSet rs = statement.executeQuery()) {
        rs.next();
        return Optional.ofNullable(Sql.instant(rs, "at"));
      }
    }
  }

  private static List<Past> until(List<Past> attempts, Instant at) {
    return attempts.stream().filter(past -> !past.at().isAfter(at)).toList();
  }

  private static Answer answer(
      Row row,
      Place place,
      List<Line> known,
      SiteRules rules,
      History history,
      Instant at,
      Optional<Line> best) {
    List<Line> lines = new ArrayList<>(known);
    boolean ever = lines.stream().allMatch(line -> line.permitted() || line.until().isPresent());
    CallingRules.verdicts(rules, at, history).forEach(verdict -> lines.add(Line.of(verdict)));
    best.ifPresent(lines::add);
    Instant from = place.due().filter(due -> due.isAfter(at)).orElse(at);
    Optional<Instant> next =
        (ever ? CallingRules.nextPermitted(rules, from, history) : Optional.<Instant>empty())
            .filter(then -> place.closesAt().isEmpty() || then.isBefore(place.closesAt().get()));
    return new Answer(
        row.code(),
        row.name(),
        row.customerCode(),
        place.campaign(),
        place.round(),
        rules.zone(),
        at,
        lines,
        next);
  }

  private static SiteRules rules(Handle handle, Row row, Place place) {
    RuleBook book = RuleBook.read(handle);
    return handle
        .createQuery(
            "SELECT" + RuleBook.COLUMNS + " FROM site s" + RuleBook.JOINS + " WHERE s.id = :id")
        .bind("id", row.id())
        .map((rs, context) -> book.site(place.rules(), rs, row.doNotCall()))
        .one()
        .asking(asked(handle, row));
  }

  /** A time at which somebody there wants to be rung all the same. */
  private static Optional<Asked> asked(Handle handle, Row row) {
    return handle
        .createQuery(
            "SELECT p.at, p.asked FROM round_site rs JOIN round r ON r.id = rs.round_id"
                + " JOIN appointment p ON p.id = rs.appointment_id"
                + " WHERE rs.site_id = :site AND r.status = 'open' AND p.asked <> ''"
                + " ORDER BY r.id DESC LIMIT 1")
        .bind("site", row.id())
        .map((rs, context) -> new Asked(Sql.instant(rs, "at"), rs.getString("asked")))
        .findOne();
  }

  /** Without an open round the site is told what its newest campaign would do. */
  private static Place place(Handle handle, Row row) {
    return handle
        .createQuery(
            "SELECT c.code, r.id, r.number, r.closing, r.paused, r.closes_at, r.rules, rs.status, rs.next_call_at, rs.bin,"
                + " rs.last_disposition, rs.phone_position FROM round_site rs"
                + " JOIN round r ON r.id = rs.round_id JOIN campaign c ON c.id = r.campaign_id"
                + " WHERE rs.site_id = :site AND r.status = 'open' ORDER BY r.id DESC LIMIT 1")
        .bind("site", row.id())
        .map(
            (rs, context) ->
                new Place(
                    rs.getString(1),
                    rs.getLong(2),
                    rs.getInt(3),
                    rs.getBoolean(4),
                    rs.getBoolean(5),
                    Optional.ofNullable(Sql.instant(rs, "closes_at")),
                    RulesParser.parse(rs.getString(7)),
                    rs.getInt(8),
                    rs.getInt(8) == Place.DUE || rs.getInt(8) == Place.PAUSED
                        ? Optional.of(Sql.instant(rs, "next_call_at"))
                        : Optional.empty(),
                    Optional.ofNullable(rs.getString(10)),
                    Optional.ofNullable(rs.getString(11)),
                    rs.getInt(12)))
        .findOne()
        .orElseGet(
            () ->
                handle
                    .createQuery(
                        "SELECT code, rules FROM campaign WHERE customer_id = :customer"
                            + " ORDER BY id DESC LIMIT 1")
                    .bind("customer", row.customer())
                    .map((rs, context) -> none(rs.getString(1), RulesParser.parse(rs.getString(2))))
                    .findOne()
                    .orElseGet(() -> none("", DefaultRules.RULES)));
  }

  private static Place none(String campaign, CampaignRules rules) {
    return new Place(
        campaign,
        0,
        0,
        false,
        false,
        Optional.empty(),
        rules,
        Place.DUE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1);
  }

  // --- what only the round and the switch know

  private static Line round(Place place, Instant at) {
    if (place.round() == 0) {
      return refused("round", RuleSource.CAMPAIGN, Sentence.of("why.no-round"));
    }
    String round = String.valueOf(place.round());
    if (place.bin().isPresent()) {
      return refused(
          "round",
          RuleSource.CAMPAIGN,
          Sentence.of("why.binned", round, place.campaign(), place.bin().get()));
    }
    if (place.closing()) {
      return refused(
          "round", RuleSource.CAMPAIGN, Sentence.of("why.closing", round, place.campaign()));
    }
    if (place.paused()) {
      return refused(
          "round", RuleSource.CAMPAIGN, Sentence.of("why.paused", round, place.campaign()));
    }
    if (place.closesAt().filter(end -> !end.isAfter(at)).isPresent()) {
      return refused(
          "round", RuleSource.CAMPAIGN, Sentence.of("why.over", round, place.campaign()));
    }
    if (place.status() == Place.DIALLING) {
      return refused(
          "round", RuleSource.CAMPAIGN, Sentence.of("why.dialling", round, place.campaign()));
    }
    return new Line(
        "round",
        RuleSource.CAMPAIGN,
        true,
        Optional.empty(),
        Sentence.of("why.in-round", round, place.campaign()));
  }

  private Line number(Optional<ClaimedSite.Phone> phone) {
    if (phone.isEmpty()) {
      return refused("number", RuleSource.SITE, Sentence.of("why.no-number"));
    }
    PhoneNumber number = PhoneNumber.of(phone.get().e164());
    return allowed
        .refusal(number)
        .map(
            why ->
                refused(
                    "number",
                    RuleSource.HOUSE,
                    Sentence.of("why.not-allowed", number.masked(), why.id())))
        .orElseGet(
            () ->
                new Line(
                    "number",
                    RuleSource.HOUSE,
                    true,
                    Optional.empty(),
                    Sentence.of("why.number", number.masked())));
  }

  private static Optional<Line> due(Place place, Instant at) {
    return place
        .due()
        .map(
            due ->
                due.isAfter(at)
                    ? new Line(
                        "due",
                        RuleSource.CAMPAIGN,
                        false,
                        Optional.of(due),
                        place
                            .last()
                            .map(last -> Sentence.of("why.retry", last))
                            .orElseGet(() -> Sentence.of("why.later")))
                    : new Line(
                        "due",
                        RuleSource.CAMPAIGN,
                        true,
                        Optional.empty(),
                        Sentence.of("why.due")));
  }

  /** Refuses nothing: says why the retry delay grows, and when the number is given up. */
  private static Optional<Line> noChannel(Place place, SiteRules rules, List<Refused> refused) {
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    Refused last = refused.getLast();
    return Optional.of(
        new Line(
            "no-channel",
            RuleSource.CAMPAIGN,
            true,
            Optional.empty(),
            Sentence.of(
                last.trunkFull() ? "why.trunk-full" : "why.no-channel",
                refused.size(),
                RetryPolicy.alone(rules, refused),
                place.rules().retry(Disposition.TECHNICAL).maxTries(),
                last.at().atZone(rules.zone()))));
  }

  /** Refuses nothing: a retry waits for it within its part of the day. */
  private static Optional<Line> best(HourRates rates) {
    return rates
        .best()
        .map(
            best ->
                new Line(
                    "best-hour",
                    RuleSource.HOUSE,
                    true,
                    Optional.empty(),
                    Sentence.of(
                        "why.best-hour",
                        String.format("%02d:00", best.getKey()),
                        Math.round(100 * best.getValue().share()),
                        best.getValue().attempts())));
  }

  private static Line refused(String rule, RuleSource source, Sentence reason) {
    return new Line(rule, source, false, Optional.empty(), reason);
  }
}
