package org.careline.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A short command and what it printed. */
public record Command(int exitCode, String output, String errors) {

  /**
   * Runs a command to its end, with nothing on its standard input. After {@code deadline} it is
   * killed and its exit code is 137.
   *
   * @throws CannotStart when the program cannot be executed
   */
  public static Command run(List<String> command, Map<String, String> extra, Duration deadline) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("LD_"));
    builder.environment().putAll(extra);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CannotStart("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    }
    CompletableFuture<String> output = reader(process.getInputStream());
    CompletableFuture<String> errors = reader(process.getErrorStream());
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new CannotStart("interrupted while running " + command.getFirst(), e);
    }
    return new Command(process.exitValue(), output.join(), errors.join());
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  private static CompletableFuture<String> reader(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("careline-command-output")
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }
}
