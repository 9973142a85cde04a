package org.careline.customer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Binds numbers to sites and customers, beside those of the contacts, and takes them off again. The
 * next call from the number is recognised by it: the memory of the call path is refreshed before
 * the answer. Blocks; throws what JDBI throws when MySQL is away. Thread-safe.
 */
public final class NumberBook {
  private static final String SELECT =
      "SELECT k.id, k.e164, k.source, k.call_id, k.note, k.bound_by, k.bound_at, c.id AS customer,"
          + " c.code AS customer_code, c.name AS customer_name, COALESCE(s.tier_code, c.tier_code) AS tier_code,"
          + " s.id AS site,"
          + " s.code AS site_code, s.name AS site_name FROM known_number k"
          + " JOIN customer c ON c.id = k.customer_id LEFT JOIN site s ON s.id = k.site_id ";

  private static final int LONGEST_NOTE = 200;

  /**
   * What is to be bound.
   *
   * @param number as a person writes it
   * @param site code within the customer; empty = the whole customer's
   * @param call the call in which it came up
   */
  public record Wish(
      String number,
      String customer,
      Optional<String> site,
      KnownNumber.Source source,
      Optional<String> call,
      String note) {}

  private final Jdbi jdbi;
  private final OwnNumbers own;
  private final Refresh refresh;
  private final InstantSource clock;

  /** Takes up what has been written, see {@link ReferenceSnapshot#refreshCallers}. */
  @FunctionalInterface
  public interface Refresh {
    void now() throws SQLException;
  }

  public NumberBook(Jdbi jdbi, OwnNumbers own, Refresh refresh, InstantSource clock) {
    this.jdbi = jdbi;
    this.own = own;
    this.refresh = refresh;
    this.clock = clock;
  }

  /**
   * Binds a number. Binding it again to the same is harmless and gives what is there.
   *
   * @throws CallersRefused when it is no number, one of ours, or customer or site do not exist
   */
  public KnownNumber bind(Wish wish, String login) throws SQLException {
    PhoneNumber number = number(wish.number());
    own.whose(number)
        .ifPresent(
            reason -> {
              throw new CallersRefused("our_number", reason);
            });
    KnownNumber bound = jdbi.inTransaction(handle -> insert(handle, wish, number, login));
    refresh.now();
    return bound;
  }

  static PhoneNumber number(String text) {
    return switch (NumberReader.read(text)) {
      case NumberReader.Invalid invalid -> throw new CallersRefused("invalid", invalid.reason());
      case NumberReader.Valid valid -> {
        if (valid.number().kind() == PhoneNumber.Kind.SHORT) {
          throw new CallersRefused("invalid", Sentence.of("import.short"));
        }
        yield PhoneNumber.of(valid.number().e164());
      }
    };
  }

  KnownNumber insert(Handle handle, Wish wish, PhoneNumber number, String login) {
    long customer =
        handle
            .createQuery("SELECT id FROM customer WHERE code = :code")
            .bind("code", wish.customer())
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(
                () ->
                    new CallersRefused(
                        "invalid", Sentence.of("matter.no-customer", wish.customer())));
    Long site =
        wish.site()
            .map(
                code ->
                    handle
                        .createQuery("SELECT id FROM site WHERE customer_id = :c AND code = :code")
                        .bind("c", customer)
                        .bind("code", code)
                        .mapTo(Long.class)
                        .findOne()
                        .orElseThrow(
                            () ->
                                new CallersRefused(
                                    "invalid",
                                    Sentence.of("matter.no-site", code, wish.customer()))))
            .orElse(null);
    String note = wish.note().strip();
    if (note.length() > LONGEST_NOTE) {
      throw new CallersRefused("invalid", Sentence.of("matter.long", "note", LONGEST_NOTE));
    }
    int fresh =
        handle.execute(
            "INSERT IGNORE INTO known_number (e164, customer_id, site_id, source, call_id, note,"
                + " bound_by, bound_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            number.e164(),
            customer,
            site,
            wish.source().key(),
            wish.call().orElse(null),
            note,
            login,
            Timestamp.from(clock.instant()));
    if (fresh > 0) {
      raise(handle);
    }
    return handle
        .createQuery(
            SELECT + "WHERE k.e164 = :number AND k.customer_id = :c AND k.owner_site = :site")
        .bind("number", number.e164())
        .bind("c", customer)
        .bind("site", site == null ? 0 : site)
        .map((row, context) -> known(row))
        .one();
  }

