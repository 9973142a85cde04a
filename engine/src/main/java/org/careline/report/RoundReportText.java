package org.careline.report;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.careline.callback.Round;
import org.careline.report.RoundReport.Region;
import org.careline.report.RoundReport.Share;

/** The report as it is printed: every figure with its formula and its denominator. Pure. */
public final class RoundReportText {
  private RoundReportText() {}

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

  /** The words of one language; the names of the bins are never translated. */
  private record Words(
      String head,
      String loaded,
      String response,
      String eligible,
      String faults,
      String ofFaults,
      String ofAsked,
      String satisfied,
      String regions,
      String region,
      String few,
      String noRegion,
      String unanswered,
      String cooperation,
      String refusal,
      String contact,
      String attempts,
      String connected,
      String contacted,
      String tried,
      String notReached) {}

  private static final Words ENGLISH =
      new Words(
          "Campaign %s, round %d (%s). Fault asked for %s to %s.",
          "Sites: %s; sum of bins %d = sites loaded %d",
          "Response rate: %s (completed / sites loaded; AAPOR RR1)",
          "Response rate less closed and moved: %s (completed / (loaded - closed - moved))",
          "Had a fault: %s (sites with a fault / sites that answered the fault question)",
          "Unresolved: %d of %d sites with a fault%s",
          "Unresolved: %d of %d sites that answered the fault question%s",
          "Satisfied: %s (answers 4 and 5 / all answers to that question)",
          "Regions (fewer than %d answers: counts only):",
          "  %s: loaded %d, response %s, fault %s, unresolved %s, satisfied %s",
          "%d of %d",
          "(none)",
          "Completed without an answer to the satisfaction question: %d",
          "Cooperation: %s (completed / (completed + partial + refused + appointment or referral"
              + " pending); AAPOR COOP1)",
          "Refusals: %s (called and refused, this round or for good / sites loaded; AAPOR REF1)",
          "Contact: %s (completed + partial + refused + pending / sites loaded; AAPOR CON1)",
          "Attempts: %d calls placed; per completed site: %s (attempts / completed)",
          "Connect rate: %s (answered by anything / attempts)",
          "Contact rate: %s (sites where a person was spoken to, wrong numbers not counted / sites"
              + " loaded)",
          "Penetration: %s (sites called at least once / sites loaded)",
          "Sites not reached: %d of %d sites loaded (attempts used up)");
  private static final Words CHINESE =
      new Words(
          "回访计划 %s，第 %d 轮（%s）。故障询问期间：%s 至 %s。",
          "门店：%s；各类合计 %d = 载入 %d",
          "应答率：%s（已完成 / 载入门店；AAPOR RR1）",
          "应答率（除已关闭、已搬迁）：%s（已完成 /（载入 - 关闭 - 搬迁））",
          "有故障：%s（有故障门店 / 回答故障问题的门店）",
          "未解决：%d/%d 有故障门店%s",
          "未解决：%d/%d 回答故障问题的门店%s",
          "满意：%s（4 分和 5 分 / 该题全部回答）",
          "区域（少于 %d 份回答只列数目）：",
          "  %s：载入 %d，应答 %s，故障 %s，未解决 %s，满意 %s",
          "%d/%d",
          "（无）",
          "已完成但未回答满意度问题：%d",
          "合作率：%s（已完成 /（已完成 + 部分完成 + 拒访 + 待预约或待转介）；AAPOR COOP1）",
          "拒访率：%s（接到回访后本轮拒访或永久拒绝 / 载入门店；AAPOR REF1）",
          "联系率：%s（已完成 + 部分完成 + 拒访 + 待定 / 载入门店；AAPOR CON1）",
          "拨打次数：%d；每家完成门店平均：%s（拨打次数 / 已完成）",
          "接通率：%s（有任何应答的拨打 / 拨打次数）",
          "接触率：%s（与人通话的门店，错号不计 / 载入门店）",
          "覆盖率：%s（至少拨打一次的门店 / 载入门店）",
          "未联系上的门店：%d/%d 载入门店（拨打次数已用完）");

  public static String english(RoundReport report, Heading heading) {
    return text(report, heading, ENGLISH);
  }

  public static String chinese(RoundReport report, Heading heading) {
    return text(report, heading, CHINESE);
  }

  private static String text(RoundReport report, Heading heading, Words words) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        words.head(),
        heading.campaign(),
        heading.round(),
        heading.status(),
        heading.from(),
        heading.to());
    int sum = report.bins().values().stream().mapToInt(n -> n).sum();
    line(
        text,
        words.loaded(),
        report.bins().entrySet().stream()
            .map(bin -> bin.getKey() + " " + bin.getValue())
            .collect(Collectors.joining(", ")),
        sum,
        report.sitesLoaded());
    int completed = report.bins().getOrDefault("completed", 0);
    int eligible =
        report.sitesLoaded()
            - report.bins().getOrDefault("closed", 0)
            - report.bins().getOrDefault("moved", 0);
    line(text, words.response(), share(new Share(completed, report.sitesLoaded()), words));
    line(text, words.eligible(), share(new Share(completed, eligible), words));
    line(text, words.faults(), share(report.faults(), words));
    Share unresolved = report.unresolved();
    int faults = report.faults().n();
    line(text, words.ofFaults(), unresolved.n(), faults, percent(unresolved.n(), faults));
    line(
        text,
        words.ofAsked(),
        unresolved.n(),
        unresolved.of(),
        percent(unresolved.n(), unresolved.of()));
    line(text, words.satisfied(), share(report.satisfied(), words));
    effort(text, report.effort(), words);
    line(text, words.regions(), RoundReport.SMALL);
    for (Region region : report.regions()) {
      line(
          text,
          words.region(),
          region.code().isEmpty() ? words.noRegion() : region.code(),
          region.sitesLoaded(),
          region(region, new Share(completed(region.bins()), region.sitesLoaded()), words),
          region(region, region.faults(), words),
          region(region, region.unresolved(), words),
          region(region, region.satisfied(), words));
    }
    return text.toString();
  }

  private static void effort(StringBuilder text, RoundEffort effort, Words words) {
    line(text, words.unanswered(), effort.satisfactionUnanswered());
    line(text, words.cooperation(), share(effort.cooperation(), words));
    line(text, words.refusal(), share(effort.refusal(), words));
    line(text, words.contact(), share(effort.contact(), words));
    line(
        text,
        words.attempts(),
        effort.attempts(),
        effort.attemptsPerCompleted() == null
            ? "-"
            : String.format(Locale.ROOT, "%.2f", effort.attemptsPerCompleted()));
    line(text, words.connected(), share(effort.connected(), words));
    line(text, words.contacted(), share(effort.contacted(), words));
    line(text, words.tried(), share(effort.tried(), words));
    line(text, words.notReached(), effort.notReached().size(), effort.contact().of());
    effort.notReached().forEach(site -> line(text, "  %s  %s", site.code(), site.name()));
  }

  private static int completed(Map<String, Integer> bins) {
    return bins.getOrDefault("completed", 0);
  }

  private static String region(Region region, Share share, Words words) {
    return region.faults().of() < RoundReport.SMALL
        ? String.format(Locale.ROOT, words.few(), share.n(), share.of())
        : share(share, words);
  }

  private static String share(Share share, Words words) {
    return String.format(Locale.ROOT, words.few(), share.n(), share.of())
        + percent(share.n(), share.of());
  }

  /** Nothing where there is nothing to divide by, or too little. */
  private static String percent(int n, int of) {
    return of < RoundReport.SMALL ? "" : String.format(Locale.ROOT, ", %.1f %%", 100.0 * n / of);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
