package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careline.callback.Content;
import org.careline.callback.FaultState;
import org.careline.callback.RoundResults.Cell;
import org.careline.callback.RoundResults.What;
import org.careline.report.RoundReport.Share;

/**
 * Round against round: where each site and each device stood in the one and in the other. The names
 * of the components are keys of the JSON. Pure.
 *
 * @param region code of the region whose sites are compared, as they belong to it now; empty text =
 *     sites without one; null = all
 * @param sameLength false: figures are compared per 100 site-months
 * @param broken meanings whose questions were asked in other words, or one by one instead of of the
 *     site: what leans on them shows a break and no change
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Transitions(
    String region,
    Side from,
    Side to,
    boolean sameLength,
    List<String> broken,
    Table sites,
    Map<String, Integer> groups,
    Table content,
    Table devices,
    Map<String, Integer> deviceGroups) {

  /** A round, by the code of its campaign. */
  public record Named(
      String campaign, int round, String status, LocalDate periodFrom, LocalDate periodTo) {
    int days() {
      return (int) ChronoUnit.DAYS.between(periodFrom, periodTo) + 1;
    }
  }

  /**
   * One of the two, by the same formulas as its report.
   *
   * @param loaded sites on its list
   * @param responseRate completed / loaded, RR1: stands beside every rate
   * @param unheard sites that were not heard, by bin
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Side(
      String campaign,
      int round,
      String status,
      RoundReport.Period period,
      int loaded,
      Map<String, Integer> bins,
      Share responseRate,
      Share faults,
      Share unresolved,
      Share unresolvedOfFaults,
      Share satisfied,
      Share deviceFaults,
      Map<String, Integer> unheard) {}

  /**
   * Rows are where they stood in the earlier round, columns in the later one.
   *
   * @param sum of all cells = those on one of the lists or both
   * @param earlier on the earlier list
   * @param later on the later list
   * @param both on both: sum = earlier + later - both
   */
  public record Table(
      List<String> states, List<List<Integer>> cells, int sum, int earlier, int later, int both) {
    static Table of(List<String> states, List<Cell> cells) {
      int size = states.size();
      int[][] n = new int[size][size];
      cells.forEach(cell -> n[cell.from()][cell.to()] += cell.n());
      int sum = 0;
      int earlier = 0;
      int later = 0;
      int both = 0;
      for (int from = 0; from < size; from++) {
        for (int to = 0; to < size; to++) {
          boolean before = from < size - 1;
          boolean now = to < size - 1;
          sum += n[from][to];
          earlier += before ? n[from][to] : 0;
          later += now ? n[from][to] : 0;
          both += before && now ? n[from][to] : 0;
        }
      }
      return new Table(
          states,
          Arrays.stream(n).map(row -> Arrays.stream(row).boxed().toList()).toList(),
          sum,
          earlier,
          later,
          both);
    }

    /** Those in this state in one of the rounds. */
    int in(boolean laterOne, int state) {
      int n = 0;
      for (int other = 0; other < states.size(); other++) {
        n += laterOne ? cells.get(other).get(state) : cells.get(state).get(other);
      }
      return n;
    }
  }

  private static final List<String> STATES =
      Arrays.stream(FaultState.values()).map(FaultState::id).toList();
  private static final List<String> CONTENTS =
      Arrays.stream(Content.values()).map(Content::id).toList();

  /**
   * @param cells of each table
   * @param bins of the sites of each round
   */
  static Transitions of(
      String region,
      Named from,
      Named to,
      Map<What, List<Cell>> cells,
      List<Map<String, Integer>> bins,
      List<Map<String, Integer>> unheard,
      List<String> broken) {
    Table sites = Table.of(STATES, cells.getOrDefault(What.SITE, List.of()));
    Table content = Table.of(CONTENTS, cells.getOrDefault(What.CONTENT, List.of()));
    Table devices = Table.of(STATES, cells.getOrDefault(What.DEVICE, List.of()));
    return new Transitions(
        region,
        side(from, false, sites, content, devices, bins.get(0), unheard.get(0)),
        side(to, true, sites, content, devices, bins.get(1), unheard.get(1)),
        from.days() == to.days(),
        broken,
        sites,
        groups(sites),
        content,
        devices,
        groups(devices));
  }

  private static Side side(
      Named round,
      boolean later,
      Table sites,
      Table content,
      Table devices,
      Map<String, Integer> bins,
      Map<String, Integer> unheard) {
    int loaded = later ? sites.later() : sites.earlier();
    Share faults = faults(sites, later);
    int unresolved = sites.in(later, FaultState.UNRESOLVED.ordinal());
    int content5or4 = content.in(later, Content.CONTENT.ordinal());
    return new Side(
        round.campaign(),
        round.round(),
        round.status(),
        RoundReport.Period.of(round.periodFrom(), round.periodTo(), faults),
        loaded,
        bins,
        new Share(bins.getOrDefault("completed", 0), loaded),
        faults,
        new Share(unresolved, faults.of()),
        new Share(unresolved, faults.n()),
        new Share(content5or4, content5or4 + content.in(later, Content.NOT_CONTENT.ordinal())),
        faults(devices, later),
        unheard);
  }

  private static Share faults(Table table, boolean later) {
    int faults = 0;
    int heard = 0;
    for (FaultState state : FaultState.values()) {
      int n = table.in(later, state.ordinal());
      switch (state) {
        case NONE, HIDDEN_DANGER -> heard += n;
        case RESOLVED, UNRESOLVED -> {
          faults += n;
          heard += n;
        }
        case NOT_HEARD, NOT_LISTED -> {}
      }
    }
    return new Share(faults, heard);
  }

  private static Map<String, Integer> groups(Table table) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    for (TransitionGroup group : TransitionGroup.values()) {
      groups.put(group.id(), 0);
    }
    for (FaultState from : FaultState.values()) {
      for (FaultState to : FaultState.values()) {
        if (from != FaultState.NOT_LISTED || to != FaultState.NOT_LISTED) {
          groups.merge(
              TransitionGroup.of(from, to).id(),
              table.cells().get(from.ordinal()).get(to.ordinal()),
              Integer::sum);
        }
      }
    }
    return groups;
  }
}
