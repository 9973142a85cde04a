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
    try (Connection connection = database.dataSource().getConnection()) {
      Optional<Long> id =
          customer.isPresent()
              ? Optional.of(customer(connection, customer.get()))
              : Optional.empty();
      RowStore store = kind.store(connection, true, new ChangeHistory.By("", ""));
      try (TableWriter writer = TableWriter.of(format, out, kind.key())) {
        writer.row(kind.columnKeys());
        long rows = 0;
        // numbers have negative ids
        List<Long> page = store.page(Long.MIN_VALUE, id, PAGE);
        while (!page.isEmpty()) {
          for (RowStore.Stored stored : store.load(page).values()) {
            writer.row(cells(kind, stored.values(), numbers));
            rows++;
          }
          page = store.page(page.getLast(), id, PAGE);
        }
        return rows;
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

  private static long customer(Connection connection, String code) throws SQLException {
    try (PreparedStatement find =
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
