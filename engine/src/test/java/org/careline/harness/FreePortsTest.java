package org.careline.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the kernel knows of the ranges is what other test processes go by. */
class FreePortsTest {
  @Test
  void takingMoreRangesKeepsTheFormerOnesHeld() throws IOException {
    try (FreePorts.Range first = FreePorts.range();
        FreePorts.Range second = FreePorts.range();
        FreePorts.Range third = FreePorts.range()) {
      assertThat(Stream.of(first, second, third).map(FreePorts.Range::base))
          .doesNotHaveDuplicates();
      for (FreePorts.Range range : new FreePorts.Range[] {first, second, third}) {
        assertThat(heldByThisProcess(range.base())).as("range " + range.base()).isTrue();
      }
      second.close();
      assertThat(heldByThisProcess(second.base())).isFalse();
      assertThat(heldByThisProcess(first.base())).isTrue();
    }
  }

  @Test
  void aRangeOfWhichOnlyTheBaseIsKeptStaysHeld() throws IOException {
    int base = FreePorts.base();
    System.gc();
    try (FreePorts.Range other = FreePorts.range()) {
      assertThat(other.base()).isNotEqualTo(base);
      assertThat(heldByThisProcess(base)).isTrue();
    }
  }

  private static boolean heldByThisProcess(int base) throws IOException {
    String inode =
        Files.getAttribute(Path.of("/tmp/careline-test-ports", base + ".lock"), "unix:ino")
            .toString();
    String holder = " " + ProcessHandle.current().pid() + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains(holder) && line.contains(":" + inode + " "));
  }
}
