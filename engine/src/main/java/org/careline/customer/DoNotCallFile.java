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
 * Whom no round rings: a site in each row, or a number whoever's it is. Unlike the column of a file
 * of sites it says until when, and a day that is over takes the site off the list.
 */
final class DoNotCallFile extends FileKind {
  private static final String PHONE = "phone";

  DoNotCallFile() {
    super(
        "do-not-call",
        List.of(
            FileColumn.ofCode(CHAIN),
            FileColumn.ofCode(SITE),
            FileColumn.of(PHONE, 64, FileColumn::phone),
            FileColumn.text("reason", 200).needed(),
            FileColumn.of("until", 10, FileColumn::date),
            FileColumn.text("evidence", 400)));
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    if (row.has(PHONE) == row.has(SITE)) {
      problems.add(PHONE, Sentence.of("import.site-or-phone"));
    } else if (row.has(SITE) && !row.has(CHAIN)) {
      problems.add(CHAIN, Sentence.of("import.is-empty"));
    } else if (row.has(PHONE)) {
      // an extension is nobody's number
      row.values().put(PHONE, Phones.number(row.get(PHONE)).orElseThrow().e164());
      row.values().put(CHAIN, "");
    }
  }

  @Override
  String identity(FileRow row) {
    return row.has(PHONE) ? row.get(PHONE) : row.get(CHAIN) + '\n' + row.get(SITE);
  }

  @Override
  String identityColumn() {
    return SITE;
  }

  @Override
  String name(Map<String, String> values) {
    return values.getOrDefault(PHONE, "").isEmpty()
        ? values.get(CHAIN) + "/" + values.get(SITE)
        : values.get(PHONE);
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new Store(new Batches(connection), by);
  }

  /** Ids of numbers are their digits, negative: they are no sites. */
  private record Store(Batches batches, ChangeHistory.By by) implements RowStore {
    @Override
    public boolean reference() {
      return false;
    }

    private static long id(String e164) {
      return -Long.parseLong(e164.substring(1));
    }

    @Override
    public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
      List<FileRow> ofSites = rows.stream().filter(row -> row.has(SITE)).toList();
      Map<FileRow, Place> places = new HashMap<>(new Owners(batches).ofSites(ofSites));
      List<Long> ids = new ArrayList<>();
      places
          .values()
          .forEach(
              place -> {
                if (place instanceof Missing missing) {
                  ids.add(missing.siteId());
                }
              });
      rows.stream().filter(row -> row.has(PHONE)).forEach(row -> ids.add(id(row.get(PHONE))));
      Map<Long, Stored> stored = load(ids);
      places.replaceAll(
          (row, place) ->
              place instanceof Missing missing && stored.containsKey(missing.siteId())
                  ? stored.get(missing.siteId())
                  : place);
      rows.stream()
          .filter(row -> row.has(PHONE))
          .forEach(
              row -> {
                Stored there = stored.get(id(row.get(PHONE)));
                places.put(row, there == null ? new Missing(0, null) : there);
              });
      return places;
    }

    @Override
    public Map<Long, Stored> load(List<Long> ids) throws SQLException {
      Map<Long, Stored> found = new LinkedHashMap<>();
      batches.each(
          "SELECT s.id, s.customer_id, c.code, s.code, s.do_not_call_reason, s.do_not_call_until,"
              + " s.do_not_call_evidence FROM site s JOIN customer c ON c.id = s.customer_id"
              + " WHERE s.do_not_call AND s.id IN (%s) ORDER BY s.id",
          ids.stream().filter(id -> id > 0).toList(),
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(CHAIN, row.getString(3));
            values.put(SITE, row.getString(4));
            values.put("reason", row.getString(5));
            values.put("until", Batches.date(row, 6));
            values.put("evidence", row.getString(7));
            found.put(
                row.getLong(1), new Stored(row.getLong(1), row.getLong(2), row.getLong(1), values));
          });
      batches.each(
          "SELECT e164, reason, until_date, evidence FROM do_not_call_number WHERE e164 IN (%s)",
          ids.stream().filter(id -> id < 0).map(id -> "+" + -id).toList(),
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(PHONE, row.getString(1));
            values.put("reason", row.getString(2));
            values.put("until", Batches.date(row, 3));
            values.put("evidence", row.getString(4));
            long id = id(row.getString(1));
            found.put(id, new Stored(id, 0, null, values));
          });
      return found;
    }

    @Override
    public void insert(List<Pending> fresh) throws SQLException {
      put(fresh, fresh.stream().map(one -> one.missing().siteId()).toList());
    }

    @Override
    public void update(List<Pending> changes) throws SQLException {
      put(changes, changes.stream().map(one -> one.stored().siteId()).toList());
    }

    private void put(List<Pending> rows, List<Long> sites) throws SQLException {
      List<Integer> ofSites = new ArrayList<>();
      List<Pending> numbers = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (sites.get(i) == null) {
          numbers.add(rows.get(i));
        } else {
          ofSites.add(i);
        }
      }
      batches.run(
          "UPDATE site SET do_not_call = TRUE, do_not_call_reason = ?, do_not_call_until = ?,"
              + " do_not_call_evidence = ? WHERE id = ?",
          ofSites,
          (update, index, i) -> {
            fill(update, rows.get(index));
            update.setLong(4, sites.get(index));
          });
      batches.run(
          "INSERT INTO do_not_call_number (reason, until_date, evidence, e164, by_login, at)"
              + " VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) AS fresh ON DUPLICATE KEY UPDATE"
              + " reason = fresh.reason, until_date = fresh.until_date, evidence = fresh.evidence,"
              + " by_login = fresh.by_login, at = fresh.at",
          numbers,
          (insert, one, i) -> {
            fill(insert, one);
            insert.setString(4, one.get(PHONE));
            insert.setString(5, by.login());
          });
    }

    private static void fill(PreparedStatement statement, Pending one) throws SQLException {
      statement.setString(1, one.get("reason"));
      Batches.date(statement, 2, one.get("until"));
      statement.setString(3, one.get("evidence"));
    }

    /** Numbers first, then sites; those of one customer are his sites alone. */
    @Override
    public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
      List<Long> page = new ArrayList<>();
      if (afterId <= 0 && customerId.isEmpty()) {
        batches.query(
            "SELECT -CAST(SUBSTRING(e164, 2) AS SIGNED) AS id FROM do_not_call_number"
                + " HAVING id > ? ORDER BY id LIMIT ?",
            List.of(afterId, limit),
            row -> page.add(row.getLong(1)));
        if (!page.isEmpty()) {
          return page;
        }
      }
      batches.query(
          "SELECT id FROM site WHERE do_not_call AND id > ? AND (customer_id = ? OR ?)"
              + " ORDER BY id LIMIT ?",
          List.of(Math.max(0, afterId), customerId.orElse(0L), customerId.isEmpty(), limit),
          row -> page.add(row.getLong(1)));
      return page;
    }
  }
}
