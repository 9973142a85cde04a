package org.careline.customer;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.careline.language.Sentence;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Sheet;

/**
 * The first sheet of an XLSX file as rows of texts: a date as 2026-03-31, a number without
 * separators, a formula as the value it had when the file was saved. Confined to one thread.
 */
final class XlsxFile implements TableFile {
  /** How a ZIP file begins. */
  static final byte[] SIGN = {'P', 'K', 3, 4};

  /** Unpacked it may be so many times as large: texts of tables pack well, a trap packs better. */
  private static final int MOST_PACKED = 40;

  private static final int MAX_FIELDS = 256;
  private static final int MAX_FIELD = 16 * 1024;

  private final Path file;

  private XlsxFile(Path file) {
    this.file = file;
  }

  static XlsxFile take(InputStream in, long maxBytes) throws IOException {
    Path file = Files.createTempFile("careline-import", ".xlsx");
    try {
      CsvFile.spool(in, file, maxBytes);
      checkSize(file, maxBytes);
      return new XlsxFile(file);
    } catch (IOException | RuntimeException refused) {
      Files.deleteIfExists(file);
      throw refused;
    }
  }

  /** What the archive says of its sizes is not believed. */
  private static void checkSize(Path file, long maxBytes) throws IOException {
    long most = Math.max(1 << 20, maxBytes) * MOST_PACKED;
    byte[] buffer = new byte[1 << 16];
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long size = 0;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
            if (size > most) {
              throw new ImportRefused(Sentence.of("import.large", maxBytes >> 20));
            }
          }
        }
      }
    } catch (java.util.zip.ZipException broken) {
      throw notXlsx(broken);
    }
  }

  private static ImportRefused notXlsx(Exception broken) {
    return new ImportRefused(Sentence.of("import.not-xlsx", String.valueOf(broken.getMessage())));
  }

  @Override
  public Rows open() throws IOException {
    ReadableWorkbook book = null;
    try {
      book = new ReadableWorkbook(file.toFile(), new ReadingOptions(true, false));
      Sheet sheet = book.getFirstSheet();
      Stream<org.dhatim.fastexcel.reader.Row> stream = sheet.openStream();
      return new SheetRows(book, stream, stream.iterator());
    } catch (IOException | RuntimeException broken) {
      if (book != null) {
        book.close();
      }
      throw notXlsx(broken);
    }
  }

  /** Empty rows are left out. A row as wide as the head, or wider when something stands there. */
  private static final class SheetRows implements Rows {
    private final ReadableWorkbook book;
    private final Stream<?> stream;
    private final Iterator<org.dhatim.fastexcel.reader.Row> rows;
    private Row next;
    private int width;

    SheetRows(
        ReadableWorkbook book, Stream<?> stream, Iterator<org.dhatim.fastexcel.reader.Row> rows) {
      this.book = book;
      this.stream = stream;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && rows.hasNext()) {
          org.dhatim.fastexcel.reader.Row row = rows.next();
          List<String> cells = cells(row);
          if (!cells.isEmpty()) {
            next = new Row(row.getRowNum(), cells);
          }
        }
        return next != null;
      } catch (ExcelReaderException broken) {
        throw notXlsx(broken);
      }
    }

    private List<String> cells(org.dhatim.fastexcel.reader.Row row) {
      List<String> cells = new ArrayList<>();
      int count = row.getCellCount();
      for (int i = 0; i < count; i++) {
        String text = row.getOptionalCell(i).map(SheetRows::text).orElse("");
        if (text.length() > MAX_FIELD || i >= MAX_FIELDS && !text.isEmpty()) {
          throw new ImportRefused(
              Sentence.of("import.line", row.getRowNum(), Sentence.of("import.sheet-large")));
        }
        cells.add(text);
      }
      while (!cells.isEmpty() && cells.getLast().isEmpty()) {
        cells.removeLast();
      }
      if (cells.isEmpty()) {
        return cells;
      }
      if (width == 0) {
        width = cells.size();
      }
      while (cells.size() < width) {
        cells.add("");
      }
      return cells;
    }

    private static String text(Cell cell) {
      if (cell.getType() == CellType.NUMBER) {
        return number(cell);
      }
      if (cell.getType() == CellType.ERROR) {
        return cell.getRawValue();
      }
      String text = cell.getText();
      return text == null ? "" : text;
    }

    private static String number(Cell cell) {
      String format = cell.getDataFormatString();
      if (format != null && isDate(format)) {
        LocalDateTime at = cell.asDate();
        return at.toLocalTime().equals(LocalTime.MIDNIGHT)
            ? at.toLocalDate().toString()
            : at.toString();
      }
      BigDecimal number = cell.asNumber();
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static boolean isDate(String format) {
      String bare = format.replaceAll("\"[^\"]*\"|\\[[^\\]]*]|\\\\.", "");
      return bare.contains("y") || bare.contains("d") && bare.contains("m");
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = next;
      next = null;
      return row;
    }

    @Override
    public void close() throws IOException {
      stream.close();
      book.close();
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
