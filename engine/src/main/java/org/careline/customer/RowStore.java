package org.careline.customer;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * What one kind of file has in the database, in the same form as in the file. The caller owns the
 * transaction. Confined to one thread and one connection.
 */
interface RowStore {
  /** Where a row goes. */
  sealed interface Place {}

  /**
   * It is there already.
   *
   * @param siteId null = of the customer, or of several sites
   */
  record Stored(long id, long customerId, Long siteId, Map<String, String> values)
      implements Place {}

  /**
   * It is not there.
   *
   * @param customerId 0 = not there either, in a dry run
   */
  record Missing(long customerId, Long siteId) implements Place {}

  /** It belongs to something that does not exist, or contradicts what does. */
  record Misplaced(String column, Sentence reason) implements Place {}

  /** A row and what is to be stored for it. */
  record Pending(FileRow row, Place place, Map<String, String> wanted) {
    String get(String column) {
      return wanted.getOrDefault(column, "");
    }

    Stored stored() {
      return (Stored) place;
    }

    Missing missing() {
      return (Missing) place;
    }

    boolean changes(String column) {
      return !get(column).equals(stored().values().getOrDefault(column, ""));
    }
  }

  /** For each row its place, in their order. */
  Map<FileRow, Place> find(List<FileRow> rows) throws SQLException;

  /**
   * What is to be stored where something is: as the row says; what the file has no column for
   * stays.
   */
  default Map<String, String> over(
      FileRow row, Map<String, String> stored, Set<String> absent, List<FileColumn> columns) {
    Map<String, String> wanted = new java.util.HashMap<>();
    for (FileColumn column : columns) {
      String key = column.key();
      wanted.put(
          key,
          absent.contains(key) ? stored.getOrDefault(key, "") : row.values().getOrDefault(key, ""));
    }
    return wanted;
  }

  void insert(List<Pending> fresh) throws SQLException;

  /** Whose it is, once it was inserted. */
  default long customerOf(Pending inserted) {
    return inserted.missing().customerId();
  }

  void update(List<Pending> changes) throws SQLException;

  /** Rows that go in but seem to be there under another name, with what to look at. */
  default Map<FileRow, Sentence> perhapsThere(List<Pending> fresh) throws SQLException {
    return Map.of();
  }

  /** To be called once, after the last batch, in a transaction of its own. Not in a dry run. */
  default void finish() throws SQLException {}

  /** Whether the engine keeps some of it in memory. */
  boolean reference();

  /**
   * The next ones for an export, in the order of their ids.
   *
   * @param customerId empty = of all customers
   */
  List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException;

  /** What is stored, by id. */
  Map<Long, Stored> load(List<Long> ids) throws SQLException;
}
