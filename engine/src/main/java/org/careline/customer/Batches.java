package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** SQL for many rows at once. The caller owns the transaction. Confined to one thread. */
record Batches(Connection connection) {
  interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  interface Filler<T> {
    void fill(PreparedStatement statement, T value, int index) throws SQLException;
  }

  /** Marks for {@code %s} come from the number of values: values are never part of a statement. */
  void each(String sql, Collection<?> values, Taker taker) throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    String marks = String.join(",", Collections.nCopies(values.size(), "?"));
    query(String.format(sql, marks), values, taker);
  }

  /** As above with places for several values each, {@code (?,?)}. */
  void eachPair(String sql, Collection<? extends List<?>> pairs, Taker taker) throws SQLException {
    if (pairs.isEmpty()) {
      return;
    }
    String marks = String.join(",", Collections.nCopies(pairs.size(), "(?,?)"));
    List<Object> values = new ArrayList<>();
    pairs.forEach(values::addAll);
    query(String.format(sql, marks), values, taker);
  }

  void query(String sql, Collection<?> values, Taker taker) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      int place = 1;
      for (Object value : values) {
        find.setObject(place++, value);
      }
      try (ResultSet result = find.executeQuery()) {
        while (result.next()) {
          taker.take(result);
        }
      }
    }
  }

  <T> void run(String sql, List<T> values, Filler<T> filler) throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      fill(statement, values, filler);
    }
  }

  /** Gives the new ids in the order of the values. */
  <T> List<Long> insert(String sql, List<T> values, Filler<T> filler) throws SQLException {
    if (values.isEmpty()) {
      return List.of();
    }
    List<Long> ids = new ArrayList<>(values.size());
    try (PreparedStatement statement =
        connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      fill(statement, values, filler);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        while (keys.next()) {
          ids.add(keys.getLong(1));
        }
      }
    }
    if (ids.size() != values.size()) {
      throw new SQLException("expected " + values.size() + " new ids, got " + ids.size());
    }
    return ids;
  }

  private static <T> void fill(PreparedStatement statement, List<T> values, Filler<T> filler)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      filler.fill(statement, values.get(i), i);
      statement.addBatch();
    }
    statement.executeBatch();
  }

  static void id(PreparedStatement statement, int place, Long id) throws SQLException {
    statement.setObject(place, id, Types.BIGINT);
  }

  /** Empty = NULL. */
  static void date(PreparedStatement statement, int place, String date) throws SQLException {
    statement.setObject(place, date.isEmpty() ? null : LocalDate.parse(date), Types.DATE);
  }

  /** Empty = NULL. */
  static void word(PreparedStatement statement, int place, String word) throws SQLException {
    statement.setString(place, word.isEmpty() ? null : word);
  }

  /** NULL = empty. */
  static String text(ResultSet row, int place) throws SQLException {
    String text = row.getString(place);
    return text == null ? "" : text;
  }

  /** NULL = empty. */
  static String date(ResultSet row, int place) throws SQLException {
    LocalDate date = row.getObject(place, LocalDate.class);
    return date == null ? "" : date.toString();
  }
}
