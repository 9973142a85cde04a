package org.careline.customer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.agent.UserAccount;
import org.careline.config.Binder;
import org.careline.config.Configuration;
import org.careline.config.Secret;
import org.careline.config.YamlFile;
import org.careline.config.YamlValue;
import org.careline.language.Sentence;
import org.careline.line.LineForm;
import org.careline.line.LineSettings;
import org.careline.questionnaire.FaultCard;
import org.careline.questionnaire.Words;

/**
 * What a file for {@code apply} may contain; examples are in config/examples. Keys that may be left
 * out have their defaults in {@link #DEFAULTS}. Immutable.
 */
record ApplyFile(
    List<Tier> tiers,
    List<Line> lines,
    List<Agent> agents,
    List<QuestionnaireEntry> questionnaires,
    List<CampaignEntry> campaigns,
    List<PolicyEntry> policies,
    List<ManagerEntry> accountManagers,
    List<LeaveEntry> leaves,
    List<CadenceEntry> cadences,
    List<CardEntry> faultCards,
    List<String> dangerWords) {
  private static final YamlValue.Mapping DEFAULTS =
      YamlFile.parse(
          "defaults",
          """
          tiers:
            - minGrade: 1
          lines:
            - language: zh
              settings:
          agents:
            - number: ""
              roles: [agent]
              language: zh
              grade: 1
              skills: []
              deskPhone: ""
              password: ""
              active: true
          questionnaires:
            - questions: []
              sections: []
          policies: []
          accountManagers:
            - login: ""
              deputy: ""
              mobile: ""
          leaves:
            - deputy: ""
          campaigns:
            - mode: preview
              shownNumber: ""
              rules: {}
          cadences:
            - tier: ""
              customer: ""
              site: ""
          faultCards:
            - model: ""
              faultCode: ""
              askEn: ""
              askZh: ""
              doEn: ""
              doZh: ""
              danger: false
          dangerWords: []
          """);

  record Tier(String code, String nameEn, String nameZh, int rank, double weight, int minGrade) {
    Tier {
      requireCode(code);
      requireText(nameEn, 64);
      requireText(nameZh, 64);
      require(rank >= 1 && rank <= 100_000, Sentence.of("apply.rank"));
      require(weight > 0 && weight <= 1_000_000, Sentence.of("apply.weight"));
      require(minGrade >= 1 && minGrade <= 5, Sentence.of("apply.min-grade"));
    }
  }

  record Line(
      String code,
      String number,
      String nameEn,
      String nameZh,
      String language,
      String greeting,
      Duration ringTimeout,
      Duration wrapUp,
      YamlValue settings) {

    /** Throws {@link org.careline.line.InvalidSettings}. */
    LineForm form(LineSettings read) {
      return new LineForm(
          code, number, nameEn, nameZh, language, greeting, ringTimeout, wrapUp, read);
    }
  }

  record Agent(
      String login,
      String name,
      String number,
      List<String> roles,
      String language,
      int grade,
      List<String> skills,
      String deskPhone,
      Secret password,
      boolean active) {
    Agent {
      account(login, name, number, roles, language, grade, skills, deskPhone, active);
    }

    UserAccount account() {
      return account(login, name, number, roles, language, grade, skills, deskPhone, active);
    }

    private static UserAccount account(
        String login,
        String name,
        String number,
        List<String> roles,
        String language,
        int grade,
        List<String> skills,
        String deskPhone,
        boolean active) {
      return new UserAccount(
          login,
          name,
          roles,
          language,
          number.isEmpty() ? Optional.empty() : Optional.of(AgentNumber.of(number)),
          grade,
          skills,
          deskPhone.isEmpty() ? Optional.empty() : Optional.of(deskPhone),
          active);
    }
  }

  /**
   * @param document see {@link org.careline.routing.PolicyParser}
   */
  record PolicyEntry(String code, YamlValue document) {}

  record ManagerEntry(String name, String login, String deputy, String mobile) {
    AwayStore.Manager manager() {
      return new AwayStore.Manager(name, orNull(login), orNull(deputy), orNull(mobile));
    }
  }

  /** From and to are instants such as 2026-10-01T00:00:00Z, or with an offset. */
  record LeaveEntry(String login, String from, String to, String deputy) {
    AwayStore.Absence absence() {
      return new AwayStore.Absence(0, login, at(from), at(to), orNull(deputy));
    }

    private static Instant at(String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeParseException e) {
        throw new ApplyRefused(Sentence.of("apply.instant", text));
      }
    }
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /**
   * @param questions of one without sections
   */
  record QuestionnaireEntry(String code, YamlValue questions, YamlValue sections) {
    YamlValue definition() {
      return given(sections) ? sections : questions;
    }

    String key() {
      return given(sections) ? "sections" : "questions";
    }

    private static boolean given(YamlValue value) {
      return value instanceof YamlValue.Sequence sequence && !sequence.items().isEmpty();
    }
  }

  /**
   * @param model empty = every model
   * @param faultCode empty = every fault
   */
  record CardEntry(
      String model,
      String faultCode,
      String titleEn,
      String titleZh,
      String askEn,
      String askZh,
      String doEn,
      String doZh,
      boolean danger) {
    FaultCard card() {
      return new FaultCard(
          0,
          model.strip(),
          faultCode.strip(),
          new Words(titleEn.strip(), titleZh.strip()),
          new Words(askEn.strip(), askZh.strip()),
          new Words(doEn.strip(), doZh.strip()),
          danger,
          1);
    }

    /** For people, and to find what stands twice. */
    String name() {
      return model.strip() + "/" + faultCode.strip();
    }
  }

  record CampaignEntry(
      String code,
      String name,
      String customer,
      String questionnaire,
      String mode,
      String shownNumber,
      YamlValue rules) {
    CampaignEntry {
      require(code.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}"), Sentence.of("apply.campaign-code"));
      requireText(name, 200);
      require(mode.matches("preview|progressive"), Sentence.of("apply.mode"));
      require(shownNumber.matches("([0-9]{3,20})?"), Sentence.of("apply.shown-digits"));
    }
  }

  /**
   * Of a tier, of a customer, or of a site of a customer.
   *
   * @param cadence see {@link org.careline.callback.CadenceParser}
   */
  record CadenceEntry(String tier, String customer, String site, YamlValue cadence) {
    CadenceEntry {
      require(
          tier.isEmpty() != customer.isEmpty() && (site.isEmpty() || !customer.isEmpty()),
          Sentence.of("apply.cadence-owner"));
    }

    /** For people. */
    String owner() {
      return tier.isEmpty() ? customer + (site.isEmpty() ? "" : "/" + site) : "tier " + tier;
    }
  }

  /**
   * Reads a file's text.
   *
   * @param hotline what a line gets that does not say it itself
   * @throws org.careline.config.ConfigurationException with file and line of everything wrong
   */
  static ApplyFile parse(YamlValue.Mapping mapping, Configuration.Hotline hotline) {
    Map<String, YamlValue.Entry> sections = new LinkedHashMap<>(mapping.entries());
    DEFAULTS
        .entries()
        .forEach(
            (section, defaults) ->
                sections.merge(
                    section,
                    new YamlValue.Entry(
                        mapping.line(),
                        new YamlValue.Sequence(mapping.file(), mapping.line(), List.of())),
                    (given, none) -> given));
    YamlValue.Mapping given = new YamlValue.Mapping(mapping.file(), mapping.line(), sections);
    YamlValue.Mapping defaults = DEFAULTS.overlaidBy(lines(hotline));
    return new Binder(Path.of("")).bind(defaults.overlaidBy(given), ApplyFile.class);
  }

  private static YamlValue.Mapping lines(Configuration.Hotline hotline) {
    String source = "careline.yaml";
    Map<String, YamlValue.Entry> line = new LinkedHashMap<>();
    Map.of(
            "greeting", hotline.greeting(),
            "ringTimeout", hotline.ringTimeout().toMillis() + "ms",
            "wrapUp", hotline.wrapUp().toMillis() + "ms")
        .forEach(
            (key, text) ->
                line.put(
                    key,
                    new YamlValue.Entry(0, new YamlValue.Scalar(source, 0, text, false, false))));
    YamlValue all =
        new YamlValue.Sequence(source, 0, List.of(new YamlValue.Mapping(source, 0, line)));
    return new YamlValue.Mapping(source, 0, Map.of("lines", new YamlValue.Entry(0, all)));
  }

  private static void requireCode(String code) {
    require(code.matches("[a-z0-9][a-z0-9_-]{0,31}"), Sentence.of("apply.code"));
  }

  private static void requireText(String text, int most) {
    require(
        !text.isBlank()
            && text.codePointCount(0, text.length()) <= most
            && text.chars().noneMatch(Character::isISOControl),
        Sentence.of("apply.name", most));
  }

  private static void requireSeconds(String key, Duration duration, long least, long most) {
    require(
        duration.toMillis() % 1000 == 0
            && duration.toSeconds() >= least
            && duration.toSeconds() <= most,
        Sentence.of("apply.seconds", key, least, most));
  }

  private static void require(boolean condition, Sentence otherwise) {
    if (!condition) {
      throw new ApplyRefused(otherwise);
    }
  }
}
