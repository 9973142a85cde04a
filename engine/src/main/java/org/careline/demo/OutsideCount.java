package org.careline.demo;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts calls where they really were: in the outside Asterisk's own record of channel events.
 * Immutable.
 *
 * @param callersIn calls of the outside world's callers to our line
 * @param sitesCalled calls of ours that reached the outside world's sites
 */
public record OutsideCount(int callersIn, int sitesCalled) {
  private static final int TYPE = 0;
  private static final int TIME = 1;
  private static final int UNIQUE_ID = 2;
  private static final int CHANNEL = 4;
  private static final int EXTENSION = 6;
  // Desk phones of agents have four digits, sites more.
  private static final int LONGEST_DESK = 4;

  /** Reads the file of the outside Asterisk whose folder is {@code home}, from {@code since} on. */
  public static OutsideCount read(Path home, Instant since) {
    Path file = home.resolve("log/cel-custom/Master.csv");
    Set<String> callers = new HashSet<>();
    Set<String> sites = new HashSet<>();
    if (!Files.exists(file)) {
      return new OutsideCount(0, 0);
    }
    double from = since.toEpochMilli() / 1000.0;
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder().allowMissingFields(true).ofCsvRecord(file)) {
      for (CsvRecord row : csv) {
        if (row.getFieldCount() <= EXTENSION
            || !row.getField(TYPE).equals("CHAN_START")
            || Double.parseDouble(row.getField(TIME)) < from) {
          continue;
        }
        String channel = row.getField(CHANNEL);
        if (channel.startsWith("PJSIP/line-")) {
          callers.add(row.getField(UNIQUE_ID));
        } else if (channel.startsWith("PJSIP/careline-")
            && row.getField(EXTENSION).length() > LONGEST_DESK) {
          sites.add(row.getField(UNIQUE_ID));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new OutsideCount(callers.size(), sites.size());
  }
}
