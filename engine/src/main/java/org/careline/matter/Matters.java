package org.careline.matter;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.careline.call.Journal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Matters: opened, changed, joined to calls, decided and done, straight in MySQL, each step in one
 * transaction with its line of the history. Blocks; throws what JDBI throws when MySQL is away.
 * Thread-safe.
 */
public final class Matters {
  /** Who does it. */
  public record Person(String login, Optional<String> agentNumber) {}

  /** One line of a matter's history. */
  public record Event(Instant at, String by, String what, String detail) {}

  /** A matter with all that belongs to it. */
  public record Whole(Matter matter, List<Contact.Joined> contacts, List<Event> history) {}

  /**
   * @param joined matters this call or attempt was joined to
   * @param open open matters of the same sites, number or customer, not yet joined: proposed
   * @param suggestion what a new matter begins with
   * @param others the same for the other sites of a call that is about several
   */
  public record OfContact(
      List<Matter> joined, List<Matter> open, Suggestion suggestion, List<Suggestion> others) {}

  /** Who the contact is with; empty texts = not known. */
  public record Suggestion(
      String customerCode, String siteCode, String siteName, String number, List<Device> devices) {}

  public record Device(long id, String name) {}

  private static final int PROPOSED = 20;

  private final Jdbi jdbi;
  private final OpenMatterTable open;
  private final InstantSource clock;

  /**
   * @param open told after each change
   */
  public Matters(Jdbi jdbi, OpenMatterTable open, InstantSource clock) {
    this.jdbi = jdbi;
    this.open = open;
    this.clock = clock;
  }

  // --- kinds

  /** All, first level first, in their order. */
  public List<MatterKind> kinds() {
    return jdbi.withHandle(MatterRows::kinds);
  }

  /**
   * Adds or changes a kind.
   *
   * @throws MatterRefused when it would make a third level
   */
  public void saveKind(MatterKind kind) {
    jdbi.useTransaction(
        handle -> {
          List<MatterKind> all = MatterRows.kinds(handle);
          kind.parent()
              .ifPresent(
                  parent -> {
                    MatterKind above = MatterRows.kind(all, parent);
                    if (above.parent().isPresent()
                        || all.stream()
                            .anyMatch(
                                one -> one.parent().filter(kind.code()::equals).isPresent())) {
                      throw MatterRefused.invalid(Sentence.of("matter.two-levels", kind.code()));
                    }
                  });
          MatterRows.save(handle, kind);
        });
  }

  // --- life of a matter

  /**
   * Opens one.
   *
   * @param contact the call or attempt it came up in
   * @throws MatterRefused when kind, site or device do not exist
   */
  public Matter open(MatterForm form, Optional<Contact> contact, Person who) {
    Matter.Source source =
        contact
            .map(
                one ->
                    one.kind() == Contact.Kind.CALL ? Matter.Source.CALL : Matter.Source.CALLBACK)
            .orElse(Matter.Source.HAND);
    return change(
        handle -> {
          contact.ifPresent(one -> MatterRows.requireContact(handle, one));
          form.openedAt().ifPresent(this::requirePast);
          long id = MatterRows.insert(handle, form, source, who, clock.instant());
          event(handle, id, who, "opened", Map.of("kind", form.kind()));
          contact.ifPresent(one -> MatterRows.join(handle, id, one, who.login(), clock.instant()));
          return id;
        });
  }

  /**
   * Changes what is written about it.
   *
   * @param version the one that was read
   * @throws MatterRefused also when another has changed it since
   */
  public Matter change(long id, int version, MatterForm form, Person who) {
    return change(
        handle -> {
          Matter before = locked(handle, id, version);
          form.openedAt().ifPresent(at -> requireBegin(before, at));
          MatterRows.update(handle, before, form);
          Matter after = MatterRows.require(handle, id);
          Map<String, Object> changes = changes(before, after);
          if (!changes.isEmpty()) {
            touched(handle, id, Optional.empty());
            event(handle, id, who, "changed", changes);
          }
          return id;
        });
  }

  /** Joins a later call. Again is harmless. */
  public Matter join(long id, Contact contact, Person who) {
    return change(
        handle -> {
          MatterRows.lock(handle, id);
          MatterRows.requireContact(handle, contact);
          if (MatterRows.join(handle, id, contact, who.login(), clock.instant())) {
            touched(handle, id, who.agentNumber());
            event(handle, id, who, "joined", contactDetail(contact));
          }
          return id;
        });
  }

  /** Takes a call off again. */
  public Matter part(long id, Contact contact, Person who) {
    return change(
        handle -> {
          MatterRows.lock(handle, id);
          if (!MatterRows.part(handle, id, contact)) {
            throw MatterRefused.missing(Sentence.of("matter.not-joined"));
          }
          touched(handle, id, Optional.empty());
          event(handle, id, who, "parted", contactDetail(contact));
          return id;
        });
  }

