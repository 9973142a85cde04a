package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careline.callback.AnswerBook;
import org.careline.callback.FormRefused;
import org.careline.customer.NumberMask;
import org.careline.language.Sentence;
import org.careline.questionnaire.AnswerKey;
import org.careline.questionnaire.Branching;
import org.careline.questionnaire.Devices;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.FaultCardFile;
import org.careline.questionnaire.FaultCardStore;
import org.careline.questionnaire.FormEditRefused;
import org.careline.questionnaire.InvalidQuestionnaire;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireDrafts;
import org.careline.questionnaire.QuestionnaireDrafts.Draft;
import org.careline.questionnaire.QuestionnaireDrafts.Saving;
import org.careline.questionnaire.QuestionnaireParser;
import org.careline.questionnaire.QuestionnaireRepository;
import org.careline.questionnaire.QuestionnaireRepository.Published;
import org.careline.questionnaire.QuestionnaireWriter;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Questionnaires, fault cards and answers for the console, from MySQL. Thread-safe. */
public final class QuestionnaireForms implements Desks.FormDesk {
  private final Supplier<Jdbi> jdbi;
  private final AnswerBook answers;
  private final ZoneId zone;
  private final InstantSource clock;
  private final QuestionnaireRepository published = new QuestionnaireRepository();
  private final QuestionnaireDrafts drafts;
  private final FaultCardStore cards = new FaultCardStore();

  /**
   * @param zone of the office: its day is today
   */
  public QuestionnaireForms(
      Supplier<Jdbi> jdbi, AnswerBook answers, ZoneId zone, InstantSource clock) {
    this.jdbi = jdbi;
    this.answers = answers;
    this.zone = zone;
    this.clock = clock;
    this.drafts = new QuestionnaireDrafts(clock);
  }

  private <T> T in(Function<Handle, T> work, Locale language) {
    try {
      return jdbi.get().inTransaction(work::apply);
    } catch (InvalidQuestionnaire invalid) {
      throw new Refusal(
          400,
          "invalid_questionnaire",
          Sentence.of("questionnaire.invalid", invalid.reason()),
          Map.of("problems", problems(invalid.problems(), language)));
    } catch (FormEditRefused refused) {
      throw refusal(refused);
    }
  }

  private static Refusal refusal(FormEditRefused refused) {
    return switch (refused.kind()) {
      case INVALID -> new Refusal(400, refused.id(), refused.reason(), Map.of());
      case NOT_FOUND -> Refusal.notFound(refused.reason());
      case CONFLICT -> Refusal.conflict(refused.id(), refused.reason());
    };
  }

  private static List<PolicyViews.ProblemView> problems(
      List<InvalidQuestionnaire.Problem> problems, Locale language) {
    return problems.stream()
        .map(problem -> new PolicyViews.ProblemView(problem.at(), problem.what().in(language)))
        .toList();
  }

  // --- questionnaires

  @Override
  public List<FormViews.QuestionnaireRow> questionnaires() {
    return in(
        handle -> {
          Map<String, FormViews.QuestionnaireRow> rows = new LinkedHashMap<>();
          Map<String, Draft> open = new LinkedHashMap<>();
          drafts.all(handle).forEach(draft -> open.put(draft.code(), draft));
          for (Published one : published.newest(handle)) {
            String code = one.questionnaire().code();
            rows.put(
                code,
                new FormViews.QuestionnaireRow(
                    code,
                    one.questionnaire().version(),
                    one.publishedBy(),
                    one.publishedAt().orElse(null),
                    one.questionnaire().questions().size(),
                    campaigns(handle, code),
                    row(open.remove(code))));
          }
          open.forEach(
              (code, draft) ->
                  rows.put(
                      code,
                      new FormViews.QuestionnaireRow(code, 0, "", null, 0, List.of(), row(draft))));
          return List.copyOf(rows.values());
        },
        Locale.ENGLISH);
  }

  private static FormViews.DraftRow row(Draft draft) {
    return draft == null
        ? null
        : new FormViews.DraftRow(draft.revision(), draft.savedBy(), draft.savedAt());
  }

  private static List<String> campaigns(Handle handle, String code) {
    return handle
        .createQuery("SELECT code FROM campaign WHERE questionnaire_code = :code ORDER BY code")
        .bind("code", code)
        .mapTo(String.class)
        .list();
  }

  @Override
  public FormViews.QuestionnaireWhole questionnaire(
      String code, Optional<Integer> version, Locale language) {
    return in(handle -> whole(handle, code, version, language), language);
  }

