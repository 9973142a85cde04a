package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;
import org.careline.web.Desks.TalkDesk.Verb;
import org.careline.web.Desks.TalkDesk.Wanted;

/**
 * What agents do with their talks, and after them. An agent orders only about the call he has;
 * supervisors about every one.
 */
final class TalkEndpoints {
  private static final Set<Role> AGENT = EnumSet.of(Role.AGENT);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> LEADS = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);

  private final Desks.TalkDesk talks;
  private final Desks.CallDesk calls;

  TalkEndpoints(Desks.TalkDesk talks, Desks.CallDesk calls) {
    this.talks = talks;
    this.calls = calls;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Verb verb : Verb.values()) {
      String word = verb.name().toLowerCase(Locale.ROOT).replace('_', '-');
      routes.add(
          Route.of(
              HandlerType.POST,
              "/api/v1/calls/{id}/" + word,
              DESK,
              (context, who) -> order(context, who, verb)));
    }
    routes.add(
        Route.of(
            HandlerType.GET,
            "/api/v1/transfer-targets",
            DESK,
            (context, who) -> context.json(talks.targets())));
    routes.add(
        Route.of(HandlerType.POST, "/api/v1/calls/{id}/disposition", AGENT, this::disposition));
    routes.add(
        Route.of(
            HandlerType.GET,
            "/api/v1/dispositions",
            DESK,
            (context, who) -> context.json(talks.dispositions())));
    routes.add(Route.of(HandlerType.PUT, "/api/v1/dispositions", LEADS, this::dispositions));
    routes.add(
        Route.of(
            HandlerType.POST,
            "/api/v1/agents/me/wrap-up/extend",
            AGENT,
            (context, who) -> {
              talks.extendWrapUp(who.principal().requireAgent());
              context.status(204);
            }));
    routes.add(
        Route.of(
            HandlerType.POST,
            "/api/v1/agents/{id}/not-ready",
            LEADS,
            (context, who) -> {
              talks.notReady(agent(context));
              context.status(204);
            }));
    routes.add(
        Route.of(
            HandlerType.POST,
            "/api/v1/agents/{id}/release",
            LEADS,
            (context, who) -> {
              talks.release(agent(context));
              context.status(204);
            }));
    return routes;
  }

  private void order(Context context, Route.Caller who, Verb verb) throws Exception {
    CallId id = own(context, who);
    Wanted wanted = verb == Verb.TRANSFER || verb == Verb.CONSULT ? wanted(context) : Wanted.NOBODY;
    talks.order(id, verb, wanted);
    context.status(204);
  }

  /** The call, when it is his or he leads; another's is not told apart from none. */
  private CallId own(Context context, Route.Caller who) {
    CallId id = Input.callId(context);
    Principal principal = who.principal();
    Views.CallStory story =
        calls.story(id).orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-call")));
    if (!principal.seesAll()) {
      String own = principal.requireAgent().value();
      if (!own.equals(story.call().agentNumber())) {
        throw story.agents().contains(own)
            ? Refusal.conflict("not_your_call", Sentence.of("web.not-your-call"))
            : Refusal.notFound(Sentence.of("web.no-call"));
      }
    }
    return id;
  }

  private static Wanted wanted(Context context) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("agent", "line", "number"));
    if (body.size() != 1) {
      throw Refusal.invalid("agent", Sentence.of("talk.target"));
    }
    return new Wanted(
        Optional.of(Input.optionalLine(body, "agent", 16)).filter(text -> !text.isEmpty()),
        Optional.of(Input.optionalLine(body, "line", 64)).filter(text -> !text.isEmpty()),
        Optional.of(Input.optionalLine(body, "number", 64)).filter(text -> !text.isEmpty()));
  }

  private void disposition(Context context, Route.Caller who) throws Exception {
    CallId id = Input.callId(context);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("disposition"));
    talks.disposition(id, who.principal().requireAgent(), Input.line(body, "disposition", 64));
    context.status(204);
  }

  private void dispositions(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("dispositions"));
    List<Views.DispositionView> wanted = new ArrayList<>();
    for (JsonNode item : body.path("dispositions")) {
      if (!item.isObject()) {
        throw Refusal.invalid("dispositions", Sentence.of("web.object"));
      }
      Input.only(item, Set.of("code", "nameEn", "nameZh"));
      wanted.add(
          new Views.DispositionView(
              Input.line(item, "code", 64),
              Input.line(item, "nameEn", 128),
              Input.line(item, "nameZh", 128)));
    }
    talks.saveDispositions(wanted);
    context.status(204);
  }

  private static AgentNumber agent(Context context) {
    String number = context.pathParam("id");
    if (!number.matches("[0-9]{3,8}")) {
      throw Refusal.notFound(Sentence.of("talk.no-agent", number));
    }
    return new AgentNumber(number);
  }
}
