package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.careline.call.CallId;
import org.careline.callback.AttemptJournal.Answered;
import org.careline.callback.AttemptJournal.Settling;
import org.careline.language.Sentence;
import org.careline.questionnaire.AnswerKey;
import org.careline.questionnaire.AnswerType;
import org.careline.questionnaire.Branching;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.FaultCard;
import org.careline.questionnaire.Questionnaire;

/**
 * What the agent writes down. Each answer is kept on its own, with the call and the second of its
 * recording; the disposition ends the attempt. The futures complete when it is on disk: only then
 * may the agent be told. Confined to the mailbox.
 */
public final class Forms {
  private static final int NOTE = 2000;
  private final Attempts attempts;
  private final InstantSource clock;
  private final Function<Danger, CompletableFuture<?>> escalate;

  /**
   * @param escalate tells somebody of a danger; completes when it is on disk. Called once for an
   *     attempt
   */
  public Forms(
      Attempts attempts, InstantSource clock, Function<Danger, CompletableFuture<?>> escalate) {
    this.attempts = attempts;
    this.clock = clock;
    this.escalate = escalate;
  }

  /**
   * Saves some answers; what is missing stays as it is, and an empty text takes one back. Answers
   * whose questions fall away by it are taken back too. Throws {@link FormRefused}.
   *
   * @param given by {@link AnswerKey} in text form
   */
  public CompletableFuture<Void> answers(CallId id, String login, Map<String, String> given) {
    LiveAttempt attempt = answered(id);
    Instant now = clock.instant();
    SiteForm form = attempt.form;
    Map<AnswerKey, String> values = new LinkedHashMap<>();
    Set<AnswerKey> back = new LinkedHashSet<>();
    List<Questionnaire.Refusal> refusals = new ArrayList<>();
    given.forEach(
        (text, value) -> {
          AnswerKey key = AnswerKey.of(text).orElse(null);
          if (key == null || form.questionnaire().question(key.code()).isEmpty()) {
            refusals.add(
                new Questionnaire.Refusal(
                    text, "unknown_question", Sentence.of("form.unknown-question", text)));
          } else if (value.isBlank()) {
            back.add(key);
          } else {
            values.put(key, value);
          }
        });
    Map<AnswerKey, String> all = new LinkedHashMap<>(attempt.answers);
    all.keySet().removeAll(back);
    refusals.addAll(
        form.questionnaire()
            .check(
                values,
                all,
                form.deviceIds(),
                now.atZone(attempt.site.calling().zone()).toLocalDate()));
    if (!refusals.isEmpty()) {
      throw new FormRefused(
          "answers_refused",
          Sentence.joined("; ", refusals.stream().map(Questionnaire.Refusal::why).toList()),
          refusals.stream().map(each -> each.key() + " " + each.reason()).toList());
    }
    all.putAll(values);
    Map<AnswerKey, String> standing =
        Branching.of(form.questionnaire(), form.deviceIds(), all).standing();
    List<CompletableFuture<?>> kept = new ArrayList<>();
    values.forEach(
        (key, value) ->
            danger(attempt, key, value).ifPresent(said -> kept.add(tell(attempt, login, said))));
    values.forEach(
        (key, value) -> {
          if (!value.equals(attempt.answers.get(key))) {
            kept.add(keep(attempt, login, now, key, value, AnswerRows.Kind.CHANGED));
          }
        });
    for (AnswerKey key : List.copyOf(attempt.answers.keySet())) {
      if (!standing.containsKey(key)) {
        AnswerRows.Kind kind = back.contains(key) ? AnswerRows.Kind.CHANGED : AnswerRows.Kind.VOID;
        kept.add(keep(attempt, login, now, key, null, kind));
      }
    }
    attempt.answers.clear();
    attempt.answers.putAll(standing);
    return CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new));
  }

  /** A word of danger in a text, or a fault whose card says so. */
  private static Optional<String> danger(LiveAttempt attempt, AnswerKey key, String value) {
    FaultBook faults = attempt.form.faults();
    if (key.code().equals(FaultBook.FAULT_CODE)) {
      return attempt.form.devices().stream()
          .filter(device -> device.id() == key.device())
          .findFirst()
          .flatMap(device -> faults.card(device.model(), value))
          .filter(FaultCard::danger)
          .map(card -> card.title().zh() + " / " + card.title().en() + ": " + value);
    }
    boolean text =
        attempt.form.questionnaire().question(key.code()).orElseThrow().type()
            instanceof AnswerType.Text;
    return text ? danger(attempt, value) : Optional.empty();
  }

  private static Optional<String> danger(LiveAttempt attempt, String text) {
    return attempt.form.faults().danger(text).map(word -> word + ": " + text);
  }

  private CompletableFuture<?> tell(LiveAttempt attempt, String login, String said) {
    if (attempt.escalated) {
      return CompletableFuture.completedFuture(null);
    }
    attempt.escalated = true;
    return escalate
        .apply(new Danger(attempt.id, attempt.site, attempt.e164, said, login, clock.instant()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                attempt.escalated = false;
              }
            });
  }

  private CompletableFuture<Long> keep(
      LiveAttempt attempt,
      String login,
      Instant now,
      AnswerKey key,
      String value,
      AnswerRows.Kind kind) {
    Double second =
        attempt
            .answeredAt
            .map(at -> Math.max(0, Duration.between(at, now).toMillis()) / 1000.0)
            .orElse(null);
    String device =
        attempt.form.devices().stream()
            .filter(each -> each.id() == key.device())
            .map(SiteForm.Device::name)
            .findFirst()
            .orElse(null);
    return attempts
        .journal()
        .answered(
            attempt.id,
            new Answered(
                attempt.site.roundId(),
                attempt.site.siteId(),
                key.device(),
                device,
                key.code(),
                attempt.form.questionnaire().version(),
                value,
                kind.key(),
                second,
                login,
                now));
  }

  /**
   * Ends the attempt. The same form again is taken as the first one's echo. Throws {@link
   * FormRefused}.
   *
   * @param appointmentAt only for an appointment, inside the site's calling window
   */
  public CompletableFuture<Void> disposition(
      CallId id,
      String login,
      Disposition disposition,
      String note,
      Optional<Instant> appointmentAt) {
    if (attempts.settledWith(id).equals(Optional.of(disposition.id()))) {
      return CompletableFuture.completedFuture(null);
    }
    LiveAttempt attempt = answered(id);
    check(attempt, disposition, note, appointmentAt);
    Instant now = clock.instant();
    CompletableFuture<?> told =
        danger(attempt, note)
            .<CompletableFuture<?>>map(said -> tell(attempt, login, said))
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    CompletableFuture<Long> kept =
        attempts
            .journal()
            .settled(
                id,
                new Settling(
                    disposition.id(),
                    note,
                    disposition == Disposition.APPOINTMENT ? appointmentAt.orElse(null) : null,
                    now,
                    0,
                    null,
                    login));
    attempts.on(id.value(), new AttemptEvent.FormDone(now, disposition));
    return CompletableFuture.allOf(told, kept);
  }

  private void check(
      LiveAttempt attempt, Disposition disposition, String note, Optional<Instant> appointmentAt) {
    if (note.length() > NOTE) {
      throw new FormRefused("note_too_long", Sentence.of("form.note-long"));
    }
    if (attempt.site.rules().retry(disposition).noteRequired() && note.isBlank()) {
      throw new FormRefused("note_required", Sentence.of("form.note-required"));
    }
    if (disposition == Disposition.COMPLETED) {
      List<String> missing =
          Branching.of(attempt.form.questionnaire(), attempt.form.deviceIds(), attempt.answers)
              .missing()
              .stream()
              .map(AnswerKey::toString)
              .toList();
      if (!missing.isEmpty()) {
        throw new FormRefused(
            "answers_missing",
            Sentence.of("form.answers-missing", String.join(", ", missing)),
            missing);
      }
    }
    if (disposition == Disposition.APPOINTMENT) {
      Instant at =
          appointmentAt.orElseThrow(
              () ->
                  new FormRefused("appointment_missing", Sentence.of("form.appointment-missing")));
      if (!at.isAfter(clock.instant())) {
        throw new FormRefused("appointment_past", Sentence.of("form.appointment-past"));
      }
      SiteRules calling = attempt.site.calling();
      if (!CallingRules.open(calling, at)) {
        throw new FormRefused(
            "appointment_outside_window",
            Sentence.of("form.appointment-outside"),
            CallingRules.nextPermitted(calling.callable(), at, History.NONE)
                .map(Instant::toString)
                .stream()
                .toList());
      }
    }
  }

  /** Somebody, or something, must have answered: before that there is nothing to write down. */
  private LiveAttempt answered(CallId id) {
    LiveAttempt attempt = attempts.find(id);
    boolean heard =
        attempt.state instanceof AttemptState.Talking
            || attempt.state instanceof AttemptState.Ended
            || attempt.state instanceof AttemptState.Unknown;
    if (!heard) {
      throw new FormRefused("not_answered", Sentence.of("form.not-answered"));
    }
    return attempt;
  }
}
