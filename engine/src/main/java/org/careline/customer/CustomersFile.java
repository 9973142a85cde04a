package org.careline.customer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/** Customers, or only on what ground they are rung. */
final class CustomersFile extends FileKind {
  private static final String KIND = "customer_kind";
  private static final List<String> KINDS = List.of("chain", "key_account", "other");

  private final boolean consentOnly;

  CustomersFile(boolean consentOnly) {
    super(consentOnly ? "consent" : "customers", columns(consentOnly));
    this.consentOnly = consentOnly;
  }

  private static List<FileColumn> columns(boolean consentOnly) {
    FileColumn basis = FileColumn.of("consent_basis", 16, FileColumn.choice(Consent.Basis.keys()));
    FileColumn until = FileColumn.of("consent_until", 10, FileColumn::date);
    List<FileColumn> columns = new ArrayList<>();
    columns.add(FileColumn.ofCode(CHAIN).needed());
    if (!consentOnly) {
      columns.add(FileColumn.text(CHAIN_NAME, 200));
      columns.add(FileColumn.of(KIND, 16, FileColumn.choice(KINDS)));
      columns.add(FileColumn.texts("contract_terms", 1000));
      columns.add(FileColumn.text("account_manager", 64));
    }
    columns.add(consentOnly ? basis.needed() : basis);
    columns.add(FileColumn.of("consent_from", 10, FileColumn::date));
    columns.add(consentOnly ? until.needed() : until);
    columns.add(FileColumn.text("consent_evidence", 400));
    return columns;
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    if (row.has("consent_basis") && !row.has("consent_until")) {
      problems.add("consent_until", Sentence.of("import.consent-end"));
    }
    if (row.has("consent_until")
        && row.get("consent_until").compareTo(row.get("consent_from")) < 0) {
      problems.add("consent_until", Sentence.of("import.consent-order"));
    }
  }

  @Override
  String identity(FileRow row) {
    return row.get(CHAIN);
  }

  @Override
  String identityColumn() {
    return CHAIN;
  }

  @Override
  String name(Map<String, String> values) {
    return values.get(CHAIN);
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new Store(new Batches(connection), consentOnly, new HashMap<>());
  }

  private record Store(Batches batches, boolean consentOnly, Map<FileRow, Long> made)
      implements RowStore {
    @Override
    public boolean reference() {
      return !consentOnly;
    }

    @Override
    public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
      Map<String, Long> known = new Owners(batches).customers(rows);
      Map<Long, Stored> stored = load(List.copyOf(known.values()));
      Map<FileRow, Place> places = new HashMap<>();
      for (FileRow row : rows) {
        Long id = known.get(row.get(CHAIN));
        places.put(
            row,
            id != null
                ? stored.get(id)
                : consentOnly ? Owners.noCustomer(row) : new Missing(0, null));
      }
      return places;
    }

    @Override
    public Map<Long, Stored> load(List<Long> ids) throws SQLException {
      Map<Long, Stored> customers = new LinkedHashMap<>();
      batches.each(
          "SELECT id, code, name, kind, contract_terms, account_manager, consent_basis,"
              + " consent_from, consent_until, consent_evidence FROM customer"
              + " WHERE id IN (%s) ORDER BY id",
          ids,
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(CHAIN, row.getString(2));
            values.put(CHAIN_NAME, row.getString(3));
            values.put(KIND, row.getString(4));
            values.put("contract_terms", row.getString(5));
            values.put("account_manager", Batches.text(row, 6));
            values.put("consent_basis", Batches.text(row, 7));
            values.put("consent_from", Batches.date(row, 8));
            values.put("consent_until", Batches.date(row, 9));
            values.put("consent_evidence", row.getString(10));
            customers.put(row.getLong(1), new Stored(row.getLong(1), row.getLong(1), null, values));
          });
      return customers;
    }

    /** Name and kind stay when the cell is empty. */
    @Override
    public Map<String, String> over(
        FileRow row, Map<String, String> stored, Set<String> absent, List<FileColumn> columns) {
      Map<String, String> wanted = RowStore.super.over(row, stored, absent, columns);
      for (String column : List.of(CHAIN_NAME, KIND)) {
        if (wanted.containsKey(column) && !row.has(column)) {
          wanted.put(column, stored.get(column));
        }
      }
      return wanted;
    }

    @Override
    public void insert(List<Pending> fresh) throws SQLException {
      List<Long> ids =
          batches.insert(
              "INSERT INTO customer (consent_basis, consent_from, consent_until, consent_evidence,"
                  + " name, kind, contract_terms, account_manager, code)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
              fresh,
              (insert, one, i) -> {
                consent(insert, one);
                whole(insert, one);
                insert.setString(9, one.get(CHAIN));
              });
      for (int i = 0; i < ids.size(); i++) {
        made.put(fresh.get(i).row(), ids.get(i));
      }
    }

    @Override
    public long customerOf(Pending inserted) {
      return made.get(inserted.row());
    }

    private static void consent(java.sql.PreparedStatement statement, Pending one)
        throws SQLException {
      Batches.word(statement, 1, one.get("consent_basis"));
      Batches.date(statement, 2, one.get("consent_from"));
      Batches.date(statement, 3, one.get("consent_until"));
      statement.setString(4, one.get("consent_evidence"));
    }

    private static void whole(java.sql.PreparedStatement statement, Pending one)
        throws SQLException {
      statement.setString(5, one.get(CHAIN_NAME).isEmpty() ? one.get(CHAIN) : one.get(CHAIN_NAME));
      statement.setString(6, one.get(KIND).isEmpty() ? KINDS.getFirst() : one.get(KIND));
      statement.setString(7, one.get("contract_terms"));
      Batches.word(statement, 8, one.get("account_manager"));
    }

    @Override
    public void update(List<Pending> changes) throws SQLException {
      String consent =
          "UPDATE customer SET consent_basis = ?, consent_from = ?, consent_until = ?,"
              + " consent_evidence = ?";
      batches.run(
          consent
              + (consentOnly ? "" : ", name = ?, kind = ?, contract_terms = ?, account_manager = ?")
              + " WHERE id = ?",
          changes,
          (update, one, i) -> {
            consent(update, one);
            if (!consentOnly) {
              whole(update, one);
            }
            update.setLong(consentOnly ? 5 : 9, one.stored().id());
          });
    }

    @Override
    public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
      List<Long> page = new ArrayList<>();
      batches.query(
          "SELECT id FROM customer WHERE id > ? AND (id = ? OR ?)"
              + (consentOnly ? " AND consent_basis IS NOT NULL AND consent_until IS NOT NULL" : "")
              + " ORDER BY id LIMIT ?",
          List.of(afterId, customerId.orElse(0L), customerId.isEmpty(), limit),
          row -> page.add(row.getLong(1)));
      return page;
    }
  }
}
