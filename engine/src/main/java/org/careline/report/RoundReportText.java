package org.careline.report;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.careline.callback.Round;
import org.careline.report.RoundReport.Agent;
import org.careline.report.RoundReport.Region;
import org.careline.report.RoundReport.Share;

/**
 * The report as it is printed: every figure with its formula and its denominator. The names of the
 * bins are never translated. Pure.
 */
public final class RoundReportText {
  private final StringBuilder text = new StringBuilder();
  private final ResourceBundle words;
  private final boolean chinese;

  private RoundReportText(boolean chinese) {
    this.words = RoundFigure.bundle(chinese ? Locale.CHINESE : Locale.ENGLISH);
    this.chinese = chinese;
  }

  /**
   * What stands above the figures.
   *
   * @param from first day of the period the fault question was asked for
   */
  public record Heading(String campaign, int round, String status, LocalDate from, LocalDate to) {
    public static Heading of(String campaign, Round round) {
      return new Heading(
          campaign, round.number(), round.status().id(), round.periodFrom(), round.periodTo());
    }
  }

  public static String english(RoundReport report, Heading heading) {
    return new RoundReportText(false).write(report, heading);
  }

  public static String chinese(RoundReport report, Heading heading) {
    return new RoundReportText(true).write(report, heading);
  }

  private String write(RoundReport report, Heading heading) {
    line(
        "head",
        heading.campaign(),
        heading.round(),
        heading.status(),
        heading.from(),
        heading.to(),
        report.period().days());
    int sum = report.bins().values().stream().mapToInt(n -> n).sum();
    String bins =
        report.bins().entrySet().stream()
            .map(bin -> bin.getKey() + " " + bin.getValue())
            .collect(Collectors.joining(", "));
    line("loaded", bins, sum, report.sitesLoaded());
    line("attempts", report.effort().attempts());
    report.figures().forEach(this::figure);
    RoundReport.Sources by = report.sources();
    line(
        "sources",
        by.told(),
        by.hotline(),
        by.both(),
        by.told() + by.hotline() + by.both(),
        report.faults().n());
    line("devices", report.devices().listed());
    for (Map.Entry<String, Share> role : report.content().byRole().entrySet()) {
      line("role", role.getKey(), share(role.getValue()));
    }
    line("unanswered", report.content().refused());
    RoundEffort effort = report.effort();
    line("notReached", effort.notReached().size(), report.sitesLoaded());
    effort
        .notReached()
        .forEach(
            site ->
                text.append("  ")
                    .append(site.code())
                    .append("  ")
                    .append(site.name())
                    .append('\n'));
    line("regions", RoundReport.SMALL);
    report.regions().forEach(this::region);
    if (!report.agents().isEmpty()) {
      line("agents");
      report.agents().forEach(this::agent);
    }
    return text.toString();
  }

  private void figure(RoundFigure figure) {
    String name = chinese ? figure.textZh() : figure.textEn();
    String formula = chinese ? figure.formulaZh() : figure.formulaEn();
    if (figure.unit().equals("share")) {
      line(
          "share",
          name,
          figure.n(),
          figure.of(),
          chinese ? figure.ofZh() : figure.ofEn(),
          percent(new Share(figure.n(), figure.of())),
          formula);
    } else {
      String value =
          figure.value() == null ? "-" : String.format(Locale.ROOT, "%.2f", figure.value());
      line("ratio", name, value, formula);
    }
  }

  private void region(Region region) {
    line(
        "region",
        named(region.code()),
        region.sitesLoaded(),
        inRegion(
            region, new Share(region.bins().getOrDefault("completed", 0), region.sitesLoaded())),
        inRegion(region, region.faults()),
        inRegion(region, region.unresolved()),
        inRegion(region, region.satisfied()),
        inRegion(region, region.devices().faults()));
  }

  private void agent(Agent agent) {
    line(
        "agent",
        named(agent.number()),
        agent.attempts(),
        share(agent.connected()),
        share(agent.contacted()),
        share(agent.completed()),
        share(agent.faults()),
        share(agent.unresolved()),
        share(agent.satisfied()));
  }

  private String named(String code) {
    return code.isEmpty() ? words.getString("none") : code;
  }

  /** Where few have answered no share of the region says anything. */
  private String inRegion(Region region, Share share) {
    return region.faults().of() < RoundReport.SMALL
        ? String.format(Locale.ROOT, words.getString("count"), share.n(), share.of(), "")
        : share(share);
  }

  private String share(Share share) {
    return String.format(
        Locale.ROOT, words.getString("count"), share.n(), share.of(), percent(share));
  }

  /** Nothing where there is nothing to divide by, or too little. */
  private static String percent(Share share) {
    return share.of() < RoundReport.SMALL
        ? ""
        : String.format(Locale.ROOT, ", %.1f %%", 100.0 * share.n() / share.of());
  }

  private void line(String key, Object... values) {
    text.append(String.format(Locale.ROOT, words.getString(key), values)).append('\n');
  }
}
