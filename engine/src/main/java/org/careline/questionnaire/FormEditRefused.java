package org.careline.questionnaire;

import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** A change of a draft, a fault card or the words of danger that is not made. */
public final class FormEditRefused extends Refusal {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    INVALID,
    NOT_FOUND,
    CONFLICT
  }

  private final Kind kind;
  private final String id;

  private FormEditRefused(Kind kind, String id, Sentence reason) {
    super(reason);
    this.kind = kind;
    this.id = id;
  }

  static FormEditRefused invalid(Sentence reason) {
    return new FormEditRefused(Kind.INVALID, "invalid", reason);
  }

  static FormEditRefused notFound(Sentence reason) {
    return new FormEditRefused(Kind.NOT_FOUND, "not_found", reason);
  }

  static FormEditRefused conflict(String id, Sentence reason) {
    return new FormEditRefused(Kind.CONFLICT, id, reason);
  }

  public Kind kind() {
    return kind;
  }

  /** Stable, for programs. */
  public String id() {
    return id;
  }
}
