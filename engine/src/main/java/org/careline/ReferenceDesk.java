package org.careline;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careline.config.ConfigurationException;
import org.careline.customer.Apply;
import org.careline.customer.ApplyResult;
import org.careline.customer.ChangeHistory;
import org.careline.customer.ColumnMappings;
import org.careline.customer.DataExport;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.TableWriter;
import org.careline.database.Database;
import org.careline.web.Desks;
import org.careline.web.Refusal;
import org.careline.web.Views;

/** Brings imports and applied files from the HTTP side to the features. Thread-safe. */
final class ReferenceDesk implements Desks.ReferenceDesk {
  private final DataImport data;
  private final DataExport exports;
  private final ColumnMappings mappings;
  private final ChangeHistory history;
  private final Apply apply;
  private final LineDesk lines;

  /**
   * @param maxBytes larger files are refused
   */
  ReferenceDesk(
      Database database, long maxBytes, Apply apply, LineDesk lines, InstantSource clock) {
    this.data = new DataImport(database, maxBytes, clock);
    this.exports = new DataExport(database);
    this.mappings = new ColumnMappings(database.jdbi());
    this.history = new ChangeHistory(database.jdbi());
    this.apply = apply;
    this.lines = lines;
  }

  @Override
  public Desks.LineDesk lines() {
    return lines;
  }

  @Override
  public Views.ImportResult importFile(DataImport.Order order, InputStream file) throws Exception {
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    try {
      ImportResult result = data.run(order, file, rejects);
      return Views.ImportResult.of(
          result, order.language(), rejects.toString(StandardCharsets.UTF_8));
    } catch (ImportRefused refused) {
      throw new Refusal(400, "import_refused", refused.reason(), Map.of());
    }
  }

  @Override
  public void export(
      FileKind kind,
      Optional<String> customer,
      TableWriter.Format format,
      UnaryOperator<String> numbers,
      OutputStream out)
      throws Exception {
    try {
      exports.write(kind, customer, format, numbers, out);
    } catch (ImportRefused refused) {
      throw new Refusal(400, "export_refused", refused.reason(), Map.of());
    }
  }

  @Override
  public Map<String, String> mapping(String customer, FileKind kind) {
    return mappings.find(customer, kind.key());
  }

  @Override
  public void saveMapping(String customer, FileKind kind, Map<String, String> heads) {
    try {
      mappings.save(customer, kind, heads);
    } catch (ImportRefused refused) {
      throw new Refusal(400, "invalid", refused.reason(), Map.of());
    }
  }

  @Override
  public List<ChangeHistory.Entry> history(
      String customer, Optional<String> site, Optional<Long> before, int limit) {
    return history.read(customer, site, before, limit);
  }

  @Override
  public Views.ApplyResult apply(String yaml, boolean users) {
    try {
      ApplyResult result = apply.run("body", yaml.getBytes(StandardCharsets.UTF_8), users);
      return new Views.ApplyResult(
          named(result, "added"),
          named(result, "changed"),
          named(result, "unchanged"),
          result.passwords());
    } catch (ConfigurationException refused) {
      throw new Refusal(400, "not_applied", refused.reason(), Map.of());
    }
  }

  private static List<String> named(ApplyResult result, String change) {
    List<String> names = new ArrayList<>();
    for (ApplyResult.Item item : result.items()) {
      if (item.change().equals(change)) {
        names.add(item.kind() + " " + item.code());
      }
    }
    return names;
  }
}
