package org.careline.report.hotline;

import java.time.Duration;
import java.time.Instant;

/** The sums behind the figures of one group of matters. Confined to one thread. */
final class MatterTally {
  long opened;
  long done;
  long solved;
  long dispatch;
  long answer;
  long undecided;
  long overdue;
  long due;
  long inTime;
  long toDoneMs;
  long matters;
  long settled;

  void add(MatterFacts matter, Instant now) {
    opened++;
    boolean isDone = matter.doneAt() != null;
    if (isDone) {
      done++;
      toDoneMs += Duration.between(matter.openedAt(), matter.doneAt()).toMillis();
    }
    String result = matter.result() == null ? "" : matter.result();
    switch (result) {
      case "solved" -> solved++;
      case "dispatch" -> dispatch++;
      case "answer" -> answer++;
      default -> undecided++;
    }
    if (matter.dueAt() != null) {
      boolean over = !now.isBefore(matter.dueAt());
      overdue += over && !isDone ? 1 : 0;
      due += over || isDone ? 1 : 0;
      inTime += isDone && !matter.doneAt().isAfter(matter.dueAt()) ? 1 : 0;
    }
  }

  /**
   * @param deadline end of the working days in which nobody may come back to it
   */
  void firstCall(AfterFacts matter, Instant deadline) {
    matters++;
    settled += matter.settled(deadline) ? 1 : 0;
  }
}
