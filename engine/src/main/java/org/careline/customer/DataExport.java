package org.careline.customer;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careline.database.Database;
import org.careline.language.Sentence;

/**
 * Customers' data out to files of the same form in which they come in: imported again they change
 * nothing. Blocks; thread-safe.
 */
public final class DataExport {
  private static final int PAGE = 500;
  private final Database database;

  public DataExport(Database database) {
    this.database = database;
  }

  /** With whole numbers: what is written can be imported again. */
  public long write(
      FileKind kind, Optional<String> customer, TableWriter.Format format, OutputStream out)
      throws IOException, SQLException {
    return write(kind, customer, format, UnaryOperator.identity(), out);
  }

  /**
   * Writes what there is, and gives the number of rows.
   *
   * @param customer his code; empty = of all
   * @param numbers how telephone numbers are shown
   * @throws ImportRefused when there is no such customer, or a file of this format has not room for
   *     it
   */
  public long write(
      FileKind kind,
      Optional<String> customer,
      TableWriter.Format format,
      UnaryOperator<String> numbers,
      OutputStream out)
      throws IOException, SQLException {
    Optional<Long> id =
        customer.isPresent() ? Optional.of(customer(customer.get())) : Optional.empty();
    try (TableWriter writer = TableWriter.of(format, out, kind.key())) {
      writer.row(kind.columnKeys());
      long rows = 0;
      // numbers have negative ids
      Page page = page(kind, Long.MIN_VALUE, id);
      while (!page.rows().isEmpty()) {
        for (Map<String, String> row : page.rows()) {
          writer.row(cells(kind, row, numbers));
          rows++;
        }
        page = page(kind, page.last(), id);
      }
      return rows;
    }
  }

  private record Page(long last, List<Map<String, String>> rows) {}

  /** A connection for each: who reads slowly holds none. */
  private Page page(FileKind kind, long after, Optional<Long> customer) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      RowStore store = kind.store(connection, true, new ChangeHistory.By("", ""));
      long from = after;
      while (true) {
        List<Long> ids = store.page(from, customer, PAGE);
        List<Map<String, String>> rows =
            ids.isEmpty()
                ? List.of()
                : store.load(ids).values().stream().map(RowStore.Stored::values).toList();
        if (ids.isEmpty() || !rows.isEmpty()) {
          return new Page(ids.isEmpty() ? from : ids.getLast(), rows);
        }
        from = ids.getLast(); // all of them went meanwhile
      }
    }
  }

  private static List<String> cells(
      FileKind kind, Map<String, String> values, UnaryOperator<String> numbers) {
    return kind.columnKeys().stream()
        .map(
            key -> {
              String value = values.getOrDefault(key, "");
              return isNumber(key) ? numbers.apply(value) : value;
            })
        .toList();
  }

  /** Whether telephone numbers stand in files of this kind. */
  public static boolean hasNumbers(FileKind kind) {
    return kind.columnKeys().stream().anyMatch(DataExport::isNumber);
  }

  private static boolean isNumber(String column) {
    return column.matches("phone[0-9]*");
  }

  private long customer(String code) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement find =
            connection.prepareStatement("SELECT id FROM customer WHERE code = ?")) {
      find.setString(1, code);
      try (ResultSet found = find.executeQuery()) {
        if (!found.next()) {
          throw new ImportRefused(Sentence.of("import.no-customer", code));
        }
        return found.getLong(1);
      }
    }
  }
}
