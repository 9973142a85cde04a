package org.careline.customer;

/**
 * Numbers to small integers in two arrays: about 20 bytes per number where a HashMap of texts needs
 * 150. A number is its digits, at most 18, as a long. Confined while it is filled, then shared
 * read-only.
 */
final class NumberMap {
  /** Nobody has the number. */
  static final int NONE = -1;

  private long[] keys;
  private int[] values;
  private int size;

  NumberMap(int expected) {
    allocate(Math.max(16, Integer.highestOneBit(Math.max(1, expected)) * 2));
  }

  private void allocate(int slots) {
    keys = new long[slots];
    values = new int[slots];
  }

  /**
   * The digits of an international number, or 0 when it is none that could be kept.
   *
   * @param e164 plus and 5 to 18 digits
   */
  static long key(String e164) {
    int length = e164.length();
    if (length < 6 || length > 19 || e164.charAt(0) != '+' || e164.charAt(1) == '0') {
      return 0;
    }
    long key = 0;
    for (int i = 1; i < length; i++) {
      char c = e164.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      key = key * 10 + (c - '0');
    }
    return key;
  }

  int get(long key) {
    for (int slot = slot(key); keys[slot] != 0; slot = slot + 1 & keys.length - 1) {
      if (keys[slot] == key) {
        return values[slot];
      }
    }
    return NONE;
  }

  /**
   * @param key not 0
   */
  void put(long key, int value) {
    if (size * 3L > keys.length * 2L) {
      grow();
    }
    int slot = slot(key);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    if (keys[slot] == 0) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    allocate(oldKeys.length * 2);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        put(oldKeys[i], oldValues[i]);
      }
    }
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & keys.length - 1;
  }

  int size() {
    return size;
  }

  interface Visitor<E extends Exception> {
    void visit(long key, int value) throws E;
  }

  <E extends Exception> void each(Visitor<E> visitor) throws E {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        visitor.visit(keys[i], values[i]);
      }
    }
  }
}
