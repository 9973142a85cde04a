package org.careline.customer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careline.language.Sentence;

/**
 * Contacts with their sites and numbers. A row finds its contact by his code, else by his name and
 * first number, else by his name when only one at its sites is called so.
 */
final class ContactStore implements RowStore {
  /** Codes of contacts who have none of their own: C and our number. */
  private static final String OURS = "C[0-9]{1,18}";

  private final Batches batches;
  private final ChangeHistory.By by;
  private final Owners owners;

  private record Named(long customerId, String name, String e164) {}

  private record AtSite(long siteId, String name) {}

  ContactStore(Connection connection, ChangeHistory.By by) {
    this.batches = new Batches(connection);
    this.by = by;
    this.owners = new Owners(batches);
  }

  @Override
  public boolean reference() {
    return true;
  }

  @Override
  public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
    Map<String, Long> customers = owners.customers(rows);
    Map<Owners.Key, Long> sites = sites(rows, customers);
    Map<List<Object>, Long> byCode = byCode(rows, customers);
    Map<Named, Long> byNumber = byNumber(rows);
    Map<AtSite, Set<Long>> byName = byName(sites.values());
    Map<FileRow, Place> places = new HashMap<>();
    Map<FileRow, Long> found = new HashMap<>();
    Set<Long> taken = new HashSet<>();
    for (FileRow row : rows) {
      Long customer = customers.get(row.get(FileKind.CHAIN));
      if (customer == null) {
        places.put(row, Owners.noCustomer(row));
        continue;
      }
      List<Long> at = new ArrayList<>();
      for (String code : ContactsFile.sites(row.values())) {
        Long site = sites.get(new Owners.Key(customer, code));
        if (site == null) {
          places.put(
              row, new Misplaced(ContactsFile.SITES_OF, Sentence.of("import.no-site", code)));
        }
        at.add(site);
      }
      if (places.containsKey(row)) {
        continue;
      }
      Long contact = contact(row, customer, at, byCode, byNumber, byName);
      if (contact == null && row.get(ContactsFile.CODE).matches(OURS)) {
        places.put(row, new Misplaced(ContactsFile.CODE, Sentence.of("import.not-ours")));
      } else if (contact == null || !taken.add(contact)) {
        places.put(row, new Missing(customer, null));
      } else {
        found.put(row, contact);
      }
    }
    Map<Long, Stored> stored = load(new ArrayList<>(new HashSet<>(found.values())));
    found.forEach((row, contact) -> places.put(row, stored.get(contact)));
    return places;
  }

  private static Long contact(
      FileRow row,
      long customer,
      List<Long> sites,
      Map<List<Object>, Long> byCode,
      Map<Named, Long> byNumber,
      Map<AtSite, Set<Long>> byName) {
    if (row.has(ContactsFile.CODE)) {
      Long coded = byCode.get(List.of(customer, row.get(ContactsFile.CODE)));
      if (coded != null || row.get(ContactsFile.CODE).matches(OURS)) {
        return coded;
      }
    }
    String name = row.get("contact_name");
    Long numbered = byNumber.get(new Named(customer, name, row.get("phone1")));
    if (numbered != null || name.isEmpty()) {
      return numbered;
    }
    Set<Long> called = new HashSet<>();
    sites.forEach(site -> called.addAll(byName.getOrDefault(new AtSite(site, name), Set.of())));
    return called.size() == 1 ? called.iterator().next() : null;
  }

  private Map<Owners.Key, Long> sites(List<FileRow> rows, Map<String, Long> customers)
      throws SQLException {
    Set<Owners.Key> keys = new HashSet<>();
    for (FileRow row : rows) {
      Long customer = customers.get(row.get(FileKind.CHAIN));
      if (customer != null) {
        ContactsFile.sites(row.values()).forEach(code -> keys.add(new Owners.Key(customer, code)));
      }
    }
    return owners.sites(keys);
  }

  private Map<List<Object>, Long> byCode(List<FileRow> rows, Map<String, Long> customers)
      throws SQLException {
    Set<String> codes = new HashSet<>();
    Set<Long> ours = new HashSet<>();
    for (FileRow row : rows) {
      String code = row.get(ContactsFile.CODE);
      if (code.matches(OURS)) {
        ours.add(Long.valueOf(code.substring(1)));
      } else if (!code.isEmpty()) {
        codes.add(code);
      }
    }
    Map<List<Object>, Long> found = new HashMap<>();
    List<List<Object>> keys = new ArrayList<>();
    codes.forEach(
        code -> new HashSet<>(customers.values()).forEach(id -> keys.add(List.of(id, code))));
    batches.eachPair(
        "SELECT customer_id, reference, id FROM contact WHERE (customer_id, reference) IN (%s)",
        keys, row -> found.put(List.of(row.getLong(1), row.getString(2)), row.getLong(3)));
    batches.each(
        "SELECT customer_id, id FROM contact WHERE reference IS NULL AND id IN (%s)",
        ours, row -> found.put(List.of(row.getLong(1), "C" + row.getLong(2)), row.getLong(2)));
    return found;
  }

  private Map<Named, Long> byNumber(List<FileRow> rows) throws SQLException {
    Set<String> numbers = new HashSet<>();
    rows.forEach(row -> numbers.add(row.get("phone1")));
    Map<Named, Long> found = new HashMap<>();
    batches.each(
        "SELECT c.customer_id, c.name, p.e164, c.id FROM phone p"
            + " JOIN contact c ON c.id = p.contact_id WHERE p.e164 IN (%s) ORDER BY p.position, c.id",
        numbers,
        row ->
            found.putIfAbsent(
                new Named(row.getLong(1), row.getString(2), row.getString(3)), row.getLong(4)));
    return found;
  }

  private Map<AtSite, Set<Long>> byName(java.util.Collection<Long> sites) throws SQLException {
    Map<AtSite, Set<Long>> found = new HashMap<>();
    batches.each(
        "SELECT sc.site_id, c.name, c.id FROM site_contact sc JOIN contact c"
            + " ON c.id = sc.contact_id WHERE sc.site_id IN (%s) AND c.name <> ''",
        sites,
        row ->
            found
                .computeIfAbsent(
                    new AtSite(row.getLong(1), row.getString(2)), key -> new HashSet<>())
                .add(row.getLong(3)));
    return found;
  }

  @Override
  public Map<Long, Stored> load(List<Long> ids) throws SQLException {
    Map<Long, Stored> contacts = new LinkedHashMap<>();
    batches.each(
        "SELECT c.id, c.customer_id, k.code, c.reference, c.name, c.role FROM contact c"
            + " JOIN customer k ON k.id = c.customer_id WHERE c.id IN (%s) ORDER BY c.id",
        ids,
        row -> {
          Map<String, String> values = new HashMap<>();
          values.put(FileKind.CHAIN, row.getString(3));
          values.put(
              ContactsFile.CODE,
              row.getString(4) == null ? "C" + row.getLong(1) : row.getString(4));
          values.put("contact_name", row.getString(5));
          values.put("contact_role", row.getString(6));
          contacts.put(row.getLong(1), new Stored(row.getLong(1), row.getLong(2), null, values));
        });
    Map<Long, Set<String>> sites = new HashMap<>();
    batches.each(
        "SELECT sc.contact_id, s.code FROM site_contact sc JOIN site s ON s.id = sc.site_id"
            + " WHERE sc.contact_id IN (%s)",
        ids,
        row -> sites.computeIfAbsent(row.getLong(1), id -> new TreeSet<>()).add(row.getString(2)));
    contacts.forEach(
        (id, contact) ->
            contact
                .values()
                .put(ContactsFile.SITES_OF, String.join(";", sites.getOrDefault(id, Set.of()))));
    Map<Long, Integer> next = new HashMap<>();
    batches.each(
        "SELECT contact_id, e164, extension FROM phone WHERE contact_id IN (%s)"
            + " ORDER BY contact_id, position",
        ids,
        row -> {
          int place = next.merge(row.getLong(1), 1, Integer::sum);
          contacts.get(row.getLong(1)).values().put("phone" + place, row.getString(2));
          contacts.get(row.getLong(1)).values().put("ext" + place, row.getString(3));
        });
    return contacts;
  }

  /** A code that is there stays when the row has none. */
  @Override
  public Map<String, String> over(
      FileRow row, Map<String, String> stored, Set<String> absent, List<FileColumn> columns) {
    Map<String, String> wanted = RowStore.super.over(row, stored, absent, columns);
    if (!row.has(ContactsFile.CODE)) {
      wanted.put(ContactsFile.CODE, stored.get(ContactsFile.CODE));
    }
    for (int i = 1; i <= ContactsFile.NUMBERS; i++) {
      String ext = "ext" + i;
      String phone = "phone" + i;
      if (absent.contains(ext)) {
        boolean same = wanted.get(phone).equals(stored.getOrDefault(phone, ""));
        wanted.put(ext, row.has(ext) || !same ? row.get(ext) : stored.getOrDefault(ext, ""));
      }
    }
    return wanted;
  }

  @Override
  public void insert(List<Pending> fresh) throws SQLException {
    List<Long> contacts =
        batches.insert(
            "INSERT INTO contact (customer_id, reference, name, role) VALUES (?, ?, ?, ?)",
            fresh,
            (insert, one, i) -> {
              insert.setLong(1, one.missing().customerId());
              Batches.word(insert, 2, one.get(ContactsFile.CODE));
              insert.setString(3, one.get("contact_name"));
              insert.setString(4, one.get("contact_role"));
            });
    phones(contacts, fresh);
    link(contacts, fresh, fresh.stream().map(one -> one.missing().customerId()).toList());
  }

  @Override
  public void update(List<Pending> changes) throws SQLException {
    List<Long> contacts = changes.stream().map(one -> one.stored().id()).toList();
    batches.run(
        "UPDATE contact SET reference = ?, name = ?, role = ? WHERE id = ?",
        changes,
        (update, one, i) -> {
          String code = one.get(ContactsFile.CODE);
          Batches.word(update, 1, code.equals("C" + one.stored().id()) ? "" : code);
          update.setString(2, one.get("contact_name"));
          update.setString(3, one.get("contact_role"));
          update.setLong(4, one.stored().id());
        });
    phones(contacts, changes);
    batches.run(
        "DELETE FROM phone WHERE contact_id = ? AND position > ?",
        changes,
        (delete, one, i) -> {
          delete.setLong(1, one.stored().id());
          delete.setInt(2, numbers(one).size());
        });
    List<Pending> moved =
        changes.stream().filter(one -> one.changes(ContactsFile.SITES_OF)).toList();
    batches.run(
        "DELETE sc FROM site_contact sc JOIN site s ON s.id = sc.site_id"
            + " WHERE sc.contact_id = ? AND NOT JSON_CONTAINS(?, JSON_QUOTE(s.code))",
        moved,
        (delete, one, i) -> {
          delete.setLong(1, one.stored().id());
          delete.setString(2, json(ContactsFile.sites(one.wanted())));
        });
    link(
        moved.stream().map(one -> one.stored().id()).toList(),
        moved,
        moved.stream().map(one -> one.stored().customerId()).toList());
  }

  private static String json(List<String> codes) {
    return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
        .arrayNode()
        .addAll(
            codes.stream()
                .map(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance::textNode)
                .toList())
        .toString();
  }

  private static List<PhoneNumber> numbers(Pending one) {
    List<PhoneNumber> numbers = new ArrayList<>();
    for (int i = 1; i <= ContactsFile.NUMBERS; i++) {
      Phones.number(one.get("phone" + i), one.get("ext" + i)).ifPresent(numbers::add);
    }
    return numbers;
  }

  private void phones(List<Long> contacts, List<Pending> rows) throws SQLException {
    List<Phones.Phone> phones = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int position = 1;
      for (PhoneNumber number : numbers(rows.get(i))) {
        phones.add(new Phones.Phone(contacts.get(i), position++, number));
      }
    }
    Phones.put(batches, phones, by.source());
  }

  /** Behind the contacts a site has already; who is there keeps his place. */
  private void link(List<Long> contacts, List<Pending> rows, List<Long> customers)
      throws SQLException {
    record Link(long contact, long customer, String site) {}
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (String code : ContactsFile.sites(rows.get(i).wanted())) {
        links.add(new Link(contacts.get(i), customers.get(i), code));
      }
    }
    batches.run(
        "INSERT IGNORE INTO site_contact (site_id, contact_id, position) SELECT s.id, ?,"
            + " COALESCE((SELECT MAX(o.position) FROM site_contact o WHERE o.site_id = s.id), 0) + 1"
            + " FROM site s WHERE s.customer_id = ? AND s.code = ?",
        links,
        (insert, link, i) -> {
          insert.setLong(1, link.contact());
          insert.setLong(2, link.customer());
          insert.setString(3, link.site());
        });
  }

  @Override
  public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
    List<Long> page = new ArrayList<>();
    batches.query(
        "SELECT id FROM contact WHERE id > ? AND (customer_id = ? OR ?) ORDER BY id LIMIT ?",
        List.of(afterId, customerId.orElse(0L), customerId.isEmpty(), limit),
        row -> page.add(row.getLong(1)));
    return page;
  }
}
