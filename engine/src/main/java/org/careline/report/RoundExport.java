package org.careline.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careline.customer.TableWriter;
import org.careline.report.RoundReport.Share;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A round as tables for spreadsheets, row by row. The columns are named as the JSON's keys. */
public final class RoundExport {
  private static final int STEP = 200;

  private RoundExport() {}

  /** What can be taken out. */
  public enum Kind {
    /** Of the whole, of each region and agent, each with numerator and denominator. */
    FIGURES,
    SITES,
    DEVICES,
    /** Each with its call and the second of the recording. */
    ANSWERS;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> of(String key) {
      return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }

    /** Whether telephone numbers may stand in it. */
    public boolean hasNumbers() {
      return this == SITES || this == ANSWERS;
    }
  }

  /**
   * How numbers are shown.
   *
   * @param number one by itself
   * @param text those inside a text
   */
  public record Numbers(UnaryOperator<String> number, UnaryOperator<String> text) {
    public static final Numbers WHOLE =
        new Numbers(UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** Writes it in steps: while the reader takes one, nothing is held. */
  public static void write(
      Jdbi jdbi,
      long round,
      Kind kind,
      RoundSites.Filter filter,
      RoundSites.Order order,
      Numbers numbers,
      TableWriter out)
      throws IOException {
    try {
      switch (kind) {
        case FIGURES -> figures(RoundReport.of(jdbi, round), out);
        case SITES -> sites(jdbi, round, filter, order, numbers, out);
        case DEVICES -> devices(jdbi, round, filter, order, out);
        case ANSWERS -> answers(jdbi, round, numbers, out);
      }
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  private static void row(TableWriter out, Object... cells) {
    try {
      out.row(Arrays.stream(cells).map(cell -> cell == null ? "" : String.valueOf(cell)).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sites(
      Jdbi jdbi,
      long round,
      RoundSites.Filter filter,
      RoundSites.Order order,
      Numbers numbers,
      TableWriter out) {
    row(
        out,
        "code",
        "name",
        "region",
        "province",
        "city",
        "contact",
        "role",
        "number",
        "extension",
        "bin",
        "attempts",
        "lastDisposition",
        "lastAt",
        "state",
        "source",
        "solvedOnPhone",
        "rating",
        "answeredBy",
        "agent");
    RoundSites.each(
        jdbi,
        round,
        filter,
        order,
        site -> {
          row(
              out,
              site.code(),
              site.name(),
              site.region(),
              site.province(),
              site.city(),
              site.contact(),
              site.role(),
              site.number() == null ? null : numbers.number().apply(site.number()),
              site.extension(),
              site.bin(),
              site.attempts(),
              site.lastDisposition(),
              site.lastAt(),
              site.state(),
              site.source(),
              site.solvedOnPhone() ? "yes" : "no",
              site.rating(),
              site.answeredBy(),
              site.agent());
          return true;
        });
  }

  private static void devices(
      Jdbi jdbi, long round, RoundSites.Filter filter, RoundSites.Order order, TableWriter out) {
    row(out, "code", "name", "region", "device", "state", "solvedOnPhone");
    RoundSites.each(
        jdbi,
        round,
        filter,
        order,
        site -> {
          for (RoundSites.DeviceRow device : site.devices()) {
            row(
                out,
                site.code(),
                site.name(),
                site.region(),
                device.device(),
                device.state(),
                device.solvedOnPhone() ? "yes" : "no");
          }
          return true;
        });
  }

  private static void answers(Jdbi jdbi, long round, Numbers numbers, TableWriter out) {
    row(
        out,
        "code",
        "name",
        "device",
        "question",
        "version",
        "value",
        "by",
        "at",
        "call",
        "second",
        "correctedBy",
        "correctedWhy");
    long after = 0;
    while (true) {
      long last = after;
      Step step = jdbi.inTransaction(handle -> answers(handle, round, numbers, last));
      step.rows().forEach(cells -> row(out, cells));
      if (step.last() == after) {
        return;
      }
      after = step.last();
    }
  }

  /**
   * @param last number of the last site; the same as before = there are no more
   */
  private record Step(List<Object[]> rows, long last) {}

  private static Step answers(Handle handle, long round, Numbers numbers, long after) {
    List<Long> sites =
        handle
            .createQuery(
                "SELECT site_id FROM round_site WHERE round_id = :round AND site_id > :after"
                    + " ORDER BY site_id LIMIT :step")
            .bind("round", round)
            .bind("after", after)
            .bind("step", STEP)
            .mapTo(Long.class)
            .list();
    if (sites.isEmpty()) {
      return new Step(List.of(), after);
    }
    List<Object[]> rows =
        handle
            .createQuery(
                "SELECT s.code, s.name, a.* FROM answer a JOIN site s ON s.id = a.site_id"
                    + " WHERE a.round_id = :round AND a.site_id BETWEEN :first AND :last"
                    + " ORDER BY a.site_id, a.device_id, a.id")
            .bind("round", round)
            .bind("first", sites.getFirst())
            .bind("last", sites.getLast())
            .map(
                (answer, context) ->
                    new Object[] {
                      answer.getString("code"),
                      answer.getString("name"),
                      answer.getString("device"),
                      answer.getString("question_code"),
                      answer.getInt("questionnaire_version"),
                      numbers.text().apply(answer.getString("value")),
                      answer.getString("answered_by"),
                      answer.getTimestamp("answered_at").toInstant(),
                      answer.getString("attempt_id"),
                      answer.getString("second_of_recording"),
                      answer.getString("corrected_by"),
                      answer.getString("corrected_why")
                    })
            .list();
    return new Step(rows, sites.getLast());
  }

  private static void figures(RoundReport report, TableWriter out) {
    row(out, "of", "code", "figure", "n", "denominator", "value", "formula");
    for (RoundFigure figure : report.figures()) {
      row(
          out,
          "round",
          "",
          figure.id(),
          figure.n(),
          figure.of(),
          figure.value(),
          figure.formulaEn());
    }
    report
        .bins()
        .forEach((bin, n) -> row(out, "bin", bin, "sites", n, report.sitesLoaded(), "", ""));
    for (RoundReport.Region region : report.regions()) {
      Share response = new Share(region.bins().getOrDefault("completed", 0), region.sitesLoaded());
      shares(
          out,
          "region",
          region.code(),
          Map.of(
              "response_rate", response,
              "faults", region.faults(),
              "unresolved", region.unresolved(),
              "unresolved_of_faults", region.unresolvedOfFaults(),
              "solved_on_phone", region.solvedOnPhone(),
              "satisfied", region.satisfied(),
              "device_faults", region.devices().faults(),
              "connect_rate", region.effort().connected(),
              "contact_rate", region.effort().contacted(),
              "penetration", region.effort().tried()));
    }
    for (RoundReport.Agent agent : report.agents()) {
      shares(
          out,
          "agent",
          agent.number(),
          Map.of(
              "connect_rate", agent.connected(),
              "contacted", agent.contacted(),
              "completed", agent.completed(),
              "faults", agent.faults(),
              "unresolved", agent.unresolved(),
              "satisfied", agent.satisfied()));
    }
  }

  private static void shares(TableWriter out, String of, String code, Map<String, Share> shares) {
    new java.util.TreeMap<>(shares)
        .forEach(
            (id, share) -> {
              Double value =
                  share.of() < RoundReport.SMALL ? null : (double) share.n() / share.of();
              row(out, of, code, id, share.n(), share.of(), value, "");
            });
  }

  /** Round against round, a line for each cell. */
  public static void write(Transitions transitions, TableWriter out) throws IOException {
    try {
      row(out, "what", "from", "to", "n");
      table(out, "site", transitions.sites());
      table(out, "content", transitions.content());
      table(out, "device", transitions.devices());
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  private static void table(TableWriter out, String what, Transitions.Table table) {
    int none = table.states().size() - 1;
    for (int from = 0; from <= none; from++) {
      for (int to = 0; to <= none; to++) {
        if (from != none || to != none) {
          row(
              out,
              what,
              table.states().get(from),
              table.states().get(to),
              table.cells().get(from).get(to));
        }
      }
    }
  }
}
