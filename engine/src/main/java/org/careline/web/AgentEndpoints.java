package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.careline.telephony.Phones;

/** The agents' presence, their phones and what they work on. */
final class AgentEndpoints {
  /** Reasons of the engine's own (missed, connection_lost ...) cannot be claimed by an agent. */
  private static final Set<String> REASONS = Set.of("break", "training", "meeting");

  private static final Set<Role> AGENT = EnumSet.of(Role.AGENT);
  private static final Duration PHONE_DEADLINE = Duration.ofSeconds(6);

  /** Where browsers find the switch, and how long a softphone's secret is good. */
  record PhoneAccess(String sipDomain, String websocket, Duration secretLife) {}

  private final Desks.AgentDesk agents;
  private final Phones phones;
  private final PhoneAccess access;
  private final InstantSource clock;

  AgentEndpoints(Desks.AgentDesk agents, Phones phones, PhoneAccess access, InstantSource clock) {
    this.agents = agents;
    this.phones = phones;
    this.access = access;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.POST, "/api/v1/softphone", AGENT, this::softphone),
        Route.of(
            HandlerType.GET,
            "/api/v1/agents",
            Role.ANY,
            (context, who) -> context.json(agents.all())),
        Route.of(HandlerType.PUT, "/api/v1/agents/me/presence", AGENT, this::presence),
        Route.of(
            HandlerType.POST,
            "/api/v1/agents/me/wrap-up/end",
            AGENT,
            (context, who) -> {
              agents.endWrapUp(who.principal().requireAgent());
              context.status(204);
            }),
        Route.of(HandlerType.GET, "/api/v1/work", AGENT, this::work));
  }

  private void softphone(Context context, Route.Caller who) throws Exception {
    AgentNumber agent = who.principal().requireAgent();
    Map<String, Object> answer = new LinkedHashMap<>();
    if (who.principal().deskPhone().isPresent()) {
      answer.put("deskPhone", who.principal().deskPhone().get());
    } else {
      Phones.BrowserPhone phone = fresh(agent);
      answer.put("uri", "sip:" + phone.user() + "@" + access.sipDomain());
      answer.put("user", phone.user());
      answer.put("secret", phone.secret());
      answer.put("websocket", access.websocket());
      answer.put("expiresAt", clock.instant().plus(access.secretLife()));
    }
    context.header("Cache-Control", "no-store");
    context.json(answer);
  }

  private Phones.BrowserPhone fresh(AgentNumber agent) throws InterruptedException {
    try {
      return phones.browser(agent).get(PHONE_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw Refusal.unavailable("switch_down", Sentence.of("web.phone-secret"));
    }
  }

  private void presence(Context context, Route.Caller who) throws Exception {
    AgentNumber agent = who.principal().requireAgent();
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("wish", "reason"));
    String wish = Input.line(body, "wish", 16);
    String reason = Input.optionalLine(body, "reason", 32);
    boolean ready =
        switch (wish) {
          case "ready" -> true;
          case "not_ready" -> false;
          case String other -> throw Refusal.invalid("wish", Sentence.of("web.wish"));
        };
    if (ready && !reason.isEmpty() || !ready && !reason.isEmpty() && !REASONS.contains(reason)) {
      throw Refusal.invalid("reason", Sentence.of("web.reason"));
    }
    agents.wish(agent, ready, !ready && reason.isEmpty() ? "break" : reason);
    context.status(204);
  }

  private void work(Context context, Route.Caller who) {
    Object work =
        agents
            .work(who.principal().requireAgent())
            .<Object>map(Views.Work::masked)
            .orElse(NullNode.getInstance());
    context.json(work);
  }
}
