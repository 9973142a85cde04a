package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.careline.callback.RetryPolicy.Verdict;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final CampaignRules RULES = RulesParser.parse("{}");
  private static final SiteRules HOTEL =
      RuleBook.shipped().site(RULES, "hotel", "", false, OwnRules.NONE, OwnRules.NONE);
  private static final Instant TEN = Instant.parse("2026-11-24T02:00:00Z"); // Tuesday 10:00

  @Test
  void aTerminalDispositionBinsAtOnce() {
    assertThat(decide(Disposition.COMPLETED, 1, TEN)).isEqualTo(new Verdict.Done(Bin.COMPLETED));
    assertThat(decide(Disposition.REFUSED_FOR_GOOD, 1, TEN))
        .isEqualTo(new Verdict.Done(Bin.DO_NOT_CALL));
  }

  @Test
  void busyComesAgainInTheOtherSlotNotBeforeTheSpacing() {
    Verdict.Again again = (Verdict.Again) decide(Disposition.BUSY, 2, TEN);
    assertThat(again.at()).isEqualTo(Instant.parse("2026-11-24T06:30:00Z"));
    assertThat(again.phonePosition()).isEqualTo(1);
  }

  @Test
  void aWrongNumberMovesToTheNextAndTheLastOneEnds() {
    assertThat(((Verdict.Again) decide(Disposition.WRONG_NUMBER, 2, TEN)).phonePosition())
        .isEqualTo(2);
    assertThat(decide(Disposition.WRONG_NUMBER, 1, TEN))
        .isEqualTo(new Verdict.Done(Bin.NO_USABLE_NUMBER));
  }

  @Test
  void aNumberIsDeadOnlyOnTheSecondDay() {
    Verdict.Again again = (Verdict.Again) decide(Disposition.NUMBER_NOT_EXISTING, 1, TEN);
    assertThat(HOTEL.dateOf(again.at())).isAfter(HOTEL.dateOf(TEN));
    List<Past> twice =
        List.of(
            past(TEN.minus(Duration.ofDays(1)), Disposition.NUMBER_NOT_EXISTING),
            past(TEN, Disposition.NUMBER_NOT_EXISTING));
    assertThat(decide(Disposition.NUMBER_NOT_EXISTING, twice, 1, Optional.empty(), false))
        .isEqualTo(new Verdict.Done(Bin.NO_USABLE_NUMBER));
    List<Past> sameDay =
        List.of(
            past(TEN.minus(Duration.ofHours(2)), Disposition.NUMBER_NOT_EXISTING),
            past(TEN, Disposition.NUMBER_NOT_EXISTING));
    assertThat(decide(Disposition.NUMBER_NOT_EXISTING, sameDay, 1, Optional.empty(), false))
        .as("twice on one day is one day")
        .isInstanceOf(Verdict.Again.class);
  }

  @Test
  void aNumberIsDeadAtOnceWhenAPersonHasHeardIt() {
    assertThat(
            RetryPolicy.decide(
                RULES,
                HOTEL,
                Disposition.NUMBER_NOT_EXISTING,
                List.of(past(TEN, Disposition.NUMBER_NOT_EXISTING)),
                person -> List.of(),
                HourRates.NONE,
                "+861",
                1,
                1,
                TEN.plusSeconds(30),
                Optional.empty(),
                false,
                true))
        .isEqualTo(new Verdict.Done(Bin.NO_USABLE_NUMBER));
  }

  @Test
  void whoIsSwitchedOffIsRungInTheNextSlotOfTheNextDay() {
    for (String at : List.of("2026-11-24T02:00:00Z", "2026-11-24T08:50:00Z")) {
      Instant ended = Instant.parse(at);
      Verdict.Again again = (Verdict.Again) decide(Disposition.SWITCHED_OFF, 1, ended);
      assertThat(HOTEL.dateOf(again.at())).isEqualTo(HOTEL.dateOf(ended).plusDays(1));
      assertThat(again.at().atZone(HOTEL.zone()).getHour() < 12)
          .as("the other part of the day")
          .isNotEqualTo(ended.atZone(HOTEL.zone()).getHour() < 12);
    }
  }

  @Test
  void anAppointmentIsKeptAtItsTime() {
    Instant wished = Instant.parse("2026-11-26T03:15:00Z");
    assertThat(
            decide(
                Disposition.APPOINTMENT,
                List.of(past(TEN, Disposition.APPOINTMENT)),
                1,
                Optional.of(wished),
                false))
        .isEqualTo(new Verdict.Again(wished, 1));
    assertThat(
            decide(
                Disposition.APPOINTMENT,
                List.of(past(TEN, Disposition.APPOINTMENT)),
                1,
                Optional.of(wished),
                true))
        .as("the round closes first")
        .isEqualTo(new Verdict.Done(Bin.APPOINTMENT_PENDING));
  }

  /** Whatever happens to a site, its round ends with one bin and no rule was broken on the way. */
  @Test
  void randomHistoriesKeepEveryRule() {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      int numbers = 1 + random.nextInt(3);
      Map<Integer, HourRates.Rate> hours = new HashMap<>();
      for (int hour = 9; hour < 17; hour++) {
        hours.put(hour, new HourRates.Rate(100, random.nextInt(101)));
      }
      HourRates rates = new HourRates(hours);
      int position = 1;
      List<Past> history = new ArrayList<>();
      Instant at = opening(TEN.plusSeconds(random.nextInt(30 * 86400)));
      Optional<Bin> bin = Optional.empty();
      while (bin.isEmpty()) {
        assertThat(CallingRules.open(HOTEL, at)).as("seed %d: inside a window", seed).isTrue();
        assertCaps(seed, history, at);
        Disposition disposition = Disposition.values()[random.nextInt(Disposition.values().length)];
        String e164 = "+86" + position;
        history.add(new Past(at, e164, Optional.of(disposition), true));
        Instant ended = at.plusSeconds(random.nextInt(600));
        Optional<Instant> wished =
            disposition == Disposition.APPOINTMENT
                ? Optional.of(opening(ended.plusSeconds(random.nextInt(5 * 86400))))
                : Optional.empty();
        switch (RetryPolicy.decide(
            RULES,
            HOTEL,
            disposition,
            history,
            person -> List.of(),
            rates,
            e164,
            position,
            numbers,
            ended,
            wished,
            false)) {
          case Verdict.Again again -> {
            assertThat(again.at()).isAfter(ended);
            assertThat(again.phonePosition()).isBetween(position, numbers);
            position = again.phonePosition();
            at = again.at();
          }
          case Verdict.Done done -> bin = Optional.of(done.bin());
        }
        assertThat(history)
            .as("seed %d", seed)
            .hasSizeLessThanOrEqualTo(RULES.caps().get(Cap.PER_ROUND).intValue());
      }
      Map<String, Integer> tries = new HashMap<>();
      history.forEach(
          past -> tries.merge(past.e164() + past.disposition().orElseThrow(), 1, Integer::sum));
      for (Past past : history) {
        assertThat(tries.get(past.e164() + past.disposition().orElseThrow()))
            .isLessThanOrEqualTo(RULES.retry(past.disposition().orElseThrow()).maxTries());
      }
    }
  }

  @Test
  void whoWasRungAsOftenAsHeMayBeLeavesItToTheNextContact() {
    List<Past> often = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      often.add(past(TEN.minus(Duration.ofDays(30 + i)), Disposition.NO_ANSWER));
    }
    for (int others = 0; others <= 1; others++) {
      int free = 2 + others;
      assertThat(
              RetryPolicy.decide(
                  RULES,
                  HOTEL,
                  Disposition.BUSY,
                  List.of(past(TEN, Disposition.BUSY)),
                  position -> position < free ? often : List.of(),
                  HourRates.NONE,
                  "+861",
                  1,
                  2,
                  TEN.plusSeconds(30),
                  Optional.empty(),
                  false))
          .isEqualTo(
              others == 0
                  ? new Verdict.Again(Instant.parse("2026-11-24T06:30:00Z"), 2)
                  : new Verdict.Done(Bin.NOT_REACHED));
    }
  }

  /** Refused by the network for ever, or while the whole trunk is full: its round ends. */
  @Test
  void aNumberThatNeverFindsAChannelComesBackMoreSeldomAndIsGivenUp() {
    for (boolean trunkFull : new boolean[] {false, true}) {
      List<Refused> refused = new ArrayList<>();
      List<Duration> pauses = new ArrayList<>();
      int position = 1;
      Instant at = opening(TEN);
      Optional<Bin> bin = Optional.empty();
      while (bin.isEmpty()) {
        assertThat(CallingRules.open(HOTEL, at)).isTrue();
        refused.add(new Refused(at, trunkFull));
        assertThat(refused).as("it ends").hasSizeLessThan(60);
        switch (withoutChannel(refused, position, 2, at, false)) {
          case Verdict.Again again -> {
            pauses.add(Duration.between(at, again.at()));
            at = again.at();
            if (again.phonePosition() != position) {
              assertThat(days(refused)).isEqualTo(trunkFull ? 12 : 4);
              position = again.phonePosition();
              refused.clear();
            }
          }
          case Verdict.Done done -> bin = Optional.of(done.bin());
        }
      }
      assertThat(position).as("the other number was tried too").isEqualTo(2);
      assertThat(days(refused)).isEqualTo(trunkFull ? 12 : 4);
      assertThat(bin).contains(Bin.NOT_REACHED);
      assertThat(pauses.getFirst()).isEqualTo(Duration.ofMinutes(30));
      assertThat(pauses.get(1)).isGreaterThanOrEqualTo(Duration.ofHours(1));
      assertThat(pauses.get(4)).isGreaterThanOrEqualTo(Duration.ofHours(8));
    }
  }

  @Test
  void whoFindsNoChannelWhileItsRoundClosesWasTried() {
    assertThat(withoutChannel(List.of(new Refused(TEN, false)), 1, 1, TEN, true))
        .isEqualTo(new Verdict.Done(Bin.ROUND_CLOSED_FIRST));
    List<Refused> refused =
        List.of(
            new Refused(TEN, false),
            new Refused(TEN.plusSeconds(60), false),
            new Refused(TEN.plusSeconds(120), false));
    assertThat(Refused.since(refused, List.of(past(TEN.plusSeconds(60), Disposition.BUSY)), "+861"))
        .as("one that has found a channel begins a new row")
        .containsExactly(refused.getLast());
  }

  @Test
  void whoMayNotBeRungAnyMoreLeavesACallWithoutAChannelToTheNextContact() {
    assertThat(onPersons(Optional.empty()))
        .isEqualTo(new Verdict.Again(TEN.plus(Duration.ofMinutes(30)), 2));
  }

  @Test
  void anAppointmentIsTriedEachMinuteWhileItCanBeKept() {
    assertThat(onPersons(Optional.of(TEN.plusSeconds(600))))
        .as("not before its time")
        .isEqualTo(new Verdict.Again(TEN.plusSeconds(600), 2));
    assertThat(onPersons(Optional.of(TEN.minusSeconds(240))))
        .isEqualTo(new Verdict.Again(TEN.plusSeconds(60), 2));
    assertThat(onPersons(Optional.of(TEN.minusSeconds(241))))
        .as("it is late, and what was tried for it is one call")
        .isEqualTo(new Verdict.Again(TEN.plus(Duration.ofMinutes(30)), 2));
  }

  /** Who is behind the first number has been rung as often as a round permits. */
  private static Verdict onPersons(Optional<Instant> promised) {
    List<Past> often =
        java.util.stream.IntStream.rangeClosed(1, 6)
            .mapToObj(i -> past(TEN.minus(Duration.ofDays(10 + i)), Disposition.BUSY))
            .toList();
    return RetryPolicy.withoutChannel(
        RULES,
        HOTEL,
        List.of(new Refused(TEN.minusSeconds(60), true), new Refused(TEN, true)),
        List.of(),
        person -> person == 1 ? often : List.of(),
        1,
        2,
        TEN,
        Optional.empty(),
        promised,
        false);
  }

  private static long days(List<Refused> refused) {
    return refused.stream().map(each -> HOTEL.dateOf(each.at())).distinct().count();
  }

  private static Verdict withoutChannel(
      List<Refused> refused, int position, int numbers, Instant at, boolean closing) {
    return RetryPolicy.withoutChannel(
        RULES,
        HOTEL,
        refused,
        List.of(),
        person -> List.of(),
        position,
        numbers,
        at,
        Optional.empty(),
        Optional.empty(),
        closing);
  }

  private static Instant opening(Instant from) {
    return CallingRules.nextPermitted(HOTEL, from, History.NONE).orElseThrow();
  }

  private static void assertCaps(int seed, List<Past> history, Instant at) {
    LocalDate day = HOTEL.dateOf(at);
    assertThat(history.stream().filter(p -> HOTEL.dateOf(p.at()).equals(day)).count())
        .as("seed %d: per day", seed)
        .isLessThan(2);
    assertThat(history.stream().filter(p -> p.at().isAfter(at.minus(Duration.ofDays(7)))).count())
        .as("seed %d: per week", seed)
        .isLessThan(4);
    for (Past past : history) {
      assertThat(Duration.between(past.at(), at)).isGreaterThanOrEqualTo(Duration.ofHours(2));
    }
  }

  private static Verdict decide(Disposition disposition, int numbers, Instant at) {
    return decide(disposition, List.of(past(at, disposition)), numbers, Optional.empty(), false);
  }

  private static Verdict decide(
      Disposition disposition,
      List<Past> history,
      int numbers,
      Optional<Instant> appointmentAt,
      boolean closing) {
    return RetryPolicy.decide(
        RULES,
        HOTEL,
        disposition,
        history,
        person -> List.of(),
        HourRates.NONE,
        "+861",
        1,
        numbers,
        history.getLast().at().plusSeconds(30),
        appointmentAt,
        closing);
  }

  private static Past past(Instant at, Disposition disposition) {
    return new Past(at, "+861", Optional.of(disposition), true);
  }
}
