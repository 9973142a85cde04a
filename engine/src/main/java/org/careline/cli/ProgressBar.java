package org.careline.cli;

import java.io.Console;
import java.io.PrintStream;

/** How far an import is, on a terminal; elsewhere nothing. Confined to one thread. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 40;
  private final PrintStream out;
  private final boolean terminal;
  private boolean drawn;

  ProgressBar() {
    this(System.err, terminal());
  }

  ProgressBar(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Newer Javas have a console also where there is no terminal, and say so. */
  private static boolean terminal() {
    try {
      return System.console() != null
          && (boolean) Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (ReflectiveOperationException olderJava) {
      return true;
    }
  }

  void at(long done, long all) {
    if (terminal) {
      out.print("\r" + text(done, all));
      out.flush();
      drawn = true;
    }
  }

  /** {@code [######## ] 40 % 40000/100000}. */
  static String text(long done, long all) {
    int filled = all == 0 ? WIDTH : (int) (done * WIDTH / all);
    long percent = all == 0 ? 100 : done * 100 / all;
    return "["
        + "#".repeat(filled)
        + " ".repeat(WIDTH - filled)
        + "] "
        + percent
        + " % "
        + done
        + "/"
        + all;
  }

  @Override
  public void close() {
    if (drawn) {
      out.println();
      drawn = false;
    }
  }
}
