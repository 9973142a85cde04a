package org.careline.report;

import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.careline.report.RoundReport.Share;

/**
 * Round against round as it is printed. The names of states and bins are never translated. Pure.
 */
public final class TransitionsText {
  private final StringBuilder text = new StringBuilder();
  private final ResourceBundle words;

  private TransitionsText(Locale language) {
    this.words = RoundFigure.bundle(language);
  }

  /**
   * @param language Chinese, or English where it is another
   */
  public static String of(Transitions transitions, Locale language) {
    boolean chinese = language.getLanguage().equals("zh");
    return new TransitionsText(chinese ? Locale.CHINESE : Locale.ENGLISH).write(transitions);
  }

  private String write(Transitions transitions) {
    if (transitions.region() != null) {
      line("t.region", transitions.region().isEmpty() ? "-" : transitions.region());
    }
    side("t.from", transitions.from());
    side("t.to", transitions.to());
    if (!transitions.sameLength()) {
      line("t.length");
    }
    if (!transitions.broken().isEmpty()) {
      line("t.broken", String.join(", ", transitions.broken()));
    }
    table("t.sites", transitions.sites());
    groups(transitions.groups());
    table("t.content", transitions.content());
    table("t.devices", transitions.devices());
    groups(transitions.deviceGroups());
    return text.toString();
  }

  private void side(String key, Transitions.Side side) {
    line(
        key,
        side.campaign(),
        side.round(),
        side.status(),
        side.period().from(),
        side.period().to(),
        side.period().days());
    Double per = side.period().faultsPer100SiteMonths();
    line(
        "t.figures",
        share(side.responseRate()),
        share(side.faults()),
        per == null ? "-" : String.format(Locale.ROOT, "%.2f", per),
        share(side.unresolvedOfFaults()),
        share(side.unresolved()),
        share(side.satisfied()),
        share(side.deviceFaults()));
    line(
        "t.unheard",
        side.unheard().values().stream().mapToInt(n -> n).sum(),
        side.loaded(),
        named(side.unheard()));
  }

  private static String named(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private void table(String key, Transitions.Table table) {
    line(key, table.sum(), table.earlier(), table.later(), table.both());
    text.append("from\\to");
    table.states().forEach(state -> text.append('\t').append(state));
    text.append('\n');
    for (int from = 0; from < table.states().size(); from++) {
      text.append(table.states().get(from));
      table.cells().get(from).forEach(n -> text.append('\t').append(n));
      text.append('\n');
    }
  }

  private void groups(Map<String, Integer> groups) {
    line("t.groups", groups.values().stream().mapToInt(n -> n).sum(), named(groups));
  }

  private String share(Share share) {
    String percent =
        share.of() < RoundReport.SMALL
            ? ""
            : String.format(Locale.ROOT, ", %.1f %%", 100.0 * share.n() / share.of());
    return String.format(Locale.ROOT, words.getString("count"), share.n(), share.of(), percent);
  }

  private void line(String key, Object... values) {
    text.append(String.format(Locale.ROOT, words.getString(key), values)).append('\n');
  }
}
