package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.questionnaire.DraftMerge;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.FaultCard;
import org.careline.questionnaire.QuestionnaireDrafts;
import org.careline.questionnaire.Words;

/** Questionnaires, fault cards and answers as clients get them. What is not there is null. */
public final class FormViews {
  private FormViews() {}

  /**
   * @param version 0 = nothing is published yet
   * @param publishedBy login; empty = from a file
   * @param campaigns codes of those that ask it
   */
  public record QuestionnaireRow(
      String code,
      int version,
      String publishedBy,
      Instant publishedAt,
      int questions,
      List<String> campaigns,
      DraftRow draft) {}

  public record DraftRow(int revision, String savedBy, Instant savedAt) {}

  public record VersionRow(int version, String publishedBy, Instant publishedAt) {}

  /**
   * @param document of the version; null = nothing is published yet
   */
  public record QuestionnaireWhole(
      String code,
      int version,
      JsonNode document,
      List<VersionRow> versions,
      List<String> campaigns,
      DraftView draft) {}

  /**
   * @param refusedBy who else wanted to save over this revision
   * @param reworded codes asked in other words than in the newest version
   */
  public record DraftView(
      int revision,
      int basedOn,
      JsonNode document,
      String savedBy,
      Instant savedAt,
      String refusedBy,
      Instant refusedAt,
      List<PolicyViews.ProblemView> problems,
      List<String> reworded) {}

  /**
   * @param newest version; the same as basedOn = nobody has published meanwhile
   */
  public record DifferenceView(int revision, int basedOn, int newest, List<ChangeView> changes) {}

  /**
   * @param code of the question, or of the section where section is true
   * @param theirs added, changed or removed in the newest version; null = as it was
   * @param mine the same in the draft
   * @param collides both have changed it: the draft's stands when it is carried over
   */
  public record ChangeView(
      String code,
      boolean section,
      String theirs,
      String mine,
      boolean collides,
      JsonNode before,
      JsonNode newest,
      JsonNode draft) {}

  static DifferenceView of(QuestionnaireDrafts.Difference found) {
    return new DifferenceView(
        found.draft().revision(),
        found.draft().basedOn(),
        found.newest(),
        found.changes().stream()
            .map(
                each ->
                    new ChangeView(
                        each.code(),
                        each.section(),
                        word(each.theirs()),
                        word(each.mine()),
                        each.collides(),
                        each.before().orElse(null),
                        each.newest().orElse(null),
                        each.draft().orElse(null)))
            .toList());
  }

  private static String word(Optional<DraftMerge.What> what) {
    return what.map(each -> each.name().toLowerCase(Locale.ROOT)).orElse(null);
  }

  /**
   * What a form does with some answers.
   *
   * @param problems of the definition; not empty = nothing could be tried
   * @param asked keys in their order
   * @param standing the answers that would be kept
   */
  public record Trial(
      List<PolicyViews.ProblemView> problems,
      JsonNode sections,
      List<Views.FormDevice> devices,
      List<String> asked,
      Map<String, String> standing,
      List<String> fallenAway,
      List<String> missing,
      List<RefusedView> refused) {}

  /**
   * @param reason unknown_question, wrong_value or not_asked
   */
  public record RefusedView(String key, String reason, String message) {}

  /**
   * @param id 0 = a new one
   * @param model empty = every model
   * @param faultCode empty = every fault
   */
  public record CardView(
      long id,
      String model,
      String faultCode,
      String titleEn,
      String titleZh,
      String askEn,
      String askZh,
      String doEn,
      String doZh,
      boolean danger,
      int version) {
    static CardView of(FaultCard card) {
      return new CardView(
          card.id(),
          card.model(),
          card.faultCode(),
          card.title().en(),
          card.title().zh(),
          card.ask().en(),
          card.ask().zh(),
          card.todo().en(),
          card.todo().zh(),
          card.danger(),
          card.version());
    }

    FaultCard card() {
      return new FaultCard(
          id,
          model,
          faultCode,
          new Words(titleEn, titleZh),
          new Words(askEn, askZh),
          new Words(doEn, doZh),
          danger,
          version);
    }
  }

  public record FaultBookView(List<CardView> cards, List<String> dangerWords) {}

  static FaultBookView of(FaultBook book) {
    return new FaultBookView(book.cards().stream().map(CardView::of).toList(), book.dangerWords());
  }

  /** What a site has answered in a round. */
  public record SiteAnswersView(
      Views.QuestionnaireView questionnaire,
      List<Views.FormDevice> devices,
      List<GivenView> answers,
      List<FormerView> former,
      List<String> missing) {}

  /**
   * @param key code, or code@device
   * @param second of the call's recording
   */
  public record GivenView(
      String key,
      String device,
      String value,
      int version,
      String callId,
      Double second,
      String by,
      Instant at,
      String correctedBy,
      Instant correctedAt,
      String correctedWhy) {}

  /**
   * @param kind changed (in a call), void (its question fell away), corrected
   */
  public record FormerView(
      String key,
      String value,
      int version,
      String callId,
      Double second,
      String by,
      Instant at,
      String replacedBy,
      Instant replacedAt,
      String kind,
      String why) {}
}
