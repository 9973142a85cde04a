package org.careline.web;

import io.javalin.security.RouteRole;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a user may do. A route is open to nobody but the roles it was registered with. */
public enum Role implements RouteRole {
  AGENT("agent"),
  SCHEDULER("scheduler"),
  SUPERVISOR("supervisor"),
  ADMIN("admin");

  /** Any session. */
  static final Set<Role> ANY = EnumSet.allOf(Role.class);

  private final String key;

  Role(String key) {
    this.key = key;
  }

  public String key() {
    return key;
  }

  static Optional<Role> of(String key) {
    for (Role role : values()) {
      if (role.key.equals(key)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** From the comma separated column; a word nobody knows gives no right. */
  static Set<Role> parse(String column) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : column.split(",")) {
      of(word.strip()).ifPresent(roles::add);
    }
    return roles;
  }
}
