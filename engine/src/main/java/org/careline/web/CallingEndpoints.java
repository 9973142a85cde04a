package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * When sites may be rung: the rules of the house, of a customer and of a site, and why a site is
 * not rung. Codes stand in the query because they may hold any character.
 */
final class CallingEndpoints {
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> WRITERS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);
  private static final String RULES = "/api/v1/calling-rules";
  private static final int CODE = 64;

  private final Desks.CallingDesk calling;

  CallingEndpoints(Desks.CallingDesk calling) {
    this.calling = calling;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            RULES,
            READERS,
            (context, who) ->
                context.json(calling.rules(code(context, "customer"), code(context, "site")))),
        Route.of(HandlerType.PUT, RULES, WRITERS, this::save),
        Route.of(HandlerType.GET, "/api/v1/why-not", READERS, this::whyNot));
  }

  private void save(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "rules"));
    JsonNode version = body.path("version");
    if (!version.isInt() || version.asInt() < 0) {
      throw Refusal.invalid("version", Sentence.of("web.number", "0", Integer.MAX_VALUE));
    }
    if (!body.path("rules").isObject()) {
      throw Refusal.invalid("rules", Sentence.of("web.object"));
    }
    context.json(
        calling.save(
            code(context, "customer"),
            code(context, "site"),
            version.asInt(),
            body.path("rules"),
            who.principal().login()));
  }

  private void whyNot(Context context, Route.Caller who) {
    String site =
        code(context, "site").orElseThrow(() -> Refusal.invalid("site", Sentence.of("web.text")));
    context.json(
        calling.whyNot(
            site, code(context, "customer"), Input.instant(context, "at"), Speech.of(context)));
  }

  private static Optional<String> code(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name))
        .filter(text -> !text.isEmpty())
        .map(text -> Input.oneLine(name, text, CODE));
  }
}
