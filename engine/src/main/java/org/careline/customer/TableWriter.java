package org.careline.customer;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.language.Sentence;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Writes a table row by row, safe for spreadsheets: CSV in UTF-8 with byte order mark, or XLSX in
 * which every cell is a text. The stream stays open. Confined to one thread.
 */
public abstract sealed class TableWriter implements AutoCloseable {
  private TableWriter() {}

  /** What kind of file it becomes. */
  public enum Format {
    CSV,
    XLSX;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Format> of(String key) {
      return key.equals("csv")
          ? Optional.of(CSV)
          : key.equals("xlsx") ? Optional.of(XLSX) : Optional.empty();
    }
  }

  public static TableWriter of(Format format, OutputStream out, String title) throws IOException {
    return switch (format) {
      case CSV -> new Csv(out);
      case XLSX -> new Xlsx(out, title);
    };
  }

  public final void row(List<String> cells) throws IOException {
    write(cells.stream().map(SafeCell::encode).toList());
  }

  abstract void write(List<String> cells) throws IOException;

  @Override
  public abstract void close() throws IOException;

  private static final class Csv extends TableWriter {
    private final CsvWriter writer;

    Csv(OutputStream out) throws IOException {
      out.write("\uFEFF".getBytes(StandardCharsets.UTF_8));
      writer = CsvWriter.builder().build(out, StandardCharsets.UTF_8);
    }

    @Override
    void write(List<String> cells) {
      writer.writeRecord(cells);
    }

    @Override
    public void close() throws IOException {
      writer.flush();
    }
  }

  private static final class Xlsx extends TableWriter {
    /** Excel has no more. */
    private static final int MOST_ROWS = 1_048_576;

    private static final int FLUSHED = 1000;
    private final Workbook book;
    private final Worksheet sheet;
    private int row;

    Xlsx(OutputStream out, String title) {
      book = new Workbook(out, "careline", "1.0");
      sheet = book.newWorksheet(title);
      sheet.freezePane(0, 1);
    }

    @Override
    void write(List<String> cells) throws IOException {
      if (row == MOST_ROWS) {
        throw new ImportRefused(Sentence.of("export.rows", MOST_ROWS));
      }
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          sheet.inlineString(row, i, cells.get(i));
        }
      }
      row++;
      if (row % FLUSHED == 0) {
        sheet.flush();
      }
    }

    @Override
    public void close() throws IOException {
      sheet.finish();
      book.finish();
    }
  }
}
