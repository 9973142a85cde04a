package org.careline.customer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Finds sites by what an agent hears: a code, a part of a name or town. Blocks; thread-safe. */
public final class SiteSearch {
  private static final String SELECT =
      "SELECT /*+ MAX_EXECUTION_TIME(3000) */ s.code, s.name, c.code, c.name, s.tier_code, s.city"
          + " FROM site s JOIN customer c ON c.id = s.customer_id ";

  /** A site with its customer. */
  public record Found(
      String siteCode,
      String siteName,
      String customerCode,
      String customerName,
      String tier,
      String city) {}

  private final Jdbi jdbi;

  public SiteSearch(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Sites with that beginning of a code first, then those with that part of a name; several words
   * must all be there.
   */
  public List<Found> find(String text, int limit) {
    String wanted = text.strip();
    if (wanted.isEmpty()) {
      return List.of();
    }
    return jdbi.withHandle(
        handle -> {
          Set<Found> found =
              new LinkedHashSet<>(
                  query(handle, "WHERE s.code LIKE :w0", List.of(escaped(wanted) + "%"), limit));
          if (found.size() < limit) {
            List<String> words = List.of(wanted.split("\\s+"));
            StringBuilder where = new StringBuilder("WHERE TRUE");
            List<String> values = new ArrayList<>();
            for (int i = 0; i < words.size() && i < 5; i++) {
              where.append(" AND CONCAT_WS(' ', s.name, s.city, c.name, c.code, s.code) LIKE :w");
              where.append(i);
              values.add("%" + escaped(words.get(i)) + "%");
            }
            found.addAll(query(handle, where.toString(), values, limit));
          }
          return found.stream().limit(limit).toList();
        });
  }

  private static List<Found> query(Handle handle, String where, List<String> values, int limit) {
    var query =
        handle
            .createQuery(SELECT + where + " ORDER BY c.code, s.code LIMIT :limit")
            .bind("limit", limit);
    for (int i = 0; i < values.size(); i++) {
      query.bind("w" + i, values.get(i));
    }
    return query
        .map(
            (row, context) ->
                new Found(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6)))
        .list();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