  private FormViews.QuestionnaireWhole whole(
      Handle handle, String code, Optional<Integer> version, Locale language) {
    List<Published> all = published.versions(handle, code);
    Optional<Draft> draft = drafts.find(handle, code);
    Optional<Questionnaire> shown =
        all.stream()
            .map(Published::questionnaire)
            .filter(one -> version.isEmpty() || one.version() == version.get())
            .findFirst();
    if (shown.isEmpty() && (version.isPresent() || draft.isEmpty())) {
      throw Refusal.notFound(Sentence.of("questionnaire.none", code));
    }
    return new FormViews.QuestionnaireWhole(
        code,
        shown.map(Questionnaire::version).orElse(0),
        shown.<JsonNode>map(QuestionnaireWriter::write).orElse(null),
        all.stream()
            .map(
                one ->
                    new FormViews.VersionRow(
                        one.questionnaire().version(),
                        one.publishedBy(),
                        one.publishedAt().orElse(null)))
            .toList(),
        campaigns(handle, code),
        draft.map(one -> view(handle, one, all, language)).orElse(null));
  }

  private FormViews.DraftView view(
      Handle handle, Draft draft, List<Published> before, Locale language) {
    List<InvalidQuestionnaire.Problem> problems =
        drafts.problems(handle, draft.code(), draft.document());
    List<String> reworded =
        problems.isEmpty() && !before.isEmpty()
            ? List.copyOf(
                QuestionnaireParser.parse(draft.code(), 1, draft.document())
                    .reworded(before.getFirst().questionnaire()))
            : List.of();
    return new FormViews.DraftView(
        draft.revision(),
        draft.basedOn(),
        draft.document(),
        draft.savedBy(),
        draft.savedAt(),
        draft.refused().map(QuestionnaireDrafts.Refused::by).orElse(null),
        draft.refused().map(QuestionnaireDrafts.Refused::at).orElse(null),
        problems(problems, language),
        reworded);
  }

  @Override
  public FormViews.QuestionnaireWhole saveDraft(
      String code,
      int seen,
      Optional<Integer> from,
      JsonNode document,
      String login,
      Locale language) {
    settled(in(handle -> drafts.save(handle, code, seen, from, document, login), language));
    return questionnaire(code, Optional.empty(), language);
  }

  @Override
  public FormViews.DifferenceView difference(String code) {
    QuestionnaireDrafts.Difference found =
        in(handle -> drafts.difference(handle, code), Locale.ENGLISH);
    return FormViews.of(found);
  }

  @Override
  public FormViews.QuestionnaireWhole rebase(
      String code, int seen, int onto, String login, Locale language) {
    in(handle -> drafts.rebase(handle, code, seen, onto, login), language);
    return questionnaire(code, Optional.empty(), language);
  }

  @Override
  public void dropDraft(String code, int seen, String login) {
    settled(in(handle -> drafts.drop(handle, code, seen, login), Locale.ENGLISH));
  }

  /** What was refused has been written down: the refusal comes after the transaction. */
  private static void settled(Saving saving) {
    switch (saving) {
      case Saving.Saved saved -> {}
      case Saving.Meanwhile other -> throw refusal(other.refusal());
    }
  }

  @Override
  public FormViews.QuestionnaireWhole publish(
      String code, int seen, String login, Locale language) {
    in(handle -> drafts.publish(handle, code, seen, login), language);
    return questionnaire(code, Optional.empty(), language);
  }

  @Override
  public FormViews.Trial tryOut(
      String code,
      JsonNode document,
      List<String> models,
      Map<String, String> given,
      Locale language) {
    List<InvalidQuestionnaire.Problem> problems =
        in(handle -> drafts.problems(handle, code, document), language);
    if (!problems.isEmpty()) {
      return new FormViews.Trial(
          problems(problems, language),
          null,
          List.of(),
          List.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of());
    }
    Questionnaire questionnaire = QuestionnaireParser.parse(code, 1, document);
    Devices devices =
        new Devices(
            IntStream.range(0, models.size())
                .mapToObj(i -> new Devices.Device(i + 1, models.get(i), false))
                .toList());
    Map<AnswerKey, String> keyed = new LinkedHashMap<>();
    List<FormViews.RefusedView> refused = new ArrayList<>();
    given.forEach(
        (key, value) ->
            AnswerKey.of(key)
                .filter(known -> !value.isBlank())
                .ifPresent(known -> keyed.put(known, value)));
    for (Questionnaire.Refusal each :
        questionnaire.check(keyed, Map.of(), devices, clock.instant().atZone(zone).toLocalDate())) {
      refused.add(new FormViews.RefusedView(each.key(), each.reason(), each.why().in(language)));
      if (!each.reason().equals("not_asked")) {
        AnswerKey.of(each.key()).ifPresent(keyed::remove);
      }
    }
    Branching now = Branching.of(questionnaire, devices, keyed);
    Map<String, String> standing = new LinkedHashMap<>();
    now.standing().forEach((key, value) -> standing.put(key.toString(), value));
    return new FormViews.Trial(
        List.of(),
        QuestionnaireWriter.sections(questionnaire),
        devices.list().stream()
            .map(each -> new Views.FormDevice(each.id(), each.model(), "", false))
            .toList(),
        texts(now.asked()),
        standing,
        texts(now.fallenAway()),
        texts(now.missing()),
        refused);
  }

