package org.careline.customer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Jdbi;

/**
 * What stands in the heads of a customer's files, and which of our columns it is. Blocks;
 * thread-safe.
 */
public final class ColumnMappings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 256;
  private final Jdbi jdbi;

  public ColumnMappings(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Empty when nothing was saved. */
  public Map<String, String> find(String customer, String kind) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT heads FROM column_mapping WHERE customer_code = :customer"
                        + " AND kind = :kind")
                .bind("customer", customer)
                .bind("kind", kind)
                .mapTo(String.class)
                .findOne()
                .map(ColumnMappings::read)
                .orElse(Map.of()));
  }

  private static Map<String, String> read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * Saves what a customer's files are like, in the place of what was saved before.
   *
   * @throws ImportRefused when it names a column that is none, or one twice
   */
  public void save(String customer, FileKind kind, Map<String, String> heads) {
    if (heads.size() > MOST) {
      throw new ImportRefused(Sentence.of("import.mapping-large", MOST));
    }
    java.util.Set<String> taken = new java.util.HashSet<>();
    for (String column : heads.values()) {
      if (!kind.columnKeys().contains(column)) {
        throw new ImportRefused(
            Sentence.of("import.mapping", column, String.join(",", kind.columnKeys())));
      }
      if (!taken.add(column)) {
        throw new ImportRefused(Sentence.of("import.mapping-twice", column));
      }
    }
    try {
      String json = JSON.writeValueAsString(new TreeMap<>(heads));
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "REPLACE INTO column_mapping (customer_code, kind, heads) VALUES (?, ?, ?)",
                  customer,
                  kind.key(),
                  json));
    } catch (JsonProcessingException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
