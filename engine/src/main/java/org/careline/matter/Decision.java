package org.careline.matter;

import java.time.Instant;
import java.util.Optional;
import org.careline.language.Sentence;

/**
 * What comes of a matter: solved on the phone, somebody goes, or somebody answers. Immutable.
 *
 * @param assignedTo who goes or answers
 * @param dueAt until when
 */
public record Decision(
    Matter.Result result, String note, Optional<String> assignedTo, Optional<Instant> dueAt) {
  static final int NOTE = 2000;
  static final int PERSON = 64;

  /**
   * @throws MatterRefused when it lacks what its result needs
   */
  public Decision {
    MatterForm.text("note", note, NOTE);
    assignedTo.ifPresent(name -> MatterForm.oneLine("assignedTo", name, PERSON));
    boolean later = result != Matter.Result.SOLVED;
    if (later && (assignedTo.filter(name -> !name.isBlank()).isEmpty() || dueAt.isEmpty())) {
      throw MatterRefused.invalid(Sentence.of("matter.who-until"));
    }
    if (!later && (assignedTo.isPresent() || dueAt.isPresent())) {
      throw MatterRefused.invalid(Sentence.of("matter.solved-for-nobody"));
    }
  }
}
