package org.careline.callback;

/** Where a site of a round ends. Exactly one each; the sum of the bins is the sites loaded. */
public enum Bin {
  COMPLETED,
  PARTIAL,
  REFUSED_THIS_ROUND,
  DO_NOT_CALL,
  NOT_REACHED,
  ROUND_CLOSED_FIRST,
  NOT_DIALLED,
  REFERRAL_PENDING,
  APPOINTMENT_PENDING,
  NO_USABLE_NUMBER,
  TEMPORARILY_CLOSED,
  CLOSED,
  MOVED,
  ANSWERED_BY_RECORD;

  /** The name in the database, in JSON and on the command line. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public static Bin of(String id) {
    for (Bin bin : values()) {
      if (bin.id().equals(id)) {
        return bin;
      }
    }
    throw new IllegalArgumentException("no bin: " + id);
  }
}
