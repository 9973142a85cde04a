package org.careline.callback;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.careline.callback.CampaignRules.RetryRule;

/** What follows a disposition: another attempt at a time on a number, or a bin. Pure. */
final class RetryPolicy {
  private RetryPolicy() {}

  /** The answer of the policy. */
  sealed interface Verdict {
    record Again(Instant at, int phonePosition) implements Verdict {}

    record Done(Bin bin) implements Verdict {}
  }

  /**
   * @param history all attempts on the site that count, this one included and carrying its
   *     disposition
   * @param persons the attempts that count on the person behind a position, of any site
   * @param rates which hours reach people of the site's trade
   * @param e164 the number of this attempt
   * @param position its place among the site's numbers, from 1
   * @param numbers how many numbers the site has
   * @param appointmentAt only for {@link Disposition#APPOINTMENT}
   * @param closing the round takes no new attempts: what would be tried again is put into its bin
   * @param heard a person says so, not the switch
   */
  static Verdict decide(
      CampaignRules rules,
      SiteRules calling,
      Disposition disposition,
      List<Past> history,
      IntFunction<List<Past>> persons,
      HourRates rates,
      String e164,
      int position,
      int numbers,
      Instant endedAt,
      Optional<Instant> appointmentAt,
      boolean closing,
      boolean heard) {
    RetryRule rule = rules.retry(disposition);
    if (rule.terminal()) {
      return new Verdict.Done(rule.bin());
    }
    List<Past> alike =
        history.stream()
            .filter(past -> past.thisRound() && past.e164().equals(e164))
            .filter(past -> past.disposition().equals(Optional.of(disposition)))
            .toList();
    boolean dead = disposition == Disposition.NUMBER_NOT_EXISTING;
    // networks err: the same word of theirs on another day
    long tries =
        dead
            ? alike.stream().map(past -> calling.dateOf(past.at())).distinct().count()
            : alike.size();
    int next = position;
    // how often somebody asks for another time is his own affair: the caps hold anyway
    boolean usedUp = tries >= rule.maxTries() && disposition != Disposition.APPOINTMENT;
    if (usedUp || dead && heard) {
      if (!rule.nextNumber() || position >= numbers) {
        return new Verdict.Done(rule.bin());
      }
      next = position + 1;
    }
    if (closing) {
      return new Verdict.Done(pending(Optional.of(disposition), true));
    }
    boolean appointment = disposition == Disposition.APPOINTMENT && appointmentAt.isPresent();
    Instant from = appointment ? appointmentAt.get() : endedAt.plus(rule.delay());
    History all = new History(history, persons.apply(next), List.of());
    Optional<Instant> at = CallingRules.nextPermitted(calling, from, all);
    if (!appointment && !disposition.contacted()) {
      at = at.map(earliest -> rates.prefer(calling, earliest, all));
    }
    int number = next;
    return at.<Verdict>map(instant -> new Verdict.Again(instant, number))
        .orElseGet(() -> new Verdict.Done(exhausted(rule)));
  }

  /** As the switch says. */
  static Verdict decide(
      CampaignRules rules,
      SiteRules calling,
      Disposition disposition,
      List<Past> history,
      IntFunction<List<Past>> persons,
      HourRates rates,
      String e164,
      int position,
      int numbers,
      Instant endedAt,
      Optional<Instant> appointmentAt,
      boolean closing) {
    return decide(
        rules,
        calling,
        disposition,
        history,
        persons,
        rates,
        e164,
        position,
        numbers,
        endedAt,
        appointmentAt,
        closing,
        false);
  }

  /** The bin of a site whose round ends before its attempts do. */
  static Bin pending(Optional<Disposition> last, boolean tried) {
    if (!tried) {
      return Bin.NOT_DIALLED;
    }
    if (last.equals(Optional.of(Disposition.APPOINTMENT))) {
      return Bin.APPOINTMENT_PENDING;
    }
    return last.equals(Optional.of(Disposition.REFERRED))
        ? Bin.REFERRAL_PENDING
        : Bin.ROUND_CLOSED_FIRST;
  }

  /** The cap of the round is reached: the number may be good, the site was not reached. */
  static Bin exhausted(RetryRule rule) {
    return rule.bin() == Bin.NO_USABLE_NUMBER ? Bin.NOT_REACHED : rule.bin();
  }
}
