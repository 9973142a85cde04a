package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.careline.callback.CallingWindow.Span;
import org.careline.line.OfficeCalendar;
import org.careline.line.OfficeCalendars;

/**
 * Days, zones, rules and histories nobody chose, held against an oracle that looks at one minute at
 * a time and knows no instants of opening. The seed is fixed; jqwik prints it.
 */
class AnyCallingRulesTest {
  private static final String SEED = "20261130";
  private static final List<String> ZONES =
      List.of(
          "Asia/Shanghai",
          "Asia/Urumqi",
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Asia/Kathmandu",
          "America/St_Johns",
          "Pacific/Apia",
          "Africa/Cairo");
  private static final OfficeCalendar OFFICE = OfficeCalendars.china();

  /** One layer: minutes of the weekdays, and the days taken out. */
  private record Layer(Map<DayOfWeek, List<Span>> week, Set<LocalDate> out) {}

  /** A site with the same rules twice: as the product takes them, and bare for the oracle. */
  private record Case(
      SiteRules site,
      ZoneId zone,
      List<Layer> layers,
      Map<DayOfWeek, List<Span>> slots,
      boolean everyDay,
      boolean different,
      Map<Cap, Long> caps,
      History history,
      Instant from,
      Random random) {}

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.longs().between(1, Long.MAX_VALUE).map(AnyCallingRulesTest::random);
  }

  @Property(
      tries = 10_000,
      seed = SEED,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  @Label("the next permitted instant is permitted, and nothing earlier is")
  void nextPermittedIsPermittedAndNothingEarlierIs(@ForAll("cases") Case any) {
    Optional<Instant> next = CallingRules.nextPermitted(any.site(), any.from(), any.history());
    Instant end = next.orElse(any.from().plus(Duration.ofDays(30)));
    next.ifPresent(
        at -> {
          assertThat(refusal(any, at)).as("%s of %s", at, any).isNull();
          assertThat(CallingRules.permits(any.site(), at, any.history())).isTrue();
          assertThat(CallingRules.open(any.site(), at)).isTrue();
        });
    // every minute of the last two hours, and some of all those before
    long minutes = Duration.between(any.from(), end).toMinutes();
    for (long i = 1; i <= Math.min(120, minutes); i++) {
      assertRefused(any, end.minus(Duration.ofMinutes(i)));
    }
    for (int i = 0; i < 60 && minutes > 0; i++) {
      assertRefused(
          any, any.from().plus(Duration.ofMinutes((long) (any.random().nextDouble() * minutes))));
    }
  }

  @Property(tries = 40, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  @Label("minute by minute for three days")
  void everyMinuteIsAsTheOracleSays(@ForAll("cases") Case any) {
    for (int i = 0; i < 3 * 1440; i++) {
      Instant at = any.from().plus(Duration.ofMinutes(i));
      assertThat(CallingRules.permits(any.site(), at, any.history()))
          .as("%s of %s", at, any)
          .isEqualTo(refusal(any, at) == null);
    }
  }

  @Property(tries = 500, seed = SEED, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  @Label("two sites of one person, rung whenever it is permitted: no cap is exceeded")
  void capsAreNeverExceeded(@ForAll("cases") Case any) {
    List<List<Past>> sites = List.of(new ArrayList<>(), new ArrayList<>());
    List<Past> person = new ArrayList<>();
    Instant at = any.from();
    for (int i = 0; i < 14; i++) {
      List<Past> site = sites.get(any.random().nextInt(2));
      History history = new History(site, person, person.stream().map(Past::at).toList());
      Optional<Instant> next = CallingRules.nextPermitted(any.site(), at, history);
      if (next.isEmpty()) {
        continue;
      }
      at = next.get();
      assertThat(refusal(with(any, history), at)).isNull();
      Past past = new Past(at, "+861", Optional.of(anyDisposition(any.random())), true);
      site.add(past);
      person.add(past);
      at = at.plusSeconds(1 + any.random().nextInt(600));
    }
    for (List<Past> each : List.of(sites.get(0), sites.get(1), person)) {
      assertCaps(any, each);
    }
  }

  private static void assertRefused(Case any, Instant at) {
    if (refusal(any, at) == null) {
      fail("permitted at " + at + ", which is earlier: " + any);
    }
  }

  /** Counts afterwards what was rung, without asking any rule. */
  private static void assertCaps(Case any, List<Past> rung) {
    Map<LocalDate, Long> days = new HashMap<>();
    for (Past past : rung) {
      days.merge(past.at().atZone(any.zone()).toLocalDate(), 1L, Long::sum);
      long week =
          rung.stream()
              .filter(other -> !other.at().isAfter(past.at()))
              .filter(other -> other.at().plus(Duration.ofDays(7)).isAfter(past.at()))
              .count();
      assertThat(week).isLessThanOrEqualTo(any.caps().get(Cap.PER_WEEK));
    }
    assertThat(days.values()).allMatch(count -> count <= any.caps().get(Cap.PER_DAY));
    assertThat((long) rung.size()).isLessThanOrEqualTo(any.caps().get(Cap.PER_ROUND));
    for (int i = 1; i < rung.size(); i++) {
      assertThat(Duration.between(rung.get(i - 1).at(), rung.get(i).at()).toMillis())
          .isGreaterThanOrEqualTo(any.caps().get(Cap.SPACING));
    }
  }

  // --- the oracle: null = permitted, else the first reason against it

  private static String refusal(Case any, Instant at) {
    ZonedDateTime local = at.atZone(any.zone());
    for (Layer layer : any.layers()) {
      if (!in(layer.week().getOrDefault(local.getDayOfWeek(), List.of()), local)) {
        return "window";
      }
      if (layer.out().contains(local.toLocalDate())) {
        return "blackout";
      }
    }
    if (local.getHour() < 9 || local.getHour() >= 21) {
      return "night";
    }
    LocalDate office = at.atZone(ZoneId.of("Asia/Shanghai")).toLocalDate();
    boolean works =
        switch (OFFICE.on(office).kind()) {
          case WORKDAY, MAKE_UP_WORKDAY -> true;
          case HOLIDAY -> false;
          case WEEKEND -> any.layers().getFirst().week().containsKey(office.getDayOfWeek());
        };
    if (!works && !any.everyDay()) {
      return "office";
    }
    for (List<Past> attempts : List.of(any.history().site(), any.history().person())) {
      String counted = refusal(any, local, attempts);
      if (counted != null) {
        return counted;
      }
    }
    long minute =
        any.history().number().stream().filter(n -> n.isAfter(at.minusSeconds(60))).count();
    long hour =
        any.history().number().stream().filter(n -> n.isAfter(at.minusSeconds(3600))).count();
    return minute >= any.caps().get(Cap.PER_NUMBER_MINUTE)
            || hour >= any.caps().get(Cap.PER_NUMBER_HOUR)
        ? "number"
        : null;
  }

  private static String refusal(Case any, ZonedDateTime local, List<Past> attempts) {
    Instant at = local.toInstant();
    long day =
        attempts.stream()
            .filter(p -> p.at().atZone(any.zone()).toLocalDate().equals(local.toLocalDate()))
            .count();
    long week = attempts.stream().filter(p -> p.at().isAfter(at.minusSeconds(604_800))).count();
    long round = attempts.stream().filter(Past::thisRound).count();
    boolean close =
        attempts.stream()
            .anyMatch(p -> p.at().isAfter(at.minusMillis(any.caps().get(Cap.SPACING))));
    if (close
        || day >= any.caps().get(Cap.PER_DAY)
        || week >= any.caps().get(Cap.PER_WEEK)
        || round >= any.caps().get(Cap.PER_ROUND)) {
      return "caps";
    }
    Optional<Past> last = attempts.stream().max(Comparator.comparing(Past::at));
    for (Past past : attempts) {
      ZonedDateTime then = past.at().atZone(any.zone());
      boolean counts =
          past.equals(last.orElseThrow()) || then.toLocalDate().equals(local.toLocalDate());
      if (any.different()
          && counts
          && past.disposition().map(d -> !d.contacted()).orElse(true)
          && any.slots().get(local.getDayOfWeek()).size() > 1
          && slot(any, then) >= 0
          && slot(any, then) == slot(any, local)) {
        return "slot";
      }
    }
    return null;
  }

  /** Runs of minutes of the day that are in every layer. */
  private static Map<DayOfWeek, List<Span>> slots(List<Layer> layers) {
    Map<DayOfWeek, List<Span>> slots = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      int[] open = new int[1440];
      for (Layer layer : layers) {
        for (Span span : layer.week().getOrDefault(day, List.of())) {
          for (int minute = span.from(); minute < span.to(); minute++) {
            open[minute]++;
          }
        }
      }
      slots.put(day, new ArrayList<>());
      int from = -1;
      for (int minute = 540; minute <= 1260; minute++) {
        boolean all = minute < 1260 && open[minute] == layers.size();
        if (from >= 0 && !all) {
          slots.get(day).add(new Span(from, minute));
        }
        from = !all ? -1 : from < 0 ? minute : from;
      }
    }
    return slots;
  }

  private static int slot(Case any, ZonedDateTime local) {
    List<Span> slots = any.slots().get(local.getDayOfWeek());
    for (int i = 0; i < slots.size(); i++) {
      if (in(List.of(slots.get(i)), local)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean in(List<Span> spans, ZonedDateTime local) {
    int minute = local.getHour() * 60 + local.getMinute();
    return spans.stream().anyMatch(span -> minute >= span.from() && minute < span.to());
  }

  // --- what is generated

  private static Case random(long seed) {
    Random random = new Random(seed);
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    LocalDate day = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(330));
    if (random.nextInt(3) == 0 && !zone.getRules().isFixedOffset()) {
      // around a change of the clocks, where there is one
      var change = zone.getRules().nextTransition(day.atStartOfDay(zone).toInstant());
      day =
          change == null
              ? day
              : change.getInstant().atZone(zone).toLocalDate().minusDays(random.nextInt(3));
    }
    Instant from =
        LocalDateTime.of(day, java.time.LocalTime.MIN)
            .plusSeconds(random.nextInt(86_400))
            .atZone(zone)
            .toInstant();
    List<Layer> layers = new ArrayList<>();
    layers.add(layer(random, day, true));
    layers.add(layer(random, day, random.nextInt(3) > 0));
    layers.add(layer(random, day, random.nextInt(3) > 0));
    Map<Cap, Long> caps = new EnumMap<>(Cap.class);
    caps.put(Cap.PER_DAY, 1L + random.nextInt(3));
    caps.put(Cap.PER_WEEK, 1L + random.nextInt(6));
    caps.put(Cap.PER_ROUND, 3L + random.nextInt(6));
    caps.put(Cap.SPACING, 60_000L * random.nextInt(300));
    caps.put(Cap.PER_NUMBER_MINUTE, 1L + random.nextInt(2));
    caps.put(Cap.PER_NUMBER_HOUR, 1L + random.nextInt(5));
    boolean everyDay = random.nextBoolean();
    boolean different = random.nextInt(4) > 0;
    List<SiteRules.Window> windows = new ArrayList<>();
    List<SiteRules.Closed> closed = new ArrayList<>();
    RuleSource[] owners = {RuleSource.CAMPAIGN, RuleSource.CUSTOMER, RuleSource.SITE};
    for (int i = 0; i < owners.length; i++) {
      windows.add(new SiteRules.Window(owners[i], new CallingWindow(zone, layers.get(i).week())));
      closed.add(
          new SiteRules.Closed(
              owners[i],
              layers.get(i).out().stream()
                  .<Blackout>map(date -> new Blackout.Dates(date, date))
                  .toList()));
    }
    Map<Cap, Cap.Limit> limits = new EnumMap<>(Cap.class);
    caps.forEach((cap, value) -> limits.put(cap, new Cap.Limit(value, RuleSource.HOUSE)));
    SiteRules site =
        new SiteRules(
            zone,
            windows,
            closed,
            new SiteRules.Office(OFFICE, everyDay, layers.getFirst().week().keySet()),
            limits,
            true,
            different,
            false);
    return new Case(
        site,
        zone,
        layers,
        slots(layers),
        everyDay,
        different,
        caps,
        history(random, from),
        from,
        random);
  }

  private static Layer layer(Random random, LocalDate day, boolean there) {
    Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    Set<LocalDate> out = new HashSet<>();
    for (DayOfWeek each : DayOfWeek.values()) {
      if (!there) {
        week.put(each, List.of(new Span(0, 1440)));
      } else if (random.nextInt(5) > 0) {
        week.put(each, spans(random));
      }
    }
    for (int i = random.nextInt(4); there && i > 0; i--) {
      LocalDate first = day.plusDays(random.nextInt(20));
      first.datesUntil(first.plusDays(1 + random.nextInt(4))).forEach(out::add);
    }
    return new Layer(week, out);
  }

  private static List<Span> spans(Random random) {
    List<Span> spans = new ArrayList<>();
    int at = 30 * random.nextInt(30);
    for (int i = 1 + random.nextInt(3); i > 0 && at < 1400; i--) {
      int to = Math.min(1440, at + 10 + random.nextInt(500));
      spans.add(new Span(at, to));
      // never touching: what the oracle sees as one run is one slot
      at = to + 1 + random.nextInt(240);
    }
    return spans;
  }

  private static History history(Random random, Instant from) {
    List<Past> site = pasts(random, from, random.nextInt(5));
    List<Past> person = new ArrayList<>(site);
    person.addAll(pasts(random, from, random.nextInt(3)));
    List<Instant> number = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      number.add(from.minusSeconds(random.nextInt(7200)));
    }
    return new History(site, person, number);
  }

  private static List<Past> pasts(Random random, Instant from, int count) {
    List<Past> pasts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pasts.add(
          new Past(
              from.minusSeconds(random.nextInt(random.nextBoolean() ? 86_400 : 864_000)),
              "+861",
              random.nextInt(6) == 0 ? Optional.empty() : Optional.of(anyDisposition(random)),
              random.nextBoolean()));
    }
    return pasts;
  }

  private static Disposition anyDisposition(Random random) {
    return Disposition.values()[random.nextInt(Disposition.values().length)];
  }

  private static Case with(Case any, History history) {
    return new Case(
        any.site(),
        any.zone(),
        any.layers(),
        any.slots(),
        any.everyDay(),
        any.different(),
        any.caps(),
        history,
        any.from(),
        any.random());
  }
}
