package org.careline.callback;

import java.util.Optional;

/**
 * What an attempt came to when nobody answered, read off the hang-up cause (Q.850) and the dial
 * status of the switch. When a person answered, the agent's form decides instead. Pure.
 */
final class AutomaticDisposition {
  private AutomaticDisposition() {}

  static Disposition of(int cause, Optional<String> dialStatus) {
    return switch (cause) {
      // unallocated, number changed, invalid format
      case 1, 22, 28 -> Disposition.NUMBER_NOT_EXISTING;
      // busy, rejected
      case 17, 21 -> Disposition.BUSY;
      // no user responding
      case 18 -> Disposition.NO_ANSWER;
      // no answer; also SIP 480, whose announcement nobody heard
      case 19 ->
          dialStatus.equals(Optional.of("NOANSWER"))
              ? Disposition.NO_ANSWER
              : Disposition.NO_ANSWER_UNVERIFIED;
      // subscriber absent, destination out of order
      case 20, 27 -> Disposition.TEMPORARILY_UNREACHABLE;
      // no circuit, network out of order, temporary failure, congestion, channel not available ...
      case 3, 34, 38, 41, 42, 44, 47, 50, 58, 66, 102, 111, 127 -> Disposition.TECHNICAL;
      default -> byStatus(dialStatus);
    };
  }

  private static Disposition byStatus(Optional<String> dialStatus) {
    return switch (dialStatus.orElse("")) {
      case "BUSY" -> Disposition.BUSY;
      case "NOANSWER", "CANCEL" -> Disposition.NO_ANSWER;
      case "" -> Disposition.NO_ANSWER_UNVERIFIED;
      default -> Disposition.TECHNICAL;
    };
  }

  /** Asterisk's reason of a failed originate, where no channel told more. */
  static Disposition ofOriginate(int reason) {
    return switch (reason) {
      case 5 -> Disposition.BUSY;
      case 1, 3 -> Disposition.NO_ANSWER;
      default -> Disposition.TECHNICAL;
    };
  }
}
