package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/**
 * Sites with their first contact, its first two numbers and the first device. A contact with the
 * same name, role and numbers answers for all sites that have him; one who answers for others too
 * is not changed by what the file says of one site, that site gets another one.
 */
final class SiteStore implements RowStore {
  private static final String SELECT =
      "SELECT s.id, s.customer_id, c.code, c.name, s.code, s.name, s.tier_code, s.trade, r.code,"
          + " s.province, s.city, s.address, s.account_manager, s.remark,"
          + " (s.do_not_call AND (s.do_not_call_until IS NULL OR s.do_not_call_until >="
          + " DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR))), s.zone, s.trade_calendar, s.status,"
          + " s.status_reason, c.consent_basis, c.consent_until"
          + " FROM site s JOIN customer c ON c.id = s.customer_id"
          + " LEFT JOIN region r ON r.id = s.region_id WHERE s.id IN (%s)";
  private static final List<String> OF_CUSTOMER =
      List.of(FileKind.CHAIN_NAME, "consent_basis", "consent_until");

  private final Batches batches;
  private final boolean dryRun;
  private final ChangeHistory.By by;
  private final Owners owners;
  private final Map<String, Customer> customers = new HashMap<>();
  private final Map<String, Long> regions = new HashMap<>();
  private final Set<Customer> altered = new HashSet<>();
  private final Set<Long> touched = new HashSet<>();
  private final Map<Long, Ids> ids = new HashMap<>();

  /** What a site's contact and device are; 0 = there is none. */
  private record Ids(long contact, long device) {}

  /** Who a contact is: the same for two sites = one contact. */
  private record Identity(
      long customerId, String name, String role, PhoneNumber phone1, PhoneNumber phone2) {}

  /** {@code id} 0 = does not exist yet, in a dry run. */
  private static final class Customer {
    private final long id;
    private final Map<String, String> values;

    Customer(long id, Map<String, String> values) {
      this.id = id;
      this.values = new HashMap<>(values);
    }
  }

  SiteStore(Connection connection, boolean dryRun, ChangeHistory.By by) {
    this.batches = new Batches(connection);
    this.dryRun = dryRun;
    this.by = by;
    this.owners = new Owners(batches);
  }

  @Override
  public boolean reference() {
    return true;
  }

