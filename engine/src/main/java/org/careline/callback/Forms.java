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
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.AttemptJournal.Answered;
import org.careline.callback.AttemptJournal.Settling;
import org.careline.customer.PhoneNumber;
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
  private Function<Danger, CompletableFuture<?>> removed =
      said -> CompletableFuture.completedFuture(null);

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
   * Whom to tell that a site has our device no more; completes when it is on disk. Before anybody
   * else has it.
   */
  public void onDeviceRemoved(Function<Danger, CompletableFuture<?>> removed) {
    this.removed = removed;
  }

  /**
   * Saves some answers of a site; what is missing stays as it is, and an empty text takes one back.
   * Answers whose questions fall away by it are taken back too. Throws {@link FormRefused}.
   *
   * @param code of the site; empty = the one the attempt was begun for
   * @param given by {@link AnswerKey} in text form
   */
  public CompletableFuture<Void> answers(
      CallId id, Optional<String> code, String login, Map<String, String> given) {
    LiveAttempt attempt = answered(id);
    LiveSite site = code.map(each -> site(attempt, each)).orElse(attempt.sites.getFirst());
    if (!site.open()) {
      throw new FormRefused("already_settled", Sentence.of("form.already-settled"));
    }
    Instant now = clock.instant();
    SiteForm form = site.form;
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
    Map<AnswerKey, String> all = new LinkedHashMap<>(site.answers);
    all.keySet().removeAll(back);
    refusals.addAll(
        form.questionnaire()
            .check(
                values, all, form.asked(), now.atZone(site.site.calling().zone()).toLocalDate()));
    if (!refusals.isEmpty()) {
      throw new FormRefused(
          "answers_refused",
          Sentence.joined("; ", refusals.stream().map(Questionnaire.Refusal::why).toList()),
          refusals.stream().map(each -> each.key() + " " + each.reason()).toList());
    }
    all.putAll(values);
    Map<AnswerKey, String> standing =
        Branching.of(form.questionnaire(), form.asked(), all).standing();
    List<CompletableFuture<?>> kept = new ArrayList<>();
    values.forEach(
        (key, value) ->
            danger(site, key, value).ifPresent(said -> kept.add(tell(attempt, site, login, said))));
    values.forEach(
        (key, value) -> {
          if (!value.equals(site.answers.get(key))) {
            kept.add(keep(attempt, site, login, now, key, value, AnswerRows.Kind.CHANGED));
          }
        });
    for (AnswerKey key : List.copyOf(site.answers.keySet())) {
      if (!standing.containsKey(key)) {
        AnswerRows.Kind kind = back.contains(key) ? AnswerRows.Kind.CHANGED : AnswerRows.Kind.VOID;
        kept.add(keep(attempt, site, login, now, key, null, kind));
      }
    }
    site.answers.clear();
    site.answers.putAll(standing);
    return CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new));
  }

  /** As above, of the site the attempt was begun for. */
  public CompletableFuture<Void> answers(CallId id, String login, Map<String, String> given) {
    return answers(id, Optional.empty(), login, given);
  }

  /** A word of danger in a text, or a fault whose card says so. */
  private static Optional<String> danger(LiveSite site, AnswerKey key, String value) {
    FaultBook faults = site.form.faults();
    if (key.code().equals(FaultBook.FAULT_CODE)) {
      return site.form.devices().stream()
          .filter(device -> device.id() == key.device())
          .findFirst()
          .flatMap(device -> faults.card(device.model(), value))
          .filter(FaultCard::danger)
          .map(card -> card.title().zh() + " / " + card.title().en() + ": " + value)
          .or(() -> danger(site, value));
    }
    boolean text =
        site.form.questionnaire().question(key.code()).orElseThrow().type()
            instanceof AnswerType.Text;
    return text ? danger(site, value) : Optional.empty();
  }

  private static Optional<String> danger(LiveSite site, String text) {
    return site.form.faults().danger(text).map(word -> word + ": " + text);
  }

  private CompletableFuture<?> tell(LiveAttempt attempt, LiveSite site, String login, String said) {
    if (site.escalated) {
      return CompletableFuture.completedFuture(null);
    }
    site.escalated = true;
    return escalate
        .apply(new Danger(attempt.id, site.site, attempt.e164, said, login, clock.instant()))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                site.escalated = false;
              }
            });
  }

  private CompletableFuture<Long> keep(
      LiveAttempt attempt,
      LiveSite site,
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
        site.form.devices().stream()
            .filter(each -> each.id() == key.device())
            .map(SiteForm.Device::name)
            .findFirst()
            .orElse(null);
    return attempts
        .journal()
        .answered(
            attempt.id,
            new Answered(
                site.site.roundId(),
                site.site.siteId(),
                key.device(),
                device,
                key.code(),
                site.form.questionnaire().version(),
                value,
                kind.key(),
                second,
                login,
                now));
  }

  /**
   * Says what a site has come to, and ends the attempt with the last of its sites. The same form
   * again is taken as the first one's echo. Throws {@link FormRefused}.
   *
   * @param code of the site; empty = all sites of the attempt that are open
   * @param referral only for the disposition referred: whom the person has named
   * @param appointment only for the disposition of that name, at a time at which the site may be
   *     rung, or somebody there has asked to be
   */
  public CompletableFuture<Void> disposition(
      CallId id,
      Optional<String> code,
      String login,
      Disposition disposition,
      String note,
      Optional<Appointment> appointment,
      Optional<Referral> referral) {
    if (attempts.settledWith(id, code).equals(Optional.of(disposition.id()))) {
      return CompletableFuture.completedFuture(null);
    }
    LiveAttempt attempt = attempts.find(id);
    if (!attempt.onlyHeard()) {
      answered(id);
    } else if (!disposition.heardUnanswered()) {
      throw new FormRefused("not_answered", Sentence.of("form.only-heard"));
    }
    // what was heard instead of an answer holds for all sites of the call
    Optional<LiveSite> one =
        attempt.onlyHeard() ? Optional.empty() : code.map(each -> site(attempt, each));
    if (one.isPresent() && !one.get().open()) {
      if (one.get().disposition.equals(Optional.of(disposition))) {
        return CompletableFuture.completedFuture(null);
      }
      throw new FormRefused("already_settled", Sentence.of("form.already-settled"));
    }
    List<LiveSite> wanted = one.map(List::of).orElseGet(attempt::open);
    for (LiveSite site : wanted) {
      check(attempt, site, wanted.size() > 1, disposition, note, appointment, referral);
    }
    Instant now = clock.instant();
    Optional<Referral> named = referral.filter(each -> disposition == Disposition.REFERRED);
    Optional<Appointment> made = appointment.filter(each -> disposition == Disposition.APPOINTMENT);
    List<CompletableFuture<?>> kept = new ArrayList<>();
    danger(wanted.getFirst(), note)
        .ifPresent(said -> kept.add(tell(attempt, wanted.getFirst(), login, said)));
    kept.add(
        attempts
            .journal()
            .settled(
                id,
                new Settling(
                    one.map(site -> site.site.roundSiteId()).orElse(null),
                    disposition.id(),
                    note,
                    made.map(Appointment::at).orElse(null),
                    now,
                    attempt.state instanceof AttemptState.Heard heard ? heard.cause() : 0,
                    attempt.state instanceof AttemptState.Heard heard
                        ? heard.dialStatus().orElse(null)
                        : null,
                    login,
                    made.flatMap(Appointment::agent).map(AgentNumber::value).orElse(null),
                    made.map(Appointment::asked).orElse(null),
                    named.map(AttemptJournal.Named::of).orElse(null),
                    true)));
    if (disposition == Disposition.DEVICE_REMOVED) {
      for (LiveSite site : wanted) {
        kept.add(removed.apply(new Danger(id, site.site, attempt.e164, note, login, now)));
      }
    }
    for (LiveSite site : wanted) {
      site.disposition = Optional.of(disposition);
    }
    if (attempt.open().isEmpty()) {
      attempts.on(id.value(), new AttemptEvent.FormDone(now, disposition));
    } else {
      attempts.siteDone(attempt);
    }
    return CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new));
  }

  /** As above, where nobody is named. */
  public CompletableFuture<Void> disposition(
      CallId id,
      Optional<String> code,
      String login,
      Disposition disposition,
      String note,
      Optional<Appointment> appointment) {
    return disposition(id, code, login, disposition, note, appointment, Optional.empty());
  }

  /** As above, for all sites of the attempt that are open. */
  public CompletableFuture<Void> disposition(
      CallId id,
      String login,
      Disposition disposition,
      String note,
      Optional<Instant> appointmentAt) {
    Optional<Appointment> withAnybody =
        appointmentAt.map(at -> new Appointment(at, Optional.empty(), ""));
    return disposition(
        id, Optional.empty(), login, disposition, note, withAnybody, Optional.empty());
  }

  private static LiveSite site(LiveAttempt attempt, String code) {
    return attempt
        .site(code)
        .orElseThrow(() -> new FormRefused("no_site", Sentence.of("form.no-site", code)));
  }

  private void check(
      LiveAttempt attempt,
      LiveSite site,
      boolean several,
      Disposition disposition,
      String note,
      Optional<Appointment> appointment,
      Optional<Referral> referral) {
    if (note.length() > NOTE) {
      throw new FormRefused("note_too_long", Sentence.of("form.note-long"));
    }
    if (referral
        .filter(who -> who.number().equals(new PhoneNumber(attempt.e164, attempt.extension)))
        .isPresent()) {
      throw new FormRefused("referral_number", Sentence.of("form.referral-same"));
    }
    boolean said = disposition == Disposition.REFERRED && referral.isPresent();
    if (site.site.rules().retry(disposition).noteRequired() && note.isBlank() && !said) {
      throw new FormRefused("note_required", Sentence.of("form.note-required"));
    }
    if (disposition == Disposition.COMPLETED) {
      List<String> missing =
          Branching.of(site.form.questionnaire(), site.form.asked(), site.answers)
              .missing()
              .stream()
              .map(AnswerKey::toString)
              .toList();
      if (!missing.isEmpty()) {
        String codes = String.join(", ", missing);
        throw new FormRefused(
            "answers_missing",
            several
                ? Sentence.of("form.answers-missing-at", site.site.siteCode(), codes)
                : Sentence.of("form.answers-missing", codes),
            missing);
      }
    }
    if (disposition == Disposition.APPOINTMENT) {
      check(
          attempt,
          site,
          appointment.orElseThrow(
              () ->
                  new FormRefused("appointment_missing", Sentence.of("form.appointment-missing"))));
    }
  }

  /** What is promised must be permitted, or it cannot be kept. */
  private void check(LiveAttempt attempt, LiveSite site, Appointment appointment) {
    Instant now = clock.instant();
    Instant at = appointment.at();
    if (!at.isAfter(now)) {
      throw new FormRefused("appointment_past", Sentence.of("form.appointment-past"));
    }
    if (appointment.asked().length() > Appointment.LONGEST) {
      throw new FormRefused("asked_too_long", Sentence.of("form.asked-long", Appointment.LONGEST));
    }
    SiteRules rules = site.site.calling().callable().asking(appointment.wish());
    Past call =
        new Past(
            attempt.answeredAt.orElse(now),
            attempt.e164,
            Optional.of(Disposition.APPOINTMENT),
            true);
    History history = site.history.with(call);
    Optional<Instant> first = CallingRules.nextPermitted(rules, at, history);
    if (first.equals(Optional.of(at))) {
      return;
    }
    List<String> instead = first.map(Instant::toString).stream().toList();
    if (!CallingRules.open(rules, at)) {
      throw new FormRefused(
          "appointment_outside_window", Sentence.of("form.appointment-outside"), instead);
    }
    Verdict refused =
        CallingRules.verdicts(rules, at, history).stream()
            .filter(verdict -> !verdict.permitted())
            .findFirst()
            .orElseThrow();
    throw new FormRefused(
        "appointment_not_permitted",
        Sentence.of("form.appointment-rule", refused.sentence()),
        instead);
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
