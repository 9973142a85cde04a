package org.careline.telephony;

/**
 * What came of the last step, as the dialplan's question says. Immutable.
 *
 * @param stage the word the step was given, or one of the dialplan's own
 * @param digits what he typed, without the ending #; empty = nothing
 * @param unplayable a prompt had no file
 */
public record Heard(String stage, String digits, boolean unplayable) {
  /** The agent has ended the talk, the caller is still there. */
  public static final String AFTER_TALK = "after-talk";

  /** He pressed 1 in the waitroom. */
  public static final String CALLBACK_KEY = "callback-key";

  /** Nobody took the call at the number outside. */
  public static final String EXTERNAL_FAILED = "external-failed";

  /**
   * @throws IllegalArgumentException when it is not what a dialplan of ours says
   */
  public Heard {
    if (!Step.Names.stage(stage)) {
      throw new IllegalArgumentException("not a stage");
    }
    if (!digits.matches("[0-9*#]{0,20}")) {
      throw new IllegalArgumentException("not digits");
    }
  }
}
