package org.careline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.careline.local.Supervisor;
import picocli.CommandLine.Command;

/** Ends a running instance and waits for its end. */
@Command(name = "stop")
final class StopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Override
  public Integer call() throws InterruptedException {
    Instance instance = Instance.load();
    if (!instance.running()) {
      System.err.println(Messages.text("stop.nothing", instance.home()));
      return 0;
    }
    Path file = instance.home().resolve(Supervisor.PID_FILE);
    Optional<ProcessHandle> supervisor = supervisor(file);
    if (supervisor.isEmpty()) {
      throw new CommandFailed(Messages.text("stop.starting", file));
    }
    supervisor.get().destroy();
    try {
      supervisor.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      supervisor.get().destroyForcibly();
      throw new CommandFailed(Messages.text("stop.killed", PATIENCE.toSeconds()));
    } catch (ExecutionException e) {
      throw new CommandFailed(Messages.text("stop.failed", e.getMessage()), e);
    }
    System.err.println(Messages.text("stop.done", instance.home()));
    return 0;
  }

  private static Optional<ProcessHandle> supervisor(Path file) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
