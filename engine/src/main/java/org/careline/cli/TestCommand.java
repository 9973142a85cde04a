package org.careline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Only its help is here: scripts/careline runs the tests itself, because Maven builds the program
 * that would run them.
 */
@Command(name = "test")
final class TestCommand implements Callable<Integer> {
  @Option(names = "--long")
  private boolean longer;

  @Override
  public Integer call() {
    throw new CommandFailed(Messages.text("test.script"));
  }
}
