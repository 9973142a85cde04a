package org.careline.web;

import java.util.Map;
import org.careline.language.Sentence;

/**
 * A request that is not carried out, with the status and the stable id the client gets. Features
 * reach it through the desks; the reason is for people and names no secret. It has no stack trace:
 * strangers can cause any number of them.
 */
public final class Refusal extends org.careline.language.Refusal {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String id;
  private final transient Map<String, Object> details;

  public Refusal(int status, String id, Sentence reason, Map<String, Object> details) {
    super(reason);
    this.status = status;
    this.id = id;
    this.details = Map.copyOf(details);
  }

  /** 400: the request itself is wrong. */
  public static Refusal invalid(String field, Sentence reason) {
    return new Refusal(
        400, "invalid", Sentence.of("web.field", field, reason), Map.of("field", field));
  }

  public static Refusal forbidden(String id, Sentence reason) {
    return new Refusal(403, id, reason, Map.of());
  }

  /** 404: not there, or not for this user; the two are not told apart. */
  public static Refusal notFound(Sentence reason) {
    return new Refusal(404, "not_found", reason, Map.of());
  }

  /** 409: the request is right, the moment is not. */
  public static Refusal conflict(String id, Sentence reason) {
    return new Refusal(409, id, reason, Map.of());
  }

  /** 503: trying again later helps. */
  public static Refusal unavailable(String id, Sentence reason) {
    return new Refusal(503, id, reason, Map.of());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
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
