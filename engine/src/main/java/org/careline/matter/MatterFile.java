package org.careline.matter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.RejectsFile;
import org.careline.customer.TableFile;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Matters out to a CSV or XLSX file and in from one. A file that was written can be read again and
 * changes nothing: each row finds its matter by its reference. Good rows go in, bad ones come back
 * with line, column and reason. Blocks; thread-safe.
 */
public final class MatterFile {
  private static final int PAGE = 500;

  private final Jdbi jdbi;
  private final OpenMatterTable open;
  private final long maxBytes;
  private final InstantSource clock;

  /**
   * @param maxBytes larger files are refused
   */
  public MatterFile(Jdbi jdbi, OpenMatterTable open, long maxBytes, InstantSource clock) {
    this.jdbi = jdbi;
    this.open = open;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /**
   * Writes what the filter finds, newest first, safe for spreadsheets.
   *
   * @param numbers how telephone numbers are shown; only whole ones can be imported again
   */
  public void write(
      MatterFilter filter,
      TableWriter.Format format,
      UnaryOperator<String> numbers,
      OutputStream out)
      throws IOException {
    try (TableWriter writer = TableWriter.of(format, out, "matters")) {
      writer.row(MatterColumn.keys());
      Optional<Long> before = Optional.empty();
      do {
        Optional<Long> from = before;
        MatterFilter.Page page =
            jdbi.withHandle(handle -> MatterRows.list(handle, filter, from, PAGE));
        for (Matter matter : page.matters()) {
          writer.row(MatterColumn.cells(matter, numbers));
        }
        before = Optional.ofNullable(page.next());
      } while (before.isPresent());
    }
  }

  /**
   * Reads a file.
   *
   * @param dryRun tells what would happen and changes nothing
   * @param rejects takes the rejected rows as CSV; nothing is written when there are none
   * @param language of the reasons in {@code rejects}
   * @throws ImportRefused when the file as a whole is no good; nothing was changed
   */
  public ImportResult read(
      InputStream in, boolean dryRun, OutputStream rejects, Locale language, String login)
      throws IOException {
    try (TableFile file = TableFile.take(in, maxBytes)) {
      Map<MatterColumn, Integer> places = check(file);
      ImportResult result =
          jdbi.inTransaction(
              handle -> {
                ImportResult read = new Run(handle, places, login, rejects, language).all(file);
                if (dryRun) {
                  handle.rollback();
                } else if (read.added() + read.changed() > 0) {
                  MatterRows.raise(handle);
                }
                return read;
              });
      open.refresh();
      return result;
    }
  }

  private static Map<MatterColumn, Integer> check(TableFile file) throws IOException {
    try (TableFile.Rows rows = file.open()) {
      if (!rows.hasNext()) {
        throw new ImportRefused(Sentence.of("import.empty"));
      }
      Map<MatterColumn, Integer> places = MatterColumn.places(rows.next().cells());
      while (rows.hasNext()) {
        rows.next();
      }
      return places;
    }
  }

  /** One file in one transaction. Confined to one thread. */
  private final class Run {
    private final Handle handle;
    private final Map<MatterColumn, Integer> places;
    private final String login;
    private final OutputStream out;
    private final Locale language;
    private final Map<String, Long> seen = new HashMap<>();
    private final List<ImportResult.Reject> rejects = new ArrayList<>();
    private long added;
    private long changed;
    private long unchanged;
    private long rejected;

    Run(
        Handle handle,
        Map<MatterColumn, Integer> places,
        String login,
        OutputStream out,
        Locale language) {
      this.handle = handle;
      this.places = places;
      this.login = login;
      this.out = out;
      this.language = language;
    }

    ImportResult all(TableFile file) throws IOException {
      try (TableFile.Rows records = file.open()) {
        List<String> head = records.next().cells();
        RejectsFile back = new RejectsFile(out, head, language);
        MatterRowReader rows = new MatterRowReader(places, MatterRows.kinds(handle));
        while (records.hasNext()) {
          TableFile.Row record = records.next();
          Optional<ImportResult.Reject> wrong = row(rows, head.size(), record);
          if (wrong.isPresent()) {
            rejected++;
            if (rejects.size() < ImportResult.MAX_REJECTS) {
              rejects.add(wrong.get());
            }
            back.add(wrong.get(), record.cells());
          }
        }
        back.flush();
      }
      return new ImportResult(added, changed, unchanged, rejected, rejects);
    }

    private Optional<ImportResult.Reject> row(
        MatterRowReader rows, int width, TableFile.Row record) {
      long line = record.line();
      List<String> cells = record.cells();
      if (cells.size() != width) {
        return Optional.of(
            new ImportResult.Reject(line, "", Sentence.of("import.cells", cells.size(), width)));
      }
      try {
        MatterRow row = rows.read(cells);
        Long first = seen.putIfAbsent(row.reference(), line);
        if (first != null) {
          return Optional.of(
              new ImportResult.Reject(
                  line, MatterColumn.REFERENCE.key(), Sentence.of("matter.twice", first)));
        }
        Optional<ImportResult.Reject> wrong = store(rows, row, line);
        if (wrong.isPresent()) {
          seen.remove(row.reference());
        }
        return wrong;
      } catch (MatterRowReader.Wrong wrong) {
        return Optional.of(new ImportResult.Reject(line, wrong.column().key(), wrong.reason()));
      }
    }

    private Optional<ImportResult.Reject> store(MatterRowReader rows, MatterRow row, long line) {
      Optional<Matter> there = MatterImportRows.find(handle, row.reference());
      if (there.isEmpty() && row.reference().matches("M[0-9]{1,18}")) {
        return Optional.of(
            new ImportResult.Reject(
                line, MatterColumn.REFERENCE.key(), Sentence.of("matter.not-ours")));
      }
      Instant now = clock.instant();
      MatterRow wanted = there.map(matter -> row.over(matter, rows.absent())).orElse(row);
      try {
        rows.checkWhole(wanted, there.map(Matter::kind), now);
      } catch (MatterRowReader.Wrong wrong) {
        return Optional.of(new ImportResult.Reject(line, wrong.column().key(), wrong.reason()));
      }
      MatterRows.Owner owner;
      try {
        owner = MatterImportRows.owner(handle, wanted);
      } catch (MatterRefused refused) {
        return Optional.of(
            new ImportResult.Reject(line, MatterColumn.SITE_CODE.key(), refused.reason()));
      }
      if (there.isEmpty()) {
        long id = MatterImportRows.insert(handle, wanted, owner, login, now);
        Matters.event(handle, id, login, "imported", Map.of(), now);
        added++;
        return Optional.empty();
      }
      MatterImportRows.update(handle, there.get().id(), wanted, owner, login);
      Map<String, Object> changes =
          Matters.changes(there.get(), MatterRows.require(handle, there.get().id()));
      if (changes.isEmpty()) {
        unchanged++;
      } else {
        handle.execute("UPDATE matter SET version = version + 1 WHERE id = ?", there.get().id());
        Matters.event(handle, there.get().id(), login, "imported", changes, now);
        changed++;
      }
      return Optional.empty();
    }
  }
}
