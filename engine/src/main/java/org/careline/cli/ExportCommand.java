package org.careline.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.customer.DataExport;
import org.careline.customer.Disclosures;
import org.careline.customer.FileKind;
import org.careline.customer.ImportRefused;
import org.careline.customer.TableWriter;
import org.careline.questionnaire.FaultCardFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes customers' data as a file that can be imported; CSV or XLSX as the file's name ends. */
@Command(name = "export")
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "KIND", descriptionKey = "kind")
  private String kind;

  @Parameters(paramLabel = "FILE", descriptionKey = "file")
  private Path file;

  @Option(names = "--customer", paramLabel = "CODE")
  private String customer;

  @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "")
  private String reason;

  @Override
  public Integer call() throws IOException {
    if (kind.equals(ImportCommand.MATTERS)) {
      throw new CommandFailed(Messages.text("export.matters"));
    }
    boolean cards = kind.equals(ImportCommand.FAULT_CARDS);
    FileKind known = cards ? null : ImportCommand.kind(kind);
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    TableWriter.Format format =
        TableWriter.Format.of(name.substring(name.lastIndexOf('.') + 1))
            .orElseThrow(() -> new CommandFailed(Messages.text("export.format", file)));
    Path half = file.resolveSibling(file.getFileName() + ".part");
    try (Running running = Running.open()) {
      if (!cards && DataExport.hasNumbers(known)) {
        // whoever has the command line has the database: he is not stopped, but it is kept
        new Disclosures(running.database().jdbi(), InstantSource.system())
            .write(
                System.getProperty("user.name", ""),
                "export-" + known.key(),
                customer == null ? "" : customer,
                reason);
      }
      long rows;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(half))) {
        rows =
            cards
                ? new FaultCardFile(running.database().jdbi(), InstantSource.system())
                    .write(format, out)
                : new DataExport(running.database())
                    .write(known, Optional.ofNullable(customer), format, out);
      }
      // a reader never sees half a file
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
      System.out.println("rows\t" + rows);
      return 0;
    } catch (ImportRefused refused) {
      throw new CommandFailed(refused.in(Locale.getDefault()), refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    } catch (java.nio.file.FileSystemException failed) {
      throw new CommandFailed(Messages.text("file.unwritable", file), failed);
    } finally {
      Files.deleteIfExists(half);
    }
  }
}
