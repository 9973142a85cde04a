package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.careline.language.Sentence;

/**
 * A process that does not outlive this JVM, not even after kill -9: the kernel sends it SIGKILL
 * when its parent dies. To the kernel the parent is the <em>thread</em> that started it, so one
 * thread, which lasts as long as the JVM, starts them all.
 *
 * <p>It has its own session: an interrupt from the terminal reaches this JVM only, which then stops
 * its children in order. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
  private static final ExecutorService LASTING =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("careline-children").factory());
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts {@code command}; its output is appended to {@code log}.
   *
   * @param extra variables beside those this JVM has
   * @throws CannotStart when the program cannot be executed
   */
  public static ChildProcess start(
      String name, List<String> command, Path folder, Map<String, String> extra, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", log, FileTrouble.of(e)), e);
    }
    return start(
        name,
        command,
        folder,
        extra,
        builder ->
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
  }

  /** As above; what it writes on standard error appears on ours, the rest is dropped. */
  public static ChildProcess startAloud(
      String name, List<String> command, Path folder, Map<String, String> extra) {
    return start(
        name,
        command,
        folder,
        extra,
        builder ->
            builder
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
  }

  private static ChildProcess start(
      String name,
      List<String> command,
      Path folder,
      Map<String, String> extra,
      Consumer<ProcessBuilder> output) {
    List<String> tied =
        new ArrayList<>(List.of("setsid", "--", "setpriv", "--pdeathsig", "KILL", "--"));
    tied.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(tied).directory(folder.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("LD_"));
    builder.environment().putAll(extra);
    builder.redirectInput(Path.of("/dev/null").toFile());
    output.accept(builder);
    try {
      return new ChildProcess(name, LASTING.submit(builder::start).get());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String said = String.valueOf(cause.getMessage());
      throw new CannotStart(
          said.contains("setsid")
              ? Sentence.of("start.no-setsid", name, said)
              : Sentence.of("start.cannot-start", name, said),
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", name), e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Its exit code, 128 + signal when killed; empty while it lives. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** Completes when the process has ended. */
  public CompletableFuture<ChildProcess> onExit() {
    return process.onExit().thenApply(ended -> this);
  }

  /**
   * Waits at most {@code time} for the end; tells whether it came.
   *
   * @throws CannotStart when this thread is interrupted
   */
  public boolean awaitExit(Duration time) {
    try {
      process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", name), e);
    }
  }

  /** Asks it to end (SIGTERM), and makes it end (SIGKILL) after {@code grace}. Harmless twice. */
  public void stop(Duration grace) {
    process.destroy();
    try {
      if (!awaitExit(grace)) {
        kill();
      }
    } catch (CannotStart interrupted) {
      process.destroyForcibly();
    }
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    try {
      awaitExit(GRACE);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    stop(GRACE);
  }
}
