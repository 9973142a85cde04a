package org.careline.report.hotline;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a queue log as Asterisk's {@code ast_queue_log} writes it: {@code
 * epoch|callid|queue|agent|event|data...}. Immutable.
 *
 * @param callId {@link #NONE} for what concerns no call
 * @param data in the order of app_queue; none = the line ends with an empty field
 */
public record QueueLogLine(
    Instant at, String callId, String queue, String agent, String event, List<String> data) {
  static final String NONE = "NONE";

  static QueueLogLine of(
      Instant at, String callId, String queue, String agent, String event, Object... data) {
    return new QueueLogLine(
        at,
        callId,
        queue,
        agent,
        event,
        java.util.Arrays.stream(data).map(String::valueOf).toList());
  }

  /** Without a line end. */
  public String text() {
    return at.getEpochSecond()
        + "|"
        + escape(callId)
        + "|"
        + escape(queue)
        + "|"
        + escape(agent)
        + "|"
        + event
        + "|"
        + data.stream().map(QueueLogLine::escape).collect(Collectors.joining("|"));
  }

  /**
   * Asterisk writes texts as they are, so that a pipe in one would begin a new field. Here pipes,
   * control characters and the per cent sign are written as in addresses: %7C.
   */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '|' || c == '%' || Character.isISOControl(c)) {
                safe.append(String.format("%%%02X", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }
}
