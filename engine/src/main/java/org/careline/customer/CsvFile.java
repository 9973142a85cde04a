package org.careline.customer;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.careline.language.Sentence;

/**
 * A CSV file taken in from outside and known to be whole: not too large, strictly UTF-8 or GBK,
 * every quote closed. It is kept in a temporary file, so its size costs no memory. Confined to one
 * thread; to be closed.
 */
public final class CsvFile implements TableFile {
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int MAX_FIELD = 16 * 1024;
  private static final int MAX_RECORD = 256 * 1024;
  private static final int MAX_FIELDS = 256;

  private final Path file;
  private final Charset charset;
  private final int skip;

  private CsvFile(Path file, Charset charset, int skip) {
    this.file = file;
    this.charset = charset;
    this.skip = skip;
  }

  /**
   * Takes in everything and checks it.
   *
   * @throws ImportRefused when it is too large, in no known encoding or has an open quote
   */
  public static CsvFile take(InputStream in, long maxBytes) throws IOException {
    Path file = Files.createTempFile("careline-import", ".csv");
    try {
      long size = spool(in, file, maxBytes);
      int skip = startsWithBom(file) ? BOM.length : 0;
      if (size == skip) {
        throw new ImportRefused(Sentence.of("import.empty"));
      }
      CsvFile taken = new CsvFile(file, charset(file, skip), skip);
      taken.checkQuotes();
      return taken;
    } catch (IOException | RuntimeException refused) {
      Files.deleteIfExists(file);
      throw refused;
    }
  }

  Charset charset() {
    return charset;
  }

  /** Reads from the beginning; rows of any number of cells, at most {@link #MAX_FIELDS}. */
  @Override
  public Rows open() throws IOException {
    return new CsvRows(reader(limited()));
  }

  private static CsvRecordHandler limited() {
    return CsvRecordHandler.of(
        limits -> limits.maxFields(MAX_FIELDS).maxFieldSize(MAX_FIELD).maxRecordSize(MAX_RECORD));
  }

  private CsvReader<CsvRecord> reader(CsvRecordHandler handler) throws IOException {
    return CsvReader.builder()
        .skipEmptyLines(true)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .allowExtraCharsAfterClosingQuote(false)
        .maxBufferSize(MAX_RECORD * 2)
        .build(handler, reader());
  }

  /** What FastCSV reads; a broken file is refused with the last line that was whole. */
  private static final class CsvRows implements Rows {
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private long line = 1;

    CsvRows(CsvReader<CsvRecord> reader) {
      this.reader = reader;
      this.records = reader.iterator();
    }

    @Override
    public boolean hasNext() {
      try {
        return records.hasNext();
      } catch (CsvParseException broken) {
        throw refused(broken);
      }
    }

    @Override
    public Row next() {
      try {
        CsvRecord record = records.next();
        line = record.getStartingLineNumber();
        return new Row(line, record.getFields());
      } catch (CsvParseException broken) {
        throw refused(broken);
      }
    }

    private ImportRefused refused(CsvParseException broken) {
      Throwable cause = broken.getCause() == null ? broken : broken.getCause();
      return new ImportRefused(Sentence.of("import.not-csv", line, cause.getMessage()));
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  private Reader reader() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    in.skipNBytes(skip);
    return new BufferedReader(new InputStreamReader(in, charset), 1 << 16);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }

  static long spool(InputStream in, Path file, long maxBytes) throws IOException {
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        size += read;
        if (size > maxBytes) {
          throw new ImportRefused(Sentence.of("import.large", maxBytes >> 20));
        }
        out.write(buffer, 0, read);
      }
    }
    return size;
  }

  private static boolean startsWithBom(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return java.util.Arrays.equals(in.readNBytes(BOM.length), BOM);
    }
  }

  private static Charset charset(Path file, int skip) throws IOException {
    long notUtf8 = firstWrongByte(file, StandardCharsets.UTF_8);
    if (notUtf8 < 0) {
      return StandardCharsets.UTF_8;
    }
    Charset gbk = Charset.forName("GBK");
    long notGbk = skip > 0 ? 0 : firstWrongByte(file, gbk);
    if (notGbk < 0) {
      return gbk;
    }
    throw new ImportRefused(Sentence.of("import.encoding", notUtf8, notGbk));
  }

  /** The offset of the first byte that cannot stand there, or -1. */
  private static long firstWrongByte(Path file, Charset charset) throws IOException {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    CharBuffer chars = CharBuffer.allocate(1 << 17);
    long consumed = 0;
    try (InputStream in = Files.newInputStream(file)) {
      boolean end = false;
      while (!end) {
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        end = read < 0;
        bytes.position(bytes.position() + Math.max(0, read));
        bytes.flip();
        CoderResult result = decoder.decode(bytes, chars, end);
        consumed += bytes.position();
        if (result.isError()) {
          return consumed;
        }
        chars.clear();
        bytes.compact();
      }
    }
    return -1;
  }

  /**
   * The parser would take the rest of the file for one cell, so an open quote is looked for first.
   */
  private void checkQuotes() throws IOException {
    try (Reader reader = reader()) {
      boolean quoted = false;
      boolean fieldStart = true;
      long line = 1;
      long openedAt = 0;
      int previous = -1;
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c == '\n' && previous != '\r' || c == '\r') {
          line++;
        }
        if (quoted) {
          // A doubled quote closes and opens again, which comes to the same.
          quoted = c != '"';
          fieldStart = false;
        } else if (c == '"' && (fieldStart || previous == '"')) {
          quoted = true;
          openedAt = previous == '"' && !fieldStart ? openedAt : line;
        } else {
          fieldStart = c == ',' || c == '\n' || c == '\r';
        }
        previous = c;
      }
      if (quoted) {
        throw new ImportRefused(Sentence.of("import.line", openedAt, Sentence.of("import.quote")));
      }
    }
  }
}
