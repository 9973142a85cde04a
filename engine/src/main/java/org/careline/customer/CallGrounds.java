package org.careline.customer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Whether a customer and his sites may be rung, as a person enters it: ground of the calls,
 * do-not-call, and what became of a site that a full list lacked. Every change stands in the
 * history. Blocks; throws what JDBI throws when MySQL is away. Thread-safe.
 */
public final class CallGrounds {
  /** A refusal is kept at least so long, unless the site itself asks to be rung again. */
  private static final int MONTHS = 6;

  private static final int REASON = 200;
  private static final int EVIDENCE = 400;
  private static final String BY_HAND = "console";

  /**
   * When the site {@code s} of the customer {@code c} was last put on the list: by hand, by what it
   * said in a call or by a file. One that came with its site's first file has no row of its own:
   * the day counts on which the site came into being.
   */
  private static final String LISTED_AT =
      "COALESCE((SELECT MAX(h.at) FROM change_history h WHERE h.site_id = s.id"
          + " AND (h.field = 'do_not_call' AND h.value = 'yes'"
          + " OR h.what = 'do-not-call' AND h.field IN ('', 'until'))),"
          + " (SELECT MAX(h.at) FROM change_history h WHERE h.customer_id = s.customer_id"
          + " AND h.site_id IS NULL AND h.what = 'sites' AND h.field = ''"
          + " AND LOCATE(CONCAT(c.code, '/', s.code, ' '), h.name) = 1))";

  private final Jdbi jdbi;
  private final InstantSource clock;

