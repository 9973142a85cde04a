package org.careline.report.hotline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What an agent's states look like to a queue: he is a member while logged in, and paused while not
 * ready, for the reason he gave. Every line is a queue he is a member of. Confined to one thread.
 */
final class QueueLogAgent {
  private final String agent;
  private final Collection<String> queues;
  private boolean member;
  private String paused;

  QueueLogAgent(String agent, Collection<String> queues) {
    this.agent = agent;
    this.queues = queues;
  }

  /** Takes the state he was in before the time asked for; writes nothing. */
  void was(String presence, String reason) {
    next(Instant.EPOCH, presence, reason);
  }

  List<QueueLogLine> next(Instant at, String presence, String reason) {
    List<QueueLogLine> lines = new ArrayList<>();
    switch (presence) {
      case "logged_out" -> {
        if (member) {
          add(lines, at, "REMOVEMEMBER", "");
        }
        member = false;
        paused = null;
      }
      case "not_ready" -> {
        enters(lines, at);
        if (!reason.equals(paused)) {
          add(lines, at, "PAUSE", reason);
        }
        paused = reason;
      }
      case "ready", "offered" -> {
        enters(lines, at);
        if (paused != null) {
          add(lines, at, "UNPAUSE", "");
        }
        paused = null;
      }
      default -> enters(lines, at);
    }
    return lines;
  }

  private void enters(List<QueueLogLine> lines, Instant at) {
    if (!member) {
      add(lines, at, "ADDMEMBER", "");
    }
    member = true;
  }

  private void add(List<QueueLogLine> lines, Instant at, String event, String data) {
    for (String queue : queues) {
      // app_queue names who added a member where a call's id would stand
      String id = event.endsWith("MEMBER") ? "MANAGER" : QueueLogLine.NONE;
      lines.add(QueueLogLine.of(at, id, queue, QueueLogCall.member(agent), event, data));
    }
  }
}
