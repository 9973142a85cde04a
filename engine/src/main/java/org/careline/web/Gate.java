package org.careline.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Secret;
import org.careline.language.Sentence;

/**
 * Lets a request in or refuses it, before anything of it is read: the page it comes from, the
 * session, the role. Names in headers (X-Remote-User and its like) are never looked at.
 * Thread-safe.
 */
final class Gate {
  static final String COOKIE = "careline";
  static final String HEADER = "X-Careline";

  private final Sessions sessions;
  private final Origins origins;
  private final Secret token;

  Gate(Sessions sessions, Origins origins, Secret token) {
    this.sessions = sessions;
    this.origins = origins;
    this.token = token;
  }

  /** A page of others cannot send this header without asking first, which is never granted. */
  private boolean knowsToken(Context context) {
    String brought = Optional.ofNullable(context.header("Authorization")).orElse("");
    return !token.isEmpty()
        && MessageDigest.isEqual(
            ("Bearer " + token.reveal()).getBytes(StandardCharsets.UTF_8),
            brought.getBytes(StandardCharsets.UTF_8));
  }

  Route.Caller admit(Context context, Route.Access access) {
    return switch (access) {
      case Route.Access.Everybody open -> {
        fromOurPage(context);
        yield new Route.Caller(sessions.find(context.cookie(COOKIE)));
      }
      case Route.Access.Loopback here -> {
        if (!fromHere(context)) {
          throw Refusal.notFound(Sentence.of("web.no-page"));
        }
        yield new Route.Caller(Optional.empty());
      }
      case Route.Access.Command command -> {
        if (!knowsToken(context)) {
          throw noSession();
        }
        yield new Route.Caller(Optional.empty());
      }
      case Route.Access.Only only -> {
        Sessions.Session session =
            sessions.find(context.cookie(COOKIE)).orElseThrow(Gate::noSession);
        Speech.known(context, session.principal());
        fromOurPage(context);
        if (!session.principal().mayDo(only.roles())) {
          throw Refusal.forbidden("wrong_role", Sentence.of("web.wrong-role"));
        }
        yield new Route.Caller(Optional.of(session));
      }
    };
  }

  /** A page of others cannot send our header without asking first, which is never granted. */
  private void fromOurPage(Context context) {
    if (!origins.allows(context.header("Origin"), context.host())) {
      throw Refusal.forbidden("wrong_origin", Sentence.of("web.wrong-origin"));
    }
    boolean changes =
        !context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD);
    if (changes && !"1".equals(context.header(HEADER))) {
      throw Refusal.forbidden("header_missing", Sentence.of("web.header", HEADER));
    }
  }

  /** The session of a WebSocket about to be opened. */
  Sessions.Session admitSocket(Context context) {
    if (!origins.allows(context.header("Origin"), context.host())) {
      throw Refusal.forbidden("wrong_origin", Sentence.of("web.wrong-origin"));
    }
    return sessions.find(context.cookie(COOKIE)).orElseThrow(Gate::noSession);
  }

  static Refusal noSession() {
    return new Refusal(401, "no_session", Sentence.of("web.no-session"), Map.of());
  }

  private static boolean fromHere(Context context) {
    try {
      return InetAddress.getByName(context.req().getRemoteAddr()).isLoopbackAddress()
          && context.header("X-Forwarded-For") == null
          && context.header("Forwarded") == null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
