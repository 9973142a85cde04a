package org.careline.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.careline.language.Sentence;

/** A short command and what it printed. */
public record Command(int exitCode, String output, String errors) {

  /**
   * Runs a command to its end, with nothing on its standard input. After {@code deadline} it is
   * killed and its exit code is 137.
   *
   * @throws CannotStart when the program cannot be executed
   */
  public static Command run(List<String> command, Map<String, String> extra, Duration deadline) {
    return run(command, extra, deadline, line -> {});
  }

  /** As above; each line on standard error is also handed over as it comes. */
  public static Command run(
      List<String> command,
      Map<String, String> extra,
      Duration deadline,
      Consumer<String> errorLines) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("LD_"));
    builder.environment().putAll(extra);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new CannotStart(
          Sentence.of("start.cannot-start", command.getFirst(), e.getMessage()), e);
    }
    CompletableFuture<String> output = reader(process.getInputStream(), line -> {});
    CompletableFuture<String> errors = reader(process.getErrorStream(), errorLines);
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", command.getFirst()), e);
    }
    return new Command(process.exitValue(), output.join(), errors.join());
  }

  public boolean succeeded() {
    return exitCode == 0;
  }

  private static CompletableFuture<String> reader(InputStream stream, Consumer<String> lines) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("careline-command-output")
        .start(
            () -> {
              StringBuilder all = new StringBuilder();
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  all.append(line).append('\n');
                  lines.accept(line);
                }
              } catch (IOException e) {
                // The process was killed: what came before counts.
              }
              text.complete(all.toString());
            });
    return text;
  }
}
