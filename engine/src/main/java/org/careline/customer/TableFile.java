package org.careline.customer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/**
 * A table taken in from outside and known to be whole: a CSV file or the first sheet of an XLSX
 * file. It is kept in a temporary file. Confined to one thread; to be closed.
 */
public sealed interface TableFile extends AutoCloseable permits CsvFile, XlsxFile {
  /**
   * Takes in everything and checks it.
   *
   * @throws ImportRefused when it is too large, or neither CSV in a known encoding nor XLSX
   */
  static TableFile take(InputStream in, long maxBytes) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    buffered.mark(XlsxFile.SIGN.length);
    byte[] begin = buffered.readNBytes(XlsxFile.SIGN.length);
    buffered.reset();
    return java.util.Arrays.equals(begin, XlsxFile.SIGN)
        ? XlsxFile.take(buffered, maxBytes)
        : CsvFile.take(buffered, maxBytes);
  }

  /**
   * Reads from the beginning, the head first. Iterating throws {@link ImportRefused} where the file
   * is broken.
   */
  Rows open() throws IOException;

  @Override
  void close() throws IOException;

  /** The rows, to be closed. */
  interface Rows extends Iterator<Row>, AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /**
   * One row.
   *
   * @param line where it begins, from 1
   */
  record Row(long line, List<String> cells) {}
}
