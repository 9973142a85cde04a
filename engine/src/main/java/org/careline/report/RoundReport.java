package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.careline.callback.RoundFacts;
import org.careline.report.RoundEffort.Calls;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The figures of a round, each with its denominator. The names of the components are the keys of
 * the JSON. Sum of the bins = sites loaded.
 *
 * @param responseRate completed / sites loaded (AAPOR RR1 of all loaded); null with nothing loaded,
 *     and in a region with fewer than {@value #SMALL} answers
 * @param faults sites that had a fault in the period, of the sites that answered the question
 * @param unresolved sites whose fault was not solved, of the same sites
 * @param satisfied sites that gave 4 or 5, of the sites that answered that question
 * @param effort what it took to reach the sites, and whom the answers do not speak for
 * @param period what the fault question was asked for
 * @param responseRateInScope completed / sites loaded less closed, moved and not yet opened
 * @param unresolvedOfFaults sites whose fault was not solved, of the sites with a fault
 * @param solvedOnPhone sites whose fault went away in the call, of the sites with a fault
 * @param sources of the sites with a fault: by whom it is known
 * @param figures all of them with names and formulas
 * @param countedAt null = now
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RoundReport(
    int sitesLoaded,
    Map<String, Integer> bins,
    Double responseRate,
    Share faults,
    Share unresolved,
    Share satisfied,
    List<Region> regions,
    RoundEffort effort,
    Period period,
    Share responseRateInScope,
    Share unresolvedOfFaults,
    Share solvedOnPhone,
    Sources sources,
    Devices devices,
    Content content,
    List<Agent> agents,
    List<RoundFigure> figures,
    Instant countedAt) {
  /** Below this many answers a percentage says nothing. */
  public static final int SMALL = 10;

  private static final double DAYS_OF_A_MONTH = 365.25 / 12;

  /** A numerator and its denominator. */
  public record Share(int n, int of) {}

  /**
   * Days the fault question was asked for.
   *
   * @param to the last one
   * @param faultsPer100SiteMonths sites with a fault / (sites that answered x months) x 100: what
   *     rounds of different length are compared by; null below {@value #SMALL} answers
   */
  public record Period(LocalDate from, LocalDate to, int days, Double faultsPer100SiteMonths) {
    static Period of(LocalDate from, LocalDate to, Share faults) {
      int days = (int) ChronoUnit.DAYS.between(from, to) + 1;
      Double per =
          faults.of() < SMALL || days <= 0
              ? null
              : Math.round(faults.n() * 1_000_000.0 / (faults.of() * (days / DAYS_OF_A_MONTH)))
                  / 10_000.0;
      return new Period(from, to, days, per);
    }
  }

  /** Sites with a fault: told in the round, known from the hotline, both; each in one of them. */
  public record Sources(int told, int hotline, int both) {}

  /**
   * The same by device.
   *
   * @param listed devices of the sites
   * @param faults with a fault, of those asked about
   */
  public record Devices(
      int listed, Share faults, Share unresolved, Share unresolvedOfFaults, Share solvedOnPhone) {}

  /**
   * Who is content.
   *
   * @param leading answers of store managers and engineers alone
   * @param byRole by role of whoever answered; {@code unknown} where nobody asked for it
   * @param refused completed sites without an answer to the question
   */
  public record Content(Share satisfied, Share leading, Map<String, Share> byRole, int refused) {}

  /** The same figures for one region of the customer; the code is empty for sites without one. */
  public record Region(
      String code,
      int sitesLoaded,
      Map<String, Integer> bins,
      Double responseRate,
      Share faults,
      Share unresolved,
      Share satisfied,
      Share unresolvedOfFaults,
      Share solvedOnPhone,
      Sources sources,
      Devices devices,
      Content content,
      RoundEffort effort) {}

  /**
   * What an agent has done in the round; the number is empty where no agent took part.
   *
   * @param attempts calls placed with him
   * @param contacted sites where he spoke to a person, of those he called or who rang him
   * @param completed sites completed whose answers he heard, of the same
   * @param faults of the sites whose answers he heard
   */
  public record Agent(
      String number,
      int attempts,
      Share connected,
      Share contacted,
      Share completed,
      Share faults,
      Share unresolved,
      Share satisfied) {}

  /** Reads one round as it stands at one moment. */
  public static RoundReport of(Jdbi jdbi, long roundId) {
    return jdbi.inTransaction(
        TransactionIsolationLevel.REPEATABLE_READ, handle -> of(handle, roundId));
  }

  /** Reads one round; a consistent picture needs a transaction of the caller. */
  public static RoundReport of(Handle handle, long roundId) {
    RoundTally all = new RoundTally();
    Map<String, RoundTally> byRegion = new TreeMap<>();
    Map<String, RoundTally> byAgent = new TreeMap<>();
    RoundFacts.each(
        handle,
        roundId,
        site -> {
          all.add(site);
          byRegion.computeIfAbsent(site.region(), r -> new RoundTally()).add(site);
          site.agent()
              .ifPresent(agent -> byAgent.computeIfAbsent(agent, a -> new RoundTally()).add(site));
        });
    Map<String, Calls> calls = RoundEffort.calls(handle, roundId, RoundEffort.By.REGION);
    Map<String, Calls> ofAgents = RoundEffort.calls(handle, roundId, RoundEffort.By.AGENT);
    List<Region> regions = new ArrayList<>();
    byRegion.forEach(
        (code, its) -> regions.add(region(code, its, calls.getOrDefault(code, Calls.NONE))));
    RoundEffort effort =
        RoundEffort.of(
            all,
            RoundEffort.calls(handle, roundId, RoundEffort.By.ROUND).getOrDefault("", Calls.NONE),
            RoundEffort.notReached(handle, roundId));
    Period period =
        handle
            .createQuery("SELECT period_from, period_to FROM round WHERE id = :round")
            .bind("round", roundId)
            .map(
                (rs, c) ->
                    Period.of(
                        rs.getObject(1, LocalDate.class),
                        rs.getObject(2, LocalDate.class),
                        all.faults()))
            .one();
    return new RoundReport(
        all.loaded(),
        all.bins(),
        rate(all.response()),
        all.faults(),
        all.unresolved(),
        all.satisfied(),
        regions,
        effort,
        period,
        all.responseInScope(),
        all.unresolvedOfFaults(),
        all.onPhone(),
        all.sources(),
        all.devices(),
        all.content(),
        agents(byAgent, ofAgents),
        figures(all, effort, period),
        null);
  }

  RoundReport countedAt(Instant at) {
    return new RoundReport(
        sitesLoaded,
        bins,
        responseRate,
        faults,
        unresolved,
        satisfied,
        regions,
        effort,
        period,
        responseRateInScope,
        unresolvedOfFaults,
        solvedOnPhone,
        sources,
        devices,
        content,
        agents,
        figures,
        at);
  }

  private static Double rate(Share share) {
    return share.of() == 0 ? null : Math.round(share.n() * 10000.0 / share.of()) / 10000.0;
  }

  private static Region region(String code, RoundTally its, Calls calls) {
    return new Region(
        code,
        its.loaded(),
        its.bins(),
        its.faults().of() < SMALL ? null : rate(its.response()),
        its.faults(),
        its.unresolved(),
        its.satisfied(),
        its.unresolvedOfFaults(),
        its.onPhone(),
        its.sources(),
        its.devices(),
        its.content(),
        RoundEffort.of(its, calls, List.of()));
  }

  private static List<Agent> agents(Map<String, RoundTally> heard, Map<String, Calls> called) {
    java.util.TreeSet<String> numbers = new java.util.TreeSet<>(heard.keySet());
    numbers.addAll(called.keySet());
    return numbers.stream()
        .map(
            number -> {
              RoundTally its = heard.getOrDefault(number, new RoundTally());
              Calls calls = called.getOrDefault(number, Calls.NONE);
              return new Agent(
                  number,
                  calls.attempts(),
                  new Share(calls.connected(), calls.attempts()),
                  new Share(calls.contacted(), calls.tried()),
                  new Share(its.completed(), calls.tried()),
                  its.faults(),
                  its.unresolved(),
                  its.satisfied());
            })
        .toList();
  }

  private static List<RoundFigure> figures(RoundTally all, RoundEffort effort, Period period) {
    Devices devices = all.devices();
    return List.of(
        RoundFigure.share("response_rate", all.response()),
        RoundFigure.share("response_rate_in_scope", all.responseInScope()),
        RoundFigure.share("cooperation", effort.cooperation()),
        RoundFigure.share("refusal", effort.refusal()),
        RoundFigure.share("contact", effort.contact()),
        RoundFigure.share("faults", all.faults()),
        RoundFigure.ratio(
            "faults_per_100_site_months",
            all.faults().n(),
            all.faults().of(),
            period.faultsPer100SiteMonths()),
        RoundFigure.share("unresolved_of_faults", all.unresolvedOfFaults()),
        RoundFigure.share("unresolved", all.unresolved()),
        RoundFigure.share("solved_on_phone", all.onPhone()),
        RoundFigure.share("device_faults", devices.faults()),
        RoundFigure.share("device_unresolved_of_faults", devices.unresolvedOfFaults()),
        RoundFigure.share("device_unresolved", devices.unresolved()),
        RoundFigure.share("device_solved_on_phone", devices.solvedOnPhone()),
        RoundFigure.share("satisfied", all.satisfied()),
        RoundFigure.share("satisfied_leading", all.content().leading()),
        RoundFigure.share("connect_rate", effort.connected()),
        RoundFigure.share("contact_rate", effort.contacted()),
        RoundFigure.share("penetration", effort.tried()),
        RoundFigure.ratio(
            "attempts_per_completed",
            effort.attempts(),
            all.completed(),
            effort.attemptsPerCompleted()),
        RoundFigure.share("callbacks_kept", effort.callbacksKept()));
  }
}
