package org.careline.config;

/**
 * One thing wrong in a file of the configuration.
 *
 * @param line from 1; 0 where the source has no lines (the environment)
 */
public record Problem(String file, int line, String reason) {
  @Override
  public String toString() {
    return line == 0 ? file + ": " + reason : file + ":" + line + ": " + reason;
  }
}
