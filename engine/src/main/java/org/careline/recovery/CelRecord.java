package org.careline.recovery;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the switch's own event file (channel event log), whose columns are fixed by {@code
 * dialplans/careline/cel_custom.conf}. Immutable.
 *
 * @param type CHAN_START, ANSWER, APP_START, BRIDGE_ENTER, HANGUP, CHAN_END ...
 * @param callId account code = CARELINE_CALL, empty before the first line of the dialplan
 * @param peer other channels in the bridge
 * @param extra JSON, such as {@code {"hangupcause":16,...}}, or empty
 * @param caller caller's number, digits only, or empty
 */
record CelRecord(
    String type,
    Instant at,
    String uniqueId,
    String linkedId,
    String channel,
    String context,
    String extension,
    String application,
    String callId,
    String peer,
    String extra,
    String caller) {
  private static final int COLUMNS = 11;

  /** Empty for a line that is not one of ours: torn, of another layout, or hostile. */
  static Optional<CelRecord> parse(String line) {
    List<String> cells = cells(line);
    if (cells == null || cells.size() < COLUMNS || cells.get(2).isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> at = instant(cells.get(1));
    return at.map(
        instant ->
            new CelRecord(
                cells.get(0),
                instant,
                cells.get(2),
                cells.get(3),
                cells.get(4),
                cells.get(5),
                cells.get(6),
                cells.get(7),
                cells.get(8),
                cells.get(9),
                cells.get(10),
                cells.size() > COLUMNS ? cells.get(11) : ""));
  }

  /** Quoted cells with doubled quotes; null when a quote is not closed. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          cell.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return quoted ? null : cells;
  }

  /** Seconds since 1970 with microseconds, as the switch writes them. */
  private static Optional<Instant> instant(String text) {
    if (!text.matches("[0-9]{1,11}(\\.[0-9]{1,9})?")) {
      return Optional.empty();
    }
    BigDecimal seconds = new BigDecimal(text);
    long whole = seconds.longValue();
    long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
    return Optional.of(Instant.ofEpochSecond(whole, nanos));
  }
}
