package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.Roster;
import org.careline.callback.SiteRules;
import org.careline.language.Sentence;

/**
 * How often sites are rung, who is at work when, and what the coming 12 months bring. Codes stand
 * in the query because they may hold any character.
 */
final class PlanningEndpoints {
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> WRITERS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);
  private static final String CADENCE = "/api/v1/cadence";
  private static final String ROSTER = "/api/v1/roster";
  private static final int CODE = 64;
  private static final int MOST_DAYS = 400;

  private final Desks.PlanningDesk planning;

  PlanningEndpoints(Desks.PlanningDesk planning) {
    this.planning = planning;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            "/api/v1/cadences",
            READERS,
            (context, who) -> context.json(planning.cadences())),
        Route.of(
            HandlerType.GET,
            CADENCE,
            READERS,
            (context, who) ->
                context.json(
                    planning.cadence(
                        code(context, "tier"), code(context, "customer"), code(context, "site")))),
        Route.of(HandlerType.PUT, CADENCE, WRITERS, this::save),
        Route.of(HandlerType.GET, ROSTER, READERS, this::roster),
        Route.of(HandlerType.POST, ROSTER, WRITERS, this::add),
        Route.of(HandlerType.PUT, ROSTER + "/{id}", WRITERS, this::change),
        Route.of(
            HandlerType.DELETE,
            ROSTER + "/{id}",
            WRITERS,
            (context, who) -> {
              planning.removeShift(id(context));
              context.status(204);
            }),
        Route.of(
            HandlerType.GET,
            "/api/v1/preview",
            READERS,
            (context, who) ->
                context.json(planning.preview(code(context, "customer"), Speech.of(context)))));
  }

  private void save(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "cadence"));
    JsonNode version = body.path("version");
    if (!version.isInt() || version.asInt() < 0) {
      throw Refusal.invalid("version", Sentence.of("web.number", "0", Integer.MAX_VALUE));
    }
    if (!body.path("cadence").isObject()) {
      throw Refusal.invalid("cadence", Sentence.of("web.object"));
    }
    context.json(
        planning.save(
            code(context, "tier"),
            code(context, "customer"),
            code(context, "site"),
            version.asInt(),
            body.path("cadence"),
            who.principal().login()));
  }

  private void roster(Context context, Route.Caller who) {
    LocalDate today = planning.now().atZone(SiteRules.OFFICE).toLocalDate();
    LocalDate from = day(context, "from").orElse(today);
    LocalDate to = day(context, "to").orElse(from.plusDays(6));
    if (to.isBefore(from) || to.isAfter(from.plusDays(MOST_DAYS))) {
      throw Refusal.invalid("to", Sentence.of("roster.span", MOST_DAYS));
    }
    context.json(planning.roster(from, to));
  }

  private void add(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("agent", "date", "from", "to"));
    String agent = Input.line(body, "agent", 8);
    LocalDate day = day("date", Input.line(body, "date", 10));
    context.status(201);
    context.json(planning.addShift(agent, day, minute(body, "from"), minute(body, "to")));
  }

  private void change(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("from", "to"));
    context.json(planning.changeShift(id(context), minute(body, "from"), minute(body, "to")));
  }

  private static int minute(JsonNode body, String field) {
    try {
      return Roster.minute(Input.line(body, field, 5));
    } catch (DateTimeException wrong) {
      throw Refusal.invalid(field, Sentence.of("import.time"));
    }
  }

  private static Optional<LocalDate> day(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name)).map(text -> day(name, text));
  }

  private static LocalDate day(String field, String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 2000 && day.getYear() < 2200) {
        return day;
      }
    } catch (DateTimeException wrong) {
      // told below
    }
    throw Refusal.invalid(field, Sentence.of("cadence.date"));
  }

  private static long id(Context context) {
    String text = context.pathParam("id");
    if (!text.matches("[0-9]{1,18}")) {
      throw Refusal.notFound(Sentence.of("roster.none"));
    }
    return Long.parseLong(text);
  }

  private static Optional<String> code(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name))
        .filter(text -> !text.isEmpty())
        .map(text -> Input.oneLine(name, text, CODE));
  }
}
