package org.careline.customer;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careline.config.Nearest;
import org.careline.language.Sentence;

/**
 * Judges the rows of one file, in their order. It remembers what it has seen, to find what stands
 * twice or contradicts itself. Confined to one thread.
 */
final class FileRows {
  /** Put before the columns of a file of rejects; ignored when such a file is imported. */
  static final List<String> REJECT_COLUMNS = List.of("line", "column", "reason");

  private final FileKind kind;
  private final Map<String, Integer> places;
  private final int width;
  private final Map<String, Set<String>> words;
  private final LocalDate today;
  private final Optional<String> customer;
  private final Map<String, Long> seen = new HashMap<>();
  private final Map<String, ChainName> chains = new HashMap<>();

  private record ChainName(String name, long line) {}

  /** Good or not. */
  sealed interface Outcome {}

  record Good(FileRow row) implements Outcome {}

  /**
   * @param twin whether it is bad because it stands there already
   */
  record Bad(ImportResult.Reject reject, boolean twin) implements Outcome {}

  private record Problem(String column, Sentence reason) {}

  /**
   * @param customer whose file it is: rows need no code of their own; empty = each row says it
   * @param today of the office
   */
  FileRows(
      FileKind kind,
      Map<String, Integer> places,
      int width,
      Map<String, Set<String>> words,
      Optional<String> customer,
      LocalDate today) {
    this.kind = kind;
    this.places = places;
    this.width = width;
    this.words = words;
    this.customer = customer;
    this.today = today;
  }

