package org.careline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.careline.customer.FileKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The same as {@code import sites}; prints only what happened to rows, not which. */
@Command(name = "import-sites")
final class ImportSitesCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", descriptionKey = "file")
  private Path file;

  @Option(names = "--dry-run")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    return ImportCommand.sites(FileKind.SITES, file, dryRun);
  }
}
