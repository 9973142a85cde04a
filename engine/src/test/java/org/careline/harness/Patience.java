package org.careline.harness;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long all tests wait for what has no time of its own. A deadline only ends a test that hangs;
 * where the time is the behaviour, the test says so.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration USUAL = Duration.ofSeconds(30);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(USUAL);
  }
}
