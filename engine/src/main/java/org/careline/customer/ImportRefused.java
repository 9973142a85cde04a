package org.careline.customer;

/**
 * A file cannot be imported as a whole; nothing was changed. The message is for the person who sent
 * it. Trying again with the same file does not help.
 */
public final class ImportRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ImportRefused(String message) {
    super(message);
  }
}
