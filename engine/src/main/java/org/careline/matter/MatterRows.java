package org.careline.matter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The SQL of matters. The caller owns the transaction. Stateless. */
final class MatterRows {
  static final String SELECT =
      "SELECT m.*, k.name_en AS kind_en, k.name_zh AS kind_zh, c.code AS customer_code,"
          + " c.name AS customer_name, s.code AS site_code, s.name AS site_name"
          + " FROM matter m JOIN matter_kind k ON k.code = m.kind_code"
          + " LEFT JOIN customer c ON c.id = m.customer_id LEFT JOIN site s ON s.id = m.site_id ";

  private static final int DEVICES = 50;

  private MatterRows() {}

  /** Who a contact is with, as the database has it. */
  record With(Long customerId, Long siteId, String number) {}

  static List<MatterKind> kinds(Handle handle) {
    return handle
        .createQuery(
            "SELECT code, parent_code, name_en, name_zh, by_phone, position, active"
                + " FROM matter_kind ORDER BY parent_code IS NOT NULL, parent_code, position, code")
        .map(
            (row, context) ->
                new MatterKind(
                    row.getString(1),
                    Optional.ofNullable(row.getString(2)),
                    row.getString(3),
                    row.getString(4),
                    row.getBoolean(5),
                    row.getInt(6),
                    row.getBoolean(7)))
        .list();
  }

  static MatterKind kind(List<MatterKind> all, String code) {
    return all.stream()
        .filter(kind -> kind.code().equals(code))
        .findFirst()
        .orElseThrow(() -> MatterRefused.invalid(Sentence.of("matter.no-kind", code)));
  }

  /**
   * A kind that a matter may be given now.
   *
   * @throws MatterRefused also when it, or the one above it, is not offered any more
   */
  static void requireOffered(List<MatterKind> all, String code) {
    MatterKind kind = kind(all, code);
    if (!offered(all, kind)) {
      throw MatterRefused.invalid(Sentence.of("matter.kind-inactive", code));
    }
  }

  static boolean offered(List<MatterKind> all, MatterKind kind) {
    return kind.active()
        && kind.parent().map(parent -> kind(all, parent)).map(MatterKind::active).orElse(true);
  }

  static void save(Handle handle, MatterKind kind) {
    handle.execute(
        "INSERT INTO matter_kind (code, parent_code, name_en, name_zh, by_phone, position, active)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) AS fresh ON DUPLICATE KEY UPDATE"
            + " parent_code = fresh.parent_code, name_en = fresh.name_en, name_zh = fresh.name_zh,"
            + " by_phone = fresh.by_phone, position = fresh.position, active = fresh.active",
        kind.code(),
        kind.parent().orElse(null),
        kind.nameEn(),
        kind.nameZh(),
        kind.byPhone(),
        kind.position(),
        kind.active());
  }

  static void raise(Handle handle) {
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'matters'");
  }

  // --- whose

  /**
   * Ids of customer, site and device as a form names them.
   *
   * @param device as told, or model and serial of the known one: they stay when it is removed
   */
  record Owner(Long customerId, Long siteId, Long deviceId, String device) {}

  static Owner owner(Handle handle, MatterForm form) {
    return owner(handle, form.customer(), form.site(), form.deviceId(), form.device());
  }

  static Owner owner(
      Handle handle,
      Optional<String> customerCode,
      Optional<String> siteCode,
      Optional<Long> deviceId,
      String told) {
    Long customer =
        customerCode
            .map(
                code ->
                    handle
                        .createQuery("SELECT id FROM customer WHERE code = :code")
                        .bind("code", code)
                        .mapTo(Long.class)
                        .findOne()
                        .orElseThrow(
                            () -> MatterRefused.invalid(Sentence.of("matter.no-customer", code))))
            .orElse(null);
    Long site =
        siteCode
            .map(
                code ->
                    handle
                        .createQuery("SELECT id FROM site WHERE customer_id = :c AND code = :code")
                        .bind("c", customer)
                        .bind("code", code)
                        .mapTo(Long.class)
                        .findOne()
                        .orElseThrow(
                            () ->
                                MatterRefused.invalid(
                                    Sentence.of("matter.no-site", code, customerCode.orElse("")))))
            .orElse(null);
    String device =
        deviceId
            .map(
                id ->
                    handle
                        .createQuery(
                            "SELECT CONCAT_WS(' ', model, NULLIF(serial, '')) FROM device"
                                + " WHERE id = :id AND site_id = :site")
                        .bind("id", id)
                        .bind("site", site)
                        .mapTo(String.class)
                        .findOne()
                        .orElseThrow(() -> MatterRefused.invalid(Sentence.of("matter.no-device"))))
            .orElse(told);
    return new Owner(customer, site, deviceId.orElse(null), device);
  }

