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
 * Danger in what agents write about calls, by the words and fault cards the questionnaire goes by.
 * Somebody is told before anything else happens with the text: a task too many is sooner settled
 * than one too few. Blocks on MySQL and the journal; thread-safe.
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
   * @return empty = no danger
   * @throws MatterRefused when there is no such call, or nobody could be told
   */
  public Optional<Told> look(Contact contact, String text, Matters.Person who) {
    return look(contact, text, Optional.empty(), "", who);
  }

  /** As above, of a matter's text and its fault; at the site it names, if it names one. */
  public Optional<Told> look(Contact contact, MatterForm form, Matters.Person who) {
    return look(contact, form.description(), Optional.of(form), form.faultCode(), who);
  }

  private Optional<Told> look(
      Contact contact,
      String text,
      Optional<MatterForm> form,
      String faultCode,
      Matters.Person who) {
    if (text.isBlank() && faultCode.isBlank()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    record Found(String word, SaidDanger danger) {}
    Optional<Found> found =
        jdbi.inTransaction(
            handle ->
                word(handle, text, form, faultCode)
                    .map(
                        word ->
                            new Found(
                                word,
                                danger(handle, contact, form, word, text, faultCode, who, now))));
    return found.map(
        each -> new Told(each.word(), who.login(), now, told(tell.apply(each.danger()))));
  }

  private Optional<String> word(
      Handle handle, String text, Optional<MatterForm> form, String faultCode) {
    String model = form.map(each -> model(handle, each)).orElse("");
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
  private static String model(Handle handle, MatterForm form) {
    return form.deviceId()
        .flatMap(
            id ->
                handle
                    .createQuery("SELECT model FROM device WHERE id = :id")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findOne())
        .orElse(form.device());
  }

  private static SaidDanger danger(
      Handle handle,
      Contact contact,
      Optional<MatterForm> form,
      String word,
      String text,
      String faultCode,
      Matters.Person who,
      Instant now) {
    MatterRows.With with = MatterRows.requireContact(handle, contact);
    Optional<Place> place = place(handle, with, form);
    return new SaidDanger(
        contact,
        place.map(Place::customer).orElse(with.customerId()),
        place.map(Place::site).orElse(null),
        place.map(Place::name).orElse(""),
        with.number(),
        place.map(Place::tier).orElse(UNKNOWN_TIER),
        word + ": " + said(text, faultCode),
        who.login(),
        now);
  }

  private static String said(String text, String faultCode) {
    if (text.isBlank() || faultCode.isBlank()) {
      return text + faultCode;
    }
    return faultCode + "; " + text;
  }

  /** What the matter names, else where the call came from. */
  private static Optional<Place> place(
      Handle handle, MatterRows.With with, Optional<MatterForm> form) {
    return handle
        .createQuery(
            "SELECT s.customer_id, s.id, s.tier_code,"
                + " CONCAT(s.name, ' (', s.code, ')') FROM site s JOIN customer c"
                + " ON c.id = s.customer_id WHERE (c.code = :customer AND s.code = :code)"
                + " OR s.id = :id ORDER BY c.code = :customer AND s.code = :code DESC LIMIT 1")
        .bind("customer", form.flatMap(MatterForm::customer).orElse(""))
        .bind("code", form.flatMap(MatterForm::site).orElse(""))
        .bind("id", with.siteId())
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
