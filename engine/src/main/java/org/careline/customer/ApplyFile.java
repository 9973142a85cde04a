package org.careline.customer;

import java.nio.file.Path;
import java.time.Duration;
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

/**
 * What a file for {@code apply} may contain; examples are in config/examples. Keys that may be left
 * out have their defaults in {@link #DEFAULTS}. Immutable.
 */
record ApplyFile(
    List<Tier> tiers,
    List<Line> lines,
    List<Agent> agents,
    List<QuestionnaireEntry> questionnaires,
    List<CampaignEntry> campaigns) {
  private static final YamlValue.Mapping DEFAULTS =
      YamlFile.parse(
          "defaults",
          """
          tiers:
            - minGrade: 1
          lines:
            - language: zh
          agents:
            - number: ""
              roles: [agent]
              language: zh
              grade: 1
              skills: []
              deskPhone: ""
              password: ""
              active: true
          questionnaires: []
          campaigns:
            - mode: preview
              shownNumber: ""
              rules: {}
          """);

  record Tier(String code, String nameEn, String nameZh, int rank, double weight, int minGrade) {
    Tier {
      requireCode(code);
      requireText(nameEn, 64);
      requireText(nameZh, 64);
      require(rank >= 1 && rank <= 100_000, "a tier's rank is 1 to 100000");
      require(weight > 0 && weight <= 1_000_000, "a tier's weight is above 0");
      require(minGrade >= 1 && minGrade <= 5, "minGrade is 1 to 5");
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
      Duration wrapUp) {
    Line {
      requireCode(code);
      require(number.matches("[0-9]{3,16}"), "a line's number has 3 to 16 digits");
      requireText(nameEn, 128);
      requireText(nameZh, 128);
      require(language.matches("en|zh"), "language is en or zh");
      require(
          greeting.matches("([a-z0-9][a-z0-9_-]{0,63})?"),
          "a greeting is the name of a prompt: small letters, digits, - and _");
      requireSeconds("ringTimeout", ringTimeout, 1, 120);
      requireSeconds("wrapUp", wrapUp, 0, 3600);
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

  record QuestionnaireEntry(String code, YamlValue questions) {}

  record CampaignEntry(
      String code,
      String name,
      String customer,
      String questionnaire,
      String mode,
      String shownNumber,
      YamlValue rules) {
    CampaignEntry {
      require(
          code.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}"), "a code has letters, digits, - and _");
      requireText(name, 200);
      require(mode.matches("preview|progressive"), "mode is preview or progressive");
      require(shownNumber.matches("([0-9]{3,20})?"), "a shown number has 3 to 20 digits");
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
    require(code.matches("[a-z0-9][a-z0-9_-]{0,31}"), "a code has small letters, digits, - and _");
  }

  private static void requireText(String text, int most) {
    require(
        !text.isBlank()
            && text.codePointCount(0, text.length()) <= most
            && text.chars().noneMatch(Character::isISOControl),
        "a name has 1 to " + most + " characters in one line");
  }

  private static void requireSeconds(String key, Duration duration, long least, long most) {
    require(
        duration.toMillis() % 1000 == 0
            && duration.toSeconds() >= least
            && duration.toSeconds() <= most,
        key + " is " + least + "s to " + most + "s, in whole seconds");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