  public CallGrounds(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * The names of the components are keys of the JSON.
   *
   * @param basis a key of {@link Consent.Basis}; null = none: no round opens
   * @param until the last day; null without a basis
   * @param version of what is shown, to be given back with a change
   */
  public record Ground(
      String customer,
      String name,
      String basis,
      LocalDate from,
      LocalDate until,
      String evidence,
      String version) {}

  /**
   * @param listed no round rings it today: an entry whose last day is over does not count
   * @param until the last day; null = for good
   * @param earliest the last day before which it is taken off on evidence only; null = not listed
   */
  public record Standing(
      String customer,
      String site,
      String name,
      String status,
      String statusReason,
      boolean listed,
      String reason,
      LocalDate until,
      String evidence,
      LocalDate earliest,
      String version) {}

  /** What became of a site that a full list lacked. */
  public enum Fate {
    ACTIVE,
    CLOSED,
    RENAMED,
    MOVED;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Fate> of(String key) {
      for (Fate fate : values()) {
        if (fate.key().equals(key)) {
          return Optional.of(fate);
        }
      }
      return Optional.empty();
    }
  }

  /** A site by its codes. */
  public record Place(String customer, String site) {}

  public Ground ground(String customer) {
    return jdbi.withHandle(handle -> ground(handle, customer, "")).ground();
  }

  /**
   * Enters, changes or ends the ground.
   *
   * @param wanted its evidence says who agreed, when and how; {@code version} as it was seen
   */
  public Ground ground(Ground wanted, String login) throws SQLException {
    Optional<Consent.Basis> basis = Optional.ofNullable(wanted.basis()).flatMap(Consent.Basis::of);
    if (wanted.basis() != null && basis.isEmpty()) {
      throw invalid(Sentence.of("grounds.basis", String.join(", ", Consent.Basis.keys())));
    }
    if (basis.isPresent() != (wanted.until() != null)) {
      throw invalid(Sentence.of("grounds.basis-until"));
    }
    if (wanted.from() != null && wanted.until() != null && wanted.until().isBefore(wanted.from())) {
      throw invalid(Sentence.of("grounds.order"));
    }
    evidence(wanted.evidence());
    if (wanted.evidence().isBlank()) {
      throw invalid(Sentence.of("grounds.evidence"));
    }
    return jdbi.inTransaction(
        handle -> {
          OfCustomer before = ground(handle, wanted.customer(), " FOR UPDATE");
          Ground was = before.ground();
          same(was.version(), wanted.version());
          handle.execute(
              "UPDATE customer SET consent_basis = ?, consent_from = ?, consent_until = ?,"
                  + " consent_evidence = ? WHERE id = ?",
              wanted.basis(),
              wanted.from(),
              wanted.until(),
              wanted.evidence(),
              before.id());
          Changes changes = new Changes(before.id(), null, "consent", was.customer());
          changes.add("consent_basis", was.basis(), wanted.basis());
          changes.add("consent_from", was.from(), wanted.from());
          changes.add("consent_until", was.until(), wanted.until());
          changes.add("consent_evidence", was.evidence(), wanted.evidence());
          changes.write(handle, login);
          return ground(handle, wanted.customer(), "").ground();
        });
  }

  public Standing site(Place place) {
    return jdbi.withHandle(handle -> site(handle, place, "")).standing();
  }

  /** On the do-not-call list, or there for another time. */
  public Standing list(
      Place place, String reason, LocalDate until, String evidence, String version, String login)
      throws SQLException {
    reason(reason);
    evidence(evidence);
    LocalDate least = DoNotCall.day(clock.instant()).plusMonths(MONTHS);
    if (until != null && until.isBefore(least)) {
      throw invalid(Sentence.of("grounds.kept", MONTHS, least));
    }
    return change(
        place,
        version,
        (handle, before, changes) -> {
          Standing was = before.standing();
          handle.execute(
              "UPDATE site SET do_not_call = TRUE, do_not_call_reason = ?, do_not_call_until = ?,"
                  + " do_not_call_evidence = ? WHERE id = ?",
              reason,
              until,
              evidence,
              before.id());
          // also of one that stands there already: its months begin anew
          changes.put("do_not_call", was.listed() ? "yes" : "no", "yes");
          changes.add("do_not_call_reason", was.reason(), reason);
          changes.add("do_not_call_until", was.until(), until);
          changes.add("do_not_call_evidence", was.evidence(), evidence);
        },
        login);
  }

  /**
   * Off the list.
   *
   * @param evidence who of the site asked to be rung again, when and how; may be empty once the
   *     refusal was kept long enough
   */
  public Standing free(Place place, String reason, String evidence, String version, String login)
      throws SQLException {
    reason(reason);
    evidence(evidence);
    return change(
        place,
        version,
        (handle, before, changes) -> {
          Standing was = before.standing();
          if (!was.listed()) {
            throw new CallersRefused("not_listed", Sentence.of("grounds.not-listed", was.site()));
          }
          if (evidence.isBlank() && DoNotCall.day(clock.instant()).isBefore(was.earliest())) {
            throw invalid(Sentence.of("grounds.too-early", MONTHS, was.earliest()));
          }
          handle.execute(
              "UPDATE site SET do_not_call = FALSE, do_not_call_reason = '',"
                  + " do_not_call_until = NULL, do_not_call_evidence = '' WHERE id = ?",
              before.id());
          changes.add("do_not_call", "yes", "no");
          changes.add("do_not_call_reason", was.reason(), reason);
          changes.add("do_not_call_until", was.until(), null);
          changes.add("do_not_call_evidence", was.evidence(), evidence);
        },
        login);
  }

  /**
   * Decides what became of a site. Its answers, calls and history stay its own; those of renamed
   * and moved ones name the site that came after it, and that one names it.
   *
   * @param after the site it is now; only of renamed and moved ones
   */
  public Standing decide(
      Place place, Fate fate, Optional<Place> after, String reason, String version, String login)
      throws SQLException {
    reason(reason);
    if ((fate == Fate.RENAMED || fate == Fate.MOVED) != after.isPresent()) {
      throw invalid(Sentence.of("grounds.after"));
    }
    after.ifPresent(
        to -> {
          if (to.equals(place)) {
            throw invalid(Sentence.of("grounds.same-site"));
          }
          if (to.customer().equals(place.customer()) != (fate == Fate.RENAMED)) {
            throw invalid(Sentence.of("grounds.whose"));
          }
        });
    return change(
        place,
        version,
        (handle, before, changes) -> {
          Standing was = before.standing();
          handle.execute(
              "UPDATE site SET status = ?, status_reason = ? WHERE id = ?",
              fate == Fate.ACTIVE ? "active" : "closed",
              fate == Fate.ACTIVE ? "" : fate.key(),
              before.id());
          changes.add("status", was.status(), fate == Fate.ACTIVE ? "active" : "closed");
          changes.add("status_reason", was.statusReason(), fate == Fate.ACTIVE ? "" : fate.key());
          changes.add("reason", "", reason);
          if (after.isPresent()) {
            OfSite next = site(handle, after.get(), "");
            changes.add("successor", "", named(after.get()));
            Changes other = new Changes(next.customerId(), next.id(), "sites", after.get().site());
            other.add("predecessor", "", named(place));
            other.write(handle, login);
          }
        },
        login);
  }

  private static String named(Place place) {
    return place.customer() + "/" + place.site();
  }

  private interface Change {
    void make(Handle handle, OfSite before, Changes changes) throws SQLException;
  }

  private Standing change(Place place, String version, Change change, String login)
      throws SQLException {
    return jdbi.inTransaction(
        handle -> {
          OfSite before = site(handle, place, " FOR UPDATE");
          same(before.standing().version(), version);
          Changes changes = new Changes(before.customerId(), before.id(), "sites", place.site());
          change.make(handle, before, changes);
          changes.write(handle, login);
          handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
          return site(handle, place, "").standing();
        });
  }

  /** Of one site or customer; what did not change is left out. */
  private record Changes(
      long customerId, Long siteId, String what, String name, List<ChangeHistory.Change> all) {
    Changes(long customerId, Long siteId, String what, String name) {
      this(customerId, siteId, what, name, new ArrayList<>());
    }

    void add(String field, Object former, Object value) {
      String was = Objects.toString(former, "");
      String is = Objects.toString(value, "");
      if (!was.equals(is)) {
        put(field, was, is);
      }
    }

    void put(String field, String former, String value) {
      all.add(new ChangeHistory.Change(customerId, siteId, what, name, field, former, value));
    }

    void write(Handle handle, String login) throws SQLException {
      ChangeHistory.write(handle.getConnection(), new ChangeHistory.By(login, BY_HAND), all);
    }
  }

  private record OfCustomer(long id, Ground ground) {}

  private record OfSite(long id, long customerId, Standing standing) {}

  private static OfCustomer ground(Handle handle, String customer, String lock) {
    return handle
        .createQuery(
            "SELECT id, name, consent_basis, consent_from, consent_until, consent_evidence"
                + " FROM customer WHERE code = :code"
                + lock)
        .bind("code", customer)
        .map(
            (row, context) -> {
              String basis = row.getString(3);
              LocalDate from = row.getObject(4, LocalDate.class);
              LocalDate until = row.getObject(5, LocalDate.class);
              String evidence = row.getString(6);
              return new OfCustomer(
                  row.getLong(1),
                  new Ground(
                      customer,
                      row.getString(2),
                      basis,
                      from,
                      until,
                      evidence,
                      version(basis, from, until, evidence)));
            })
        .findOne()
        .orElseThrow(() -> missing(Sentence.of("import.no-customer", customer)));
  }

  private OfSite site(Handle handle, Place place, String lock) {
    return handle
        .createQuery(
            "SELECT s.id, s.customer_id, s.name, s.status, s.status_reason, s.do_not_call,"
                + " s.do_not_call_reason, s.do_not_call_until, s.do_not_call_evidence,"
                + " IF(s.do_not_call, "
                + LISTED_AT
                + ", NULL)"
                + " FROM site s JOIN customer c ON c.id = s.customer_id"
                + " WHERE c.code = :customer AND s.code = :site"
                + (lock.isEmpty() ? "" : lock + " OF s"))
        .bind("customer", place.customer())
        .bind("site", place.site())
        .map(
            (row, context) -> {
              String status = row.getString(4);
              String why = row.getString(5);
              String reason = row.getString(7);
              LocalDate until = row.getObject(8, LocalDate.class);
              boolean listed =
                  row.getBoolean(6)
                      && (until == null || !until.isBefore(DoNotCall.day(clock.instant())));
              String evidence = row.getString(9);
              Timestamp since = row.getTimestamp(10);
              return new OfSite(
                  row.getLong(1),
                  row.getLong(2),
                  new Standing(
                      place.customer(),
                      place.site(),
                      row.getString(3),
                      status,
                      why,
                      listed,
                      reason,
                      until,
                      evidence,
                      listed ? earliest(since) : null,
                      version(status, why, listed, reason, until, evidence)));
            })
        .findOne()
        .orElseThrow(() -> missing(Sentence.of("grounds.no-site", place.customer(), place.site())));
  }

  /** Of one that no history knows of it is long ago. */
  private static LocalDate earliest(Timestamp since) {
    Instant at = since == null ? Instant.EPOCH : since.toInstant();
    return DoNotCall.day(at).plusMonths(MONTHS);
  }

  private static void same(String is, String seen) {
    if (!is.equals(seen)) {
      throw new CallersRefused("changed_meanwhile", Sentence.of("grounds.meanwhile"));
    }
  }

  /** What is shown, in few characters. */
  private static String version(Object... values) {
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      text.append(Objects.toString(value, "")).append('\n');
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void reason(String text) {
    if (text.isBlank() || text.codePointCount(0, text.length()) > REASON) {
      throw invalid(Sentence.of("callers.reason", REASON));
    }
  }

  private static void evidence(String text) {
    if (text.codePointCount(0, text.length()) > EVIDENCE) {
      throw invalid(Sentence.of("web.characters", EVIDENCE));
    }
  }

  private static CallersRefused invalid(Sentence reason) {
    return new CallersRefused("invalid", reason);
  }

  private static CallersRefused missing(Sentence reason) {
    return new CallersRefused("not_found", reason);
  }
}
