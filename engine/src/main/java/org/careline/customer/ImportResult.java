package org.careline.customer;

import java.util.List;
import org.careline.language.Sentence;

/**
 * What an import did, or would do.
 *
 * @param added what was not there
 * @param changed of which something was different
 * @param unchanged what was already so
 * @param rejected rows that did not go in
 * @param rejects the first {@link #MAX_REJECTS} of them
 * @param duplicates rows that say what another one says, or seem to: those that stand twice are
 *     rejected too, the others went in
 * @param twins the first {@link #MAX_REJECTS} of them
 * @param toConfirm sites that a full list does not have any more
 * @param details the first {@link #MAX_DETAILS} of what was added and changed, and of the sites to
 *     confirm
 */
public record ImportResult(
    long added,
    long changed,
    long unchanged,
    long rejected,
    List<Reject> rejects,
    long duplicates,
    List<Reject> twins,
    long toConfirm,
    List<Detail> details) {
  public static final int MAX_REJECTS = 1000;
  public static final int MAX_DETAILS = 300;

  public ImportResult {
    rejects = List.copyOf(rejects);
    twins = List.copyOf(twins);
    details = List.copyOf(details);
  }

  public ImportResult(
      long added, long changed, long unchanged, long rejected, List<Reject> rejects) {
    this(added, changed, unchanged, rejected, rejects, 0, List.of(), 0, List.of());
  }

  /**
   * @param line where the row begins in the file, from 1
   * @param column the first column that is wrong; empty when the whole row is
   */
  public record Reject(long line, String column, Sentence reason) {}

  /**
   * One thing that is different now.
   *
   * @param line 0 = stands in no line of the file
   * @param name which: a code, a name, a number
   * @param fields empty for what was added
   */
  public record Detail(long line, What what, String name, List<Field> fields) {
    public Detail {
      fields = List.copyOf(fields);
    }

    /** What stood there was not in the file. */
    public Detail masked() {
      return new Detail(
          line, what, NumberMask.field("", name), fields.stream().map(Field::masked).toList());
    }
  }

  /** What happened to it. */
  public enum What {
    ADDED,
    CHANGED,
    TO_CONFIRM;

    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A field with its value before and after. */
  public record Field(String column, String former, String value) {
    Field masked() {
      return new Field(column, NumberMask.field(column, former), NumberMask.field(column, value));
    }
  }
}
