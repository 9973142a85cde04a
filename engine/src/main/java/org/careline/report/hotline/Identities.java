package org.careline.report.hotline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.call.Outcome;

/**
 * The two sums that must come out: every call is in exactly one bin. A call whose record
 * contradicts itself (an outcome that only a caller in the queue can have, without a time of
 * joining; an answer without its time) is in none, and is named. Confined to one thread.
 */
public final class Identities {
  private static final int NAMED = 100;

  /** Outcomes of those who never came into the queue; a closed line may take a message. */
  private static final Set<Outcome> BEFORE =
      Set.of(
          Outcome.LEFT_BEFORE_QUEUE,
          Outcome.BLOCKED,
          Outcome.AFTER_HOURS,
          Outcome.VOICEMAIL,
          Outcome.CALLBACK_TAKEN,
          Outcome.FAILED);

  /** Outcomes of those who did. */
  private static final Set<Outcome> OFFERED =
      Set.of(
          Outcome.ANSWERED,
          Outcome.FALLBACK_ANSWERED,
          Outcome.ABANDONED,
          Outcome.SHORT_ABANDONED,
          Outcome.OVERFLOWED,
          Outcome.CALLBACK_TAKEN,
          Outcome.VOICEMAIL,
          Outcome.FAILED);

  /**
   * One sum. Its difference must be zero.
   *
   * @param id {@code callers_in} or {@code offered}
   * @param total counted as a whole
   * @param bins counted one by one, in the order of the formula
   * @param calls in no bin, at most {@value #NAMED}
   */
  public record Identity(String id, long total, Map<String, Long> bins, List<String> calls) {
    /** The sum in words. */
    public Explained explained() {
      return Explained.of(id, "identity." + id, Unit.COUNT);
    }

    public long difference() {
      return total - bins.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final Map<String, Long> before = new LinkedHashMap<>();
  private final Map<String, Long> offered = new LinkedHashMap<>();
  private final List<String> lostBefore = new ArrayList<>();
  private final List<String> lostOffered = new ArrayList<>();
  private long callersIn;
  private long joined;

  public Identities() {
    for (String bin :
        List.of(
            "left_before_queue",
            "blocked",
            "after_hours",
            "voicemail",
            "callback_taken",
            "failed",
            "still_before_queue")) {
      before.put(bin, 0L);
    }
    before.put("offered", 0L);
    for (String bin :
        List.of(
            "answered",
            "fallback_answered",
            "abandoned",
            "overflowed",
            "callback_taken",
            "voicemail",
            "failed",
            "still_waiting")) {
      offered.put(bin, 0L);
    }
  }

  public void add(CallFacts call) {
    callersIn++;
    if (!call.joined()) {
      bin(call, before, BEFORE, "still_before_queue", lostBefore);
      return;
    }
    before.merge("offered", 1L, Long::sum);
    joined++;
    bin(call, offered, OFFERED, "still_waiting", lostOffered);
  }

  private static void bin(
      CallFacts call,
      Map<String, Long> bins,
      Set<Outcome> possible,
      String open,
      List<String> lost) {
    if (call.outcome() == null) {
      bins.merge(open, 1L, Long::sum);
      return;
    }
    Outcome outcome = Tally.outcome(call.outcome());
    boolean answered = outcome != null && Tally.answered(outcome);
    if (outcome == null || !possible.contains(outcome) || answered && call.answeredAt() == null) {
      if (lost.size() < NAMED) {
        lost.add(call.id() + " " + call.outcome());
      }
      return;
    }
    bins.merge(Tally.abandoned(outcome) ? "abandoned" : outcome.key(), 1L, Long::sum);
  }

  public List<Identity> both() {
    return List.of(
        new Identity(
            "callers_in",
            callersIn,
            java.util.Collections.unmodifiableMap(before),
            List.copyOf(lostBefore)),
        new Identity(
            "offered",
            joined,
            java.util.Collections.unmodifiableMap(offered),
            List.copyOf(lostOffered)));
  }
}
