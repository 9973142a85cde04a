package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.SameSite;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.careline.telephony.Phones;
import org.careline.telephony.Telephony.Accepted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sign in, who am I, sign out. */
final class SessionEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEndpoints.class);
  private static final String PATH = "/api/v1/session";

  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginGuard guard;
  private final Sessions sessions;
  private final Desks.AgentDesk agents;
  private final Phones phones;
  private final boolean secureCookie;

  SessionEndpoints(
      Accounts accounts,
      Passwords passwords,
      LoginGuard guard,
      Sessions sessions,
      Desks.AgentDesk agents,
      Phones phones,
      boolean secureCookie) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.guard = guard;
    this.sessions = sessions;
    this.agents = agents;
    this.phones = phones;
    this.secureCookie = secureCookie;
    sessions.whenGone(person -> person.agent().ifPresent(agent -> left(agent, person)));
  }

  List<Route> routes() {
    return List.of(
        Route.open(HandlerType.POST, PATH, this::signIn),
        Route.of(
            HandlerType.GET, PATH, Role.ANY, (context, who) -> answer(context, who.principal())),
        Route.of(HandlerType.DELETE, PATH, Role.ANY, this::signOut));
  }

  private void signIn(Context context, Route.Caller before) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("login", "password"));
    String login = Input.line(body, "login", 64);
    String password = Input.line(body, "password", 256);
    String key = login.toLowerCase(Locale.ROOT);
    String address = context.req().getRemoteAddr();
    guard.admit(key, address);
    Optional<Accounts.Account> account = accounts.find(login);
    if (!passwords.matches(password, account.map(Accounts.Account::passwordHash).orElse(null))) {
      guard.wrong(key, address);
      LOG.warn("wrong login from {}", address);
      throw new Refusal(401, "wrong_login", Sentence.of("web.wrong-login"), Map.of());
    }
    guard.right(key, address);
    String id = sessions.begin(account.orElseThrow());
    // A session held until now ends: its id must not live on beside the new one.
    before.session().ifPresent(old -> sessions.end(old.idHash()));
    Principal who = account.get().principal();
    who.agent().ifPresent(agent -> arrived(agent, who));
    context.cookie(cookie(id, -1));
    answer(context, who);
  }

  private void signOut(Context context, Route.Caller who) {
    sessions.end(who.session().orElseThrow().idHash());
    context.cookie(cookie("", 0));
    context.status(204);
  }

  /** A desk phone is made known to the switch again each time: it costs little and cannot go. */
  private void arrived(AgentNumber agent, Principal who) {
    agents.signedIn(agent);
    who.deskPhone()
        .ifPresent(
            address -> phones.desk(agent, address).exceptionally(e -> unknown("made", agent, e)));
  }

  private void left(AgentNumber agent, Principal who) {
    agents.signedOut(agent);
    if (who.deskPhone().isEmpty()) {
      phones.revoke(agent).exceptionally(e -> unknown("taken away", agent, e));
    }
  }

  private static Accepted unknown(String what, AgentNumber agent, Throwable e) {
    LOG.warn("the phone of {} may not have been {}: {}", agent, what, e.getMessage());
    return new Accepted(false, "unknown");
  }

  private Cookie cookie(String value, int maxAge) {
    return new Cookie(Gate.COOKIE, value, "/", maxAge, secureCookie, true, null, SameSite.STRICT);
  }

  private static void answer(Context context, Principal who) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("login", who.login());
    view.put("name", who.name());
    view.put("roles", who.roleKeys());
    view.put("agentNumber", who.agent().map(Object::toString).orElse(null));
    view.put("language", who.language());
    context.json(view);
  }
}
