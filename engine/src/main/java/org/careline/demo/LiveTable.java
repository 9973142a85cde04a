package org.careline.demo;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a demonstration shows: on a terminal a table that is drawn again each second below the
 * latest lines, otherwise plain lines, tab separated, with the progress of the rounds every ten
 * seconds. Thread-safe.
 */
public final class LiveTable {
  private static final int LATEST = 12;
  private static final int PLAIN_EVERY = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final Deque<String> latest = new ArrayDeque<>();
  private String[] head = {};
  private int drawn;
  private int ticks;

  public LiveTable(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Lines that stay on top. */
  public synchronized void head(String... lines) {
    head = lines;
    if (!terminal) {
      for (String line : lines) {
        if (!line.isEmpty()) {
          out.println(line);
        }
      }
    }
  }

  /** One line of what happens. */
  public synchronized void tell(String line) {
    if (!terminal) {
      out.println(line);
      return;
    }
    latest.addLast(line.replace('\t', ' '));
    if (latest.size() > LATEST) {
      latest.removeFirst();
    }
  }

  /** Called once a second. */
  public synchronized void show(Demonstration demonstration) {
    ticks++;
    if (!terminal && ticks % PLAIN_EVERY != 0) {
      return;
    }
    Summary now = demonstration.count();
    if (!terminal) {
      out.println(
          "progress\tcallers "
              + now.callersIn()
              + "\tended "
              + Summary.sum(now.outcomes())
              + "\tsites "
              + counts(now.bins()));
      return;
    }
    StringBuilder screen = new StringBuilder();
    if (drawn > 0) {
      screen.append("\033[").append(drawn).append("A\033[J");
    }
    int lines = 0;
    for (String line : head) {
      if (!line.isEmpty()) {
        screen.append(line).append('\n');
        lines++;
      }
    }
    screen
        .append("callers ")
        .append(now.callersIn())
        .append("  ")
        .append(counts(now.outcomes()))
        .append('\n');
    screen
        .append("sites   ")
        .append(now.sitesLoaded())
        .append("  ")
        .append(counts(now.bins()))
        .append('\n');
    screen.append("calls   ").append(now.attempts()).append('\n');
    lines += 3;
    for (String line : latest) {
      screen.append("  ").append(line, 0, Math.min(line.length(), 76)).append('\n');
      lines++;
    }
    drawn = lines;
    out.print(screen);
    out.flush();
  }

  /** The reckoning. */
  public synchronized void summary(Summary summary) {
    out.println();
    out.println("callers in (outside world)\t" + summary.callersIn());
    print("outcome", summary.outcomes());
    out.println("outcomes\t" + Summary.sum(summary.outcomes()));
    out.println("sites loaded\t" + summary.sitesLoaded());
    print("bin", summary.bins());
    out.println("bins\t" + Summary.sum(summary.bins()));
    out.println("attempts\t" + summary.attempts());
    out.println("failed before wire\t" + summary.attemptsFailedBeforeWire());
    out.println("calls at outside world\t" + summary.callsAtOutsideWorld());
    out.println(
        "callers in = outcomes: "
            + word(summary.callersIn() == Summary.sum(summary.outcomes()))
            + "; sites = bins: "
            + word(summary.sitesLoaded() == Summary.sum(summary.bins()))
            + "; attempts placed = calls at outside world: "
            + word(
                summary.attempts() - summary.attemptsFailedBeforeWire()
                    == summary.callsAtOutsideWorld()));
    out.println("reconciles\t" + summary.reconciles());
    out.flush();
  }

  private void print(String kind, Map<String, Integer> counts) {
    counts.forEach((name, count) -> out.println("  " + kind + "\t" + name + "\t" + count));
  }

  private static String word(boolean holds) {
    return holds ? "yes" : "NO";
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
