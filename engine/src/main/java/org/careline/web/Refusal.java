package org.careline.web;

import java.util.Map;

/**
 * A request that is not carried out, with the status and the stable id the client gets. Features
 * reach it through the desks; the message is for people and names no secret.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String id;
  private final transient Map<String, Object> details;

  public Refusal(int status, String id, String message, Map<String, Object> details) {
    super(message, null, false, false);
    this.status = status;
    this.id = id;
    this.details = Map.copyOf(details);
  }

  /** 400: the request itself is wrong. */
  public static Refusal invalid(String field, String message) {
    return new Refusal(400, "invalid", field + ": " + message, Map.of("field", field));
  }

  public static Refusal forbidden(String id, String message) {
    return new Refusal(403, id, message, Map.of());
  }

  /** 404: not there, or not for this user; the two are not told apart. */
  public static Refusal notFound(String what) {
    return new Refusal(404, "not_found", "no such " + what, Map.of());
  }

  /** 409: the request is right, the moment is not. */
  public static Refusal conflict(String id, String message) {
    return new Refusal(409, id, message, Map.of());
  }

  /** 503: trying again later helps. */
  public static Refusal unavailable(String id, String message) {
    return new Refusal(503, id, message, Map.of());
  }

  public int status() {
    return status;
  }

  public String id() {
    return id;
  }

  public Map<String, Object> details() {
    return details == null ? Map.of() : details;
  }
}