  /**
   * Finds the place of each column in the head of a file; the order is free, columns that are not
   * required may be missing.
   *
   * @param heads what stands in this customer's files instead of our keys
   * @throws ImportRefused naming every column that is unknown, twice or missing
   */
  static Map<String, Integer> places(
      FileKind kind, List<String> head, Map<String, String> heads, Optional<String> customer) {
    List<String> keys = kind.columnKeys();
    Map<String, Integer> places = new HashMap<>();
    List<Sentence> problems = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      String given = head.get(i).strip();
      String key = heads.getOrDefault(given, given.toLowerCase(Locale.ROOT));
      if (keys.contains(key)) {
        if (places.putIfAbsent(key, i) != null) {
          problems.add(Sentence.of("import.column-twice", key));
        }
      } else if (!key.isEmpty() && !REJECT_COLUMNS.contains(key)) {
        problems.add(unknown(key, keys));
      }
    }
    if (places.isEmpty()) {
      throw new ImportRefused(
          Sentence.of("import.line", 1, Sentence.of("import.head", String.join(",", keys))));
    }
    for (FileColumn column : kind.columns()) {
      boolean given = customer.isPresent() && column.key().equals(FileKind.CHAIN);
      if (column.required() && !places.containsKey(column.key()) && !given) {
        problems.add(Sentence.of("import.column-missing", column.key()));
      }
    }
    kind.checkHead(places.keySet()).ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new ImportRefused(Sentence.of("import.line", 1, Sentence.joined(" ", problems)));
    }
    return places;
  }

  private static Sentence unknown(String key, List<String> keys) {
    String clean = key.replaceAll("\\p{Cntrl}", "?");
    String shown = "'" + clean.substring(0, Math.min(40, clean.length())) + "'";
    return Nearest.of(key, keys)
        .map(near -> Sentence.of("import.column-unknown", shown, near))
        .orElseGet(() -> Sentence.of("import.column-unknown-far", shown, String.join(",", keys)));
  }

  /** Columns the file does not have: what is stored there stays. */
  Set<String> absent() {
    Set<String> absent = new HashSet<>(kind.columnKeys());
    absent.removeAll(places.keySet());
    return absent;
  }

  Outcome read(TableFile.Row given) {
    List<String> cells = given.cells();
    if (cells.size() != width) {
      return new Bad(
          new ImportResult.Reject(
              given.line(), "", Sentence.of("import.cells", cells.size(), width)),
          false);
    }
    List<Problem> problems = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    for (FileColumn column : kind.columns()) {
      values.put(column.key(), value(column, cells, problems));
    }
    FileRow row = new FileRow(given.line(), values);
    if (problems.isEmpty()) {
      kind.check(row, today, (column, reason) -> problems.add(new Problem(column, reason)));
    }
    boolean twin = problems.isEmpty() && !remember(row, problems);
    return problems.isEmpty() ? new Good(row) : new Bad(reject(given.line(), problems), twin);
  }

  private String value(FileColumn column, List<String> cells, List<Problem> problems) {
    Integer place = places.get(column.key());
    String cell = place == null ? "" : cells.get(place);
    String text = SafeCell.decode(cell.strip());
    if (column.key().equals(FileKind.CHAIN) && customer.isPresent()) {
      if (!text.isEmpty() && !text.equals(customer.get())) {
        problems.add(
            new Problem(column.key(), Sentence.of("import.other-customer", customer.get())));
      }
      return customer.get();
    }
    Optional<Sentence> wrong = wrongText(column, text);
    if (wrong.isEmpty()) {
      try {
        return known(column.key(), column.type().read(text));
      } catch (FileColumn.Wrong not) {
        wrong = Optional.of(not.reason());
      }
    }
    problems.add(new Problem(column.key(), wrong.get()));
    return "";
  }

  private String known(String column, String text) {
    Set<String> known = words.get(column);
    if (known != null && !text.isEmpty() && !known.contains(text)) {
      throw new FileColumn.Wrong(
          Nearest.of(text, known)
              .map(near -> Sentence.of("import.tier", near))
              .orElseGet(() -> Sentence.of("import.tier-far", Nearest.list(known))));
    }
    return text.isEmpty() ? kind.defaults().getOrDefault(column, "") : text;
  }

  private static Optional<Sentence> wrongText(FileColumn column, String text) {
    if (text.isEmpty()) {
      return column.required() ? Optional.of(Sentence.of("import.is-empty")) : Optional.empty();
    }
    int length = text.codePointCount(0, text.length());
    if (length > column.most()) {
      return Optional.of(Sentence.of("import.characters", length, column.most()));
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || c == '\t') {
        if (!column.severalLines()) {
          return Optional.of(
              c == '\t' ? Sentence.of("import.tab") : Sentence.of("import.line-break"));
        }
      } else if (Character.isISOControl(c) || c >= '\u202A' && c <= '\u202E') {
        return Optional.of(Sentence.of("import.control", String.format("U+%04X", (int) c)));
      }
    }
    return Optional.empty();
  }

  private static ImportResult.Reject reject(long line, List<Problem> problems) {
    Problem first = problems.getFirst();
    Sentence reason = first.reason();
    for (Problem other : problems.subList(1, problems.size())) {
      reason = Sentence.of("import.also", reason, other.column(), other.reason());
    }
    return new ImportResult.Reject(line, first.column(), reason);
  }

  /**
   * Only good rows count as seen: when the first of two is rejected, the second one goes in. False
   * when the row stands there already.
   */
  private boolean remember(FileRow row, List<Problem> problems) {
    String identity = kind.identity(row);
    Long first = seen.get(identity);
    if (first != null) {
      problems.add(new Problem(kind.identityColumn(), kind.twice(first)));
      return false;
    }
    String name = row.get(FileKind.CHAIN_NAME);
    if (!name.isEmpty()) {
      ChainName known = chains.get(row.get(FileKind.CHAIN));
      if (known != null && !known.name().equals(name)) {
        problems.add(
            new Problem(FileKind.CHAIN_NAME, Sentence.of("import.chain-name", known.line())));
        return true;
      }
      chains.putIfAbsent(row.get(FileKind.CHAIN), new ChainName(name, row.line()));
    }
    seen.put(identity, row.line());
    return true;
  }

  /** A row that was good but has no place to go: a later one may have it. */
  void forget(FileRow row) {
    seen.remove(kind.identity(row));
  }

  /** Sites by chain that a rejected row names: a full list has them, whatever is wrong there. */
  Optional<String> named(TableFile.Row row) {
    Integer site = places.get(FileKind.SITE);
    Integer chain = places.get(FileKind.CHAIN);
    if (site == null || row.cells().size() <= site) {
      return Optional.empty();
    }
    String code =
        customer.orElseGet(
            () ->
                chain == null || row.cells().size() <= chain
                    ? ""
                    : SafeCell.decode(row.cells().get(chain).strip()));
    return Optional.of(code + '\n' + SafeCell.decode(row.cells().get(site).strip()));
  }

  /** Columns that were found, for messages. */
  Set<String> columns() {
    return new TreeSet<>(places.keySet());
  }
}
