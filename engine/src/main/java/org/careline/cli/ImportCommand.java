package org.careline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.customer.ColumnMappings;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.matter.MatterFile;
import org.careline.matter.OpenMatterTable;
import org.careline.questionnaire.FaultCardFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Imports a CSV or XLSX file. Prints the counts added, changed, unchanged, rejected, duplicates and
 * to_confirm, one a line after a tab; a dry run also what would be different. Rejected rows are put
 * into {@code <name>.rejects.csv} beside the file; one left by an earlier run is deleted when
 * nothing is rejected.
 */
@Command(name = "import")
final class ImportCommand implements Callable<Integer> {
  static final String MATTERS = "matters";
  static final String FAULT_CARDS = "fault-cards";

  @Parameters(paramLabel = "KIND", descriptionKey = "kind")
  private String kind;

  @Parameters(paramLabel = "FILE", descriptionKey = "file")
  private Path file;

  @Option(names = "--dry-run")
  private boolean dryRun;

  @Option(names = "--full-list")
  private boolean fullList;

  @Option(names = "--customer", paramLabel = "CODE")
  private String customer;

  @Option(names = "--map", paramLabel = "HEAD=COLUMN")
  private Map<String, String> heads = Map.of();

  @Option(names = "--save-mapping")
  private boolean save;

  /** What reads a file and takes the rows that are no good. */
  interface Reader {
    ImportResult read(InputStream in, OutputStream rejects) throws IOException, SQLException;
  }

