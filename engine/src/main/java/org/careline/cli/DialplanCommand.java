package org.careline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.careline.local.ForeignAsterisk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes what an administrator's own Asterisk includes; prints one path per line. */
@Command(name = "dialplan")
final class DialplanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", descriptionKey = "folder")
  private Path folder;

  @Override
  public Integer call() {
    Instance instance = Instance.load();
    ForeignAsterisk.write(
            folder.toAbsolutePath().normalize(), instance.configuration(), instance.ports())
        .forEach(System.out::println);
    return 0;
  }
}
