package org.careline.matter;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.config.Nearest;
import org.careline.customer.NumberReader;
import org.careline.customer.SafeCell;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** Judges the rows of one file of matters. Confined to one thread. */
final class MatterRowReader {
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("3000-01-01T00:00:00Z");

  private final Map<MatterColumn, Integer> places;
  private final List<MatterKind> all;
  private final List<String> kinds;

  MatterRowReader(Map<MatterColumn, Integer> places, List<MatterKind> kinds) {
    this.places = places;
    this.all = kinds;
    this.kinds = kinds.stream().map(MatterKind::code).toList();
  }

  /** What is wrong with a row. */
  static final class Wrong extends Refusal {
    private static final long serialVersionUID = 1L;
    private final MatterColumn column;

    Wrong(MatterColumn column, Sentence reason) {
      super(reason);
      this.column = column;
    }

    MatterColumn column() {
      return column;
    }
  }

  Set<MatterColumn> absent() {
    Set<MatterColumn> absent = EnumSet.allOf(MatterColumn.class);
    absent.removeAll(places.keySet());
    return absent;
  }

  /**
   * @throws Wrong with the first column that is not as it must be
   */
  MatterRow read(List<String> cells) {
    String reference = text(MatterColumn.REFERENCE, cells);
    if (!reference.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._/#-]*")) {
      throw new Wrong(MatterColumn.REFERENCE, Sentence.of("matter.reference"));
    }
    String kind = text(MatterColumn.KIND, cells);
    if (!kinds.contains(kind)) {
      throw new Wrong(
          MatterColumn.KIND,
          Nearest.of(kind, kinds)
              .map(near -> Sentence.of("matter.kind-near", near))
              .orElseGet(() -> Sentence.of("matter.kind-far", Nearest.list(kinds))));
    }
    return new MatterRow(
        reference,
        kind,
        text(MatterColumn.CHAIN_CODE, cells),
        text(MatterColumn.SITE_CODE, cells),
        text(MatterColumn.DEVICE, cells),
        number(cells),
        text(MatterColumn.FAULT_CODE, cells),
        text(MatterColumn.DESCRIPTION, cells),
        result(cells),
        text(MatterColumn.RESULT_NOTE, cells),
        Optional.of(text(MatterColumn.ASSIGNED_TO, cells)).filter(name -> !name.isEmpty()),
        instant(MatterColumn.DUE_AT, cells),
        instant(MatterColumn.OPENED_AT, cells),
        instant(MatterColumn.DISPATCHED_AT, cells),
        instant(MatterColumn.DONE_AT, cells));
  }

  /**
   * What must hold of a matter as a row makes it, with what the file does not say.
   *
   * @param before the kind it has; empty = it is new
   * @throws Wrong with the first column that is not as it must be
   */
  void checkWhole(MatterRow row, Optional<String> before, Instant now) {
    past(MatterColumn.OPENED_AT, row.openedAt(), now);
    past(MatterColumn.DISPATCHED_AT, row.dispatchedAt(), now);
    past(MatterColumn.DONE_AT, row.doneAt(), now);
    if (before.filter(row.kind()::equals).isEmpty()
        && !MatterRows.offered(all, MatterRows.kind(all, row.kind()))) {
      throw new Wrong(MatterColumn.KIND, Sentence.of("matter.kind-inactive", row.kind()));
    }
    if (row.customer().isEmpty() && row.number().isEmpty()) {
      throw new Wrong(MatterColumn.CHAIN_CODE, Sentence.of("matter.nobody"));
    }
    check(row);
    boolean later = row.result().filter(result -> result != Matter.Result.SOLVED).isPresent();
    if (later && row.doneAt().isEmpty() && row.assignedTo().isEmpty()) {
      throw new Wrong(MatterColumn.ASSIGNED_TO, Sentence.of("matter.who-until"));
    }
    if (later && row.doneAt().isEmpty() && row.dueAt().isEmpty()) {
      throw new Wrong(MatterColumn.DUE_AT, Sentence.of("matter.who-until"));
    }
  }

  private static void past(MatterColumn column, Optional<Instant> at, Instant now) {
    if (at.filter(now::isBefore).isPresent()) {
      throw new Wrong(column, Sentence.of("matter.future"));
    }
  }

  private static void check(MatterRow row) {
    if (!row.site().isEmpty() && row.customer().isEmpty()) {
      throw new Wrong(MatterColumn.CHAIN_CODE, Sentence.of("matter.site-alone"));
    }
    boolean order =
        row.openedAt().isEmpty()
            || row.dispatchedAt().filter(row.openedAt().get()::isAfter).isEmpty()
                && row.doneAt().filter(row.openedAt().get()::isAfter).isEmpty();
    if (!order) {
      throw new Wrong(MatterColumn.OPENED_AT, Sentence.of("matter.order"));
    }
    if (row.dispatchedAt().isPresent()
        && row.doneAt().filter(row.dispatchedAt().get()::isAfter).isPresent()) {
      throw new Wrong(MatterColumn.DONE_AT, Sentence.of("matter.order-done"));
    }
    if (row.doneAt().isPresent() && row.result().isEmpty()) {
      throw new Wrong(MatterColumn.RESULT, Sentence.of("matter.undecided"));
    }
    if (row.dispatchedAt().isPresent()
        && row.result().filter(Matter.Result.DISPATCH::equals).isEmpty()) {
      throw new Wrong(MatterColumn.DISPATCHED_AT, Sentence.of("matter.not-to-be-dispatched"));
    }
    if (row.result().filter(Matter.Result.SOLVED::equals).isPresent() && row.doneAt().isEmpty()) {
      throw new Wrong(MatterColumn.DONE_AT, Sentence.of("matter.solved-when"));
    }
  }

  private String text(MatterColumn column, List<String> cells) {
    Integer place = places.get(column);
    String cell = place == null ? "" : cells.get(place);
    // a long text comes back as it was written, with its blanks
    String text = SafeCell.decode(column.severalLines() ? cell : cell.strip());
    try {
      if (column.severalLines()) {
        MatterForm.text(column.key(), text, column.most);
      } else {
        MatterForm.oneLine(column.key(), text, column.most);
      }
    } catch (MatterRefused refused) {
      throw new Wrong(column, refused.reason());
    }
    return text;
  }

  private Optional<String> number(List<String> cells) {
    String text = text(MatterColumn.PHONE, cells);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (NumberReader.read(text)) {
      case NumberReader.Valid valid -> Optional.of(valid.number().e164());
      case NumberReader.Invalid invalid -> throw new Wrong(MatterColumn.PHONE, invalid.reason());
    };
  }

  private Optional<Matter.Result> result(List<String> cells) {
    String text = text(MatterColumn.RESULT, cells);
    Optional<Matter.Result> result = Matter.Result.of(text);
    if (!text.isEmpty() && result.isEmpty()) {
      throw new Wrong(MatterColumn.RESULT, Sentence.of("matter.results"));
    }
    return result;
  }

  private Optional<Instant> instant(MatterColumn column, List<String> cells) {
    String text = text(column, cells);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Instant at = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
      if (!at.isBefore(FIRST) && at.isBefore(LAST)) {
        return Optional.of(at);
      }
    } catch (DateTimeException notIso) {
      // told below
    }
    throw new Wrong(column, Sentence.of("matter.instant"));
  }
}
