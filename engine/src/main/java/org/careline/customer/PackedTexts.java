package org.careline.customer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Many short texts in one block of bytes, found by their place. Read-only once built. */
final class PackedTexts {
  private final byte[] bytes;
  private final int[] ends;

  PackedTexts(byte[] bytes, int[] ends) {
    this.bytes = bytes;
    this.ends = ends;
  }

  String get(int place) {
    int start = place == 0 ? 0 : ends[place - 1];
    return new String(bytes, start, ends[place] - start, StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return bytes;
  }

  int[] ends() {
    return ends;
  }

  /** Collects texts in order. Confined to one thread. */
  static final class Builder {
    private byte[] bytes = new byte[1024];
    private int[] ends = new int[64];
    private int used;
    private int count;

    void add(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      if (used + utf8.length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + utf8.length));
      }
      System.arraycopy(utf8, 0, bytes, used, utf8.length);
      used += utf8.length;
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, count * 2);
      }
      ends[count++] = used;
    }

    PackedTexts build() {
      return new PackedTexts(Arrays.copyOf(bytes, used), Arrays.copyOf(ends, count));
    }
  }
}
