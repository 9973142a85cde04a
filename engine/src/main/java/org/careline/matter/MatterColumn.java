package org.careline.matter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.careline.config.Nearest;
import org.careline.customer.ImportRefused;
import org.careline.language.Sentence;

/** The columns of a file of matters, in their order. Instants are ISO 8601. */
enum MatterColumn {
  REFERENCE(64),
  KIND(48),
  CHAIN_CODE(64),
  SITE_CODE(64),
  DEVICE(260),
  PHONE(64),
  FAULT_CODE(32),
  DESCRIPTION(2000),
  RESULT(16),
  RESULT_NOTE(2000),
  ASSIGNED_TO(64),
  DUE_AT(40),
  OPENED_AT(40),
  DISPATCHED_AT(40),
  DONE_AT(40);

  /** Put before the columns of a file of rejects; ignored when such a file is read. */
  private static final Set<String> OF_REJECTS = Set.of("line", "column", "reason");

  private static final Set<MatterColumn> REQUIRED = EnumSet.of(REFERENCE, KIND);

  final int most;

  MatterColumn(int most) {
    this.most = most;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(MatterColumn::key).toList();
  }

  boolean severalLines() {
    return this == DESCRIPTION || this == RESULT_NOTE;
  }

  /**
   * Where each column stands; the order is free, columns may be missing but reference and kind.
   *
   * @throws ImportRefused naming every column that is unknown, twice or missing
   */
  static Map<MatterColumn, Integer> places(List<String> head) {
    Map<MatterColumn, Integer> places = new EnumMap<>(MatterColumn.class);
    List<Sentence> problems = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      String key = head.get(i).strip().toLowerCase(Locale.ROOT);
      int place = keys().indexOf(key);
      if (place >= 0) {
        if (places.putIfAbsent(values()[place], i) != null) {
          problems.add(Sentence.of("import.column-twice", key));
        }
      } else if (!OF_REJECTS.contains(key)) {
        String clean = key.replaceAll("\\p{Cntrl}", "?");
        String shown = "'" + clean.substring(0, Math.min(40, clean.length())) + "'";
        problems.add(
            Nearest.of(key, keys())
                .map(near -> Sentence.of("import.column-unknown", shown, near))
                .orElseGet(
                    () ->
                        Sentence.of("import.column-unknown-far", shown, String.join(",", keys()))));
      }
    }
    REQUIRED.stream()
        .filter(column -> !places.containsKey(column))
        .forEach(column -> problems.add(Sentence.of("import.column-missing", column.key())));
    if (!problems.isEmpty()) {
      throw new ImportRefused(Sentence.of("import.line", 1, Sentence.joined(" ", problems)));
    }
    return places;
  }

  static List<String> cells(Matter matter, UnaryOperator<String> numbers) {
    return List.of(
        matter.name(),
        matter.kind(),
        text(matter.customerCode()),
        text(matter.siteCode()),
        matter.device(),
        matter.number() == null ? "" : numbers.apply(matter.number()),
        matter.faultCode(),
        matter.description(),
        matter.result() == null ? "" : matter.result().key(),
        matter.resultNote(),
        text(matter.assignedTo()),
        text(matter.dueAt()),
        text(matter.openedAt()),
        text(matter.dispatchedAt()),
        text(matter.doneAt()));
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static String text(Instant at) {
    return at == null ? "" : at.toString();
  }
}
