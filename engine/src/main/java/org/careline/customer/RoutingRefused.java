package org.careline.customer;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** A change of tiers, policies, account managers or leaves that is not made. */
public final class RoutingRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    INVALID,
    NOT_FOUND,
    CONFLICT
  }

  private final Kind kind;
  private final String id;

  private RoutingRefused(Kind kind, String id, Sentence reason) {
    super(reason);
    this.kind = kind;
    this.id = id;
  }

  static RoutingRefused invalid(String field, Sentence reason) {
    return new RoutingRefused(Kind.INVALID, "invalid", Sentence.of("policy.at", field, reason));
  }

  static RoutingRefused notFound(Sentence reason) {
    return new RoutingRefused(Kind.NOT_FOUND, "not_found", reason);
  }

  static RoutingRefused conflict(String id, Sentence reason) {
    return new RoutingRefused(Kind.CONFLICT, id, reason);
  }

  static void require(boolean condition, String field, Sentence otherwise) {
    if (!condition) {
      throw invalid(field, otherwise);
    }
  }

  public Kind kind() {
    return kind;
  }

  /** Stable, for programs. */
  public String id() {
    return id;
  }
}