  /**
   * Takes a bound number off.
   *
   * @throws CallersRefused when there is none with this id
   */
  public void unbind(long id) throws SQLException {
    jdbi.useTransaction(
        handle -> {
          if (handle.execute("DELETE FROM known_number WHERE id = ?", id) == 0) {
            throw new CallersRefused("not_found", Sentence.of("callers.not-bound"));
          }
          raise(handle);
        });
    refresh.now();
  }

  static void raise(Handle handle) {
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'callers'");
  }

  public Optional<KnownNumber> find(long id) {
    return select("WHERE k.id = :value", id).stream().findFirst();
  }

  /** Where the number was bound to. */
  public List<KnownNumber> of(String e164) {
    return select("WHERE k.e164 = :value ORDER BY k.id", e164);
  }

  /** What is bound to a site and to its whole customer; without a site to the customer alone. */
  public List<KnownNumber> ofOwner(String customer, Optional<String> site) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE c.code = :customer AND (k.site_id IS NULL OR s.code = :site)"
                        + " ORDER BY k.id LIMIT 50")
                .bind("customer", customer)
                .bind("site", site.orElse(null))
                .map((row, context) -> known(row))
                .list());
  }

  /** Numbers of a site's contacts, with the file they came from. */
  public List<KnownNumber> ofContacts(String customer, String site) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT p.id, p.e164, 'file' AS source, NULL AS call_id, k.name AS note,"
                        + " COALESCE(p.source_file, '') AS bound_by, p.known_at AS bound_at,"
                        + " c.id AS customer, c.code AS customer_code, c.name AS customer_name,"
                        + " COALESCE(s.tier_code, c.tier_code) AS tier_code, s.code AS site_code,"
                        + " s.name AS site_name, s.id AS site FROM phone p"
                        + " JOIN contact k ON k.id = p.contact_id"
                        + " JOIN site_contact sc ON sc.contact_id = k.id"
                        + " JOIN site s ON s.id = sc.site_id"
                        + " JOIN customer c ON c.id = s.customer_id"
                        + " WHERE c.code = :customer AND s.code = :site ORDER BY p.id LIMIT 50")
                .bind("customer", customer)
                .bind("site", site)
                .map((row, context) -> known(row))
                .list());
  }

  /** Bound numbers, newest first; of one customer when his code is given. */
  public List<KnownNumber> list(Optional<String> customer, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + (customer.isPresent() ? "WHERE c.code = :customer " : "")
                        + "ORDER BY k.id DESC LIMIT :limit")
                .bindMap(
                    customer.map(code -> Map.<String, Object>of("customer", code)).orElse(Map.of()))
                .bind("limit", limit)
                .map((row, context) -> known(row))
                .list());
  }

  private List<KnownNumber> select(String where, Object value) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(SELECT + where)
                .bind("value", value)
                .map((row, context) -> known(row))
                .list());
  }

  private static KnownNumber known(ResultSet row) throws SQLException {
    long site = row.getLong("site");
    Optional<NumberOwner.Site> at =
        row.wasNull()
            ? Optional.empty()
            : Optional.of(
                new NumberOwner.Site(site, row.getString("site_code"), row.getString("site_name")));
    return new KnownNumber(
        row.getLong("id"),
        row.getString("e164"),
        new NumberOwner.Customer(
            row.getLong("customer"),
            row.getString("customer_code"),
            row.getString("customer_name"),
            row.getString("tier_code")),
        at,
        KnownNumber.Source.of(row.getString("source")),
        Optional.ofNullable(row.getString("call_id")),
        row.getString("note"),
        row.getString("bound_by"),
        Optional.ofNullable(row.getTimestamp("bound_at")).map(Timestamp::toInstant).orElse(null));
  }
}
