package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Devices; a row finds its device by site and serial, without one by site and model. */
final class DevicesFile extends FileKind {
  DevicesFile() {
    super(
        "devices",
        List.of(
            FileColumn.ofCode(CHAIN).needed(),
            FileColumn.ofCode(SITE).needed(),
            FileColumn.text("device_model", 128).needed(),
            FileColumn.text("device_serial", 128),
            FileColumn.of("install_date", 10, FileColumn::date),
            FileColumn.of("warranty_until", 10, FileColumn::date)));
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    String until = row.get("warranty_until");
    if (!until.isEmpty() && until.compareTo(row.get("install_date")) < 0) {
      problems.add("warranty_until", org.careline.language.Sentence.of("import.warranty"));
    }
  }

  static String device(Map<String, String> values) {
    String serial = values.getOrDefault("device_serial", "");
    return serial.isEmpty() ? "\n" + values.getOrDefault("device_model", "") : serial;
  }

  @Override
  String identity(FileRow row) {
    return row.get(CHAIN) + '\n' + row.get(SITE) + '\n' + device(row.values());
  }

  @Override
  String identityColumn() {
    return "device_serial";
  }

  @Override
  String name(Map<String, String> values) {
    return (values.get(CHAIN)
            + "/"
            + values.get(SITE)
            + " "
            + values.get("device_model")
            + " "
            + values.getOrDefault("device_serial", ""))
        .strip();
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new Store(new Batches(connection));
  }

  private record Store(Batches batches) implements RowStore {
    private record Key(long siteId, String device) {}

    @Override
    public boolean reference() {
      return false;
    }

    @Override
    public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
      Map<FileRow, Place> places = new Owners(batches).ofSites(rows);
      List<Long> ids = new ArrayList<>();
      batches.each(
          "SELECT id FROM device WHERE site_id IN (%s) ORDER BY id DESC",
          places.values().stream()
              .filter(Missing.class::isInstance)
              .map(place -> ((Missing) place).siteId())
              .distinct()
              .toList(),
          row -> ids.add(row.getLong(1)));
      Map<Key, Stored> known = new HashMap<>();
      load(ids)
          .values()
          .forEach(
              stored ->
                  known.putIfAbsent(new Key(stored.siteId(), device(stored.values())), stored));
      places.replaceAll(
          (row, place) ->
              place instanceof Missing missing
                  ? Optional.<Place>ofNullable(
                          known.get(new Key(missing.siteId(), device(row.values()))))
                      .orElse(place)
                  : place);
      return places;
    }

    @Override
    public Map<Long, Stored> load(List<Long> ids) throws SQLException {
      Map<Long, Stored> devices = new LinkedHashMap<>();
      batches.each(
          "SELECT d.id, s.customer_id, s.id, c.code, s.code, d.model, d.serial, d.install_date,"
              + " d.warranty_until FROM device d JOIN site s ON s.id = d.site_id"
              + " JOIN customer c ON c.id = s.customer_id WHERE d.id IN (%s) ORDER BY d.id",
          ids,
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(CHAIN, row.getString(4));
            values.put(SITE, row.getString(5));
            values.put("device_model", row.getString(6));
            values.put("device_serial", row.getString(7));
            values.put("install_date", Batches.date(row, 8));
            values.put("warranty_until", Batches.date(row, 9));
            devices.put(
                row.getLong(1), new Stored(row.getLong(1), row.getLong(2), row.getLong(3), values));
          });
      return devices;
    }

    private static void fill(PreparedStatement statement, Pending one, long last)
        throws SQLException {
      statement.setString(1, one.get("device_model"));
      statement.setString(2, one.get("device_serial"));
      Batches.date(statement, 3, one.get("install_date"));
      Batches.date(statement, 4, one.get("warranty_until"));
      statement.setLong(5, last);
    }

    @Override
    public void insert(List<Pending> fresh) throws SQLException {
      batches.run(
          "INSERT INTO device (model, serial, install_date, warranty_until, site_id)"
              + " VALUES (?, ?, ?, ?, ?)",
          fresh,
          (insert, one, i) -> fill(insert, one, one.missing().siteId()));
    }

    @Override
    public void update(List<Pending> changes) throws SQLException {
      batches.run(
          "UPDATE device SET model = ?, serial = ?, install_date = ?, warranty_until = ?"
              + " WHERE id = ?",
          changes,
          (update, one, i) -> fill(update, one, one.stored().id()));
    }

    @Override
    public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
      List<Long> page = new ArrayList<>();
      batches.query(
          "SELECT d.id FROM device d JOIN site s ON s.id = d.site_id WHERE d.id > ?"
              + " AND (s.customer_id = ? OR ?) ORDER BY d.id LIMIT ?",
          List.of(afterId, customerId.orElse(0L), customerId.isEmpty(), limit),
          row -> page.add(row.getLong(1)));
      return page;
    }
  }
}