  @Override
  public Integer call() throws IOException {
    if (kind.equals(MATTERS)) {
      return matters();
    }
    if (kind.equals(FAULT_CARDS)) {
      return faultCards();
    }
    FileKind known = kind(kind);
    if (save && (customer == null || heads.isEmpty())) {
      throw new CommandFailed(Messages.text("import.save-mapping"));
    }
    readable(file);
    try (Running running = Running.open()) {
      DataImport imports = imports(running);
      if (save && !dryRun) {
        new ColumnMappings(running.database().jdbi()).save(customer, known, heads);
      }
      try (ProgressBar bar = new ProgressBar()) {
        DataImport.Order order =
            new DataImport.Order(
                known,
                file.getFileName().toString(),
                dryRun,
                fullList,
                Optional.ofNullable(customer),
                heads,
                Locale.getDefault(),
                System.getProperty("user.name"),
                bar::at);
        ImportResult result = run((in, rejects) -> imports.run(order, in, rejects), file);
        bar.close();
        print(result);
        if (dryRun) {
          printDetails(result);
        }
        return 0;
      }
    } catch (ImportRefused refused) {
      throw refused(file, refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    }
  }

  private int matters() throws IOException {
    if (fullList || customer != null || !heads.isEmpty() || save) {
      throw new CommandFailed(Messages.text("import.matters-options", kind));
    }
    readable(file);
    try (Running running = Running.open();
        OpenMatterTable open = new OpenMatterTable(running.database().dataSource())) {
      MatterFile matters =
          new MatterFile(
              running.database().jdbi(),
              open,
              running.configuration().imports().maxSize().bytes(),
              InstantSource.system());
      print(
          run(
              (in, rejects) ->
                  matters.read(
                      in, dryRun, rejects, Locale.getDefault(), System.getProperty("user.name")),
              file));
      return 0;
    } catch (ImportRefused refused) {
      throw refused(file, refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    }
  }

  private int faultCards() throws IOException {
    if (fullList || customer != null || !heads.isEmpty() || save) {
      throw new CommandFailed(Messages.text("import.matters-options", kind));
    }
    readable(file);
    try (Running running = Running.open()) {
      FaultCardFile cards = new FaultCardFile(running.database().jdbi(), InstantSource.system());
      ImportResult result =
          run(
              (in, rejects) ->
                  cards.read(
                      in, dryRun, rejects, Locale.getDefault(), System.getProperty("user.name")),
              file);
      counts(result).subList(0, 4).forEach(System.out::println);
      if (dryRun) {
        printDetails(result);
      }
      return 0;
    } catch (ImportRefused refused) {
      throw refused(file, refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    }
  }

  static FileKind kind(String key) {
    return FileKind.of(key)
        .orElseThrow(
            () ->
                new CommandFailed(
                    Messages.text(
                        "import.kind",
                        key,
                        String.join(", ", FileKind.keys()) + ", " + MATTERS + ", " + FAULT_CARDS)));
  }

  /** Imports a file of sites, saying only how many rows were what. */
  static int sites(FileKind kind, Path file, boolean dryRun) throws IOException {
    readable(file);
    try (Running running = Running.open()) {
      ImportResult result = run(imports(running), file, dryRun);
      counts(result).subList(0, 4).forEach(System.out::println);
      return 0;
    } catch (ImportRefused refused) {
      throw refused(file, refused);
    } catch (SQLException failed) {
      throw new CommandFailed(Messages.text("database.failed", failed.getMessage()), failed);
    }
  }

  private static DataImport imports(Running running) {
    return new DataImport(running.database(), running.configuration().imports().maxSize().bytes());
  }

  private static void readable(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailed(Messages.text("file.unreadable", file));
    }
  }

  private static CommandFailed refused(Path file, ImportRefused refused) {
    return new CommandFailed(file + ": " + refused.in(Locale.getDefault()), refused);
  }

  /** Imports sites and leaves the rejects beside the file. */
  static ImportResult run(DataImport imports, Path file, boolean dryRun)
      throws IOException, SQLException {
    DataImport.Order order =
        new DataImport.Order(
            FileKind.SITES,
            file.getFileName().toString(),
            dryRun,
            false,
            Optional.empty(),
            Map.of(),
            Locale.getDefault(),
            System.getProperty("user.name"),
            (done, all) -> {});
    return run((in, rejects) -> imports.run(order, in, rejects), file);
  }

  private static ImportResult run(Reader reader, Path file) throws IOException, SQLException {
    Path rejects = rejects(file.toAbsolutePath());
    Path fresh = Files.createTempFile(rejects.getParent(), ".rejects", ".csv");
    try {
      ImportResult result;
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = Files.newOutputStream(fresh)) {
        result = reader.read(in, out);
      }
      if (result.rejected() > 0) {
        Files.move(fresh, rejects, StandardCopyOption.REPLACE_EXISTING);
        System.err.println(Messages.text("import.rejects", rejects));
      } else {
        Files.deleteIfExists(rejects);
      }
      return result;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static List<String> counts(ImportResult result) {
    return List.of(
        "added\t" + result.added(),
        "changed\t" + result.changed(),
        "unchanged\t" + result.unchanged(),
        "rejected\t" + result.rejected(),
        "duplicates\t" + result.duplicates(),
        "to_confirm\t" + result.toConfirm());
  }

  private static void print(ImportResult result) {
    counts(result).forEach(System.out::println);
  }

  /** Kind, line, name; for what changes also column, value before and after. Numbers masked. */
  private static void printDetails(ImportResult result) {
    for (ImportResult.Detail whole : result.details()) {
      ImportResult.Detail detail = whole.masked();
      if (detail.fields().isEmpty()) {
        line(detail.what().key(), detail.line(), detail.name());
      }
      for (ImportResult.Field field : detail.fields()) {
        line(
            detail.what().key(),
            detail.line(),
            detail.name(),
            field.column(),
            field.former(),
            field.value());
      }
    }
    for (ImportResult.Reject reject : result.rejects()) {
      line("rejected", reject.line(), reject.column(), reject.reason().in(Locale.getDefault()));
    }
    for (ImportResult.Reject twin : result.twins()) {
      line("duplicate", twin.line(), twin.column(), twin.reason().in(Locale.getDefault()));
    }
  }

  private static void line(Object... cells) {
    System.out.println(
        String.join(
            "\t",
            java.util.Arrays.stream(cells)
                .map(cell -> String.valueOf(cell).replaceAll("\\p{Cntrl}", " "))
                .toList()));
  }

  private static Path rejects(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".rejects.csv");
  }
}
