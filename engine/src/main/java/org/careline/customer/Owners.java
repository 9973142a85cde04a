package org.careline.customer;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.language.Sentence;

/** Finds customers and sites by the codes that rows name. Confined to one thread. */
final class Owners {
  private final Batches batches;
  private final Map<String, Long> customers = new HashMap<>();

  Owners(Batches batches) {
    this.batches = batches;
  }

  /** A site of a customer. */
  record Key(long customerId, String code) {}

  /** By code; those that are not there are not in it. */
  Map<String, Long> customers(Collection<FileRow> rows) throws SQLException {
    Set<String> wanted = new HashSet<>();
    rows.forEach(row -> wanted.add(row.get(FileKind.CHAIN)));
    wanted.removeAll(customers.keySet());
    wanted.remove("");
    batches.each(
        "SELECT code, id FROM customer WHERE code IN (%s)",
        wanted, row -> customers.put(row.getString(1), row.getLong(2)));
    return customers;
  }

  Map<Key, Long> sites(Collection<Key> keys) throws SQLException {
    Map<Key, Long> sites = new HashMap<>();
    batches.eachPair(
        "SELECT customer_id, code, id FROM site WHERE (customer_id, code) IN (%s)",
        keys.stream().map(key -> List.<Object>of(key.customerId(), key.code())).toList(),
        row -> sites.put(new Key(row.getLong(1), row.getString(2)), row.getLong(3)));
    return sites;
  }

  /** For each row its site, or why it has none. */
  Map<FileRow, RowStore.Place> ofSites(List<FileRow> rows) throws SQLException {
    Map<String, Long> known = customers(rows);
    Set<Key> keys = new HashSet<>();
    for (FileRow row : rows) {
      Long customer = known.get(row.get(FileKind.CHAIN));
      if (customer != null && row.has(FileKind.SITE)) {
        keys.add(new Key(customer, row.get(FileKind.SITE)));
      }
    }
    Map<Key, Long> sites = sites(keys);
    Map<FileRow, RowStore.Place> places = new HashMap<>();
    for (FileRow row : rows) {
      Long customer = known.get(row.get(FileKind.CHAIN));
      Long site = customer == null ? null : sites.get(new Key(customer, row.get(FileKind.SITE)));
      places.put(
          row,
          customer == null
              ? noCustomer(row)
              : site == null ? noSite(row) : new RowStore.Missing(customer, site));
    }
    return places;
  }

  static RowStore.Misplaced noCustomer(FileRow row) {
    return new RowStore.Misplaced(
        FileKind.CHAIN, Sentence.of("import.no-customer", row.get(FileKind.CHAIN)));
  }

  private static RowStore.Misplaced noSite(FileRow row) {
    return new RowStore.Misplaced(
        FileKind.SITE, Sentence.of("import.no-site", row.get(FileKind.SITE)));
  }
}