  private static List<String> texts(Iterable<AnswerKey> keys) {
    List<String> texts = new ArrayList<>();
    keys.forEach(key -> texts.add(key.toString()));
    return texts;
  }

  // --- fault cards

  @Override
  public FormViews.FaultBookView faults() {
    return in(
        handle -> FormViews.of(new FaultBook(cards.all(handle), cards.words(handle))),
        Locale.ENGLISH);
  }

  @Override
  public FormViews.CardView saveCard(FormViews.CardView card, String login) {
    return in(
        handle -> FormViews.CardView.of(cards.save(handle, card.card(), login, clock.instant())),
        Locale.ENGLISH);
  }

  @Override
  public void removeCard(long id, int version) {
    in(
        handle -> {
          cards.remove(handle, id, version);
          return null;
        },
        Locale.ENGLISH);
  }

  @Override
  public void saveDangerWords(List<String> words) {
    in(
        handle -> {
          cards.saveWords(handle, words);
          return null;
        },
        Locale.ENGLISH);
  }

  @Override
  public FaultCardFile faultFile() {
    return new FaultCardFile(jdbi.get(), clock);
  }

  // --- answers

  @Override
  public FormViews.SiteAnswersView answers(String campaign, int round, String site) {
    try {
      return view(answers.read(campaign, round, site));
    } catch (FormRefused refused) {
      throw CallbackAttempts.refusal(refused);
    }
  }

  @Override
  public FormViews.SiteAnswersView correct(
      String campaign, int round, String site, String key, String value, String login, String why)
      throws SQLException {
    try {
      notMasked(answers.read(campaign, round, site), key, value);
      return view(answers.correct(campaign, round, site, key, value, login, why));
    } catch (FormRefused refused) {
      throw CallbackAttempts.refusal(refused);
    }
  }

  /** What was shown masked must not take the place of the number that was said. */
  private static void notMasked(AnswerBook.SiteAnswers stored, String key, String value) {
    Stream<String> shown =
        Stream.concat(
            stored.given().stream()
                .filter(given -> given.key().equals(key))
                .map(AnswerBook.Given::value),
            stored.former().stream()
                .filter(former -> former.key().equals(key))
                .map(AnswerBook.Former::value));
    if (shown.flatMap(text -> NumberMask.masks(text).stream()).anyMatch(value::contains)) {
      throw Refusal.invalid("value", Sentence.of("form.masked"));
    }
  }

  private static FormViews.SiteAnswersView view(AnswerBook.SiteAnswers found) {
    return new FormViews.SiteAnswersView(
        CallbackAttempts.view(found.form().questionnaire()),
        CallbackAttempts.devices(found.form()),
        found.given().stream().map(QuestionnaireForms::view).toList(),
        found.former().stream().map(QuestionnaireForms::view).toList(),
        found.missing());
  }

  private static FormViews.GivenView view(AnswerBook.Given given) {
    return new FormViews.GivenView(
        given.key(),
        given.device(),
        Masking.maskRuns(given.value()),
        given.version(),
        given.call(),
        given.second().orElse(null),
        given.by(),
        given.at(),
        given.corrected().map(AnswerBook.Corrected::by).orElse(null),
        given.corrected().map(AnswerBook.Corrected::at).orElse(null),
        given.corrected().map(AnswerBook.Corrected::why).map(Masking::maskRuns).orElse(null));
  }

  private static FormViews.FormerView view(AnswerBook.Former former) {
    return new FormViews.FormerView(
        former.key(),
        Masking.maskRuns(former.value()),
        former.version(),
        former.call(),
        former.second().orElse(null),
        former.by(),
        former.at(),
        former.replacedBy(),
        former.replacedAt(),
        former.kind(),
        Masking.maskRuns(former.why()));
  }
}
