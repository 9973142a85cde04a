package org.careline.matter;

import java.time.Instant;
import java.util.Optional;

/**
 * A call, or the attempt of a proactive callback, in which a matter was spoken about. Immutable.
 *
 * @param id of the call or of the attempt
 */
public record Contact(Kind kind, String id) {
  /** What it was. */
  public enum Kind {
    CALL("call"),
    ATTEMPT("attempt");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }

    public static Optional<Kind> of(String key) {
      for (Kind kind : values()) {
        if (kind.key.equals(key)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  public Contact {
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("not the id of a call");
    }
  }

  /** A contact joined to a matter. */
  public record Joined(String kind, String id, Instant at, String by) {}
}
