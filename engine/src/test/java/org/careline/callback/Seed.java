package org.careline.callback;

import java.time.Instant;
import java.util.List;
import org.careline.database.Database;
import org.jdbi.v3.core.Handle;

/** Small reference data for tests of rounds. */
public final class Seed {
  public static final String QUESTIONS =
      """
      {"questions":[
       {"code":"fault","type":"yes_no","textEn":"Any fault?","textZh":"有无故障?","required":true},
       {"code":"fault_solved","type":"yes_no","textEn":"Solved?","textZh":"解决了吗?",
        "required":true,"onlyWhen":{"code":"fault","equals":"yes"}},
       {"code":"hidden_danger","type":"yes_no","textEn":"Any danger?","textZh":"有无隐患?"},
       {"code":"satisfaction","type":"scale_1_5","textEn":"Satisfied?","textZh":"满意吗?",
        "required":true}]}
      """;

  /** Open at any hour, no waiting between attempts. */
  public static final String ANY_HOUR =
      """
      {"windows":{"default":{"mon-sun":["00:00-24:00"]}},"nightEvidence":"test",
       "officeDays":"all","tradeCalendar":{"default":[]},
       "caps":{"perDay":100,"perWeek":100,"perRound":6,"spacing":"0s","perNumberMinute":100,
        "perNumberHour":1000},
       "retry":{"busy":{"delay":"1s"},"no_answer":{"delay":"1s"},"technical":{"delay":"1s"}}}
      """;

  private Seed() {}

  /** Everything but tiers and questionnaires. */
  public static void empty(Database database) {
    database
        .jdbi()
        .useHandle(
            handle ->
                List.of(
                        "cadence",
                        "answer",
                        "attempt",
                        "round_site",
                        "round",
                        "campaign",
                        "phone",
                        "contact",
                        "device",
                        "site",
                        "region",
                        "customer",
                        "lease")
                    .forEach(table -> handle.execute("DELETE FROM " + table)));
  }

  public static long customer(Handle handle, String code) {
    handle.execute(
        "INSERT INTO customer (code, name, consent_basis, consent_until)"
            + " VALUES (?, ?, 'contract', '2199-12-31')",
        code,
        code + " Hotels");
    return id(handle, "customer", code);
  }

  public static long region(Handle handle, long customer, String code) {
    handle.execute("INSERT INTO region (customer_id, code) VALUES (?, ?)", customer, code);
    return handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
  }

  public static long site(
      Handle handle, long customer, Long region, String code, String tier, String... numbers) {
    handle.execute(
        "INSERT INTO site (customer_id, region_id, code, name, tier_code) VALUES (?,?,?,?,?)",
        customer,
        region,
        code,
        "Site " + code,
        tier);
    long site = handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
    if (numbers.length > 0) {
      handle.execute("INSERT INTO contact (customer_id, name) VALUES (?, 'Wang')", customer);
      long contact = handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
      handle.execute(
          "INSERT INTO site_contact (site_id, contact_id, position) VALUES (?, ?, 1)",
          site,
          contact);
      for (int i = 0; i < numbers.length; i++) {
        handle.execute(
            "INSERT INTO phone (contact_id, e164, position) VALUES (?,?,?)",
            contact,
            numbers[i],
            i + 1);
      }
    }
    return site;
  }

  /** One person who answers for all the sites, before whoever answered for them. */
  public static long contact(
      Handle handle, long customer, String name, String number, List<Long> sites) {
    handle.execute("INSERT INTO contact (customer_id, name) VALUES (?, ?)", customer, name);
    long contact = handle.select("SELECT LAST_INSERT_ID()").mapTo(Long.class).one();
    handle.execute(
        "INSERT INTO phone (contact_id, e164, position) VALUES (?, ?, 1)", contact, number);
    for (long site : sites) {
      handle.execute(
          "INSERT INTO site_contact (site_id, contact_id, position) VALUES (?, ?, 0)",
          site,
          contact);
    }
    return contact;
  }

  public static long campaign(
      Handle handle, String code, long customer, String mode, String rules) {
    handle.execute(
        "INSERT IGNORE INTO questionnaire (code, version, definition) VALUES ('standard', 1, ?)",
        QUESTIONS);
    handle.execute(
        "INSERT INTO campaign (code, name, customer_id, questionnaire_code,"
            + " questionnaire_version, mode, shown_number, rules)"
            + " VALUES (?, ?, ?, 'standard', 1, ?, '02112345678', ?)",
        code,
        code,
        customer,
        mode,
        rules);
    return id(handle, "campaign", code);
  }

  /** A customer {@code code} with a number of sites, one number each, and an open round. */
  public static long openRound(Database database, String code, int sites, Instant now) {
    long base = Math.abs((long) code.hashCode()) % 100000;
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = customer(handle, code);
              campaign(handle, code, customer, "progressive", ANY_HOUR);
              for (int i = 0; i < sites; i++) {
                site(
                    handle,
                    customer,
                    null,
                    code + i,
                    i % 3 == 0 ? "platinum" : i % 3 == 1 ? "gold" : "standard",
                    String.format("+86138%05d%03d", base, i));
              }
            });
    long round = new RoundPlanner(database.jdbi()).plan(code, now).id();
    new RoundOpener(database.jdbi(), () -> now).open(round);
    return round;
  }

  private static long id(Handle handle, String table, String code) {
    return handle
        .select("SELECT id FROM " + table + " WHERE code = ?", code)
        .mapTo(Long.class)
        .one();
  }
}
