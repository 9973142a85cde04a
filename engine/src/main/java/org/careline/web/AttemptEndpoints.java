package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.Disposition;
import org.careline.language.Sentence;

/** An agent's attempt: dial, hang up, answers, disposition. Only its own agent reaches it. */
final class AttemptEndpoints {
  private static final Set<Role> AGENT = EnumSet.of(Role.AGENT);

  private final Desks.AttemptDesk attempts;

  AttemptEndpoints(Desks.AttemptDesk attempts) {
    this.attempts = attempts;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.POST,
            "/api/v1/attempts/{id}/dial",
            AGENT,
            (context, who) -> {
              attempts.dial(own(context, who));
              context.status(204);
            }),
        Route.of(
            HandlerType.POST,
            "/api/v1/attempts/{id}/hang-up",
            AGENT,
            (context, who) -> {
              attempts.hangUp(own(context, who));
              context.status(204);
            }),
        Route.of(HandlerType.POST, "/api/v1/attempts/{id}/keys", AGENT, this::keys),
        Route.of(
            HandlerType.GET,
            "/api/v1/calls/{id}/round",
            AGENT,
            (context, who) ->
                context.json(
                    attempts.waiting(Input.callId(context), who.principal().requireAgent()))),
        Route.of(
            HandlerType.POST,
            "/api/v1/calls/{id}/round",
            AGENT,
            (context, who) -> {
              CallId begun = attempts.ask(Input.callId(context), who.principal().requireAgent());
              context.status(201);
              context.json(Map.of("attemptId", begun.value()));
            }),
        Route.of(HandlerType.PUT, "/api/v1/attempts/{id}/answers", AGENT, this::answers),
        Route.of(HandlerType.POST, "/api/v1/attempts/{id}/disposition", AGENT, this::disposition));
  }

  private CallId own(Context context, Route.Caller who) {
    AgentNumber agent = who.principal().requireAgent();
    String text = context.pathParam("id");
    if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
      throw Refusal.notFound(Sentence.of("web.no-attempt"));
    }
    CallId id = new CallId(text);
    if (!attempts.agentOf(id).equals(Optional.of(agent))) {
      throw Refusal.notFound(Sentence.of("web.no-attempt"));
    }
    return id;
  }

  private void keys(Context context, Route.Caller who) throws Exception {
    CallId attempt = own(context, who);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("keys"));
    String keys = Input.line(body, "keys", 24);
    if (!keys.matches("[0-9*#]{1,24}")) {
      throw Refusal.invalid("keys", Sentence.of("web.keys"));
    }
    attempts.keys(attempt, keys);
    context.status(204);
  }

  private void answers(Context context, Route.Caller who) throws Exception {
    CallId attempt = own(context, who);
    Map<String, String> answers = Input.answers(Input.object(context));
    attempts.answers(attempt, site(context.queryParam("site")), who.principal().login(), answers);
    context.status(204);
  }

  private void disposition(Context context, Route.Caller who) throws Exception {
    CallId attempt = own(context, who);
    JsonNode body = Input.object(context);
    Input.only(
        body,
        Set.of(
            "site",
            "disposition",
            "note",
            "appointmentAt",
            "appointmentWith",
            "appointmentAsked",
            "referral"));
    String disposition = Input.line(body, "disposition", 32);
    if (Disposition.of(disposition).isEmpty()) {
      throw Refusal.invalid("disposition", Sentence.of("web.disposition"));
    }
    String note = Input.longText(body, "note", 2000);
    Optional<Instant> appointment = Input.instant(body, "appointmentAt");
    if (disposition.equals("appointment") != appointment.isPresent()) {
      throw Refusal.invalid("appointmentAt", Sentence.of("web.appointment"));
    }
    String with = Input.optionalText(body, "appointmentWith", 16).orElse("anybody");
    if (!with.equals("anybody") && !with.equals("me")) {
      throw Refusal.invalid("appointmentWith", Sentence.of("web.appointment-with"));
    }
    attempts.disposition(
        attempt,
        who.principal().login(),
        new Views.DispositionForm(
            Input.optionalText(body, "site", 64),
            disposition,
            note,
            appointment,
            with.equals("me"),
            Input.optionalText(body, "appointmentAsked", 400).orElse("").strip(),
            referral(body, disposition)));
    context.status(204);
  }

  private static Optional<Views.Named> referral(JsonNode body, String disposition) {
    JsonNode named = body.path("referral");
    if (named.isMissingNode() || named.isNull()) {
      return Optional.empty();
    }
    if (!named.isObject() || !disposition.equals("referred")) {
      throw Refusal.invalid("referral", Sentence.of("web.referral"));
    }
    Input.only(named, Set.of("name", "role", "number", "next"));
    return Optional.of(
        new Views.Named(
            Input.optionalLine(named, "name", 200),
            Input.optionalLine(named, "role", 200),
            Input.optionalLine(named, "number", 64),
            named.path("next").asBoolean()));
  }

  /** Codes of sites that no site can have are nobody's. */
  private static Optional<String> site(String code) {
    if (code != null && code.length() > 64) {
      throw Refusal.notFound(Sentence.of("form.no-site", code.substring(0, 64)));
    }
    return Optional.ofNullable(code).filter(text -> !text.isEmpty());
  }
}
