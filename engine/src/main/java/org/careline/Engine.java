package org.careline;

import org.careline.config.Configuration;

/** The composition root: everything is made here in start order and closed in reverse. */
public final class Engine implements AutoCloseable {
  private Engine() {}

  /** Starts the engine; returns when it serves. */
  public static Engine start(Configuration configuration) {
    return new Engine();
  }

  @Override
  public void close() {}
}
