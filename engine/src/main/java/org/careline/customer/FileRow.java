package org.careline.customer;

import java.util.HashMap;
import java.util.Map;

/**
 * One good row of a file: for each column of its kind what stands there, in the form in which it is
 * stored; empty for columns the file does not have. Confined to one thread.
 *
 * @param line where it begins, from 1
 * @param values by the key of the column; may be completed by its kind
 */
record FileRow(long line, Map<String, String> values) {
  FileRow {
    values = new HashMap<>(values);
  }

  String get(String column) {
    return values.getOrDefault(column, "");
  }

  boolean has(String column) {
    return !get(column).isEmpty();
  }
}
