package org.careline.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/** Tasks and the calls made for them, on the wire. Immutable. */
public final class TaskViews {
  private TaskViews() {}

  /**
   * A task. What is not there is null.
   *
   * @param note why, in words of the engine or of a person
   * @param waitedSince when the caller joined the queue, where the engine calls
   * @param byItself the engine calls
   * @param lastReasonEn why the last call for it was made by that agent and then; null = by hand,
   *     or none yet
   * @param lastReasonZh the same in Chinese
   * @param recorded there is a message to listen to
   */
  public record TaskView(
      String id,
      String kind,
      String callId,
      String number,
      String customer,
      String site,
      String line,
      String tier,
      String note,
      Instant createdAt,
      Instant dueAt,
      Instant waitedSince,
      boolean byItself,
      int tries,
      String assignedTo,
      String state,
      String result,
      String resultNote,
      Instant closedAt,
      String closedBy,
      String lastReasonEn,
      String lastReasonZh,
      boolean recorded) {
    TaskView masked() {
      return new TaskView(
          id,
          kind,
          callId,
          Masking.mask(number),
          customer,
          site,
          line,
          tier,
          note,
          createdAt,
          dueAt,
          waitedSince,
          byItself,
          tries,
          assignedTo,
          state,
          result,
          resultNote,
          closedAt,
          closedBy,
          lastReasonEn,
          lastReasonZh,
          recorded);
    }
  }

  /**
   * A call for a task as an agent's work: why he calls, and since when the other one waits.
   *
   * @param fromCallId the call the task came from
   * @param reasonEn why he and why now, as with calls on the line; null = he dialled himself
   * @param reasonZh the same in Chinese
   */
  public record TaskWork(
      String callId,
      String taskId,
      String taskKind,
      String fromCallId,
      String state,
      String number,
      String customer,
      String site,
      String line,
      String tier,
      Instant since,
      Instant dueAt,
      int tries,
      boolean answered,
      String reasonEn,
      String reasonZh)
      implements Views.Work {
    @JsonProperty("kind")
    public String kind() {
      return "task";
    }

    @Override
    public TaskWork masked() {
      return new TaskWork(
          callId,
          taskId,
          taskKind,
          fromCallId,
          state,
          Masking.mask(number),
          customer,
          site,
          line,
          tier,
          since,
          dueAt,
          tries,
          answered,
          reasonEn,
          reasonZh);
    }
  }

  /** The call that was begun. */
  public record Begun(String callId) {}
}
