package org.careline.callback;

import java.util.Optional;

/**
 * What an attempt came to when nobody answered, read off the hang-up cause (Q.850) and the dial
 * status of the switch. When a person answered, the agent's form decides instead. Pure.
 */
final class AutomaticDisposition {
  private AutomaticDisposition() {}

  private static final int RANG_TO_THE_END = 3;

  /**
   * @param cause of the hang-up of the site's leg; empty where it never had one
   * @param reason of the originate's failure; its busy and congestion are not reliable, that it
   *     rang to the end is
   */
  static Disposition of(
      Optional<Integer> cause, Optional<String> dialStatus, Optional<Integer> reason) {
    return switch (cause.orElse(0)) {
      // unallocated, number changed, invalid format
      case 1, 22, 28 -> Disposition.NUMBER_NOT_EXISTING;
      // busy, rejected
      case 17, 21 -> Disposition.BUSY;
      // no user responding
      case 18 -> Disposition.NO_ANSWER;
      // no answer; also SIP 480, whose announcement nobody heard
      case 19 ->
          dialStatus.equals(Optional.of("NOANSWER")) || reason.equals(Optional.of(RANG_TO_THE_END))
              ? Disposition.NO_ANSWER
              : Disposition.NO_ANSWER_UNVERIFIED;
      // subscriber absent, destination out of order
      case 20, 27 -> Disposition.TEMPORARILY_UNREACHABLE;
      // no circuit, network out of order, temporary failure, congestion, channel not available ...
      case 3, 34, 38, 41, 42, 44, 47, 50, 58, 66, 102, 111, 127 -> Disposition.TECHNICAL;
      default -> byStatus(dialStatus, reason);
    };
  }

  private static Disposition byStatus(Optional<String> dialStatus, Optional<Integer> reason) {
    return switch (dialStatus.orElse("")) {
      case "BUSY" -> Disposition.BUSY;
      case "NOANSWER", "CANCEL" -> Disposition.NO_ANSWER;
      case "" -> byReason(reason);
      default -> Disposition.TECHNICAL;
    };
  }

  private static Disposition byReason(Optional<Integer> reason) {
    return switch (reason.orElse(-1)) {
      case -1 -> Disposition.NO_ANSWER_UNVERIFIED;
      case 5 -> Disposition.BUSY;
      case 1, RANG_TO_THE_END -> Disposition.NO_ANSWER;
      default -> Disposition.TECHNICAL;
    };
  }
}