  /**
   * Decides what comes of it; solved on the phone is done. Who has been sent stays sent while the
   * result is still that somebody goes.
   */
  public Matter decide(long id, int version, Decision decision, Person who) {
    return change(
        handle -> {
          requireOpen(locked(handle, id, version));
          boolean solved = decision.result() == Matter.Result.SOLVED;
          handle
              .createUpdate(
                  "UPDATE matter SET result = :result, result_note = :note, assigned_to = :to,"
                      + " due_at = :due, dispatched_at = IF(:goes, dispatched_at, NULL),"
                      + " done_at = IF(:solved, :now, NULL), done_by = IF(:solved, :by, NULL)"
                      + " WHERE id = :id")
              .bind("id", id)
              .bind("result", decision.result().key())
              .bind("note", decision.note())
              .bind("to", decision.assignedTo().orElse(null))
              .bind("due", decision.dueAt().map(Timestamp::from).orElse(null))
              .bind("goes", decision.result() == Matter.Result.DISPATCH)
              .bind("solved", solved)
              .bind("now", Timestamp.from(clock.instant()))
              .bind("by", who.login())
              .execute();
          touched(handle, id, who.agentNumber());
          Map<String, Object> detail = new LinkedHashMap<>();
          detail.put("result", decision.result().key());
          detail.put("note", decision.note());
          decision.assignedTo().ifPresent(name -> detail.put("assignedTo", name));
          decision.dueAt().ifPresent(at -> detail.put("dueAt", at.toString()));
          event(handle, id, who, "result", detail);
          return id;
        });
  }

  /**
   * He who goes has been sent.
   *
   * @param when empty = now; not before it was opened, not in the future
   */
  public Matter dispatched(long id, int version, Optional<Instant> when, Person who) {
    return change(
        handle -> {
          Matter before = locked(handle, id, version);
          if (before.result() != Matter.Result.DISPATCH || before.state() != Matter.State.OPEN) {
            throw MatterRefused.conflict(
                "not_to_be_dispatched", Sentence.of("matter.not-to-be-dispatched"));
          }
          Instant at = moment(when, before.openedAt(), "dispatchedAt");
          handle.execute(
              "UPDATE matter SET dispatched_at = ? WHERE id = ?", Timestamp.from(at), id);
          touched(handle, id, Optional.empty());
          event(handle, id, who, "dispatched", Map.of());
          return id;
        });
  }

  /**
   * It is done.
   *
   * @param note what was done; takes the place of the result's note when not empty
   * @param when empty = now; not before it was opened or dispatched, not in the future
   */
  public Matter done(long id, int version, String note, Optional<Instant> when, Person who) {
    MatterForm.text("note", note, Decision.NOTE);
    return change(
        handle -> {
          Matter before = locked(handle, id, version);
          requireOpen(before);
          if (before.result() == null) {
            throw MatterRefused.conflict("undecided", Sentence.of("matter.undecided"));
          }
          Instant begun = before.dispatchedAt() == null ? before.openedAt() : before.dispatchedAt();
          Instant at = moment(when, begun, "doneAt");
          handle.execute(
              "UPDATE matter SET done_at = ?, done_by = ?, result_note = IF(? = '', result_note, ?)"
                  + " WHERE id = ?",
              Timestamp.from(at),
              who.login(),
              note,
              note,
              id);
          touched(handle, id, Optional.empty());
          event(handle, id, who, "done", Map.of("note", note));
          return id;
        });
  }

  /** It was not done after all. */
  public Matter reopen(long id, int version, String note, Person who) {
    MatterForm.text("note", note, Decision.NOTE);
    return change(
        handle -> {
          if (locked(handle, id, version).state() != Matter.State.DONE) {
            throw MatterRefused.conflict("not_done", Sentence.of("matter.not-done"));
          }
          handle.execute(
              "UPDATE matter SET done_at = NULL, done_by = NULL, result = NULL,"
                  + " assigned_to = NULL, due_at = NULL, dispatched_at = NULL WHERE id = ?",
              id);
          touched(handle, id, Optional.empty());
          event(handle, id, who, "reopened", Map.of("note", note));
          return id;
        });
  }

  // --- questions

  public Optional<Whole> find(long id) {
    return jdbi.withHandle(
        handle ->
            MatterRows.find(handle, id)
                .map(
                    matter ->
                        new Whole(
                            matter,
                            MatterRows.contacts(handle, id),
                            MatterRows.events(handle, id))));
  }

  /** Newest first. */
  public MatterFilter.Page list(MatterFilter filter, Optional<Long> before, int limit) {
    return jdbi.withHandle(handle -> MatterRows.list(handle, filter, before, limit));
  }

