package org.careline.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.careline.callback.RoundResults.Cell;
import org.careline.callback.RoundResults.What;

/**
 * Round against round in one statement over the answers, devices and matters as they are: what the
 * summary must equal, written down a second time in another language. Stateless.
 */
public final class StraightTransitions {
  private static final String FACTS =
      """
      WITH g AS (SELECT round_id, site_id, device_id,
          MAX(IF(question_code = 'fault', value, NULL)) AS fault,
          MAX(IF(question_code = 'fault_solved', value, NULL)) AS solved,
          MAX(IF(question_code = 'solved_on_phone', value, NULL)) AS phone,
          MAX(IF(question_code = 'hidden_danger', value, NULL)) AS danger,
          MAX(IF(question_code = 'fault_code', value, NULL)) AS code,
          MAX(IF(question_code = 'satisfaction', value, NULL)) AS rating
        FROM answer WHERE round_id IN (%1$d, %2$d) GROUP BY round_id, site_id, device_id),
      t AS (SELECT round_id, site_id, device_id,
          IF(device_id = 0, fault,
            COALESCE(fault, IF(code IS NOT NULL OR phone = 'yes', 'yes', NULL))) AS fault,
          COALESCE(solved, IF(phone = 'yes', 'yes', NULL)) AS solved,
          danger, CAST(rating AS SIGNED) AS rating FROM g),
      s AS (SELECT round_id, site_id, COUNT(fault) AS heard,
          MAX(IF(device_id = 0, fault, NULL)) AS f0, MAX(IF(device_id = 0, solved, NULL)) AS s0,
          SUM(device_id > 0 AND fault <=> 'yes') AS df,
          SUM(device_id > 0 AND fault <=> 'yes' AND solved <=> 'no') AS dno,
          SUM(device_id > 0 AND fault <=> 'yes' AND solved IS NULL) AS dnull,
          MAX(danger <=> 'yes') AS danger, MIN(rating) AS rating
        FROM t GROUP BY round_id, site_id),
      k AS (SELECT r.id AS round_id, m.site_id, COALESCE(m.device_id, 0) AS device_id,
          MAX(IF(m.done_at IS NULL, 2, 1)) AS known
        FROM round r JOIN matter m ON m.opened_at >= r.period_from - INTERVAL 8 HOUR
          AND m.opened_at < r.period_to + INTERVAL 16 HOUR AND m.source <> 'callback'
        JOIN matter_kind mk ON mk.code = m.kind_code
          AND COALESCE(mk.parent_code, mk.code) = 'repair'
        WHERE r.id IN (%1$d, %2$d) GROUP BY 1, 2, 3),
      ks AS (SELECT round_id, site_id, MAX(known) AS known FROM k GROUP BY 1, 2)
      """;

  private static final String SITES =
      """
      , st AS (SELECT rs.round_id, rs.site_id, 0 AS device_id,
          CASE WHEN COALESCE(s.heard, 0) = 0 AND NOT (rs.bin <=> 'answered_by_record') THEN 4
            WHEN s.f0 <=> 'yes' OR s.df > 0 THEN IF(s.f0 <=> 'yes' AND s.s0 <=> 'no' OR s.dno > 0
              OR s.s0 IS NULL AND (s.df = 0 OR s.dnull > 0), 3, 2)
            WHEN ks.known IS NOT NULL THEN IF(ks.known = 2, 3, 2)
            WHEN s.danger THEN 1 ELSE 0 END AS state,
          CASE WHEN s.rating IS NULL THEN 2 WHEN s.rating >= 4 THEN 0 ELSE 1 END AS content
        FROM round_site rs
        LEFT JOIN s ON s.round_id = rs.round_id AND s.site_id = rs.site_id
        LEFT JOIN ks ON ks.round_id = rs.round_id AND ks.site_id = rs.site_id
        WHERE rs.round_id IN (%1$d, %2$d))
      """;

  private static final String DEVICES =
      """
      , d AS (SELECT rs.round_id, rs.site_id, d.id AS device_id FROM round_site rs
          JOIN round r ON r.id = rs.round_id JOIN device d ON d.site_id = rs.site_id
          AND (d.install_date IS NULL OR d.install_date <= r.period_to)
          WHERE rs.round_id IN (%1$d, %2$d)
        UNION SELECT round_id, site_id, device_id FROM answer
          WHERE round_id IN (%1$d, %2$d) AND device_id > 0),
      n AS (SELECT *, COUNT(*) OVER (PARTITION BY round_id, site_id) AS listed FROM d),
      f AS (SELECT n.round_id, n.site_id, n.device_id, n.listed, rs.bin, s.s0, s.danger,
          t.solved, t.danger AS own_danger, GREATEST(COALESCE(k.known, 0),
            IF(n.listed = 1, COALESCE(k0.known, 0), 0)) AS known,
          CASE WHEN t.fault IS NOT NULL THEN t.fault WHEN s.f0 IS NULL THEN NULL
            WHEN s.f0 = 'no' OR s.df > 0 THEN 'no' WHEN n.listed = 1 THEN 'yes' END AS fault
        FROM n JOIN round_site rs ON rs.round_id = n.round_id AND rs.site_id = n.site_id
        LEFT JOIN s ON s.round_id = n.round_id AND s.site_id = n.site_id
        LEFT JOIN t ON t.round_id = n.round_id AND t.site_id = n.site_id
          AND t.device_id = n.device_id
        LEFT JOIN k ON k.round_id = n.round_id AND k.site_id = n.site_id
          AND k.device_id = n.device_id
        LEFT JOIN k k0 ON k0.round_id = n.round_id AND k0.site_id = n.site_id
          AND k0.device_id = 0),
      st AS (SELECT round_id, site_id, device_id,
          CASE WHEN fault IS NULL AND NOT (bin <=> 'answered_by_record') THEN 4
            WHEN fault <=> 'yes' THEN IF(COALESCE(solved, s0) <=> 'yes', 2, 3)
            WHEN known = 2 THEN 3 WHEN known = 1 THEN 2
            WHEN own_danger <=> 'yes' OR listed = 1 AND COALESCE(danger, 0) THEN 1
            ELSE 0 END AS state FROM f)
      """;

  private static final String PAIRS =
      """
      SELECT a.%3$s, COALESCE(b.%3$s, %4$d), COUNT(*) FROM st a LEFT JOIN st b
        ON b.round_id = %2$d AND b.site_id = a.site_id AND b.device_id = a.device_id
        WHERE a.round_id = %1$d GROUP BY 1, 2
      UNION ALL SELECT %4$d, b.%3$s, COUNT(*) FROM st b LEFT JOIN st a
        ON a.round_id = %1$d AND a.site_id = b.site_id AND a.device_id = b.device_id
        WHERE b.round_id = %2$d AND a.site_id IS NULL GROUP BY 1, 2
      """;

  private StraightTransitions() {}

  /** Counted now; takes as long as it takes. Numbers of sites in no other state are left out. */
  public static Map<What, List<Cell>> count(Connection connection, long from, long to)
      throws SQLException {
    Map<What, List<Cell>> cells = new TreeMap<>();
    for (What what : What.values()) {
      String sql =
          (FACTS + (what == What.DEVICE ? DEVICES : SITES) + PAIRS)
              .formatted(from, to, what == What.CONTENT ? "content" : "state", what.notListed());
      List<Cell> found = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          found.add(new Cell(rows.getInt(1), rows.getInt(2), rows.getInt(3)));
        }
      }
      cells.put(what, found);
    }
    return cells;
  }
}
