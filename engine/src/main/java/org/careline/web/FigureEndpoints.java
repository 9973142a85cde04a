package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.careline.agent.AgentNumber;
import org.careline.customer.Disclosures;
import org.careline.language.Sentence;
import org.careline.report.hotline.AgentFigure;
import org.careline.report.hotline.AgentFigures;
import org.careline.report.hotline.Contests;
import org.careline.report.hotline.FigureFile;
import org.careline.report.hotline.Grouping;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.MatterFigures;

/**
 * Figures of the hotline and of agents, the rows behind them and what agents object to. An agent
 * sees his own only.
 */
final class FigureEndpoints {
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final String FIGURES = "/api/v1/figures";
  private static final int LONGEST_DAYS = 366;
  private static final int ROW_ID = 96;
  private static final int TEXT = 2000;

  /** Characters of a file kept back, so that what fails early can still be refused. */
  private static final int UNSENT = 64 * 1024;

  private final Desks.FigureDesk figures;
  private final Supplier<Disclosures> disclosures;
  private final InstantSource clock;

  FigureEndpoints(
      Desks.FigureDesk figures, Supplier<Disclosures> disclosures, InstantSource clock) {
    this.figures = figures;
    this.disclosures = disclosures;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, FIGURES + "/hotline", LEAD, this::hotline),
        Route.of(HandlerType.GET, FIGURES + "/matters", LEAD, this::matters),
        Route.of(HandlerType.GET, FIGURES + "/live", LEAD, this::live),
        Route.of(HandlerType.GET, FIGURES + "/agents", DESK, this::agents),
        Route.of(HandlerType.GET, FIGURES + "/agents/{id}/rows", DESK, this::rows),
        Route.of(HandlerType.POST, FIGURES + "/agents/{id}/contest", DESK, this::contest),
        Route.of(HandlerType.GET, FIGURES + "/contests", DESK, this::contests),
        Route.of(HandlerType.POST, FIGURES + "/contests/{id}/decision", LEAD, this::decide),
        Route.of(HandlerType.GET, FIGURES + "/queue-log", LEAD, this::queueLog));
  }

  /** [from, to) of the request; today so far when it names none. */
  private record Span(Instant from, Instant to) {}

  private Span span(Context context) {
    Instant to = Input.instant(context, "to").orElseGet(clock::instant);
    Instant from = Input.instant(context, "from").orElseGet(figures::today);
    if (!from.isBefore(to)
        || Duration.between(from, to).compareTo(Duration.ofDays(LONGEST_DAYS)) > 0) {
      throw Refusal.invalid("from", Sentence.of("figures.span", LONGEST_DAYS));
    }
    return new Span(from, to);
  }

  private void hotline(Context context, Route.Caller who) throws Exception {
    Span span = span(context);
    Grouping grouping = new Grouping(dimensions(context), interval(context), figures.zone());
    Optional<Duration> within =
        context.queryParam("within") == null
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(Input.number(context, "within", 20, 1, 3600)));
    boolean csv = csv(context);
    HotlineFigures.Report report =
        fine(() -> figures.hotline(span.from(), span.to(), grouping, within));
    if (csv) {
      file(context, "hotline.csv", FigureFile.csv(report, grouping));
    } else {
      context.json(FigureViews.of(report, grouping, figures.zone()));
    }
  }

  private void matters(Context context, Route.Caller who) throws Exception {
    Span span = span(context);
    List<MatterFigures.By> by = matterDimensions(context);
    boolean csv = csv(context);
    MatterFigures.Report report = fine(() -> figures.matters(span.from(), span.to(), by));
    if (csv) {
      file(context, "matter-figures.csv", FigureFile.csv(report));
    } else {
      context.json(FigureViews.of(report, figures.zone()));
    }
  }

  private static List<MatterFigures.By> matterDimensions(Context context) {
    String text = Optional.ofNullable(context.queryParam("by")).orElse("");
    List<MatterFigures.By> by = new ArrayList<>();
    for (String word : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      MatterFigures.By next =
          MatterFigures.By.of(word)
              .filter(each -> !by.contains(each))
              .orElseThrow(() -> Refusal.invalid("by", Sentence.of("figures.by-matter")));
      by.add(next);
    }
    return by;
  }

  private void live(Context context, Route.Caller who) throws Exception {
    context.json(figures.live());
  }

  private void agents(Context context, Route.Caller who) throws Exception {
    Span span = span(context);
    Grouping.Interval interval = interval(context);
    Optional<AgentNumber> only =
        who.principal().seesAll()
            ? Optional.ofNullable(context.queryParam("agent")).map(FigureEndpoints::number)
            : Optional.of(who.principal().requireAgent());
    boolean csv = csv(context);
    var report = fine(() -> figures.agents(span.from(), span.to(), only, interval));
    if (csv) {
      file(
          context,
          "agents.csv",
          FigureFile.csv(report, new Grouping(Set.of(), interval, figures.zone())));
    } else {
      context.json(FigureViews.of(report, interval, figures.zone()));
    }
  }

  private void rows(Context context, Route.Caller who) throws Exception {
    AgentNumber agent = own(context, who);
    Span span = span(context);
    AgentFigure figure = figure(Optional.ofNullable(context.queryParam("figure")).orElse(""));
    AgentFigures.Newest newest = figures.rows(span.from(), span.to(), agent, figure);
    context.json(
        Map.of("figure", figure.explained(), "rows", newest.rows(), "more", newest.more()));
  }

  private void contest(Context context, Route.Caller who) throws Exception {
    AgentNumber agent = number(context.pathParam("id"));
    if (!who.principal().agent().equals(Optional.of(agent))) {
      throw Refusal.forbidden("not_your_figures", Sentence.of("figures.others"));
    }
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("figure", "row", "text"));
    AgentFigure figure = figure(Input.line(body, "figure", 64));
    String row = Input.line(body, "row", ROW_ID);
    String text = Input.longText(body, "text", TEXT).strip();
    if (text.isEmpty()) {
      throw Refusal.invalid("text", Sentence.of("web.text"));
    }
    context.status(201);
    context.json(decided(() -> figures.contest(agent, figure, row, text, who.principal().login())));
  }

  private void contests(Context context, Route.Caller who) throws Exception {
    Optional<AgentNumber> only =
        who.principal().seesAll() ? Optional.empty() : Optional.of(who.principal().requireAgent());
    context.json(figures.contests(only, Input.flag(context, "open", false)));
  }

  private void decide(Context context, Route.Caller who) throws Exception {
    String id = context.pathParam("id");
    if (!id.matches("[0-9]{1,18}")) {
      throw Refusal.notFound(Sentence.of("figures.no-contest"));
    }
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("decision", "reason"));
    boolean accepted =
        switch (Input.line(body, "decision", 16)) {
          case "accept" -> true;
          case "refuse" -> false;
          case String other -> throw Refusal.invalid("decision", Sentence.of("figures.decision"));
        };
    String reason = Input.longText(body, "reason", TEXT).strip();
    if (reason.isEmpty()) {
      throw Refusal.invalid("reason", Sentence.of("web.text"));
    }
    context.json(
        decided(
            () -> figures.decide(Long.parseLong(id), accepted, reason, who.principal().login())));
  }

  private void queueLog(Context context, Route.Caller who) throws Exception {
    Span span = span(context);
    boolean whole =
        Whole.asked(
            context,
            who.principal(),
            LEAD,
            disclosures.get(),
            "queue-log",
            span.from() + "/" + span.to());
    context.header("Content-Disposition", "attachment; filename=\"queue_log\"");
    context.contentType("text/plain; charset=utf-8");
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(context.outputStream(), StandardCharsets.UTF_8), UNSENT);
    figures.queueLog(span.from(), span.to(), whole ? UnaryOperator.identity() : Masking::mask, out);
    out.flush(); // not in a finally: what fails before anything was sent is a refusal
  }

  @FunctionalInterface
  private interface Work<T> {
    T get() throws Exception;
  }

  private static <T> T fine(Work<T> work) throws Exception {
    try {
      return work.get();
    } catch (HotlineFigures.TooManyGroups many) {
      throw Refusal.invalid("by", Sentence.of("figures.too-fine", HotlineFigures.MOST_GROUPS));
    }
  }

  private static <T> T decided(Work<T> work) throws Exception {
    try {
      return work.get();
    } catch (Contests.Refused refused) {
      throw refused.id().startsWith("no_")
          ? Refusal.notFound(refused.reason())
          : Refusal.conflict(refused.id(), refused.reason());
    }
  }

  private static void file(Context context, String name, String csv) {
    context.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
    context.contentType("text/csv; charset=utf-8");
    context.result(csv);
  }

  private static boolean csv(Context context) {
    String format = context.queryParam("format");
    return switch (format == null ? "json" : format) {
      case "json" -> false;
      case "csv" -> true;
      case String other -> throw Refusal.invalid("format", Sentence.of("figures.format"));
    };
  }

  private static Set<Grouping.Dimension> dimensions(Context context) {
    Set<Grouping.Dimension> found = EnumSet.noneOf(Grouping.Dimension.class);
    String text = context.queryParam("by");
    if (text == null || text.isEmpty()) {
      return found;
    }
    for (String word : text.split(",", -1)) {
      Grouping.Dimension dimension =
          java.util.Arrays.stream(Grouping.Dimension.values())
              .filter(each -> each.key().equals(word))
              .findFirst()
              .orElseThrow(() -> Refusal.invalid("by", Sentence.of("figures.by")));
      if (!found.add(dimension)) {
        throw Refusal.invalid("by", Sentence.of("figures.by"));
      }
    }
    return found;
  }

  /** Null = none asked for. */
  private static Grouping.Interval interval(Context context) {
    String text = context.queryParam("interval");
    if (text == null || text.isEmpty()) {
      return null;
    }
    return java.util.Arrays.stream(Grouping.Interval.values())
        .filter(each -> each.key().equals(text))
        .findFirst()
        .orElseThrow(() -> Refusal.invalid("interval", Sentence.of("figures.interval")));
  }

  private static AgentFigure figure(String id) {
    return AgentFigure.of(id)
        .orElseThrow(() -> Refusal.invalid("figure", Sentence.of("figures.figure")));
  }

  private static AgentNumber number(String text) {
    try {
      return new AgentNumber(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.notFound(Sentence.of("figures.no-row"));
    }
  }

  /** An agent who asks for another's gets no more than one who asks for nobody's. */
  private static AgentNumber own(Context context, Route.Caller who) {
    AgentNumber agent = number(context.pathParam("id"));
    if (!who.principal().seesAll() && !who.principal().requireAgent().equals(agent)) {
      throw Refusal.forbidden("not_your_figures", Sentence.of("figures.others"));
    }
    return agent;
  }
}