  /** What belongs to a call or attempt, and what may. */
  public OfContact of(Contact contact) {
    return jdbi.withHandle(
        handle -> {
          MatterRows.With with = MatterRows.requireContact(handle, contact);
          List<Matter> joined = MatterRows.joined(handle, contact);
          List<MatterRows.With> others = MatterRows.others(handle, contact);
          Map<Long, Matter> proposed = new LinkedHashMap<>();
          Stream.concat(Stream.of(with), others.stream())
              .flatMap(each -> MatterRows.openOf(handle, each, PROPOSED).stream())
              .filter(matter -> joined.stream().noneMatch(one -> one.id() == matter.id()))
              .forEach(matter -> proposed.putIfAbsent(matter.id(), matter));
          return new OfContact(
              joined,
              List.copyOf(proposed.values()),
              MatterRows.suggestion(handle, with),
              others.stream().map(each -> MatterRows.suggestion(handle, each)).toList());
        });
  }

  // --- inside

  private interface Step {
    /** Gives the matter's id. */
    long take(Handle handle);
  }

  private Matter change(Step step) {
    Matter after =
        jdbi.inTransaction(
            handle -> {
              Matter matter = MatterRows.require(handle, step.take(handle));
              MatterRows.raise(handle);
              return matter;
            });
    open.refresh();
    return after;
  }

  private static Matter locked(Handle handle, long id, int version) {
    Matter matter = MatterRows.lock(handle, id);
    if (matter.version() != version) {
      throw MatterRefused.conflict("changed_meanwhile", Sentence.of("matter.changed-meanwhile"));
    }
    return matter;
  }

  private Instant moment(Optional<Instant> when, Instant begun, String field) {
    Instant at = when.orElseGet(clock::instant).truncatedTo(ChronoUnit.MILLIS);
    requirePast(at);
    if (when.isPresent() && at.isBefore(begun)) {
      throw MatterRefused.invalid(Sentence.of("matter.too-early", field));
    }
    return at;
  }

  private void requirePast(Instant at) {
    if (at.isAfter(clock.instant())) {
      throw MatterRefused.invalid(Sentence.of("matter.future"));
    }
  }

  /** It cannot have been opened after what was done about it. */
  private void requireBegin(Matter matter, Instant at) {
    requirePast(at);
    boolean late =
        Stream.of(matter.dispatchedAt(), matter.doneAt())
            .filter(Objects::nonNull)
            .anyMatch(at::isAfter);
    if (late) {
      throw MatterRefused.invalid(Sentence.of("matter.too-late"));
    }
  }

  private static void requireOpen(Matter matter) {
    if (matter.state() == Matter.State.DONE) {
      throw MatterRefused.conflict("matter_done", Sentence.of("matter.is-done"));
    }
  }

  private static void touched(Handle handle, long id, Optional<String> agent) {
    handle.execute(
        "UPDATE matter SET version = version + 1, last_agent = COALESCE(?, last_agent)"
            + " WHERE id = ?",
        agent.orElse(null),
        id);
  }

  private static Map<String, Object> contactDetail(Contact contact) {
    return Map.of("kind", contact.kind().key(), "id", contact.id());
  }

  private void event(Handle handle, long id, Person who, String what, Map<String, Object> detail) {
    event(handle, id, who.login(), what, detail, clock.instant());
  }

  static void event(
      Handle handle, long id, String login, String what, Map<String, Object> detail, Instant at) {
    try {
      handle.execute(
          "INSERT INTO matter_event (matter_id, at, by_login, what, detail) VALUES (?, ?, ?, ?, ?)",
          id,
          Timestamp.from(at),
          login,
          what,
          Journal.JSON.writeValueAsString(detail));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a history cannot be written", e);
    }
  }

  /** Field to what it was before. */
  static Map<String, Object> changes(Matter before, Matter after) {
    Map<String, Object> changes = new LinkedHashMap<>();
    note(changes, "kind", before.kind(), after.kind());
    note(changes, "customer", before.customerCode(), after.customerCode());
    note(changes, "site", before.siteCode(), after.siteCode());
    note(changes, "device", before.device(), after.device());
    note(changes, "number", before.number(), after.number());
    note(changes, "faultCode", before.faultCode(), after.faultCode());
    note(changes, "description", before.description(), after.description());
    note(changes, "result", before.result(), after.result());
    note(changes, "resultNote", before.resultNote(), after.resultNote());
    note(changes, "assignedTo", before.assignedTo(), after.assignedTo());
    note(changes, "dueAt", before.dueAt(), after.dueAt());
    note(changes, "openedAt", before.openedAt(), after.openedAt());
    note(changes, "dispatchedAt", before.dispatchedAt(), after.dispatchedAt());
    note(changes, "doneAt", before.doneAt(), after.doneAt());
    return changes;
  }

  private static void note(Map<String, Object> changes, String field, Object was, Object is) {
    if (!Objects.equals(was, is)) {
      changes.put(field, was == null ? "" : String.valueOf(was));
    }
  }
}
