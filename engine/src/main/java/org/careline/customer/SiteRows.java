package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The SQL of sites with their first contact, its first two numbers and the first device. Works in
 * batches; the caller owns the transaction. Confined to one thread.
 */
final class SiteRows {
  private final Connection connection;
  private final String file;

  /**
   * @param file in which the numbers stand
   */
  SiteRows(Connection connection, String file) {
    this.connection = connection;
    this.file = file;
  }

  /** Contact and device id 0 = there is none. */
  record Stored(long customerId, long siteId, long contactId, long deviceId, SiteData data) {}

  record Fresh(SiteRow row, long customerId) {}

  record Change(Stored stored, SiteData wanted) {}

  /** Gives the id of a customer's region, null for an empty code. */
  interface Regions {
    Long id(long customerId, String code) throws SQLException;
  }

  private record Contact(
      long id,
      String name,
      String role,
      Optional<PhoneNumber> phone1,
      Optional<PhoneNumber> phone2) {}

  private record Device(long id, String model, String serial, Optional<java.time.LocalDate> date) {}

  private record Key(long customerId, String code) {}

  /** The rows of the batch that are stored already. */
  Map<SiteRow, Stored> find(List<SiteRow> batch, ToLongFunction<String> customerId)
      throws SQLException {
    Map<Key, SiteRow> wanted = new HashMap<>();
    for (SiteRow row : batch) {
      long customer = customerId.applyAsLong(row.chainCode());
      if (customer > 0) {
        wanted.put(new Key(customer, row.siteCode()), row);
      }
    }
    if (wanted.isEmpty()) {
      return Map.of();
    }
    String sql =
        "SELECT s.id, s.customer_id, s.code, s.name, s.tier_code, s.trade, r.code, s.province,"
            + " s.city, s.address, s.account_manager, s.remark, s.do_not_call"
            + " FROM site s LEFT JOIN region r ON r.id = s.region_id"
            + " WHERE (s.customer_id, s.code) IN ("
            + String.join(",", Collections.nCopies(wanted.size(), "(?,?)"))
            + ")";
    record Site(SiteRow row, long id, long customerId, String[] texts, boolean doNotCall) {}
    List<Site> sites = new ArrayList<>();
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      int place = 1;
      for (Key key : wanted.keySet()) {
        find.setLong(place++, key.customerId());
        find.setString(place++, key.code());
      }
      try (ResultSet result = find.executeQuery()) {
        while (result.next()) {
          String[] texts = new String[9];
          for (int i = 0; i < texts.length; i++) {
            String text = result.getString(4 + i);
            texts[i] = text == null ? "" : text;
          }
          Key key = new Key(result.getLong(2), result.getString(3));
          sites.add(
              new Site(
                  wanted.get(key),
                  result.getLong(1),
                  result.getLong(2),
                  texts,
                  result.getBoolean(13)));
        }
      }
    }
    List<Long> ids = sites.stream().map(Site::id).toList();
    Map<Long, Contact> contacts = contacts(ids);
    Map<Long, Device> devices = devices(ids);
    Map<SiteRow, Stored> found = new HashMap<>();
    Contact noContact = new Contact(0, "", "", Optional.empty(), Optional.empty());
    Device noDevice = new Device(0, "", "", Optional.empty());
    for (Site site : sites) {
      Contact contact = contacts.getOrDefault(site.id(), noContact);
      Device device = devices.getOrDefault(site.id(), noDevice);
      String[] texts = site.texts();
      SiteData data =
          new SiteData(
              texts[0],
              texts[1],
              texts[2],
              texts[3],
              texts[4],
              texts[5],
              texts[6],
              contact.name(),
              contact.role(),
              contact.phone1().orElse(null),
              contact.phone2(),
              device.model(),
              device.serial(),
              device.date(),
              texts[7],
              texts[8],
              site.doNotCall());
      found.put(
          site.row(), new Stored(site.customerId(), site.id(), contact.id(), device.id(), data));
    }
    return found;
  }

  private Map<Long, Contact> contacts(Collection<Long> sites) throws SQLException {
    String sql =
        "SELECT c.site_id, c.id, c.name, c.role, p1.e164, p1.extension, p2.e164, p2.extension"
            + " FROM contact c"
            + " LEFT JOIN phone p1 ON p1.contact_id = c.id AND p1.position = 1"
            + " LEFT JOIN phone p2 ON p2.contact_id = c.id AND p2.position = 2"
            + " WHERE c.site_id IN (%s) ORDER BY c.id";
    Map<Long, Contact> contacts = new HashMap<>();
    each(
        sql,
        sites,
        result ->
            contacts.putIfAbsent(
                result.getLong(1),
                new Contact(
                    result.getLong(2),
                    result.getString(3),
                    result.getString(4),
                    number(result.getString(5), result.getString(6)),
                    number(result.getString(7), result.getString(8)))));
    return contacts;
  }

  private Map<Long, Device> devices(Collection<Long> sites) throws SQLException {
    Map<Long, Device> devices = new HashMap<>();
    each(
        "SELECT site_id, id, model, serial, install_date FROM device"
            + " WHERE site_id IN (%s) ORDER BY id",
        sites,
        result ->
            devices.putIfAbsent(
                result.getLong(1),
                new Device(
                    result.getLong(2),
                    result.getString(3),
                    result.getString(4),
                    Optional.ofNullable(result.getObject(5, java.time.LocalDate.class)))));
    return devices;
  }

  private interface Taker {
    void take(ResultSet result) throws SQLException;
  }

  private void each(String sql, Collection<Long> ids, Taker taker) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    String marks = String.join(",", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement find = connection.prepareStatement(String.format(sql, marks))) {
      int place = 1;
      for (long id : ids) {
        find.setLong(place++, id);
      }
      try (ResultSet result = find.executeQuery()) {
        while (result.next()) {
          taker.take(result);
        }
      }
    }
  }

  private static Optional<PhoneNumber> number(String e164, String extension) {
    return e164 == null ? Optional.empty() : Optional.of(new PhoneNumber(e164, extension));
  }

  void insert(List<Fresh> fresh, Regions regions) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    List<Long> sites =
        insert(
            "INSERT INTO site (customer_id, region_id, code, name, tier_code, trade, province, city,"
                + " address, account_manager, remark, do_not_call)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            fresh,
            (insert, one, i) -> {
              SiteData data = one.row().data();
              insert.setLong(1, one.customerId());
              region(insert, 2, regions.id(one.customerId(), data.region()));
              insert.setString(3, one.row().siteCode());
              insert.setString(4, data.name());
              insert.setString(5, data.tier());
              insert.setString(6, data.trade());
              insert.setString(7, data.province());
              insert.setString(8, data.city());
              insert.setString(9, data.address());
              insert.setString(10, data.accountManager().isEmpty() ? null : data.accountManager());
              insert.setString(11, data.remark());
              insert.setBoolean(12, data.doNotCall());
            });
    List<SiteData> datas = fresh.stream().map(one -> one.row().data()).toList();
    insertContacts(sites, datas);
    insertDevices(sites, datas);
  }

  private void insertContacts(List<Long> sites, List<SiteData> datas) throws SQLException {
    List<Long> contacts =
        insert(
            "INSERT INTO contact (site_id, name, role) VALUES (?, ?, ?)",
            datas,
            (insert, data, i) -> {
              insert.setLong(1, sites.get(i));
              insert.setString(2, data.contactName());
              insert.setString(3, data.contactRole());
            });
    putPhones(contacts, datas);
  }

  private record Phone(long contact, int position, PhoneNumber number) {}

  private void putPhones(List<Long> contacts, List<SiteData> datas) throws SQLException {
    List<Phone> phones = new ArrayList<>();
    for (int i = 0; i < datas.size(); i++) {
      long contact = contacts.get(i);
      phones.add(new Phone(contact, 1, datas.get(i).phone1()));
      datas.get(i).phone2().ifPresent(number -> phones.add(new Phone(contact, 2, number)));
    }
    batch(
        "INSERT INTO phone (contact_id, e164, extension, position, source_file, known_at)"
            + " VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) AS fresh ON DUPLICATE KEY UPDATE"
            + " source_file = IF(phone.e164 = fresh.e164, phone.source_file, fresh.source_file),"
            + " known_at = IF(phone.e164 = fresh.e164, phone.known_at, fresh.known_at),"
            + " e164 = fresh.e164, extension = fresh.extension",
        phones,
        (insert, phone, i) -> {
          insert.setLong(1, phone.contact());
          insert.setString(2, phone.number().e164());
          insert.setString(3, phone.number().extension());
          insert.setInt(4, phone.position());
          insert.setString(5, file);
        });
  }

  private void insertDevices(List<Long> sites, List<SiteData> datas) throws SQLException {
    List<Integer> withDevice = new ArrayList<>();
    for (int i = 0; i < datas.size(); i++) {
      if (!datas.get(i).deviceModel().isEmpty()) {
        withDevice.add(i);
      }
    }
    batch(
        "INSERT INTO device (model, serial, install_date, site_id) VALUES (?, ?, ?, ?)",
        withDevice,
        (insert, index, i) -> {
          device(insert, datas.get(index));
          insert.setLong(4, sites.get(index));
        });
  }

  void update(List<Change> changes, Regions regions) throws SQLException {
    batch(
        "UPDATE site SET region_id = ?, name = ?, tier_code = ?, trade = ?, province = ?, city = ?,"
            + " address = ?, account_manager = ?, remark = ?, do_not_call = ? WHERE id = ?",
        changes,
        (update, change, i) -> {
          SiteData data = change.wanted();
          region(update, 1, regions.id(change.stored().customerId(), data.region()));
          update.setString(2, data.name());
          update.setString(3, data.tier());
          update.setString(4, data.trade());
          update.setString(5, data.province());
          update.setString(6, data.city());
          update.setString(7, data.address());
          update.setString(8, data.accountManager().isEmpty() ? null : data.accountManager());
          update.setString(9, data.remark());
          update.setBoolean(10, data.doNotCall());
          update.setLong(11, change.stored().siteId());
        });
    updateContacts(changes);
    updateDevices(changes);
  }

  private void updateContacts(List<Change> changes) throws SQLException {
    List<Change> there = changes.stream().filter(one -> one.stored().contactId() > 0).toList();
    batch(
        "UPDATE contact SET name = ?, role = ? WHERE id = ?",
        there,
        (update, change, i) -> {
          update.setString(1, change.wanted().contactName());
          update.setString(2, change.wanted().contactRole());
          update.setLong(3, change.stored().contactId());
        });
    putPhones(
        there.stream().map(one -> one.stored().contactId()).toList(),
        there.stream().map(Change::wanted).toList());
    batch(
        "DELETE FROM phone WHERE contact_id = ? AND position = 2",
        there.stream().filter(one -> one.wanted().phone2().isEmpty()).toList(),
        (delete, change, i) -> delete.setLong(1, change.stored().contactId()));
    List<Change> none = changes.stream().filter(one -> one.stored().contactId() == 0).toList();
    if (!none.isEmpty()) {
      insertContacts(
          none.stream().map(one -> one.stored().siteId()).toList(),
          none.stream().map(Change::wanted).toList());
    }
  }

  private void updateDevices(List<Change> changes) throws SQLException {
    List<Change> there = changes.stream().filter(one -> one.stored().deviceId() > 0).toList();
    batch(
        "UPDATE device SET model = ?, serial = ?, install_date = ? WHERE id = ?",
        there.stream().filter(one -> !one.wanted().deviceModel().isEmpty()).toList(),
        (update, change, i) -> {
          device(update, change.wanted());
          update.setLong(4, change.stored().deviceId());
        });
    batch(
        "DELETE FROM device WHERE id = ?",
        there.stream().filter(one -> one.wanted().deviceModel().isEmpty()).toList(),
        (delete, change, i) -> delete.setLong(1, change.stored().deviceId()));
    List<Change> none = changes.stream().filter(one -> one.stored().deviceId() == 0).toList();
    insertDevices(
        none.stream().map(one -> one.stored().siteId()).toList(),
        none.stream().map(Change::wanted).toList());
  }

  private static void region(PreparedStatement statement, int place, Long id) throws SQLException {
    if (id == null) {
      statement.setNull(place, Types.BIGINT);
    } else {
      statement.setLong(place, id);
    }
  }

  private static void device(PreparedStatement statement, SiteData data) throws SQLException {
    statement.setString(1, data.deviceModel());
    statement.setString(2, data.deviceSerial());
    statement.setObject(3, data.installDate().orElse(null), Types.DATE);
  }

  private interface Filler<T> {
    void fill(PreparedStatement statement, T value, int index) throws SQLException;
  }

  private <T> void batch(String sql, List<T> values, Filler<T> filler) throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      fill(statement, values, filler);
    }
  }

  /** Gives the new ids in the order of the values. */
  private <T> List<Long> insert(String sql, List<T> values, Filler<T> filler) throws SQLException {
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
}
