package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careline.call.TalkNote;
import org.careline.language.Sentence;

/**
 * A call's history as a person tells it: what was known, who was asked and what came of it, who was
 * ahead and why. Reads the events as they go over the wire, masked already where they must be.
 * Pure.
 */
public final class StoryText {
  /** Names for codes and numbers. */
  public interface Names {
    String agent(String number);

    String tier(String code, Locale language);
  }

  /**
   * One line of the story.
   *
   * @param kind of the event
   * @param why the reason of an assignment; null = none
   */
  record Line(Instant at, String kind, String text, String why) {}

  private final Names names;
  private final Locale language;

  private StoryText(Names names, Locale language) {
    this.names = names;
    this.language = language;
  }

  /**
   * @param events as {@code GET /calls/{id}} gives them; those that say nothing to a person are
   *     left out
   */
  static List<Line> of(JsonNode events, Names names, Locale language) {
    StoryText story = new StoryText(names, language);
    List<Line> lines = new ArrayList<>();
    for (JsonNode event : events) {
      JsonNode detail = event.path("detail");
      story
          .sentence(event.path("kind").asText(), detail)
          .ifPresent(
              sentence ->
                  lines.add(
                      new Line(
                          Instant.parse(event.path("at").asText()),
                          event.path("kind").asText(),
                          sentence.in(language),
                          story.why(detail))));
    }
    return lines;
  }

  private String why(JsonNode detail) {
    JsonNode reason = detail.get(language.getLanguage().equals("zh") ? "reasonZh" : "reasonEn");
    return reason == null || reason.isNull() ? null : reason.asText();
  }

  private Optional<Sentence> sentence(String kind, JsonNode detail) {
    return TalkNote.of(kind).map(note -> noted(note, detail)).or(() -> event(kind, detail));
  }

  private Sentence noted(TalkNote note, JsonNode detail) {
    return switch (note) {
      case CONSULTED -> Sentence.of("story.consulted", target(detail));
      case CONSULT_ANSWERED -> Sentence.of("story.consult-answered", target(detail));
      case CONSULT_ENDED -> Sentence.of("story.consult-ended", target(detail));
      case CONSULT_FAILED -> Sentence.of("story.consult-failed", target(detail));
      case CONFERENCE -> Sentence.of("story.conference", target(detail));
      case RECORDING_PAUSED -> Sentence.of("story.recording-paused");
      case RECORDING_GOES_ON -> Sentence.of("story.recording-goes-on");
    };
  }

  private Optional<Sentence> event(String kind, JsonNode detail) {
    String agent = detail.path("agent").asText();
    return Optional.ofNullable(
        switch (kind) {
          case "arrived" ->
              Sentence.of("story.arrived", detail.path("caller").path("dialled").asText("?"));
          case "recognised" -> known(detail.path("caller"));
          case "greeted" -> Sentence.of("story.greeted");
          case "joined" ->
              detail.path("position").asInt() > 0
                  ? Sentence.of("story.joined-at", detail.path("position").asInt())
                  : Sentence.of("story.joined");
          case "offer_made" -> Sentence.of("story.offered", names.agent(agent));
          case "offer_failed" -> Sentence.of("story.missed", names.agent(agent), miss(detail));
          case "answered" -> Sentence.of("story.answered", names.agent(agent));
          case "agent_lost" -> Sentence.of("story.agent-lost", names.agent(agent));
          case "agent_left" -> Sentence.of("story.agent-left", names.agent(agent));
          case "entered_fallback" -> Sentence.of("story.fallback");
          case "asked" -> Sentence.of("story.asked");
          case "overflow_made" -> Sentence.of("story.overflow", target(detail));
          case "overflow_answered" -> Sentence.of("story.overflow-answered");
          case "overflow_failed" -> Sentence.of("story.overflow-failed");
          case "held" -> Sentence.of("story.held");
          case "resumed" -> Sentence.of("story.resumed");
          case "transferred" ->
              Sentence.of("story.transferred", names.agent(agent), target(detail));
          case "survey_offered" -> Sentence.of("story.survey");
          case "survey_answered" ->
              Sentence.of("story.survey-answered", detail.path("score").asInt());
          case "turned" -> Sentence.of("story.turned", outcome(detail.path("outcome").asText()));
          case "hung_up" -> ended(detail);
          default -> null;
        });
  }

  private Sentence known(JsonNode caller) {
    String tier = names.tier(caller.path("tierCode").asText(), language);
    List<Sentence> parts = new ArrayList<>();
    if (caller.hasNonNull("siteName")) {
      parts.add(
          Sentence.of(
              "story.known-site",
              caller.path("customerName").asText(),
              caller.path("siteName").asText(),
              tier));
    } else if (caller.hasNonNull("customerName")) {
      parts.add(Sentence.of("story.known-customer", caller.path("customerName").asText(), tier));
    } else if (caller.hasNonNull("e164")) {
      parts.add(Sentence.of("story.unknown-number", tier));
    } else {
      parts.add(Sentence.of("story.withheld", tier));
    }
    if (caller.hasNonNull("menuChoice")) {
      parts.add(Sentence.of("story.chose", choice(caller.path("menuChoice").asText())));
    }
    if (caller.hasNonNull("skill")) {
      parts.add(Sentence.of("story.skill", caller.path("skill").asText()));
    }
    return Sentence.joined(language.getLanguage().equals("zh") ? "；" : "; ", parts);
  }

  private static Sentence choice(String word) {
    return switch (word) {
      case "install" -> Sentence.of("story.choice-install");
      case "repair" -> Sentence.of("story.choice-repair");
      case "enquiry" -> Sentence.of("story.choice-enquiry");
      case "complaint" -> Sentence.of("story.choice-complaint");
      case "account_manager" -> Sentence.of("reason.account-manager");
      default -> Sentence.plain(word);
    };
  }

  private static Sentence miss(JsonNode detail) {
    return switch (detail.path("miss").asText()) {
      case "MISSED" -> Sentence.of("story.miss-missed");
      case "REJECTED" -> Sentence.of("story.miss-rejected");
      case "UNREACHABLE" -> Sentence.of("story.miss-unreachable");
      case "BROWSER" -> Sentence.of("story.miss-browser");
      case "NETWORK" -> Sentence.of("story.miss-network");
      default -> Sentence.of("story.miss-engine");
    };
  }

  private Sentence target(JsonNode detail) {
    String target = detail.path("target").asText();
    if (target.equals("account_manager")) {
      return Sentence.of("story.manager-mobile");
    }
    return Sentence.plain(target.matches("[0-9]{3,6}") ? names.agent(target) : target);
  }

  private static Sentence outcome(String name) {
    return switch (name) {
      case "CALLBACK_TAKEN" -> Sentence.of("story.outcome-callback");
      case "VOICEMAIL" -> Sentence.of("story.outcome-voicemail");
      case "OVERFLOWED" -> Sentence.of("story.outcome-overflowed");
      case "BLOCKED" -> Sentence.of("story.outcome-blocked");
      case "AFTER_HOURS" -> Sentence.of("story.outcome-after-hours");
      default -> Sentence.of("story.outcome-other");
    };
  }

  private static Sentence ended(JsonNode detail) {
    return switch (detail.path("by").asText()) {
      case "CALLER" -> Sentence.of("story.ended-caller");
      case "AGENT" -> Sentence.of("story.ended-agent");
      default -> Sentence.of("story.ended-system");
    };
  }
}
