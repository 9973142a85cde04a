package org.careline.cli;

/**
 * A command could not do what was asked. The message is one line for the person at the terminal;
 * the exit code is 1.
 */
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CommandFailed(String message) {
    super(message);
  }

  public CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
