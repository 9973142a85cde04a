package org.careline.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.careline.report.hotline.AgentFigures;
import org.careline.report.hotline.Amount;
import org.careline.report.hotline.Explained;
import org.careline.report.hotline.Grouping;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Identities;
import org.careline.report.hotline.MatterFigures;
import org.careline.report.hotline.Target;

/** Figures as the console and other programs get them. */
final class FigureViews {
  private FigureViews() {}

  /** The promise that "within T" means for a line and a tier. */
  record TargetView(String line, String tier, int percent, long withinSeconds) {
    static TargetView of(Map.Entry<String, Target> entry) {
      int slash = entry.getKey().indexOf('/');
      return new TargetView(
          entry.getKey().substring(0, slash),
          entry.getKey().substring(slash + 1),
          entry.getValue().percent(),
          entry.getValue().within().toSeconds());
    }
  }

  record IdentityView(
      String id,
      String textEn,
      String textZh,
      String formulaEn,
      String formulaZh,
      long total,
      Map<String, Long> bins,
      long difference,
      List<String> calls) {
    static IdentityView of(Identities.Identity identity) {
      Explained text = identity.explained();
      return new IdentityView(
          identity.id(),
          text.textEn(),
          text.textZh(),
          text.formulaEn(),
          text.formulaZh(),
          identity.total(),
          identity.bins(),
          identity.difference(),
          identity.calls());
    }
  }

  static ObjectNode of(HotlineFigures.Report report, Grouping grouping, ZoneId zone) {
    ObjectNode answer = head(report.from(), report.to(), report.at(), zone, grouping.interval());
    answer.put("shortAbandonSeconds", report.shortAbandon().toMillis() / 1000.0);
    answer.put("fcrWorkingDays", report.fcrWorkingDays());
    answer.set(
        "by",
        Json.MAPPER.valueToTree(
            grouping.dimensions().stream().map(Grouping.Dimension::key).toList()));
    answer.set(
        "targets",
        Json.MAPPER.valueToTree(report.targets().entrySet().stream().map(TargetView::of).toList()));
    answer.set("figures", Json.MAPPER.valueToTree(report.figures()));
    ArrayNode rows = answer.putArray("rows");
    for (HotlineFigures.Row row : report.rows()) {
      ObjectNode line = rows.addObject();
      put(line, row.from());
      for (int i = 0; i < row.key().size(); i++) {
        line.put(grouping.dimensions().get(i).key(), row.key().get(i));
      }
      values(line, row.values());
    }
    answer.set("total", Json.MAPPER.valueToTree(report.total()));
    answer.set(
        "identities",
        Json.MAPPER.valueToTree(report.identities().stream().map(IdentityView::of).toList()));
    return answer;
  }

  static ObjectNode of(MatterFigures.Report report, ZoneId zone) {
    ObjectNode answer = head(report.from(), report.to(), report.at(), zone, null);
    answer.remove("interval");
    answer.put("fcrWorkingDays", report.fcrWorkingDays());
    answer.set(
        "by", Json.MAPPER.valueToTree(report.by().stream().map(MatterFigures.By::key).toList()));
    answer.set("figures", Json.MAPPER.valueToTree(report.figures()));
    ArrayNode rows = answer.putArray("rows");
    for (MatterFigures.Row row : report.rows()) {
      ObjectNode line = rows.addObject();
      for (int i = 0; i < row.key().size(); i++) {
        line.put(report.by().get(i).key(), row.key().get(i));
      }
      values(line, row.values());
    }
    answer.set("total", Json.MAPPER.valueToTree(report.total()));
    return answer;
  }

  static ObjectNode of(AgentFigures.Report report, Grouping.Interval interval, ZoneId zone) {
    ObjectNode answer = head(report.from(), report.to(), report.at(), zone, interval);
    answer.set("figures", Json.MAPPER.valueToTree(report.figures()));
    ArrayNode rows = answer.putArray("rows");
    for (AgentFigures.Row row : report.rows()) {
      ObjectNode line = rows.addObject();
      put(line, row.from());
      line.put("agent", row.agent());
      line.put("name", row.name());
      values(line, row.values());
      line.set("notReadySeconds", Json.MAPPER.valueToTree(row.notReadySeconds()));
    }
    answer.set("total", Json.MAPPER.valueToTree(report.total()));
    answer.set("neverToSurvey", Json.MAPPER.valueToTree(report.neverToSurvey()));
    return answer;
  }

  private static ObjectNode head(
      Instant from, Instant to, Instant at, ZoneId zone, Grouping.Interval interval) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("from", from.toString());
    answer.put("to", to.toString());
    answer.put("at", at.toString());
    answer.put("zone", zone.getId());
    answer.put("interval", interval == null ? null : interval.key());
    return answer;
  }

  private static void put(ObjectNode line, Instant from) {
    if (from != null) {
      line.put("from", from.toString());
    }
  }

  private static void values(ObjectNode line, Map<String, Amount> values) {
    line.set("values", Json.MAPPER.valueToTree(values));
  }
}
