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
import org.careline.language.Sentence;

/**
 * Past visits and repairs of other systems. A row finds its own by the reference, without one by
 * site, kind, day and device.
 */
final class VisitsFile extends FileKind {
  private static final List<String> KINDS =
      List.of("visit", "repair", "installation", "hand_over", "acceptance");

  VisitsFile() {
    super(
        "visits",
        List.of(
            FileColumn.ofCode(CHAIN).needed(),
            FileColumn.ofCode(SITE).needed(),
            FileColumn.of("kind", 16, FileColumn.choice(KINDS)).needed(),
            FileColumn.of("done_on", 10, FileColumn::date).needed(),
            FileColumn.ofCode("reference"),
            FileColumn.text("device_model", 128),
            FileColumn.text("device_serial", 128),
            FileColumn.text("done_by", 64),
            FileColumn.text("fault_code", 32),
            FileColumn.texts("note", 2000),
            FileColumn.of("done_time", 5, FileColumn::time)));
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    if (row.get("done_on").compareTo(today.toString()) > 0) {
      problems.add("done_on", Sentence.of("import.future"));
    }
  }

  private static String key(Map<String, String> values) {
    return values.get("kind") + '\n' + values.get("done_on") + '\n' + DevicesFile.device(values);
  }

  @Override
  String identity(FileRow row) {
    return row.get(CHAIN)
        + '\n'
        + (row.has("reference")
            ? row.get("reference")
            : '\n' + row.get(SITE) + '\n' + key(row.values()));
  }

  @Override
  String identityColumn() {
    return "done_on";
  }

  @Override
  String name(Map<String, String> values) {
    return values.get(CHAIN)
        + "/"
        + values.get(SITE)
        + " "
        + values.get("kind")
        + " "
        + values.get("done_on");
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new Store(new Batches(connection));
  }

  private record Store(Batches batches) implements RowStore {
    private record Key(long siteId, String visit) {}

    @Override
    public boolean reference() {
      return false;
    }

    @Override
    public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
      Map<FileRow, Place> places = new Owners(batches).ofSites(rows);
      List<List<Object>> references = new ArrayList<>();
      List<Long> sites = new ArrayList<>();
      places.forEach(
          (row, place) -> {
            if (place instanceof Missing missing) {
              if (row.has("reference")) {
                references.add(List.of(missing.customerId(), row.get("reference")));
              } else {
                sites.add(missing.siteId());
              }
            }
          });
      List<Long> ids = new ArrayList<>();
      batches.eachPair(
          "SELECT id FROM visit WHERE (customer_id, reference) IN (%s)",
          references, row -> ids.add(row.getLong(1)));
      batches.each(
          "SELECT id FROM visit WHERE reference IS NULL AND site_id IN (%s)",
          sites, row -> ids.add(row.getLong(1)));
      Map<List<Object>, Stored> byReference = new HashMap<>();
      Map<Key, Stored> byKey = new HashMap<>();
      load(ids)
          .values()
          .forEach(
              stored -> {
                byReference.put(
                    List.of(stored.customerId(), stored.values().get("reference")), stored);
                byKey.put(new Key(stored.siteId(), key(stored.values())), stored);
              });
      places.replaceAll(
          (row, place) ->
              place instanceof Missing missing
                  ? Optional.<Place>ofNullable(
                          row.has("reference")
                              ? byReference.get(List.of(missing.customerId(), row.get("reference")))
                              : byKey.get(new Key(missing.siteId(), key(row.values()))))
                      .orElse(place)
                  : place);
      return places;
    }

    @Override
    public Map<Long, Stored> load(List<Long> ids) throws SQLException {
      Map<Long, Stored> visits = new LinkedHashMap<>();
      batches.each(
          "SELECT v.id, v.customer_id, v.site_id, c.code, s.code, v.kind, v.done_on, v.reference,"
              + " v.device_model, v.device_serial, v.done_by, v.fault_code, v.note,"
              + " TIME_FORMAT(v.done_time, '%%H:%%i') FROM visit v"
              + " JOIN site s ON s.id = v.site_id JOIN customer c ON c.id = v.customer_id"
              + " WHERE v.id IN (%s) ORDER BY v.id",
          ids,
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(CHAIN, row.getString(4));
            values.put(SITE, row.getString(5));
            values.put("kind", row.getString(6));
            values.put("done_on", Batches.date(row, 7));
            values.put("reference", Batches.text(row, 8));
            values.put("device_model", row.getString(9));
            values.put("device_serial", row.getString(10));
            values.put("done_by", row.getString(11));
            values.put("fault_code", row.getString(12));
            values.put("note", row.getString(13));
            values.put("done_time", Batches.text(row, 14));
            visits.put(
                row.getLong(1), new Stored(row.getLong(1), row.getLong(2), row.getLong(3), values));
          });
      return visits;
    }

    /** Another site of the same customer may turn out to be meant: codes of the row are final. */
    private static void fill(PreparedStatement statement, Pending one, long customer)
        throws SQLException {
      statement.setString(1, one.get("kind"));
      Batches.date(statement, 2, one.get("done_on"));
      Batches.word(statement, 3, one.get("reference"));
      statement.setString(4, one.get("device_model"));
      statement.setString(5, one.get("device_serial"));
      statement.setString(6, one.get("done_by"));
      statement.setString(7, one.get("fault_code"));
      statement.setString(8, one.get("note"));
      Batches.word(statement, 9, one.get("done_time"));
      statement.setLong(10, customer);
      statement.setString(11, one.get(SITE));
    }

    @Override
    public void insert(List<Pending> fresh) throws SQLException {
      batches.run(
          "INSERT INTO visit (kind, done_on, reference, device_model, device_serial, done_by,"
              + " fault_code, note, done_time, customer_id, site_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
              + " (SELECT id FROM site WHERE code = ? AND customer_id = ?))",
          fresh,
          (insert, one, i) -> {
            fill(insert, one, one.missing().customerId());
            insert.setLong(12, one.missing().customerId());
          });
    }

    @Override
    public void update(List<Pending> changes) throws SQLException {
      batches.run(
          "UPDATE visit SET kind = ?, done_on = ?, reference = ?, device_model = ?,"
              + " device_serial = ?, done_by = ?, fault_code = ?, note = ?, done_time = ?, customer_id = ?,"
              + " site_id = (SELECT id FROM site WHERE code = ? AND customer_id = ?) WHERE id = ?",
          changes,
          (update, one, i) -> {
            fill(update, one, one.stored().customerId());
            update.setLong(12, one.stored().customerId());
            update.setLong(13, one.stored().id());
          });
    }

    @Override
    public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
      List<Long> page = new ArrayList<>();
      batches.query(
          "SELECT id FROM visit WHERE id > ? AND (customer_id = ? OR ?) ORDER BY id LIMIT ?",
          List.of(afterId, customerId.orElse(0L), customerId.isEmpty(), limit),
          row -> page.add(row.getLong(1)));
      return page;
    }
  }
}
