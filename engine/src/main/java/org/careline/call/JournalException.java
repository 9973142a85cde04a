package org.careline.call;

/**
 * The journal cannot keep something now: the disk is full or the queue before it. Nothing is known
 * to be lost; an entry already taken is still written as soon as there is room.
 */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
