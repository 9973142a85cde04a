package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * Compares batches of sites with what is stored and writes the difference, each batch in one
 * transaction which also raises the revision of the reference data. A site's first contact and
 * first device are the import's; further ones are left alone. Confined to one thread and one
 * connection, which holds the lock that keeps a second import out.
 */
final class SiteStore implements AutoCloseable {
  private static final String LOCK = "careline.import-sites";

  private final Connection connection;
  private final boolean dryRun;
  private final SiteRows rows;
  private final Map<String, Customer> customers = new HashMap<>();
  private final Map<String, Long> regions = new HashMap<>();
  private final Set<Long> touched = new HashSet<>();

  /** {@code id} 0 = does not exist yet, in a dry run. */
  private record Customer(long id, String name) {}

  record Counts(long added, long changed, long unchanged) {}

  /**
   * @param file from which the sites come
   */
  SiteStore(Connection connection, boolean dryRun, String file) throws SQLException {
    this.connection = connection;
    this.dryRun = dryRun;
    this.rows = new SiteRows(connection, file);
    connection.setAutoCommit(false);
    try (PreparedStatement lock = connection.prepareStatement("SELECT GET_LOCK(?, 5)")) {
      lock.setString(1, LOCK);
      try (ResultSet result = lock.executeQuery()) {
        if (!result.next() || result.getInt(1) != 1) {
          throw new ImportRefused(Sentence.of("import.running"));
        }
      }
    }
  }

  Set<String> tiers() throws SQLException {
    Set<String> tiers = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT code FROM tier")) {
      while (result.next()) {
        tiers.add(result.getString(1));
      }
    }
    return tiers;
  }

  /** All or nothing. */
  Counts store(List<SiteRow> batch, Set<SiteColumn> absent) throws SQLException {
    try {
      Counts counts = write(batch, absent);
      if (!dryRun && counts.added() + counts.changed() > 0) {
        raiseRevision();
      }
      connection.commit();
      return counts;
    } catch (SQLException | RuntimeException failed) {
      connection.rollback();
      throw failed;
    }
  }

  private Counts write(List<SiteRow> batch, Set<SiteColumn> absent) throws SQLException {
    Set<String> renamed = loadCustomers(batch);
    Map<SiteRow, SiteRows.Stored> stored = rows.find(batch, code -> customers.get(code).id());
    List<SiteRows.Fresh> fresh = new ArrayList<>();
    List<SiteRows.Change> changes = new ArrayList<>();
    long changed = 0;
    for (SiteRow row : batch) {
      SiteRows.Stored there = stored.get(row);
      if (there == null) {
        fresh.add(new SiteRows.Fresh(row, customers.get(row.chainCode()).id()));
        continue;
      }
      SiteData wanted = row.data().over(there.data(), absent);
      if (!wanted.equals(there.data())) {
        changes.add(new SiteRows.Change(there, wanted));
      }
      // A new name of the chain is told with the first of its rows.
      if (renamed.remove(row.chainCode()) || !wanted.equals(there.data())) {
        changed++;
      }
    }
    if (!dryRun) {
      for (SiteRows.Fresh one : fresh) {
        touched.add(one.customerId());
      }
      for (SiteRows.Change one : changes) {
        touched.add(one.stored().customerId());
      }
      rows.insert(fresh, this::region);
      rows.update(changes, this::region);
    }
    return new Counts(fresh.size(), changed, batch.size() - fresh.size() - changed);
  }

  /** Finds or makes the customers of the batch; gives the codes of those that got another name. */
  private Set<String> loadCustomers(List<SiteRow> batch) throws SQLException {
    Map<String, String> names = new LinkedHashMap<>();
    batch.forEach(row -> names.merge(row.chainCode(), row.chainName(), SiteStore::nonEmpty));
    Set<String> renamed = new HashSet<>();
    for (Map.Entry<String, String> entry : names.entrySet()) {
      String code = entry.getKey();
      String name = entry.getValue();
      Customer known = customers.get(code);
      if (known == null) {
        known = findCustomer(code).orElse(null);
      }
      if (known == null) {
        known = addCustomer(code, name.isEmpty() ? code : name);
      } else if (!name.isEmpty() && !name.equals(known.name())) {
        known = rename(known, name);
        renamed.add(code);
      }
      customers.put(code, known);
    }
    return renamed;
  }

  private static String nonEmpty(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  private Optional<Customer> findCustomer(String code) throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT id, name FROM customer WHERE code = ?")) {
      find.setString(1, code);
      try (ResultSet result = find.executeQuery()) {
        return result.next()
            ? Optional.of(new Customer(result.getLong(1), result.getString(2)))
            : Optional.empty();
      }
    }
  }

  private Customer addCustomer(String code, String name) throws SQLException {
    if (dryRun) {
      return new Customer(0, name);
    }
    long id = insert("INSERT INTO customer (code, name) VALUES (?, ?)", code, name);
    touched.add(id);
    return new Customer(id, name);
  }

  private Customer rename(Customer customer, String name) throws SQLException {
    if (!dryRun && customer.id() > 0) {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE customer SET name = ? WHERE id = ?")) {
        update.setString(1, name);
        update.setLong(2, customer.id());
        update.executeUpdate();
      }
    }
    return new Customer(customer.id(), name);
  }

  private Long region(long customerId, String code) throws SQLException {
    if (code.isEmpty()) {
      return null;
    }
    String key = customerId + "\n" + code;
    Long known = regions.get(key);
    if (known == null) {
      known = findRegion(customerId, code);
      regions.put(key, known);
    }
    return known;
  }

  private long findRegion(long customerId, String code) throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT id FROM region WHERE customer_id = ? AND code = ?")) {
      find.setLong(1, customerId);
      find.setString(2, code);
      try (ResultSet result = find.executeQuery()) {
        if (result.next()) {
          return result.getLong(1);
        }
      }
    }
    return insert("INSERT INTO region (customer_id, code) VALUES (?, ?)", customerId, code);
  }

  private long insert(String sql, Object... values) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  /** A customer has the best tier of his sites. To be called once, after the last batch. */
  void finish() throws SQLException {
    if (dryRun || touched.isEmpty()) {
      return;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE customer c SET c.tier_code = COALESCE(
              (SELECT s.tier_code FROM site s JOIN tier t ON t.code = s.tier_code
                WHERE s.customer_id = c.id ORDER BY t.rank_no, t.code LIMIT 1), 'standard')
            WHERE c.id = ?""")) {
      for (long customer : touched) {
        update.setLong(1, customer);
        update.executeUpdate();
      }
      raiseRevision();
      connection.commit();
    } catch (SQLException | RuntimeException failed) {
      connection.rollback();
      throw failed;
    }
  }

  private void raiseRevision() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    try (PreparedStatement release = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
      release.setString(1, LOCK);
      release.executeQuery().close();
    }
    connection.setAutoCommit(true);
  }
}
