package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.careline.agent.Roster;
import org.careline.callback.CadenceStore;
import org.careline.callback.Preview;

/** Cadences, roster and the months to come as the interface shows them. */
public final class PlanningViews {
  private PlanningViews() {}

  /**
   * The cadence of one owner.
   *
   * @param owner tier, customer or site
   * @param version 0 = nobody has said anything yet
   * @param refusedBy who else wanted to save over this version; null = nobody
   */
  public record CadenceView(
      String owner,
      String tierCode,
      String customerCode,
      String siteCode,
      JsonNode cadence,
      int version,
      String savedBy,
      Instant savedAt,
      String refusedBy,
      Instant refusedAt) {
    static CadenceView of(CadenceStore.Stored stored) {
      return new CadenceView(
          stored.kind(),
          stored.tier().orElse(null),
          stored.customer().orElse(null),
          stored.site().orElse(null),
          stored.document(),
          stored.version(),
          stored.savedBy().orElse(null),
          stored.savedAt().orElse(null),
          stored.refused().map(CadenceStore.Refused::by).orElse(null),
          stored.refused().map(CadenceStore.Refused::at).orElse(null));
    }
  }

  /**
   * One shift.
   *
   * @param from HH:MM of the office's clock
   */
  public record ShiftView(long id, String agent, LocalDate date, String from, String to) {
    static ShiftView of(Roster.Shift shift) {
      return new ShiftView(
          shift.id(),
          shift.agent(),
          shift.day(),
          Roster.time(shift.from()),
          Roster.time(shift.to()));
    }
  }

  /**
   * One week. Figures are rounded to one place.
   *
   * @param roster false = the roster does not reach so far: assumed
   * @param missing agent hours; 0 = the agents suffice
   */
  public record WeekView(
      LocalDate monday,
      int workingDays,
      double sites,
      double calls,
      double neededHours,
      double presentHours,
      boolean roster,
      double hotlineHours,
      double missingHours,
      boolean suffices) {}

  /**
   * A round to come.
   *
   * @param origin calendar or due
   */
  public record PlannedRoundView(
      String campaign, String origin, LocalDate day, LocalDate until, double sites) {}

  /**
   * What was measured, or is assumed.
   *
   * @param attemptsMeasuredOn completed sites; 0 = assumed
   * @param handlingMeasuredOn calls; 0 = assumed
   */
  public record MeasuredView(
      double attemptsPerCompleted,
      int attemptsMeasuredOn,
      double handlingSeconds,
      int handlingMeasuredOn,
      double hotlineHoursPerWeek) {}

  /**
   * The coming 12 months.
   *
   * @param formula how the figures are made, in the reader's language
   */
  public record PreviewView(
      MeasuredView measured, List<WeekView> weeks, List<PlannedRoundView> rounds, String formula) {
    public static PreviewView of(Preview.Months months, String formula) {
      Preview.Measured measured = months.measured();
      return new PreviewView(
          new MeasuredView(
              Math.round(measured.attemptsPerCompleted() * 100) / 100.0,
              measured.completed(),
              tenth(measured.handling().toMillis() / 1000.0),
              measured.calls(),
              tenth(measured.hotlinePerWeek())),
          months.weeks().stream()
              .map(
                  week ->
                      new WeekView(
                          week.monday(),
                          week.workingDays(),
                          tenth(week.sites()),
                          tenth(week.calls()),
                          tenth(week.needed()),
                          tenth(week.present()),
                          week.roster(),
                          tenth(week.hotline()),
                          tenth(week.missing()),
                          week.suffices()))
              .toList(),
          months.rounds().stream()
              .map(
                  round ->
                      new PlannedRoundView(
                          round.campaign(),
                          round.origin().id(),
                          round.day(),
                          round.until(),
                          tenth(round.sites())))
              .toList(),
          formula);
    }

    private static double tenth(double value) {
      return Math.round(value * 10) / 10.0;
    }
  }
}
