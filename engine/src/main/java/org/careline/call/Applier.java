package org.careline.call;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Carries journal entries of one kind into MySQL. The writer calls it inside its transaction, with
 * entries in the order they were made; the same entry can come again after a crash, so that every
 * statement must be idempotent (INSERT IGNORE on key, epoch and seq; conditional UPDATE). It must
 * neither commit nor keep the connection. A failure that is not the database's being away sets the
 * entry aside.
 */
public interface Applier {
  /** The kind of entries it takes; one applier per kind. */
  String kind();

  void apply(Connection connection, List<Journal.Entry> batch) throws SQLException;

  /**
   * True when an entry made under an older lease may still be written: pure history with its own
   * key, or a write that never replaces a final value. Others are refused and shown.
   */
  default boolean takesOlderEpochs() {
    return false;
  }

  /** The same where it depends on what the entry says. */
  default boolean takesOlderEpochs(Journal.Entry entry) {
    return takesOlderEpochs();
  }
}
