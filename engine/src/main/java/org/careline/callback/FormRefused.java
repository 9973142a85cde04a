package org.careline.callback;

import java.util.List;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * A form that cannot be taken as it is. Ids: {@code no_attempt, not_answered, already_settled,
 * answers_refused, answers_missing, call_goes_on, no_form, why_missing, note_required,
 * note_too_long, appointment_missing, appointment_past, appointment_outside_window, window_closed}.
 */
public final class FormRefused extends Refusal {
  private static final long serialVersionUID = 1L;
  private final String id;
  private final List<String> details;

  FormRefused(String id, Sentence reason) {
    this(id, reason, List.of());
  }

  FormRefused(String id, Sentence reason, List<String> details) {
    super(reason);
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
