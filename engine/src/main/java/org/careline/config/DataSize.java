package org.careline.config;

/** A size in bytes; written 512KB, 64MB, 1GB (powers of 1024). Immutable. */
public record DataSize(long bytes) {
  @Override
  public String toString() {
    long mebi = 1024 * 1024;
    return bytes % mebi == 0 ? bytes / mebi + "MB" : bytes + "B";
  }
}
