package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long a user waits: all parts and the outside world, at first with an empty package cache,
 * then again in the same home. Needs a Debian archive this machine can reach.
 */
@Tag("long")
class StartTimesTest {
  private static final Duration FIRST = Duration.ofMinutes(4);
  private static final Duration SECOND = Duration.ofSeconds(20);

  @Test
  void fromAnEmptyCacheWithinFourMinutesAndAgainWithinTwentySeconds() throws Exception {
    Path cache = TestFolders.create("cache");
    Path home = TestFolders.create("instance");
    Map<String, String> environment = Map.of("CARELINE_CACHE", cache.toString());
    try {
      long began = System.nanoTime();
      try (TestInstance first = start(home, environment)) {
        Duration took = since(began);
        System.out.printf("from an empty cache to all parts running: %.1f s%n", seconds(took));
        assertThat(first.log()).contains("careline: fetching Asterisk and MySQL");
        assertThat(cache.resolve("root/.complete")).isRegularFile();
        assertThat(took).isLessThan(FIRST);
        assertThat(first.careline("stop").exitCode()).isZero();
      }

      began = System.nanoTime();
      try (TestInstance second = start(home, environment)) {
        Duration took = since(began);
        System.out.printf("second start: %.1f s%n", seconds(took));
        assertThat(took).isLessThan(SECOND);
        assertThat(second.careline("status").exitCode()).isZero();
      }
    } finally {
      Folders.delete(cache);
    }
  }

  private static TestInstance start(Path home, Map<String, String> environment) {
    TestInstance instance = TestInstance.begin(home, FreePorts.range(), environment, "--outside");
    try {
      instance.awaitRunning(FIRST.plusMinutes(2));
      return instance;
    } catch (IllegalStateException e) {
      instance.close();
      assumeThat(e.getMessage())
          .as("no Debian archive can be reached: start times cannot be measured")
          .doesNotContain("careline: no network: ")
          .doesNotContain("this machine names no Debian archive");
      throw e;
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
