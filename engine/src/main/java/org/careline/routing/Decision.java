package org.careline.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What an assignment was decided by, for programs. Seconds and scores have one decimal. Immutable.
 *
 * @param leadSeconds what the tier's promise added to his wait
 * @param step the policy's step by which he may have the agent, see {@link PolicyStep.Who}
 * @param waiting callers on the line, this one included
 * @param ready agents, the chosen one included
 * @param ahead callers who would have been served before him, but nobody suits them now
 * @param passed the first few of them
 * @param behind the first of those he went before; null = nobody
 * @param asked agents who were offered the call before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(
    String discipline,
    String tier,
    int rank,
    double weight,
    double waitedSeconds,
    double leadSeconds,
    double score,
    String step,
    int grade,
    int waiting,
    int ready,
    int ahead,
    List<Neighbour> passed,
    Neighbour behind,
    List<String> asked) {

  /** Somebody else who waited. */
  public record Neighbour(String call, String tier, double waitedSeconds, double score) {}
}
