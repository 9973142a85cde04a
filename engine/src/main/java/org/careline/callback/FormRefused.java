package org.careline.callback;

import java.util.List;

/**
 * A form that cannot be taken as it is. Ids: {@code no_attempt, not_answered, already_settled,
 * answers_refused, answers_missing, note_required, note_too_long, appointment_missing,
 * appointment_past, appointment_outside_window, window_closed}.
 */
public final class FormRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String id;
  private final List<String> details;

  FormRefused(String id, List<String> details) {
    super(id + (details.isEmpty() ? "" : ": " + String.join(", ", details)), null, false, false);
    this.id = id;
    this.details = List.copyOf(details);
  }

  public String id() {
    return id;
  }

  /** Codes of questions with their reason, or an instant. */
  public List<String> details() {
    return details;
  }
}
