package org.careline.demo;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a demonstration shows: on a terminal a table that is drawn again each second below the
 * latest lines, otherwise plain lines, tab separated, with the progress of the rounds every ten
 * seconds. Thread-safe.
 */
public final class LiveTable {
  private static final int LATEST = 12;
  private static final int WIDTH = 78;
  private static final int PLAIN_EVERY = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final UnaryOperator<String> words;
  private final Deque<String> latest = new ArrayDeque<>();
  private String[] head = {};
  private int drawn;
  private int ticks;

  /** {@code words} gives the sentence to a key, in the reader's language. */
  public LiveTable(PrintStream out, boolean terminal, UnaryOperator<String> words) {
    this.out = out;
    this.terminal = terminal;
    this.words = words;
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
          "progress\t"
              + words.apply("callers")
              + " "
              + now.callersIn()
              + "\t"
              + words.apply("ended")
              + " "
              + Summary.sum(now.outcomes())
              + "\t"
              + words.apply("sites")
              + " "
              + counts(now.bins()));
      return;
    }
    List<String> lines = new ArrayList<>();
    for (String line : head) {
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    lines.add(words.apply("callers") + " " + now.callersIn() + "  " + counts(now.outcomes()));
    lines.add(words.apply("sites") + " " + now.sitesLoaded() + "  " + counts(now.bins()));
    lines.add(words.apply("calls") + " " + now.attempts());
    latest.forEach(line -> lines.add("  " + line));
    StringBuilder screen = new StringBuilder();
    if (drawn > 0) {
      screen.append("\033[").append(drawn).append("A\033[J");
    }
    lines.forEach(line -> screen.append(cut(line)).append('\n'));
    drawn = lines.size();
    out.print(screen);
    out.flush();
  }

  /** To the terminal's width, so that no line wraps; Chinese characters are two columns wide. */
  private static String cut(String line) {
    int columns = 0;
    for (int i = 0; i < line.length(); i++) {
      columns += line.charAt(i) >= 0x1100 ? 2 : 1;
      if (columns > WIDTH) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  /** The reckoning. */
  public synchronized void summary(Summary summary) {
    out.println();
    out.println(words.apply("callersIn") + "\t" + summary.callersIn());
    print(summary.outcomes());
    out.println(words.apply("outcomes") + "\t" + Summary.sum(summary.outcomes()));
    out.println(words.apply("sitesLoaded") + "\t" + summary.sitesLoaded());
    print(summary.bins());
    out.println(words.apply("bins") + "\t" + Summary.sum(summary.bins()));
    out.println(words.apply("attempts") + "\t" + summary.attempts());
    out.println(words.apply("failedBeforeWire") + "\t" + summary.attemptsFailedBeforeWire());
    out.println(words.apply("callsAtOutsideWorld") + "\t" + summary.callsAtOutsideWorld());
    check("callersAreOutcomes", summary.callersIn() == Summary.sum(summary.outcomes()));
    check("sitesAreBins", summary.sitesLoaded() == Summary.sum(summary.bins()));
    check(
        "placedAreCalls",
        summary.attempts() - summary.attemptsFailedBeforeWire() == summary.callsAtOutsideWorld());
    out.println("reconciles\t" + summary.reconciles());
    out.flush();
  }

  private void print(Map<String, Integer> counts) {
    counts.forEach((name, count) -> out.println("  " + name + "\t" + count));
  }

  private void check(String key, boolean holds) {
    out.println(words.apply(key) + "\t" + words.apply(holds ? "yes" : "no"));
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
