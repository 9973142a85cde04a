package org.careline.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the interface and who may use it. There is no default: a route without an access
 * cannot be written down.
 */
record Route(HandlerType method, String path, Access access, Action action) {

  /** Who may come in. */
  sealed interface Access {
    /** Anybody. */
    record Everybody() implements Access {}

    /** Anybody on this machine, not through a proxy. */
    record Loopback() implements Access {}

    /** A command of this instance: it knows the token between the instance's parts. */
    record Command() implements Access {}

    /** A session with one of these roles. */
    record Only(Set<Role> roles) implements Access {
      public Only {
        roles = Set.copyOf(roles);
      }
    }
  }

  /** {@code who} is there exactly when the access asks for a session. */
  @FunctionalInterface
  interface Action {
    void run(Context context, Caller who) throws Exception;
  }

  /** The session behind a request. */
  record Caller(Optional<Sessions.Session> session) {
    Principal principal() {
      return session.orElseThrow(Gate::noSession).principal();
    }
  }

  static Route open(HandlerType method, String path, Action action) {
    return new Route(method, path, new Access.Everybody(), action);
  }

  static Route loopback(HandlerType method, String path, Action action) {
    return new Route(method, path, new Access.Loopback(), action);
  }

  static Route command(HandlerType method, String path, Action action) {
    return new Route(method, path, new Access.Command(), action);
  }

  static Route of(HandlerType method, String path, Set<Role> roles, Action action) {
    return new Route(method, path, new Access.Only(roles), action);
  }
}
