package org.careline.callback;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.customer.PhoneNumber;

/**
 * What attempts leave in the journal, under the kinds {@code attempt}, {@code disposition} and
 * {@code answer}; {@link AttemptAppliers} carries it into MySQL. Thread-safe.
 */
final class AttemptJournal {
  /**
   * @param notPlaced the end of one that was never on the wire
   * @param proven although its order had been permitted
   */
  record StateChange(
      String state, Instant at, int cause, String dialStatus, boolean notPlaced, boolean proven) {}

  /** Who has settled what no person has. */
  static final String ENGINE = "engine";

  /** As {@link Referral}. */
  record Named(String name, String role, String e164, String extension, boolean next) {
    static Named of(Referral referral) {
      return new Named(
          referral.name(),
          referral.role(),
          referral.number().e164(),
          referral.number().extension(),
          referral.next());
    }
  }

  /**
   * @param site of the round; null = all sites of the attempt that are open
   * @param appointmentAgent who is wanted; null = anybody
   * @param appointmentAsked who asked for a time outside the rules; null = inside
   * @param referral whom he has named; null = nobody
   * @param rang its phone rang or something was to be heard, or may have been; null = not told
   */
  record Settling(
      Long site,
      String disposition,
      String note,
      Instant appointmentAt,
      Instant at,
      int cause,
      String dialStatus,
      String by,
      String appointmentAgent,
      String appointmentAsked,
      Named referral,
      Boolean rang) {
    Optional<Referral> named() {
      return Optional.ofNullable(referral)
          .map(
              who ->
                  new Referral(
                      who.name(),
                      who.role(),
                      new PhoneNumber(who.e164(), who.extension()),
                      who.next()));
    }

    Optional<Appointment> appointment() {
      return Optional.ofNullable(appointmentAt)
          .map(
              when ->
                  new Appointment(
                      when,
                      Optional.ofNullable(appointmentAgent).map(AgentNumber::new),
                      appointmentAsked == null ? "" : appointmentAsked));
    }
  }

  /**
   * @param device 0 = the site itself
   * @param deviceName model and serial; null = the site itself
   * @param value null = taken back
   * @param kind why the former value is replaced: {@code changed} or {@code void}; null = changed
   * @param second of the recording, which begins when the site answers
   */
  record Answered(
      long roundId,
      long siteId,
      long device,
      String deviceName,
      String code,
      int version,
      String value,
      String kind,
      Double second,
      String by,
      Instant at) {}

  private final Journal journal;

  AttemptJournal(Journal journal) {
    this.journal = journal;
  }

  void note(CallId id, AttemptState state, Instant at, int cause, Optional<String> dialStatus) {
    journal.append(
        "attempt",
        id.value(),
        new StateChange(state.key(), at, cause, dialStatus.orElse(null), false, false));
  }

  void notPlaced(CallId id, Instant at, boolean proven) {
    journal.append("attempt", id.value(), new StateChange("settled", at, 0, null, true, proven));
  }

  CompletableFuture<Long> settled(CallId id, Settling settling) {
    return journal.appendDurably("disposition", id.value(), settling);
  }

  CompletableFuture<Long> answered(CallId id, Answered answered) {
    return journal.appendDurably("answer", id.value(), answered);
  }
}
