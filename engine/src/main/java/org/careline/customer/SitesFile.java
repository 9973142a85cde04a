package org.careline.customer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/** Sites, each with its first contact, its first two numbers and its first device. */
final class SitesFile extends FileKind {
  static final List<String> STATUSES = List.of("active", "to_confirm", "closed");
  static final List<String> REASONS = List.of("closed", "renamed", "moved");

  SitesFile() {
    super(
        "sites",
        List.of(
            FileColumn.ofCode(CHAIN).needed(),
            FileColumn.text(CHAIN_NAME, 200),
            FileColumn.ofCode(SITE).needed(),
            FileColumn.text("site_name", 200).needed(),
            FileColumn.text("tier", 32),
            FileColumn.text("trade", 64),
            FileColumn.text("region_code", 64),
            FileColumn.text("province", 64),
            FileColumn.text("city", 64),
            FileColumn.texts("address", 400),
            FileColumn.text("contact_name", 128),
            FileColumn.text("contact_role", 64),
            FileColumn.of("phone1", 64, FileColumn::phone).needed(),
            FileColumn.of("ext1", 8, FileColumn::extension),
            FileColumn.of("phone2", 64, FileColumn::phone),
            FileColumn.text("device_model", 128),
            FileColumn.text("device_serial", 128),
            FileColumn.of("install_date", 10, FileColumn::date),
            FileColumn.text("account_manager", 64),
            FileColumn.texts("remark", 1000),
            FileColumn.of("do_not_call", 5, FileColumn::yesNo),
            FileColumn.of("warranty_until", 10, FileColumn::date),
            FileColumn.of("zone", 40, FileColumn::zone),
            FileColumn.text("trade_calendar", 32),
            FileColumn.of("status", 16, FileColumn.choice(STATUSES)),
            FileColumn.of("status_reason", 16, FileColumn.choice(REASONS)),
            FileColumn.of("consent_basis", 16, FileColumn.choice(Consent.Basis.keys())),
            FileColumn.of("consent_until", 10, FileColumn::date)));
  }

  @Override
  Optional<Sentence> checkHead(Set<String> columns) {
    boolean device =
        columns.contains("device_serial")
            || columns.contains("install_date")
            || columns.contains("warranty_until");
    return device && !columns.contains("device_model")
        ? Optional.of(Sentence.of("import.column-device"))
        : Optional.empty();
  }

  @Override
  Map<String, Set<String>> words(Connection connection) throws SQLException {
    Set<String> tiers = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT code FROM tier")) {
      while (result.next()) {
        tiers.add(result.getString(1));
      }
    }
    return Map.of("tier", tiers);
  }

  @Override
  Map<String, String> defaults() {
    return Map.of("tier", Recognition.STANDARD);
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    Phones.pair(row, 1, problems);
    if (row.get("phone1").equals(plain(row)) && row.has("phone2")) {
      problems.add("phone2", Sentence.of("import.same-phone"));
    }
    if (!row.has("device_model")) {
      for (String column : List.of("device_serial", "install_date", "warranty_until")) {
        if (row.has(column)) {
          problems.add(column, Sentence.of("import.no-model"));
          break;
        }
      }
    }
    if (row.has("status_reason") && !row.get("status").matches("to_confirm|closed")) {
      problems.add("status_reason", Sentence.of("import.status-reason"));
    }
  }

  /** phone2 where it is phone1 with its extension; what it never is otherwise. */
  private static String plain(FileRow row) {
    PhoneNumber second = Phones.number(row.get("phone2")).orElse(null);
    return second != null && second.extension().equals(row.get("ext1")) ? second.e164() : "-";
  }

  @Override
  String identity(FileRow row) {
    return row.get(CHAIN) + '\n' + row.get(SITE);
  }

  @Override
  String identityColumn() {
    return SITE;
  }

  @Override
  Sentence twice(long line) {
    return Sentence.of("import.site-twice", line);
  }

  @Override
  String name(Map<String, String> values) {
    return values.get(CHAIN) + "/" + values.get(SITE) + " " + values.get("site_name");
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new SiteStore(connection, dryRun, by);
  }
}
