package org.careline.web;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A part of the feed as it is sent, made once for all who see the same. Thread-safe. */
sealed interface Shown {

  /** The part's value. */
  String json();

  /**
   * The message that brings a browser up to this.
   *
   * @param known what it has, null = nothing
   * @return empty when it has this already
   */
  String since(Shown known);

  /** Replaces what the browser has. */
  record Whole(String type, String key, String json) implements Shown {
    @Override
    public String since(Shown known) {
      return equals(known) ? "" : message(type, key, json);
    }
  }

  /** An answer: sent however often it is the same. */
  record Answer(String json) implements Shown {
    @Override
    public String since(Shown known) {
      return json;
    }
  }

  /**
   * A list of things with a name each. Of a list that is long and changes in few places only these
   * are sent, as {@code changed}: with some hundred agents on some hundred consoles the whole would
   * cost more than the calls do.
   */
  final class Rows implements Shown {
    private final String type;
    private final Map<String, String> rows;

    /** Nearly all browsers have the same: the last message made serves the next one. */
    private volatile Made last = new Made(new WeakReference<>(null), "");

    /** Weak, for else each state would hold all that were before it. */
    private record Made(WeakReference<Rows> known, String message) {}

    private Rows(String type, Map<String, String> rows) {
      this.type = type;
      this.rows = rows;
    }

    /**
     * @param rows value by name, in order
     * @param before what was shown before, null = nothing; its values are kept where they are equal
     */
    static Rows of(String type, Map<String, String> rows, Rows before) {
      if (before == null) {
        return new Rows(type, rows);
      }
      if (before.rows.equals(rows) && before.names().equals(List.copyOf(rows.keySet()))) {
        return before;
      }
      Map<String, String> kept = new LinkedHashMap<>(rows);
      kept.replaceAll(
          (name, row) -> {
            String former = before.rows.get(name);
            return row.equals(former) ? former : row;
          });
      return new Rows(type, kept);
    }

    private List<String> names() {
      return List.copyOf(rows.keySet());
    }

    @Override
    public String json() {
      return "[" + String.join(",", rows.values()) + "]";
    }

    @Override
    public String since(Shown known) {
      if (known == this) {
        return "";
      }
      if (!(known instanceof Rows had)) {
        return Shown.message(type, type, json());
      }
      Made made = last;
      if (made.known().get() != had) {
        made = new Made(new WeakReference<>(had), message(had));
        last = made;
      }
      return made.message();
    }

    private String message(Rows had) {
      if (!had.names().equals(names())) {
        return Shown.message(type, type, json());
      }
      List<String> changed = new ArrayList<>();
      rows.forEach(
          (name, row) -> {
            if (!Objects.equals(row, had.rows.get(name))) {
              changed.add(row);
            }
          });
      return changed.isEmpty()
          ? ""
          : Shown.message(type, "changed", "[" + String.join(",", changed) + "]");
    }
  }

  private static String message(String type, String key, String json) {
    return "{\"type\":\"" + type + "\",\"" + key + "\":" + json + "}";
  }
}
