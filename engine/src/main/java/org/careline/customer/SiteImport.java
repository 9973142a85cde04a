package org.careline.customer;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.careline.database.Database;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the sites of a CSV file into the database. Good rows go in, bad rows come back with a
 * reason; a file that is wrong as a whole is refused before anything is changed. Importing a file
 * again changes nothing. Rows go in by batches, each a transaction: after a failure the same file
 * is imported again and the rest follows. One import runs at a time. Thread-safe.
 */
public final class SiteImport {
  private static final Logger log = LoggerFactory.getLogger(SiteImport.class);
  private static final int BATCH = 500;

  private final Database database;
  private final long maxBytes;

  /**
   * @param maxBytes larger files are refused
   */
  public SiteImport(Database database, long maxBytes) {
    this.database = database;
    this.maxBytes = maxBytes;
  }

  /**
   * Imports a file. Blocks.
   *
   * @param fileName for the log, and kept with the numbers of the contacts
   * @param dryRun tells what would happen and changes nothing
   * @param rejects takes the rejected rows as CSV; nothing is written when there are none
   * @param language of the reasons in {@code rejects}
   * @throws ImportRefused when the file as a whole is no good; nothing was changed
   * @throws SQLException when the database fails; what went in before stays
   */
  public ImportResult run(
      InputStream in, String fileName, boolean dryRun, OutputStream rejects, Locale language)
      throws IOException, SQLException {
    String shown = fileName.replaceAll("\\p{Cntrl}", "?");
    try (CsvFile file = CsvFile.take(in, maxBytes);
        Connection connection = database.dataSource().getConnection();
        SiteStore store = new SiteStore(connection, dryRun, shortened(shown))) {
      checkStructure(file);
      ImportResult result = run(file, store, new Rejects(rejects, language));
      log.info(
          "imported sites from {}{}: {} added, {} changed, {} unchanged, {} rejected",
          shown,
          dryRun ? " (dry run)" : "",
          result.added(),
          result.changed(),
          result.unchanged(),
          result.rejected());
      return result;
    } catch (ImportRefused refused) {
      log.info("refused to import sites from {}: {}", shown, refused.getMessage());
      throw refused;
    }
  }

  /** The file's name as it is kept: without folders, at most 128 characters. */
  private static String shortened(String path) {
    String name = path.replaceFirst("^.*[/\\\\]", "");
    int length = name.codePointCount(0, name.length());
    return name.substring(0, name.offsetByCodePoints(0, Math.min(length, 128)));
  }

  /** Reads all of it once, so that nothing has gone in when the last line turns out broken. */
  private static void checkStructure(CsvFile file) throws IOException {
    long line = 1;
    try (CsvReader<CsvRecord> reader = file.open()) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new ImportRefused(Sentence.of("import.empty"));
      }
      SiteColumn.places(records.next().getFields());
      while (records.hasNext()) {
        line = records.next().getStartingLineNumber();
      }
    } catch (CsvParseException broken) {
      Throwable cause = broken.getCause() == null ? broken : broken.getCause();
      throw new ImportRefused(Sentence.of("import.not-csv", line, cause.getMessage()));
    }
  }

  private record Rejects(OutputStream out, Locale language) {}

  private static ImportResult run(CsvFile file, SiteStore store, Rejects rejects)
      throws IOException, SQLException {
    Tally tally = new Tally();
    try (CsvReader<CsvRecord> reader = file.open()) {
      Iterator<CsvRecord> records = reader.iterator();
      List<String> head = records.next().getFields();
      SiteRowReader rows = new SiteRowReader(head, store.tiers());
      RejectsFile rejected = new RejectsFile(rejects.out(), head, rejects.language());
      List<SiteRow> batch = new ArrayList<>(BATCH);
      while (records.hasNext()) {
        CsvRecord record = records.next();
        switch (rows.read(record.getStartingLineNumber(), record.getFields())) {
          case SiteRowReader.Good good -> batch.add(good.row());
          case SiteRowReader.Bad bad -> {
            tally.reject(bad.reject());
            rejected.add(bad.reject(), record.getFields());
          }
        }
        if (batch.size() == BATCH) {
          tally.add(store.store(batch, rows.absent()));
          batch.clear();
        }
      }
      if (!batch.isEmpty()) {
        tally.add(store.store(batch, rows.absent()));
      }
      store.finish();
      rejected.flush();
    }
    return tally.result();
  }

  private static final class Tally {
    private long added;
    private long changed;
    private long unchanged;
    private long rejected;
    private final List<ImportResult.Reject> rejects = new ArrayList<>();

    void add(SiteStore.Counts counts) {
      added += counts.added();
      changed += counts.changed();
      unchanged += counts.unchanged();
    }

    void reject(ImportResult.Reject reject) {
      rejected++;
      if (rejects.size() < ImportResult.MAX_REJECTS) {
        rejects.add(reject);
      }
    }

    ImportResult result() {
      return new ImportResult(added, changed, unchanged, rejected, rejects);
    }
  }
}
