package org.careline.bench;

import java.time.Duration;

/** What processes cost. */
final class Processes {
  private Processes() {}

  /** Processor time since the process began, in steps of 10 ms. */
  static Duration cpu(ProcessHandle process) {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("processor time of " + process.pid()));
  }
}
