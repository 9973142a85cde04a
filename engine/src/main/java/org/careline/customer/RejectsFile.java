package org.careline.customer;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Gives rejected rows back: line, column and reason in the language of who asked, then the row as
 * it was, safe for spreadsheets. UTF-8 with byte order mark, because Excel reads Chinese wrongly
 * without it. Nothing is written when nothing is rejected. Confined to one thread.
 */
public final class RejectsFile {
  private final OutputStream out;
  private final List<String> head;
  private final Locale language;
  private CsvWriter writer;

  public RejectsFile(OutputStream out, List<String> head, Locale language) {
    this.out = out;
    this.head = head;
    this.language = language;
  }

  public void add(ImportResult.Reject reject, List<String> cells) throws IOException {
    if (writer == null) {
      out.write("\uFEFF".getBytes(StandardCharsets.UTF_8));
      writer = CsvWriter.builder().build(out, StandardCharsets.UTF_8);
      write(FileRows.REJECT_COLUMNS, head);
    }
    write(
        List.of(Long.toString(reject.line()), reject.column(), reject.reason().in(language)),
        cells);
  }

  private void write(List<String> before, List<String> cells) {
    List<String> row = new ArrayList<>(before);
    cells.stream().map(SafeCell::encode).forEach(row::add);
    writer.writeRecord(row);
  }

  public void flush() throws IOException {
    if (writer != null) {
      writer.flush();
    }
  }
}
