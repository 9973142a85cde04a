package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.careline.language.Sentence;

/** Lines with their settings, the prompts they may play and the calendars they keep. */
final class LineEndpoints {
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> WRITERS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);
  private static final String LINES = "/api/v1/lines";
  private static final String CALENDARS = "/api/v1/calendars";

  private final Desks.LineDesk lines;

  LineEndpoints(Desks.LineDesk lines) {
    this.lines = lines;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, LINES, READERS, (context, who) -> context.json(lines.lines())),
        Route.of(HandlerType.POST, LINES, WRITERS, this::create),
        Route.of(
            HandlerType.GET,
            LINES + "/{code}",
            READERS,
            (context, who) ->
                context.json(
                    lines
                        .line(context.pathParam("code"))
                        .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-line"))))),
        Route.of(HandlerType.PUT, LINES + "/{code}", WRITERS, this::change),
        Route.of(
            HandlerType.GET,
            "/api/v1/prompts",
            READERS,
            (context, who) -> context.json(lines.prompts())),
        Route.of(
            HandlerType.GET, CALENDARS, READERS, (context, who) -> context.json(lines.calendars())),
        Route.of(
            HandlerType.GET,
            CALENDARS + "/{code}/{year}",
            READERS,
            (context, who) ->
                context.json(lines.calendar(context.pathParam("code"), year(context)))),
        Route.of(
            HandlerType.PUT,
            CALENDARS + "/{code}/{year}",
            WRITERS,
            (context, who) ->
                context.json(
                    lines.saveCalendar(
                        context.pathParam("code"), year(context), Input.object(context)))));
  }

  private void create(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    String code = Input.line(body, "code", 32);
    context.status(201);
    context.json(lines.create(code, body));
  }

  private void change(Context context, Route.Caller who) throws Exception {
    ObjectNode body = (ObjectNode) Input.object(context);
    String version = Input.line(body, "version", 64);
    body.remove("version");
    context.json(lines.change(context.pathParam("code"), version, body));
  }

  private static int year(Context context) {
    String text = context.pathParam("year");
    if (!text.matches("2[0-9]{3}")) {
      throw Refusal.notFound(Sentence.of("web.no-calendar"));
    }
    return Integer.parseInt(text);
  }
}