  /**
   * @throws MatterRefused when there is no such call or attempt
   */
  static With requireContact(Handle handle, Contact contact) {
    String sql =
        switch (contact.kind()) {
          case CALL ->
              "SELECT customer_id, site_id, caller_e164 AS e164 FROM call_record WHERE id = :id";
          case ATTEMPT ->
              "SELECT s.customer_id, s.id AS site_id, a.e164 FROM attempt a"
                  + " JOIN round_site r ON r.id = a.round_site_id JOIN site s ON s.id = r.site_id"
                  + " WHERE a.id = :id";
        };
    return handle
        .createQuery(sql)
        .bind("id", contact.id())
        .map(
            (row, context) ->
                new With(number(row, "customer_id"), number(row, "site_id"), row.getString("e164")))
        .findOne()
        .orElseThrow(() -> MatterRefused.missing(Sentence.of("matter.no-contact")));
  }

  /** The other sites a call is about, in its order; the first is {@link #requireContact}'s. */
  static List<With> others(Handle handle, Contact contact) {
    return switch (contact.kind()) {
      case CALL -> List.of();
      case ATTEMPT ->
          handle
              .createQuery(
                  "SELECT s.customer_id, s.id AS site_id, a.e164 FROM attempt_site x"
                      + " JOIN attempt a ON a.id = x.attempt_id"
                      + " JOIN round_site r ON r.id = x.round_site_id JOIN site s ON s.id = r.site_id"
                      + " WHERE x.attempt_id = :id AND x.round_site_id <> a.round_site_id"
                      + " ORDER BY x.position")
              .bind("id", contact.id())
              .map(
                  (row, context) ->
                      new With(
                          number(row, "customer_id"),
                          number(row, "site_id"),
                          row.getString("e164")))
              .list();
    };
  }

  static Matters.Suggestion suggestion(Handle handle, With with) {
    record Names(String customer, String site, String name) {}
    Names names =
        handle
            .createQuery(
                "SELECT (SELECT code FROM customer WHERE id = :customer),"
                    + " (SELECT code FROM site WHERE id = :site),"
                    + " (SELECT name FROM site WHERE id = :site)")
            .bind("customer", with.customerId())
            .bind("site", with.siteId())
            .map(
                (row, context) ->
                    new Names(
                        nonNull(row.getString(1)),
                        nonNull(row.getString(2)),
                        nonNull(row.getString(3))))
            .one();
    List<Matters.Device> devices =
        with.siteId() == null
            ? List.of()
            : handle
                .createQuery(
                    "SELECT id, CONCAT_WS(' ', model, NULLIF(serial, '')) FROM device"
                        + " WHERE site_id = :site ORDER BY id LIMIT "
                        + DEVICES)
                .bind("site", with.siteId())
                .map((row, context) -> new Matters.Device(row.getLong(1), row.getString(2)))
                .list();
    return new Matters.Suggestion(
        names.customer(), names.site(), names.name(), nonNull(with.number()), devices);
  }

  private static String nonNull(String text) {
    return text == null ? "" : text;
  }

  // --- matters

