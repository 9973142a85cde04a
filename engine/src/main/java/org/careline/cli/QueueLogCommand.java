package org.careline.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.careline.customer.Disclosures;
import org.careline.report.hotline.QueueLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes calls and agents as a queue log in Asterisk's format, for programs that read one. To
 * standard output, or into a file that is replaced as a whole.
 */
@Command(name = "queue-log")
final class QueueLogCommand implements Callable<Integer> {
  private static final Duration USUAL = Duration.ofDays(1);

  @Option(names = "--from", paramLabel = "TIME")
  private String from;

  @Option(names = "--to", paramLabel = "TIME")
  private String to;

  @Option(names = "--out", paramLabel = "FILE")
  private Path file;

  @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "")
  private String reason;

  @Override
  public Integer call() throws IOException {
    Instance instance = Instance.load();
    ZoneId zone = instance.configuration().callback().zone();
    Instant end =
        to == null
            ? Instant.now().truncatedTo(ChronoUnit.SECONDS)
            : ReconcileCommand.time("--to", to, zone);
    Instant begin = from == null ? end.minus(USUAL) : ReconcileCommand.time("--from", from, zone);
    if (!begin.isBefore(end)) {
      throw new CommandFailed(Messages.text("reconcile.order", begin, end));
    }
    try (Running running = Running.open(instance)) {
      QueueLog log = new QueueLog(running.database().jdbi());
      new Disclosures(running.database().jdbi(), InstantSource.system())
          .write(System.getProperty("user.name", ""), "queue-log", begin + "/" + end, reason);
      if (file == null) {
        log.write(begin, end, System.out);
      } else {
        replace(log, begin, end);
      }
    }
    return 0;
  }

  /** A reader never sees half a file. */
  private void replace(QueueLog log, Instant begin, Instant end) {
    Path half = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (Writer out = Files.newBufferedWriter(half, StandardCharsets.UTF_8)) {
        log.write(begin, end, out);
      }
      Files.move(half, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandFailed(Messages.text("file.unwritable", file), e);
    }
  }
}
