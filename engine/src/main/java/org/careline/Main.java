package org.careline;

import org.careline.cli.Careline;

/** Where the program begins. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Careline.run(arguments));
  }
}