  @Override
  public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
    ids.clear();
    loadCustomers(rows);
    List<Owners.Key> keys = new ArrayList<>();
    for (FileRow row : rows) {
      Customer customer = customers.get(row.get(FileKind.CHAIN));
      if (customer != null && customer.id > 0) {
        keys.add(new Owners.Key(customer.id, row.get(FileKind.SITE)));
      }
    }
    Map<Owners.Key, Long> sites = owners.sites(keys);
    Map<Long, Stored> stored = load(new ArrayList<>(sites.values()));
    Map<FileRow, Place> places = new HashMap<>();
    for (FileRow row : rows) {
      Customer customer = customers.get(row.get(FileKind.CHAIN));
      Long site = sites.get(new Owners.Key(customer.id, row.get(FileKind.SITE)));
      if (site == null) {
        places.put(row, new Missing(customer.id, null));
      } else {
        Map<String, String> values = stored.get(site).values();
        OF_CUSTOMER.forEach(column -> values.put(column, customer.values.get(column)));
        places.put(row, stored.get(site));
      }
      alter(customer, row);
    }
    return places;
  }

  /** What a row says of its customer is told with the first of his rows. */
  private void alter(Customer customer, FileRow row) {
    for (String column : OF_CUSTOMER) {
      if (row.has(column) && !row.get(column).equals(customer.values.get(column))) {
        customer.values.put(column, row.get(column));
        altered.add(customer);
      }
    }
  }

  /** Finds or makes the customers of the rows. */
  private void loadCustomers(List<FileRow> rows) throws SQLException {
    Map<String, Map<String, String>> wanted = new LinkedHashMap<>();
    for (FileRow row : rows) {
      Map<String, String> values =
          wanted.computeIfAbsent(row.get(FileKind.CHAIN), code -> new HashMap<>());
      for (String column : OF_CUSTOMER) {
        values.merge(column, row.get(column), (one, other) -> one.isEmpty() ? other : one);
      }
    }
    wanted.keySet().removeAll(customers.keySet());
    batches.each(
        "SELECT code, id, name, consent_basis, consent_until FROM customer WHERE code IN (%s)",
        wanted.keySet(),
        row ->
            customers.put(
                row.getString(1),
                new Customer(
                    row.getLong(2),
                    Map.of(
                        FileKind.CHAIN_NAME,
                        row.getString(3),
                        "consent_basis",
                        Batches.text(row, 4),
                        "consent_until",
                        Batches.date(row, 5)))));
    wanted.keySet().removeAll(customers.keySet());
    for (Map.Entry<String, Map<String, String>> fresh : wanted.entrySet()) {
      customers.put(fresh.getKey(), add(fresh.getKey(), fresh.getValue()));
    }
  }

  private Customer add(String code, Map<String, String> values) throws SQLException {
    values.computeIfPresent(FileKind.CHAIN_NAME, (column, name) -> name.isEmpty() ? code : name);
    if (dryRun) {
      return new Customer(0, values);
    }
    long id =
        batches
            .insert(
                "INSERT INTO customer (code, name, consent_basis, consent_until)"
                    + " VALUES (?, ?, ?, ?)",
                List.of(values),
                (insert, value, i) -> {
                  insert.setString(1, code);
                  insert.setString(2, value.get(FileKind.CHAIN_NAME));
                  Batches.word(insert, 3, value.get("consent_basis"));
                  Batches.date(insert, 4, value.get("consent_until"));
                })
            .getFirst();
    ChangeHistory.write(
        batches.connection(),
        by,
        List.of(new ChangeHistory.Change(id, null, "customers", code, "", "", "")));
    touched.add(id);
    return new Customer(id, values);
  }

  @Override
  public Map<Long, Stored> load(List<Long> siteIds) throws SQLException {
    Map<Long, Stored> sites = new LinkedHashMap<>();
    batches.each(
        SELECT,
        siteIds,
        row -> {
          Map<String, String> values = new HashMap<>();
          values.put(FileKind.CHAIN, row.getString(3));
          values.put(FileKind.CHAIN_NAME, row.getString(4));
          values.put(FileKind.SITE, row.getString(5));
          values.put("site_name", row.getString(6));
          values.put("tier", row.getString(7));
          values.put("trade", row.getString(8));
          values.put("region_code", Batches.text(row, 9));
          values.put("province", row.getString(10));
          values.put("city", row.getString(11));
          values.put("address", row.getString(12));
          values.put("account_manager", Batches.text(row, 13));
          values.put("remark", row.getString(14));
          values.put("do_not_call", row.getBoolean(15) ? "yes" : "no");
          values.put("zone", row.getString(16));
          values.put("trade_calendar", row.getString(17));
          values.put("status", row.getString(18));
          values.put("status_reason", row.getString(19));
          values.put("consent_basis", Batches.text(row, 20));
          values.put("consent_until", Batches.date(row, 21));
          long id = row.getLong(1);
          sites.put(id, new Stored(id, row.getLong(2), id, values));
        });
    Map<Long, Long> contacts = contacts(sites);
    Map<Long, Long> devices = devices(sites);
    for (long site : sites.keySet()) {
      ids.put(site, new Ids(contacts.getOrDefault(site, 0L), devices.getOrDefault(site, 0L)));
    }
    return sites;
  }

  private Map<Long, Long> contacts(Map<Long, Stored> sites) throws SQLException {
    Map<Long, Long> contacts = new HashMap<>();
    batches.each(
        "SELECT sc.site_id, c.id, c.name, c.role, p1.e164, p1.extension, p2.e164, p2.extension"
            + " FROM site_contact sc JOIN contact c ON c.id = sc.contact_id"
            + " LEFT JOIN phone p1 ON p1.contact_id = c.id AND p1.position = 1"
            + " LEFT JOIN phone p2 ON p2.contact_id = c.id AND p2.position = 2"
            + " WHERE sc.site_id IN (%s) ORDER BY sc.position, c.id",
        sites.keySet(),
        row -> {
          if (contacts.putIfAbsent(row.getLong(1), row.getLong(2)) != null) {
            return;
          }
          Map<String, String> values = sites.get(row.getLong(1)).values();
          values.put("contact_name", row.getString(3));
          values.put("contact_role", row.getString(4));
          values.put("phone1", Batches.text(row, 5));
          values.put("ext1", Batches.text(row, 6));
          values.put(
              "phone2",
              row.getString(7) == null
                  ? ""
                  : new PhoneNumber(row.getString(7), row.getString(8)).toString());
        });
    return contacts;
  }

  private Map<Long, Long> devices(Map<Long, Stored> sites) throws SQLException {
    Map<Long, Long> devices = new HashMap<>();
    batches.each(
        "SELECT site_id, id, model, serial, install_date, warranty_until FROM device"
            + " WHERE site_id IN (%s) ORDER BY id",
        sites.keySet(),
        row -> {
          if (devices.putIfAbsent(row.getLong(1), row.getLong(2)) != null) {
            return;
          }
          Map<String, String> values = sites.get(row.getLong(1)).values();
          values.put("device_model", row.getString(3));
          values.put("device_serial", row.getString(4));
          values.put("install_date", Batches.date(row, 5));
          values.put("warranty_until", Batches.date(row, 6));
        });
    return devices;
  }

  /**
   * Do-not-call is only ever set by a file: it may have been set since by the person on the phone,
   * and an old file must not bring the calls back. Status and what concerns the customer stay when
   * the cell is empty.
   */
  @Override
  public Map<String, String> over(
      FileRow row, Map<String, String> stored, Set<String> absent, List<FileColumn> columns) {
    Map<String, String> wanted = RowStore.super.over(row, stored, absent, columns);
    OF_CUSTOMER.stream()
        .filter(column -> !row.has(column))
        .forEach(column -> wanted.put(column, stored.get(column)));
    if (stored.get("do_not_call").equals("yes")) {
      wanted.put("do_not_call", "yes");
    }
    if (!row.has("status")) {
      wanted.put("status", stored.get("status"));
      wanted.put("status_reason", stored.get("status_reason"));
    } else if (row.get("status").equals("active")) {
      wanted.put("status_reason", "");
    }
    boolean sameLine = row.get("phone1").equals(stored.get("phone1"));
    if (absent.contains("ext1")) {
      wanted.put("ext1", row.has("ext1") || !sameLine ? row.get("ext1") : stored.get("ext1"));
    }
    return wanted;
  }

  @Override
  public void insert(List<Pending> fresh) throws SQLException {
    storeCustomers();
    fresh.forEach(one -> touched.add(one.missing().customerId()));
    List<Long> sites =
        batches.insert(
            "INSERT INTO site (region_id, name, tier_code, trade, province, city, address,"
                + " account_manager, remark, zone, trade_calendar, status, status_reason,"
                + " customer_id, code, do_not_call, do_not_call_evidence)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            fresh,
            (insert, one, i) -> {
              site(insert, one, one.missing().customerId());
              insert.setLong(14, one.missing().customerId());
              insert.setString(15, one.get(FileKind.SITE));
              boolean doNotCall = one.get("do_not_call").equals("yes");
              insert.setBoolean(16, doNotCall);
              insert.setString(17, doNotCall ? by.source() : "");
            });
    Map<Identity, Long> known = known(fresh);
    List<long[]> links = new ArrayList<>();
    List<Pending> newcomers = new ArrayList<>();
    for (Pending one : fresh) {
      if (!known.containsKey(identity(one, one.missing().customerId()))) {
        known.put(identity(one, one.missing().customerId()), 0L);
        newcomers.add(one);
      }
    }
    addContacts(
        newcomers, newcomers.stream().map(one -> one.missing().customerId()).toList(), known);
    for (int i = 0; i < fresh.size(); i++) {
      links.add(
          new long[] {
            sites.get(i), known.get(identity(fresh.get(i), fresh.get(i).missing().customerId()))
          });
    }
    link(links);
    insertDevices(sites, fresh);
  }

  private void storeCustomers() throws SQLException {
    batches.run(
        "UPDATE customer SET name = ?, consent_basis = ?, consent_until = ? WHERE id = ?",
        altered.stream().filter(customer -> customer.id > 0).toList(),
        (update, customer, i) -> {
          update.setString(1, customer.values.get(FileKind.CHAIN_NAME));
          Batches.word(update, 2, customer.values.get("consent_basis"));
          Batches.date(update, 3, customer.values.get("consent_until"));
          update.setLong(4, customer.id);
        });
    altered.clear();
  }

  private void site(PreparedStatement statement, Pending one, long customer) throws SQLException {
    Batches.id(statement, 1, region(customer, one.get("region_code")));
    statement.setString(2, one.get("site_name"));
    statement.setString(3, one.get("tier"));
    statement.setString(4, one.get("trade"));
    statement.setString(5, one.get("province"));
    statement.setString(6, one.get("city"));
    statement.setString(7, one.get("address"));
    Batches.word(statement, 8, one.get("account_manager"));
    statement.setString(9, one.get("remark"));
    statement.setString(10, one.get("zone"));
    statement.setString(11, one.get("trade_calendar"));
    statement.setString(12, one.get("status").isEmpty() ? "active" : one.get("status"));
    statement.setString(13, one.get("status_reason"));
  }

  private static Identity identity(Pending one, long customer) {
    return new Identity(
        customer,
        one.get("contact_name"),
        one.get("contact_role"),
        Phones.number(one.get("phone1"), one.get("ext1")).orElseThrow(),
        Phones.number(one.get("phone2")).orElse(null));
  }

  /** Contacts who are there with all that the rows say of one. */
  private Map<Identity, Long> known(List<Pending> rows) throws SQLException {
    Set<String> numbers = new HashSet<>();
    rows.forEach(one -> numbers.add(one.get("phone1")));
    Map<Identity, Long> known = new HashMap<>();
    batches.each(
        "SELECT c.id, c.customer_id, c.name, c.role, p1.e164, p1.extension, p2.e164, p2.extension"
            + " FROM phone p1 JOIN contact c ON c.id = p1.contact_id"
            + " LEFT JOIN phone p2 ON p2.contact_id = c.id AND p2.position = 2"
            + " WHERE p1.position = 1 AND p1.e164 IN (%s) ORDER BY c.id",
        numbers,
        row ->
            known.putIfAbsent(
                new Identity(
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    new PhoneNumber(row.getString(5), row.getString(6)),
                    row.getString(7) == null
                        ? null
                        : new PhoneNumber(row.getString(7), row.getString(8))),
                row.getLong(1)));
    return known;
  }

  private void addContacts(List<Pending> rows, List<Long> customerIds, Map<Identity, Long> known)
      throws SQLException {
    List<Long> contacts =
        batches.insert(
            "INSERT INTO contact (customer_id, name, role) VALUES (?, ?, ?)",
            rows,
            (insert, one, i) -> {
              insert.setLong(1, customerIds.get(i));
              insert.setString(2, one.get("contact_name"));
              insert.setString(3, one.get("contact_role"));
            });
    for (int i = 0; i < contacts.size(); i++) {
      known.put(identity(rows.get(i), customerIds.get(i)), contacts.get(i));
    }
    Phones.put(batches, phones(contacts, rows), by.source());
  }

  private static List<Phones.Phone> phones(List<Long> contacts, List<Pending> rows) {
    List<Phones.Phone> phones = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      long contact = contacts.get(i);
      Identity identity = identity(rows.get(i), 0);
      phones.add(new Phones.Phone(contact, 1, identity.phone1()));
      if (identity.phone2() != null) {
        phones.add(new Phones.Phone(contact, 2, identity.phone2()));
      }
    }
    return phones;
  }

  private void link(List<long[]> links) throws SQLException {
    batches.run(
        "INSERT INTO site_contact (site_id, contact_id, position) VALUES (?, ?, 1)"
            + " ON DUPLICATE KEY UPDATE position = 1",
        links,
        (insert, link, i) -> {
          insert.setLong(1, link[0]);
          insert.setLong(2, link[1]);
        });
  }

  private void insertDevices(List<Long> sites, List<Pending> rows) throws SQLException {
    List<Integer> with = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).get("device_model").isEmpty()) {
        with.add(i);
      }
    }
    batches.run(
        "INSERT INTO device (model, serial, install_date, warranty_until, site_id)"
            + " VALUES (?, ?, ?, ?, ?)",
        with,
        (insert, index, i) -> {
          device(insert, rows.get(index));
          insert.setLong(5, sites.get(index));
        });
  }

  private static void device(PreparedStatement statement, Pending one) throws SQLException {
    statement.setString(1, one.get("device_model"));
    statement.setString(2, one.get("device_serial"));
    Batches.date(statement, 3, one.get("install_date"));
    Batches.date(statement, 4, one.get("warranty_until"));
  }

  @Override
  public void update(List<Pending> changes) throws SQLException {
    storeCustomers();
    changes.forEach(one -> touched.add(one.stored().customerId()));
    batches.run(
        "UPDATE site SET region_id = ?, name = ?, tier_code = ?, trade = ?, province = ?, city = ?,"
            + " address = ?, account_manager = ?, remark = ?, zone = ?, trade_calendar = ?,"
            + " status = ?, status_reason = ? WHERE id = ?",
        changes,
        (update, one, i) -> {
          site(update, one, one.stored().customerId());
          update.setLong(14, one.stored().id());
        });
    batches.run(
        "UPDATE site SET do_not_call = TRUE, do_not_call_reason = '', do_not_call_until = NULL,"
            + " do_not_call_evidence = ? WHERE id = ?",
        changes.stream().filter(one -> one.changes("do_not_call")).toList(),
        (update, one, i) -> {
          update.setString(1, by.source());
          update.setLong(2, one.stored().id());
        });
    updateContacts(
        changes.stream()
            .filter(
                one ->
                    List.of("contact_name", "contact_role", "phone1", "ext1", "phone2").stream()
                        .anyMatch(one::changes))
            .toList());
    updateDevices(
        changes.stream()
            .filter(
                one ->
                    List.of("device_model", "device_serial", "install_date", "warranty_until")
                        .stream()
                        .anyMatch(one::changes))
            .toList());
  }

  private void updateContacts(List<Pending> changes) throws SQLException {
    Map<Identity, Long> known = known(changes);
    Set<Long> shared = shared(changes);
    // who is changed himself is nobody to be shared
    changes.stream()
        .map(one -> ids.get(one.stored().id()).contact())
        .filter(contact -> !shared.contains(contact))
        .forEach(contact -> known.values().remove(contact));
    List<Pending> inPlace = new ArrayList<>();
    List<Pending> newcomers = new ArrayList<>();
    for (Pending one : changes) {
      Identity identity = identity(one, one.stored().customerId());
      long contact = ids.get(one.stored().id()).contact();
      if (!known.containsKey(identity)) {
        boolean alone = contact > 0 && !shared.contains(contact);
        known.put(identity, alone ? contact : 0L);
        (alone ? inPlace : newcomers).add(one);
      }
    }
    batches.run(
        "UPDATE contact SET name = ?, role = ? WHERE id = ?",
        inPlace,
        (update, one, i) -> {
          update.setString(1, one.get("contact_name"));
          update.setString(2, one.get("contact_role"));
          update.setLong(3, ids.get(one.stored().id()).contact());
        });
    List<Long> contacts =
        inPlace.stream().map(one -> ids.get(one.stored().id()).contact()).toList();
    Phones.put(batches, phones(contacts, inPlace), by.source());
    batches.run(
        "DELETE FROM phone WHERE contact_id = ? AND position = 2",
        inPlace.stream().filter(one -> one.get("phone2").isEmpty()).toList(),
        (delete, one, i) -> delete.setLong(1, ids.get(one.stored().id()).contact()));
    addContacts(
        newcomers, newcomers.stream().map(one -> one.stored().customerId()).toList(), known);
    relink(changes, known);
  }

  /** The sites whose contact is another one now. */
  private void relink(List<Pending> changes, Map<Identity, Long> known) throws SQLException {
    List<long[]> links = new ArrayList<>();
    List<long[]> left = new ArrayList<>();
    for (Pending one : changes) {
      long contact = known.get(identity(one, one.stored().customerId()));
      long before = ids.get(one.stored().id()).contact();
      if (contact != before) {
        links.add(new long[] {one.stored().id(), contact});
        if (before > 0) {
          left.add(new long[] {one.stored().id(), before});
        }
      }
    }
    batches.run(
        "DELETE FROM site_contact WHERE site_id = ? AND contact_id = ?",
        left,
        (delete, link, i) -> {
          delete.setLong(1, link[0]);
          delete.setLong(2, link[1]);
        });
    link(links);
    Phones.sweep(batches, left.stream().map(link -> link[1]).toList());
  }

  private Set<Long> shared(List<Pending> changes) throws SQLException {
    Set<Long> contacts = new HashSet<>();
    changes.forEach(one -> contacts.add(ids.get(one.stored().id()).contact()));
    Set<Long> shared = new HashSet<>();
    batches.each(
        "SELECT contact_id FROM site_contact WHERE contact_id IN (%s) GROUP BY contact_id"
            + " HAVING COUNT(*) > 1",
        contacts, row -> shared.add(row.getLong(1)));
    return shared;
  }

  private void updateDevices(List<Pending> changes) throws SQLException {
    List<Pending> there = new ArrayList<>();
    List<Pending> gone = new ArrayList<>();
    List<Pending> none = new ArrayList<>();
    for (Pending one : changes) {
      boolean has = ids.get(one.stored().id()).device() > 0;
      (!has ? none : one.get("device_model").isEmpty() ? gone : there).add(one);
    }
    batches.run(
        "UPDATE device SET model = ?, serial = ?, install_date = ?, warranty_until = ?"
            + " WHERE id = ?",
        there,
        (update, one, i) -> {
          device(update, one);
          update.setLong(5, ids.get(one.stored().id()).device());
        });
    batches.run(
        "DELETE FROM device WHERE id = ?",
        gone,
        (delete, one, i) -> delete.setLong(1, ids.get(one.stored().id()).device()));
    insertDevices(none.stream().map(one -> one.stored().id()).toList(), none);
  }

  private Long region(long customerId, String code) throws SQLException {
    if (code.isEmpty()) {
      return null;
    }
    String key = customerId + "\n" + code;
    Long known = regions.get(key);
    if (known == null) {
      batches.query(
          "SELECT id FROM region WHERE customer_id = ? AND code = ?",
          List.of(customerId, code),
          row -> regions.put(key, row.getLong(1)));
      known = regions.get(key);
    }
    if (known == null) {
      known =
          batches
              .insert(
                  "INSERT INTO region (customer_id, code) VALUES (?, ?)",
                  List.of(code),
                  (insert, value, i) -> {
                    insert.setLong(1, customerId);
                    insert.setString(2, value);
                  })
              .getFirst();
      regions.put(key, known);
    }
    return known;
  }

  /** A site of the same customer with the same name and number but another code. */
  @Override
  public Map<FileRow, Sentence> perhapsThere(List<Pending> fresh) throws SQLException {
    record Likeness(long customerId, String name, String e164) {}
    Map<Likeness, String> there = new HashMap<>();
    Collection<String> numbers = new HashSet<>();
    fresh.stream()
        .filter(one -> one.missing().customerId() > 0)
        .forEach(one -> numbers.add(one.get("phone1")));
    Set<String> names = new HashSet<>();
    fresh.forEach(one -> names.add(one.get("site_name")));
    batches.each(
        "SELECT s.customer_id, s.name, p.e164, s.code FROM phone p"
            + " JOIN site_contact sc ON sc.contact_id = p.contact_id"
            + " JOIN site s ON s.id = sc.site_id WHERE p.e164 IN (%s)",
        numbers,
        row -> {
          if (names.contains(row.getString(2))) {
            there.putIfAbsent(
                new Likeness(row.getLong(1), row.getString(2), row.getString(3)), row.getString(4));
          }
        });
    Map<FileRow, Sentence> perhaps = new HashMap<>();
    for (Pending one : fresh) {
      Likeness likeness =
          new Likeness(one.missing().customerId(), one.get("site_name"), one.get("phone1"));
      String other = there.putIfAbsent(likeness, one.get(FileKind.SITE));
      if (other != null && !Objects.equals(other, one.get(FileKind.SITE))) {
        perhaps.put(one.row(), Sentence.of("import.perhaps-site", other));
      }
    }
    return perhaps;
  }

  /** A customer has the best tier of his sites. */
  @Override
  public void finish() throws SQLException {
    batches.run(
        """
        UPDATE customer c SET c.tier_code = COALESCE(
          (SELECT s.tier_code FROM site s JOIN tier t ON t.code = s.tier_code
            WHERE s.customer_id = c.id ORDER BY t.rank_no, t.code LIMIT 1), 'standard')
        WHERE c.id = ?""",
        List.copyOf(touched),
        (update, customer, i) -> update.setLong(1, customer));
    batches.run(
        "UPDATE revision SET number = number + 1 WHERE topic = ?",
        touched.isEmpty() ? List.<String>of() : List.of("reference"),
        (update, topic, i) -> update.setString(1, topic));
  }

  @Override
  public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
    List<Long> page = new ArrayList<>();
    batches.query(
        "SELECT id FROM site WHERE id > ? AND (customer_id = ? OR ?) ORDER BY id LIMIT ?",
        List.of(afterId, customerId.orElse(0L), customerId.isEmpty(), limit),
        row -> page.add(row.getLong(1)));
    return page;
  }
}
