package org.careline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.careline.customer.Apply;
import org.careline.customer.ApplyResult;
import org.careline.local.Prompts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Applies a YAML file. Prints one line per entry: added, changed or unchanged, kind, code; then
 * {@code password}, login and the password for each new user who got one.
 */
@Command(name = "apply")
final class ApplyCommand implements Callable<Integer> {
  private static final long MAX_BYTES = 4 << 20;

  @Parameters(paramLabel = "FILE.yaml", descriptionKey = "file")
  private Path file;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailed(Messages.text("file.unreadable", file));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new CommandFailed(Messages.text("apply.large", file, MAX_BYTES >> 20));
    }
    byte[] bytes = Files.readAllBytes(file);
    try (Running running = Running.open()) {
      Apply apply =
          new Apply(
              running.database(),
              running.configuration(),
              () -> Prompts.names(running.configuration(), running.configuration().home()));
      ApplyResult result = apply.run(file.toString(), bytes);
      for (ApplyResult.Item item : result.items()) {
        System.out.println(item.change() + "\t" + item.kind() + "\t" + item.code());
      }
      result
          .passwords()
          .forEach((login, password) -> System.out.println("password\t" + login + "\t" + password));
      return 0;
    }
  }
}
