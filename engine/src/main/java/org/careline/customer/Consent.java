package org.careline.customer;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * On what ground the sites of a customer are rung, and until when. Without one no round of his is
 * opened. Immutable.
 *
 * @param from empty = always
 * @param until the last day; empty = the ground is not complete and counts for nothing
 */
public record Consent(
    Optional<Basis> basis, Optional<LocalDate> from, Optional<LocalDate> until, String evidence) {

  /** A service contract, his consent, or his own request. */
  public enum Basis {
    CONTRACT,
    CONSENT,
    REQUEST;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> keys() {
      return Arrays.stream(values()).map(Basis::key).toList();
    }

    static Optional<Basis> of(String key) {
      return Arrays.stream(values()).filter(basis -> basis.key().equals(key)).findFirst();
    }
  }

  /** Why no round may be opened on the day; empty = it may. */
  public Optional<Sentence> refusal(String customer, LocalDate day) {
    if (basis.isEmpty() || until.isEmpty()) {
      return Optional.of(Sentence.of("consent.none", customer));
    }
    if (until.get().isBefore(day)) {
      return Optional.of(Sentence.of("consent.over", customer, until.get()));
    }
    return from.filter(day::isBefore).map(first -> Sentence.of("consent.later", customer, first));
  }

  /** Why no round of the customer may be opened on the day; empty = it may. */
  public static Optional<Sentence> refusal(Handle handle, long customerId, LocalDate day) {
    return handle
        .createQuery(
            "SELECT code, consent_basis, consent_from, consent_until, consent_evidence"
                + " FROM customer WHERE id = :id")
        .bind("id", customerId)
        .map(
            (row, context) ->
                new Consent(
                        Optional.ofNullable(row.getString(2)).flatMap(Basis::of),
                        Optional.ofNullable(row.getObject(3, LocalDate.class)),
                        Optional.ofNullable(row.getObject(4, LocalDate.class)),
                        row.getString(5))
                    .refusal(row.getString(1), day))
        .one();
  }
}
