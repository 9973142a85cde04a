package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Asterisk from the packages, with the smallest configuration. */
class LocalAsteriskTest {
  private static final Path MINIMAL = Path.of("src/test/resources/asterisk-minimal");

  @Test
  void bootsInAFolderWithASpaceAndAnswersItsConsole() {
    try (FreePorts.Range range = FreePorts.range();
        LocalAsterisk asterisk = start(TestFolders.create("with space"), range)) {
      assertThat(asterisk.cli("core show version")).startsWith("Asterisk 22.");
      assertThat(asterisk.cli("dialplan show minimal")).contains("Hangup()");
      assertThat(asterisk.home().resolve("log/cel-custom")).isDirectory();
      assertThat(asterisk.home().resolve("music/careline.ulaw")).isRegularFile();
      long pid = asterisk.process().pid();
      asterisk.close();
      assertThat(ProcessHandle.of(pid)).isEmpty();
    }
  }

  @Test
  void runsFromAFolderTooDeepForASocket() {
    Path deep = TestFolders.create("deep").resolve("d".repeat(60)).resolve("e".repeat(60));
    try (FreePorts.Range range = FreePorts.range();
        LocalAsterisk asterisk = start(deep, range)) {
      assertThat(asterisk.cli("core show version")).startsWith("Asterisk 22.");
    }
  }

  @Test
  void refusesAPathTheConfigurationCannotHold() {
    assertThatThrownBy(
            () ->
                LocalAsterisk.start(
                    "Asterisk", Packages.ensure(), Path.of("/tmp/a;b"), MINIMAL, Map.of()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("/tmp/a;b");
  }

  @Test
  void refusesATemplateWithAnUnknownPlaceholder(@TempDir Path templates) throws Exception {
    Files.writeString(templates.resolve("asterisk.conf"), "[options]\nsystemname = @NOBODY@\n");
    assertThatThrownBy(
            () ->
                LocalAsterisk.start(
                    "Asterisk", Packages.ensure(), TestFolders.create("ast"), templates, Map.of()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("asterisk.conf uses @NOBODY@, known are DATA, DB,");
  }

  @Test
  void saysWhyAsteriskEnded(@TempDir Path templates) throws Exception {
    Files.writeString(
        templates.resolve("asterisk.conf"),
        "[directories]\nastmoddir => /nowhere\nastrundir => @RUN@\n");
    assertThatThrownBy(
            () ->
                LocalAsterisk.start(
                    "Asterisk", Packages.ensure(), TestFolders.create("ast"), templates, Map.of()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("Asterisk ended");
  }

  private static LocalAsterisk start(Path home, FreePorts.Range range) {
    return LocalAsterisk.start(
        "Asterisk", Packages.ensure(), home, MINIMAL, TestAsterisk.placeholders(range.ports()));
  }
}
