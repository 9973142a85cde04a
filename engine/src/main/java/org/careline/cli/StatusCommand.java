package org.careline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.careline.local.Supervisor;
import picocli.CommandLine.Command;

/**
 * Prints one line per part: part, state, process id, port. Exit code 1 when nothing runs or a part
 * does not.
 */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Instance instance = Instance.load();
    if (!instance.running()) {
      System.out.println("supervisor\tstopped\t-\t-");
      return 1;
    }
    String pid = read(instance.home().resolve(Supervisor.PID_FILE)).strip();
    String parts = read(instance.home().resolve(Supervisor.PARTS_FILE));
    System.out.println("supervisor\trunning\t" + (pid.isEmpty() ? "-" : pid) + "\t-");
    System.out.print(parts);
    boolean allRunning =
        !parts.isBlank() && parts.lines().allMatch(line -> line.split("\t")[1].equals("running"));
    return allRunning ? 0 : 1;
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
