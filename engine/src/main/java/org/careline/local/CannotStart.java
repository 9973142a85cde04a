package org.careline.local;

/**
 * A local part cannot be had. The message is one line for the person at the terminal: what is wrong
 * and what to do. Trying again without doing that does not help.
 */
public final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CannotStart(String message) {
    super(message);
  }

  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
