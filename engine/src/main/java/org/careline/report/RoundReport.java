package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The figures of a round, each with its denominator. The names of the components are the keys of
 * the JSON. Sum of the bins = sites loaded.
 *
 * @param responseRate completed / sites loaded (AAPOR RR1 of all loaded); null with nothing loaded,
 *     and in a region with fewer than {@value #SMALL} answers
 * @param faults sites that had a fault in the period, of the sites that answered the question
 * @param unresolved sites whose fault was not solved, of the same sites
 * @param effort what it took to reach the sites, and whom the answers do not speak for
 * @param satisfied sites that gave 4 or 5, of the sites that answered that question
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
    RoundEffort effort) {
  /** Below this many answers a percentage says nothing. */
  public static final int SMALL = 10;

  /** A numerator and its denominator. */
  public record Share(int n, int of) {}

  /** The same figures for one region of the customer; the code is empty for sites without one. */
  public record Region(
      String code,
      int sitesLoaded,
      Map<String, Integer> bins,
      Double responseRate,
      Share faults,
      Share unresolved,
      Share satisfied) {}

  private record Line(String region, String bin, int sites) {}

  private record Answers(
      String region, int asked, int faults, int unresolved, int rated, int satisfied) {}

  /** Reads one round; a consistent picture needs a transaction of the caller. */
  public static RoundReport of(Handle handle, long roundId) {
    List<Line> lines =
        handle
            .createQuery(
                "SELECT COALESCE(g.code, '') AS region,"
                    + " COALESCE(rs.bin, IF(rs.status IN (0, 4), 'due', 'in_progress')) AS bin,"
                    + " COUNT(*) AS n FROM round_site rs JOIN site s ON s.id = rs.site_id"
                    + " LEFT JOIN region g ON g.id = s.region_id WHERE rs.round_id = :round"
                    + " GROUP BY region, 2")
            .bind("round", roundId)
            .map((rs, c) -> new Line(rs.getString(1), rs.getString(2), rs.getInt(3)))
            .list();
    List<Answers> answers =
        handle
            .createQuery(
                "SELECT region, COUNT(fault), SUM(fault = 'yes'),"
                    + " SUM(fault = 'yes' AND solved = 'no'), COUNT(rating), SUM(rating IN (4, 5))"
                    + " FROM (SELECT COALESCE(g.code, '') AS region, a.site_id,"
                    + "  MAX(IF(question_code = 'fault', value, NULL)) AS fault,"
                    + "  MAX(IF(question_code = 'fault_solved', value, NULL)) AS solved,"
                    + "  MAX(IF(question_code = 'satisfaction', value, NULL)) AS rating"
                    + "  FROM answer a JOIN site s ON s.id = a.site_id"
                    + "  LEFT JOIN region g ON g.id = s.region_id WHERE a.round_id = :round"
                    + "  GROUP BY region, a.site_id) x GROUP BY region")
            .bind("round", roundId)
            .map(
                (rs, c) ->
                    new Answers(
                        rs.getString(1),
                        rs.getInt(2),
                        rs.getInt(3),
                        rs.getInt(4),
                        rs.getInt(5),
                        rs.getInt(6)))
            .list();
    Map<String, List<Line>> byRegion = new TreeMap<>();
    lines.forEach(l -> byRegion.computeIfAbsent(l.region(), r -> new ArrayList<>()).add(l));
    List<Region> regions = new ArrayList<>();
    byRegion.forEach(
        (code, its) -> {
          RoundReport all =
              figures(its, answers.stream().filter(a -> a.region().equals(code)).toList());
          regions.add(
              new Region(
                  code,
                  all.sitesLoaded(),
                  all.bins(),
                  all.faults().of() < SMALL ? null : all.responseRate(),
                  all.faults(),
                  all.unresolved(),
                  all.satisfied()));
        });
    RoundReport all = figures(lines, answers);
    return new RoundReport(
        all.sitesLoaded(),
        all.bins(),
        all.responseRate(),
        all.faults(),
        all.unresolved(),
        all.satisfied(),
        regions,
        RoundEffort.of(handle, roundId, all.sitesLoaded(), all.bins()));
  }

  private static RoundReport figures(List<Line> lines, List<Answers> answers) {
    Map<String, Integer> bins = new LinkedHashMap<>();
    lines.stream()
        .sorted(java.util.Comparator.comparing(Line::bin))
        .forEach(line -> bins.merge(line.bin(), line.sites(), Integer::sum));
    int loaded = lines.stream().mapToInt(Line::sites).sum();
    int asked = answers.stream().mapToInt(Answers::asked).sum();
    return new RoundReport(
        loaded,
        bins,
        loaded == 0
            ? null
            : Math.round(bins.getOrDefault("completed", 0) * 10000.0 / loaded) / 10000.0,
        new Share(answers.stream().mapToInt(Answers::faults).sum(), asked),
        new Share(answers.stream().mapToInt(Answers::unresolved).sum(), asked),
        new Share(
            answers.stream().mapToInt(Answers::satisfied).sum(),
            answers.stream().mapToInt(Answers::rated).sum()),
        List.of(),
        null);
  }
}
