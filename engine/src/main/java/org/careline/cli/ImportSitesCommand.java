package org.careline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.SiteImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Imports a CSV file of sites. Prints the counts added, changed, unchanged and rejected, one a line
 * after a tab. Rejected rows are put into {@code <name>.rejects.csv} beside the file; one left by
 * an earlier run is deleted when nothing is rejected.
 */
@Command(name = "import-sites")
final class ImportSitesCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", descriptionKey = "file")
  private Path file;

  @Option(names = "--dry-run")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailed(Messages.text("file.unreadable", file));
    }
    try (Running running = Running.open()) {
      long maxBytes = running.configuration().imports().maxSize().bytes();
      print(run(new SiteImport(running.database(), maxBytes), file, dryRun));
      return 0;
    } catch (ImportRefused refused) {
      throw new CommandFailed(file + ": " + refused.in(Locale.getDefault()), refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    }
  }

  /** Imports the file and leaves its rejects beside it. */
  static ImportResult run(SiteImport siteImport, Path file, boolean dryRun)
      throws IOException, SQLException {
    Path rejects = rejects(file.toAbsolutePath());
    Path fresh = Files.createTempFile(rejects.getParent(), ".rejects", ".csv");
    try {
      ImportResult result;
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = Files.newOutputStream(fresh)) {
        result =
            siteImport.run(in, file.getFileName().toString(), dryRun, out, Locale.getDefault());
      }
      if (result.rejected() > 0) {
        Files.move(fresh, rejects, StandardCopyOption.REPLACE_EXISTING);
        System.err.println(Messages.text("import-sites.rejects", rejects));
      } else {
        Files.deleteIfExists(rejects);
      }
      return result;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void print(ImportResult result) {
    System.out.println("added\t" + result.added());
    System.out.println("changed\t" + result.changed());
    System.out.println("unchanged\t" + result.unchanged());
    System.out.println("rejected\t" + result.rejected());
  }

  private static Path rejects(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".rejects.csv");
  }
}
