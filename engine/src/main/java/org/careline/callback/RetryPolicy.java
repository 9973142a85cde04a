package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.careline.callback.CampaignRules.RetryRule;

/** What follows a disposition: another attempt at a time on a number, or a bin. Pure. */
final class RetryPolicy {
  /** Nobody is tried more seldom than once a day for want of a channel. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** A full trunk is our trouble: so many times as long a number is tried through it. */
  private static final int PATIENCE = 3;

  /** What was promised is tried again so soon while it can still be kept. */
  private static final Duration SOON = Duration.ofMinutes(1);

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
    // a person who has been rung as often as he may be leaves it to the next of the site's contacts
    int last = appointment ? next : numbers;
    for (int number = next; number <= last; number++) {
      History all = new History(history, persons.apply(number), List.of());
      Optional<Instant> at = CallingRules.nextPermitted(calling, from, all);
      if (at.isPresent()) {
        return new Verdict.Again(
            appointment || disposition.contacted()
                ? at.get()
                : rates.prefer(calling, at.get(), all),
            number);
      }
    }
    return new Verdict.Done(exhausted(rule));
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

  /**
   * What follows a call that found no channel: nobody's phone has rung, and no cap counts it. Each
   * one in a row waits twice as long as the one before, a day at most. The number is given up when
   * it was refused on as many days as {@code technical} has tries while others were let through, or
   * on three times as many days whoever is to blame: a round always ends. What was promised is
   * tried at its time and each minute while it can still be kept.
   *
   * @param refused since the number has last found a channel, this one included
   * @param referredAt when somebody there named who is to be rung now
   * @param promised the time of the appointment the site waits for
   */
  static Verdict withoutChannel(
      CampaignRules rules,
      SiteRules calling,
      List<Refused> refused,
      List<Past> history,
      IntFunction<List<Past>> persons,
      int position,
      int numbers,
      Instant endedAt,
      Optional<Instant> referredAt,
      Optional<Instant> promised,
      boolean closing) {
    RetryRule rule = rules.retry(Disposition.TECHNICAL);
    if (rule.terminal()) {
      return new Verdict.Done(rule.bin());
    }
    int next = position;
    Duration delay = backOff(rule.delay(), row(refused, rule.delay()));
    if (givenUp(rule, calling, refused)) {
      if (!rule.nextNumber() || position >= numbers) {
        return new Verdict.Done(rule.bin());
      }
      next = position + 1;
      delay = rule.delay();
    }
    if (closing) {
      return new Verdict.Done(pending(Optional.of(Disposition.TECHNICAL), true));
    }
    Instant soon = endedAt.plus(SOON);
    // as with any other end, who may not be rung any more leaves it to the next contact
    for (int number = next; number <= numbers; number++) {
      History all = new History(history, persons.apply(number), List.of()).referred(referredAt);
      Optional<Instant> kept =
          promised.flatMap(time -> inTime(calling, time, soon.isAfter(time) ? soon : time, all));
      Optional<Instant> at =
          kept.isPresent() ? kept : CallingRules.nextPermitted(calling, endedAt.plus(delay), all);
      if (at.isPresent()) {
        return new Verdict.Again(at.get(), number);
      }
    }
    return new Verdict.Done(exhausted(rule));
  }

  private static Optional<Instant> inTime(
      SiteRules calling, Instant promised, Instant from, History history) {
    Instant last = promised.plus(Appointment.KEPT_WITHIN);
    return from.isAfter(last)
        ? Optional.empty()
        : CallingRules.nextPermitted(calling, from, history).filter(at -> !at.isAfter(last));
  }

  /** Those that followed sooner than the first pause, for an appointment's sake, count as one. */
  private static int row(List<Refused> refused, Duration pause) {
    int times = 0;
    Instant last = Instant.MIN;
    for (Refused each : refused) {
      if (times == 0 || !each.at().isBefore(last.plus(pause))) {
        times++;
        last = each.at();
      }
    }
    return times;
  }

  private static boolean givenUp(RetryRule rule, SiteRules calling, List<Refused> refused) {
    long days = refused.stream().map(each -> calling.dateOf(each.at())).distinct().count();
    return alone(calling, refused) >= rule.maxTries() || days >= PATIENCE * rule.maxTries();
  }

  /** Days on which this number was refused while others were let through. */
  static long alone(SiteRules calling, List<Refused> refused) {
    return refused.stream()
        .filter(each -> !each.trunkFull())
        .map(each -> calling.dateOf(each.at()))
        .distinct()
        .count();
  }

  private static Duration backOff(Duration first, int times) {
    Duration delay = first;
    for (int i = 1; i < times && delay.compareTo(LONGEST) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(LONGEST) < 0 || times <= 1 ? delay : LONGEST;
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