  static long insert(
      Handle handle, MatterForm form, Matter.Source source, Matters.Person who, Instant now) {
    requireOffered(kinds(handle), form.kind());
    Owner owner = owner(handle, form);
    return handle
        .createUpdate(
            "INSERT INTO matter (kind_code, customer_id, site_id, device_id, device, e164,"
                + " fault_code, description, source, opened_at, opened_by, last_agent)"
                + " VALUES (:kind, :customer, :site, :deviceId, :device, :number, :fault,"
                + " :description, :source, :now, :by, :agent)")
        .bind("kind", form.kind())
        .bind("customer", owner.customerId())
        .bind("site", owner.siteId())
        .bind("deviceId", owner.deviceId())
        .bind("device", owner.device())
        .bind("number", form.number().orElse(null))
        .bind("fault", form.faultCode())
        .bind("description", form.description())
        .bind("source", source.key())
        .bind("now", Timestamp.from(form.openedAt().orElse(now)))
        .bind("by", who.login())
        .bind("agent", who.agentNumber().orElse(null))
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static void update(Handle handle, Matter before, MatterForm form) {
    if (!before.kind().equals(form.kind())) {
      requireOffered(kinds(handle), form.kind());
    }
    Owner owner = owner(handle, form);
    handle
        .createUpdate(
            "UPDATE matter SET kind_code = :kind, customer_id = :customer, site_id = :site,"
                + " device_id = :deviceId, device = :device, e164 = :number, fault_code = :fault,"
                + " description = :description, opened_at = :opened WHERE id = :id")
        .bind("id", before.id())
        .bind("opened", Timestamp.from(form.openedAt().orElse(before.openedAt())))
        .bind("kind", form.kind())
        .bind("customer", owner.customerId())
        .bind("site", owner.siteId())
        .bind("deviceId", owner.deviceId())
        .bind("device", owner.device())
        .bind("number", form.number().orElse(null))
        .bind("fault", form.faultCode())
        .bind("description", form.description())
        .execute();
  }

  static Optional<Matter> find(Handle handle, long id) {
    return handle
        .createQuery(SELECT + "WHERE m.id = :id")
        .bind("id", id)
        .map((row, context) -> matter(row))
        .findOne();
  }

  static Matter require(Handle handle, long id) {
    return find(handle, id)
        .orElseThrow(() -> MatterRefused.missing(Sentence.of("matter.no-matter")));
  }

  static Matter lock(Handle handle, long id) {
    handle
        .createQuery("SELECT id FROM matter WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(Long.class)
        .findOne();
    return require(handle, id);
  }

  static MatterFilter.Page list(
      Handle handle, MatterFilter filter, Optional<Long> before, int limit) {
    Map<String, Object> values = new LinkedHashMap<>();
    StringBuilder where = new StringBuilder("WHERE TRUE");
    filter
        .state()
        .ifPresent(
            state ->
                where.append(
                    switch (state) {
                      case OPEN -> " AND m.done_at IS NULL AND m.dispatched_at IS NULL";
                      case DISPATCHED -> " AND m.done_at IS NULL AND m.dispatched_at IS NOT NULL";
                      case DONE -> " AND m.done_at IS NOT NULL";
                    }));
    filter
        .kind()
        .ifPresent(
            kind -> {
              where.append(" AND (m.kind_code = :kind OR k.parent_code = :kind)");
              values.put("kind", kind);
            });
    filter
        .customer()
        .ifPresent(
            code -> {
              where.append(" AND c.code = :customer");
              values.put("customer", code);
            });
    filter
        .site()
        .ifPresent(
            code -> {
              where.append(" AND s.code = :site");
              values.put("site", code);
            });
    if (filter.undone()) {
      where.append(" AND m.done_at IS NULL");
    }
    filter
        .who()
        .ifPresent(
            name -> {
              where.append(" AND (m.assigned_to = :who OR m.last_agent = :who)");
              values.put("who", name);
            });
    filter.from().ifPresent(at -> time(where, values, " AND m.opened_at >= :from", "from", at));
    filter.to().ifPresent(at -> time(where, values, " AND m.opened_at < :to", "to", at));
    filter
        .dueBefore()
        .ifPresent(
            at -> time(where, values, " AND m.done_at IS NULL AND m.due_at < :due", "due", at));
    if (!filter.text().isBlank()) {
      where.append(
          " AND (m.description LIKE :text OR m.device LIKE :text OR m.fault_code LIKE :text"
              + " OR m.reference LIKE :text OR s.name LIKE :text OR s.code LIKE :text"
              + " OR c.name LIKE :text OR m.assigned_to LIKE :text)");
      values.put("text", "%" + escaped(filter.text().strip()) + "%");
    }
    before.ifPresent(
        id -> {
          where.append(" AND m.id < :before");
          values.put("before", id);
        });
    Query query =
        handle
            .createQuery(SELECT + where + " ORDER BY m.id DESC LIMIT :limit")
            .bindMap(values)
            .bind("limit", limit + 1);
    List<Matter> found = query.map((row, context) -> matter(row)).list();
    if (found.size() <= limit) {
      return new MatterFilter.Page(found, null);
    }
    List<Matter> page = new ArrayList<>(found.subList(0, limit));
    return new MatterFilter.Page(page, page.getLast().id());
  }

  private static void time(
      StringBuilder where, Map<String, Object> values, String condition, String name, Instant at) {
    where.append(condition);
    values.put(name, Timestamp.from(at));
  }

  /** What a person typed is looked for letter by letter. */
  static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  /**
   * Open matters that who calls may call about: those of his site, then those told from his number,
   * then those of his customer as a whole; of all its sites when he is known as no site.
   */
  static List<Matter> openOf(Handle handle, With with, int limit) {
    return handle
        .createQuery(
            SELECT
                + "WHERE m.done_at IS NULL AND (m.open_site = :site OR m.open_number = :number"
                + " OR (m.customer_id = :customer AND (m.site_id IS NULL OR :site IS NULL)))"
                + " ORDER BY COALESCE(m.open_site = :site, FALSE) DESC,"
                + " COALESCE(m.open_number = :number, FALSE) DESC, m.id DESC LIMIT :limit")
        .bind("site", with.siteId())
        .bind("customer", with.customerId())
        .bind("number", with.number())
        .bind("limit", limit)
        .map((row, context) -> matter(row))
        .list();
  }

  // --- contacts and history

  /** False when it was joined already. */
  static boolean join(Handle handle, long id, Contact contact, String login, Instant at) {
    return handle.execute(
            "INSERT IGNORE INTO matter_contact (matter_id, kind, contact_id, joined_at, joined_by)"
                + " VALUES (?, ?, ?, ?, ?)",
            id,
            contact.kind().key(),
            contact.id(),
            Timestamp.from(at),
            login)
        > 0;
  }

  static boolean part(Handle handle, long id, Contact contact) {
    return handle.execute(
            "DELETE FROM matter_contact WHERE matter_id = ? AND kind = ? AND contact_id = ?",
            id,
            contact.kind().key(),
            contact.id())
        > 0;
  }

  static List<Matter> joined(Handle handle, Contact contact) {
    return handle
        .createQuery(
            SELECT
                + "JOIN matter_contact j ON j.matter_id = m.id AND j.kind = :kind"
                + " AND j.contact_id = :contact ORDER BY m.id DESC")
        .bind("kind", contact.kind().key())
        .bind("contact", contact.id())
        .map((row, context) -> matter(row))
        .list();
  }

  static List<Contact.Joined> contacts(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT kind, contact_id, joined_at, joined_by FROM matter_contact"
                + " WHERE matter_id = :id ORDER BY joined_at, contact_id")
        .bind("id", id)
        .map(
            (row, context) ->
                new Contact.Joined(
                    row.getString(1),
                    row.getString(2),
                    row.getTimestamp(3).toInstant(),
                    row.getString(4)))
        .list();
  }

  static List<Matters.Event> events(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT at, by_login, what, detail FROM matter_event WHERE matter_id = :id ORDER BY id")
        .bind("id", id)
        .map(
            (row, context) ->
                new Matters.Event(
                    row.getTimestamp(1).toInstant(),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4)))
        .list();
  }

  static Matter matter(ResultSet row) throws SQLException {
    return new Matter(
        row.getLong("id"),
        row.getString("reference"),
        row.getString("kind_code"),
        row.getString("kind_en"),
        row.getString("kind_zh"),
        row.getString("customer_code"),
        row.getString("customer_name"),
        number(row, "site_id"),
        row.getString("site_code"),
        row.getString("site_name"),
        number(row, "device_id"),
        row.getString("device"),
        row.getString("e164"),
        row.getString("fault_code"),
        row.getString("description"),
        Optional.ofNullable(row.getString("result")).flatMap(Matter.Result::of).orElse(null),
        row.getString("result_note"),
        row.getString("assigned_to"),
        instant(row, "due_at"),
        Matter.Source.of(row.getString("source")),
        instant(row, "opened_at"),
        row.getString("opened_by"),
        instant(row, "dispatched_at"),
        instant(row, "done_at"),
        row.getString("done_by"),
        row.getString("last_agent"),
        row.getInt("version"));
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
