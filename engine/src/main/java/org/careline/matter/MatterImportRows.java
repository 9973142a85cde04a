package org.careline.matter;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** The SQL of matters that come in a file. The caller owns the transaction. Stateless. */
final class MatterImportRows {
  private MatterImportRows() {}

  static Optional<Matter> find(Handle handle, String reference) {
    Optional<Matter> found =
        handle
            .createQuery(MatterRows.SELECT + "WHERE m.reference = :reference FOR UPDATE OF m")
            .bind("reference", reference)
            .map((row, context) -> MatterRows.matter(row))
            .findOne();
    return found.isPresent() || !reference.matches("M[0-9]{1,18}")
        ? found
        : MatterRows.find(handle, Long.parseLong(reference.substring(1)))
            .filter(matter -> matter.reference() == null);
  }

  /** A known device of the site, by its model and serial as they are written out, is taken. */
  static MatterRows.Owner owner(Handle handle, MatterRow row) {
    MatterRows.Owner owner =
        MatterRows.owner(
            handle,
            row.customer().isEmpty() ? Optional.empty() : Optional.of(row.customer()),
            row.site().isEmpty() ? Optional.empty() : Optional.of(row.site()),
            Optional.empty(),
            row.device());
    if (owner.siteId() == null || row.device().isEmpty()) {
      return owner;
    }
    Long device =
        handle
            .createQuery(
                "SELECT id FROM device WHERE site_id = :site"
                    + " AND CONCAT_WS(' ', model, NULLIF(serial, '')) = :device ORDER BY id LIMIT 1")
            .bind("site", owner.siteId())
            .bind("device", row.device())
            .mapTo(Long.class)
            .findOne()
            .orElse(null);
    return new MatterRows.Owner(owner.customerId(), owner.siteId(), device, row.device());
  }

  static long insert(
      Handle handle, MatterRow row, MatterRows.Owner owner, String login, Instant now) {
    Update insert =
        handle
            .createUpdate(
                "INSERT INTO matter (reference, kind_code, customer_id, site_id, device_id, device,"
                    + " e164, fault_code, description, result, result_note, assigned_to, due_at,"
                    + " source, opened_at, opened_by, dispatched_at, done_at, done_by) VALUES"
                    + " (:reference, :kind, :customer, :site, :deviceId, :device, :number, :fault,"
                    + " :description, :result, :note, :to, :due, 'import', :opened, :by,"
                    + " :dispatched, :done, IF(:done IS NULL, NULL, :by))")
            .bind("reference", row.reference())
            .bind("opened", Timestamp.from(row.openedAt().orElse(now)));
    return bind(insert, row, owner, login)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static void update(Handle handle, long id, MatterRow row, MatterRows.Owner owner, String login) {
    Update update =
        handle
            .createUpdate(
                "UPDATE matter SET kind_code = :kind, customer_id = :customer, site_id = :site,"
                    + " device_id = :deviceId, device = :device, e164 = :number,"
                    + " fault_code = :fault, description = :description, result = :result,"
                    + " result_note = :note, assigned_to = :to, due_at = :due,"
                    + " opened_at = :opened, dispatched_at = :dispatched,"
                    + " done_by = IF(:done IS NULL, NULL, COALESCE(done_by, :by)), done_at = :done"
                    + " WHERE id = :id")
            .bind("id", id)
            .bind("opened", Timestamp.from(row.openedAt().orElseThrow()));
    bind(update, row, owner, login).execute();
  }

  private static Update bind(Update statement, MatterRow row, MatterRows.Owner owner, String by) {
    return statement
        .bind("kind", row.kind())
        .bind("customer", owner.customerId())
        .bind("site", owner.siteId())
        .bind("deviceId", owner.deviceId())
        .bind("device", owner.device())
        .bind("number", row.number().orElse(null))
        .bind("fault", row.faultCode())
        .bind("description", row.description())
        .bind("result", row.result().map(Matter.Result::key).orElse(null))
        .bind("note", row.resultNote())
        .bind("to", row.assignedTo().orElse(null))
        .bind("due", time(row.dueAt()))
        .bind("dispatched", time(row.dispatchedAt()))
        .bind("done", time(row.doneAt()))
        .bind("by", by);
  }

  private static Timestamp time(Optional<Instant> at) {
    return at.map(Timestamp::from).orElse(null);
  }
}
