package org.careline.matter;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.careline.language.Sentence;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.FaultCard;
import org.careline.questionnaire.FaultCardStore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Danger in what agents write about calls, matters and tasks, by the words and fault cards the
 * questionnaire goes by. Somebody is told before anything else happens with the text: a task too
 * many is sooner settled than one too few. Blocks on MySQL and the journal; thread-safe.
 */
public final class Dangers {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final String UNKNOWN_TIER = "standard";

  /**
   * Somebody has been told.
   *
   * @param word that was recognised, or the title of the fault's card
   * @param to login of whoever has to act; empty = whoever sees the tasks first
   */
  public record Told(String word, String by, Instant at, Optional<String> to) {}

  /**
   * Where something is written.
   *
   * @param call id of the call or attempt, or what stands for it
   * @param customer code, as the writer names it
   * @param site code of the customer's site
   * @param model of the device; empty = not known
   */
  private record Origin(
      String call,
      MatterRows.With with,
      Optional<String> customer,
      Optional<String> site,
      String model) {}

  private record Place(long customer, long site, String tier, String name) {}

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Function<SaidDanger, CompletableFuture<Optional<String>>> tell;
  private final FaultCardStore store = new FaultCardStore();

  /**
   * @param tell completes with the login of whoever has to act when it is on disk; harmless when
   *     done twice for a call
   */
  public Dangers(
      Jdbi jdbi,
      InstantSource clock,
      Function<SaidDanger, CompletableFuture<Optional<String>>> tell) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.tell = tell;
  }

  /**
   * Tells of what a free text about a call says.
   *
   * @param customer code, when the text is about a site other than the caller's
   * @param site code of the customer's site
   * @return empty = no danger
   * @throws MatterRefused when there is no such call, or nobody could be told
   */
  public Optional<Told> look(
      Contact contact,
      String text,
      Optional<String> customer,
      Optional<String> site,
      Matters.Person who) {
    return look(
        handle ->
            new Origin(
                contact.id(), MatterRows.requireContact(handle, contact), customer, site, ""),
        text,
        "",
        who);
  }

  /** As above, of a matter's text and its fault; at the site it names, if it names one. */
  public Optional<Told> look(Contact contact, MatterForm form, Matters.Person who) {
    return look(
        handle ->
            new Origin(
                contact.id(),
                MatterRows.requireContact(handle, contact),
                form.customer(),
                form.site(),
                model(handle, form.deviceId(), form.device())),
        form.description(),
        form.faultCode(),
        who);
  }

  /** As above, of a matter that nobody has called about. */
  public Optional<Told> look(long matter, MatterForm form, Matters.Person who) {
    return look(handle -> origin(handle, matter, form), form.description(), form.faultCode(), who);
  }

  /** As above, of such a matter that is saved already: before that it had no number. */
  public Optional<Told> lookAtOpened(long matter, MatterForm form, Matters.Person who) {
    try {
      return look(matter, form, who);
    } catch (MatterRefused refused) {
      throw MatterRefused.conflict(
          "danger_not_told", Sentence.of("matter.saved-danger-not-told", String.valueOf(matter)));
    }
  }

  /**
   * As above, of what is noted about a matter.
   *
   * @param contact in which it was last spoken about
   */
  public Optional<Told> look(
      Matter matter, Optional<Contact> contact, String note, Matters.Person who) {
    return look(
        handle ->
            new Origin(
                contact.map(Contact::id).orElse(key(matter.id())),
                contact
                    .map(one -> MatterRows.requireContact(handle, one))
                    .orElse(new MatterRows.With(null, matter.siteId(), matter.number())),
                Optional.ofNullable(matter.customerCode()),
                Optional.ofNullable(matter.siteCode()),
                ""),
        note,
        "",
        who);
  }

  /**
   * As above, of what is noted about a task. What is noted about a danger's own is known to whoever
   * acts on it.
   */
  public Optional<Told> lookAtTask(String task, String note, Matters.Person who) {
    if (note.isBlank()) {
      return Optional.empty();
    }
    Optional<Origin> origin =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT call_id, customer_id, site_id, e164 FROM task"
                            + " WHERE id = :id AND kind <> 'danger'")
                    .bind("id", task)
                    .map(
                        (row, context) ->
                            new Origin(
                                row.getString("call_id"),
                                new MatterRows.With(
                                    row.getObject("customer_id", Long.class),
                                    row.getObject("site_id", Long.class),
                                    row.getString("e164")),
                                Optional.empty(),
                                Optional.empty(),
                                ""))
                    .findOne());
    return origin.flatMap(from -> look(handle -> from, note, "", who));
  }

  private static Origin origin(Handle handle, long matter, MatterForm form) {
    return new Origin(
        key(matter),
        new MatterRows.With(null, null, form.number().orElse(null)),
        form.customer(),
        form.site(),
        model(handle, form.deviceId(), form.device()));
  }

  /** Stands for the call of a matter that nobody has called about. */
  private static String key(long matter) {
    return "matter-" + matter;
  }

  private Optional<Told> look(
      Function<Handle, Origin> origin, String text, String faultCode, Matters.Person who) {
    if (text.isBlank() && faultCode.isBlank()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    record Found(String word, SaidDanger danger) {}
    Optional<Found> found =
        jdbi.inTransaction(
            handle -> {
              Origin from = origin.apply(handle);
              return word(handle, text, from.model(), faultCode)
                  .map(
                      word ->
                          new Found(word, danger(handle, from, word, text, faultCode, who, now)));
            });
    return found.map(
        each -> new Told(each.word(), who.login(), now, told(tell.apply(each.danger()))));
  }

  private Optional<String> word(Handle handle, String text, String model, String faultCode) {
    FaultBook book = store.book(handle, model.isEmpty() ? List.of() : List.of(model));
    return book.danger(text)
        .or(() -> book.danger(faultCode))
        .or(
            () ->
                Optional.of(faultCode)
                    .filter(code -> !code.isBlank())
                    .flatMap(code -> book.card(model, code))
                    .filter(FaultCard::danger)
                    .map(card -> card.title().zh() + " / " + card.title().en()));
  }

  /** Of a device we know; what is only named may be anything. */
  private static String model(Handle handle, Optional<Long> deviceId, String named) {
    return deviceId
        .flatMap(
            id ->
                handle
                    .createQuery("SELECT model FROM device WHERE id = :id")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findOne())
        .orElse(named);
  }

  private static SaidDanger danger(
      Handle handle,
      Origin from,
      String word,
      String text,
      String faultCode,
      Matters.Person who,
      Instant now) {
    Optional<Place> place = place(handle, from);
    return new SaidDanger(
        from.call(),
        place.map(Place::customer).orElseGet(() -> customer(handle, from)),
        place.map(Place::site).orElse(null),
        place.map(Place::name).orElse(""),
        from.with().number(),
        place.map(Place::tier).orElse(UNKNOWN_TIER),
        word + ": " + said(text, faultCode),
        who.login(),
        now);
  }

  private static Long customer(Handle handle, Origin from) {
    return from.customer()
        .flatMap(
            code ->
                handle
                    .createQuery("SELECT id FROM customer WHERE code = :code")
                    .bind("code", code)
                    .mapTo(Long.class)
                    .findOne())
        .orElse(from.with().customerId());
  }

  private static String said(String text, String faultCode) {
    if (text.isBlank() || faultCode.isBlank()) {
      return text + faultCode;
    }
    return faultCode + "; " + text;
  }

  /** What the matter names, else where the call came from. */
  private static Optional<Place> place(Handle handle, Origin from) {
    return handle
        .createQuery(
            "SELECT s.customer_id, s.id, s.tier_code,"
                + " CONCAT(s.name, ' (', s.code, ')') FROM site s JOIN customer c"
                + " ON c.id = s.customer_id WHERE (c.code = :customer AND s.code = :code)"
                + " OR s.id = :id ORDER BY c.code = :customer AND s.code = :code DESC LIMIT 1")
        .bind("customer", from.customer().orElse(""))
        .bind("code", from.site().orElse(""))
        .bind("id", from.with().siteId())
        .map(
            (row, context) ->
                new Place(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4)))
        .findOne();
  }

  private static Optional<String> told(CompletableFuture<Optional<String>> under) {
    try {
      return under.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw nobody();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw nobody();
    }
  }

  private static MatterRefused nobody() {
    return MatterRefused.conflict("danger_not_told", Sentence.of("matter.danger-not-told"));
  }
}
