package org.careline.matter;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.careline.database.Database;

/** Two customers with sites, users, calls and an attempt on a test's MySQL. */
final class MatterStage {
  static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");
  static final Matters.Person LI = new Matters.Person("li", Optional.of("8001"));
  static final Matters.Person WANG = new Matters.Person("wang", Optional.of("8002"));
  static final Matters.Person BOSS = new Matters.Person("boss", Optional.empty());

  /** RJ with S1 (a boiler) and S2. */
  static final long RJ = 1;

  static final long S1 = 1;
  static final long S2 = 2;
  static final String SHOP = "+862161234567";
  static final String HEAD = "+862160000000";

  final Database database;
  final Matters matters;
  final MatterFile files;
  final OpenMatterTable open;
  private volatile Instant now = NINE;

  MatterStage(Database database) {
    this.database = database;
    InstantSource clock = () -> now;
    open = new OpenMatterTable(database.dataSource());
    matters = new Matters(database.jdbi(), open, clock);
    files = new MatterFile(database.jdbi(), open, 1_000_000, clock);
  }

  void at(Instant instant) {
    now = instant;
  }

  void execute(String sql, Object... values) {
    database.jdbi().useHandle(handle -> handle.execute(sql, values));
  }

  /** Empties what a test has written. */
  void clear() {
    now = NINE;
    for (String table : List.of("matter_contact", "matter_event", "matter", "call_record")) {
      execute("DELETE FROM " + table);
    }
    execute("UPDATE matter_kind SET active = TRUE");
    open.refresh();
  }

  void seed() {
    execute("INSERT INTO customer (id, code, name) VALUES (1, 'RJ', 'Ruijia'), (2, 'MT', 'Man')");
    execute(
        "INSERT INTO site (id, customer_id, code, name) VALUES (1, 1, 'S1', '=Store 1'),"
            + " (2, 1, 'S2', 'Store 2'), (3, 2, 'S1', 'Diner')");
    execute("INSERT INTO device (id, site_id, model, serial) VALUES (1, 1, 'Boiler 5', 'X-7')");
    for (String[] user : new String[][] {{"li", "8001"}, {"wang", "8002"}, {"boss", null}}) {
      execute(
          "INSERT INTO user_account (login, name, password_hash, roles, agent_number)"
              + " VALUES (?, ?, '', 'agent', ?)",
          user[0],
          user[0],
          user[1]);
    }
    execute("INSERT INTO questionnaire (code, version, definition) VALUES ('q', 1, '{}')");
    execute(
        "INSERT INTO campaign (id, code, name, customer_id, questionnaire_code,"
            + " questionnaire_version, rules) VALUES (1, 'spring', 'S', 1, 'q', 1, '{}')");
    execute(
        "INSERT INTO round (id, campaign_id, number, status, opens_at, period_from, period_to)"
            + " VALUES (1, 1, 1, 'open', UTC_TIMESTAMP(3), '2026-01-01', '2026-02-01')");
    execute(
        "INSERT INTO round_site (id, round_id, site_id, tier, status, next_call_at)"
            + " VALUES (1, 1, 2, 1, 2, UTC_TIMESTAMP(3))");
    execute(
        "INSERT INTO attempt (id, round_site_id, seq, e164, mode, state, created_at, epoch)"
            + " VALUES ('a-1', 1, 1, '+862158880000', 'preview', 'preview', UTC_TIMESTAMP(3), 1)");
  }

  /** A call; site, customer, number and agent may be null. */
  Contact call(String id, Instant at, Long customer, Long site, String number, String agent) {
    execute(
        "INSERT INTO call_record (id, tier_code, caller_e164, customer_id, site_id, agent_number,"
            + " arrived_at, epoch) VALUES (?, 'gold', ?, ?, ?, ?, ?, 1)",
        id,
        number,
        customer,
        site,
        agent,
        Timestamp.from(at));
    return new Contact(Contact.Kind.CALL, id);
  }

  static MatterForm form(String kind, String customer, String site, String number) {
    return new MatterForm(
        kind,
        Optional.ofNullable(customer),
        Optional.ofNullable(site),
        Optional.empty(),
        "",
        Optional.ofNullable(number),
        "",
        "",
        Optional.empty());
  }
}
