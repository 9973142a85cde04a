package org.careline.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;

/**
 * Reads a policy's document and finds all that is wrong in its form; {@link PolicyCheck} finds what
 * is wrong in its meaning. What is absent keeps its default, what is unknown is refused. Durations
 * are a number with {@code ms, s, m} or {@code h}. Example:
 *
 * <pre>{@code
 * {"nameEn": "Key accounts", "nameZh": "重点客户", "discipline": "ageing",
 *  "tiers": {"gold": {"rank": 2, "weight": 4, "promise": {"percent": 80, "within": "20s"},
 *                     "announceEvery": "45s", "callbackWhenAbandoned": true, "minGrade": 3}},
 *  "steps": [{"after": "0s", "who": "account_manager"}, {"after": "0s", "who": "deputy"},
 *            {"after": "20s", "who": "last_agent"}, {"after": "20s", "who": "graded"},
 *            {"after": "40s", "who": "wider", "lowerGrades": true},
 *            {"after": "2m", "who": "external", "number": "02162345678", "ring": "30s"}],
 *  "groups": {"night": {"agents": ["8001"], "skills": [], "then": {"after": "1m", "group": "b"}}},
 *  "reserve": {"agents": 2, "tier": "gold", "atMost": "3m"}}
 * }</pre>
 *
 * Confined to one thread; use {@link #parse}.
 */
public final class PolicyParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final Duration LONGEST = Duration.ofHours(4);
  static final int MOST_STEPS = 30;

  private final List<InvalidPolicy.Problem> problems = new ArrayList<>();

  private PolicyParser() {}

  /**
   * Reads a document that was checked when it was saved: names in it may have gone since.
   *
   * @throws InvalidPolicy when its form is wrong
   */
  public static Policy parse(String code, int version, String json) {
    return parse(code, version, json, Optional.empty());
  }

  /**
   * Reads and checks one that is to be saved.
   *
   * @throws InvalidPolicy with all that is wrong
   */
  public static Policy parse(String code, int version, String json, PolicyWorld world) {
    return parse(code, version, json, Optional.of(world));
  }

  private static Policy parse(String code, int version, String json, Optional<PolicyWorld> world) {
    PolicyParser parser = new PolicyParser();
    JsonNode document = null;
    try {
      document = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      parser.problem("policy", Sentence.of("policy.not-json"));
    }
    Policy policy = document == null ? null : parser.policy(code, version, document);
    if (policy != null && parser.problems.isEmpty()) {
      parser.problems.addAll(PolicyCheck.problems(policy, world));
    }
    if (!parser.problems.isEmpty()) {
      throw new InvalidPolicy(parser.problems);
    }
    return policy;
  }

  private Policy policy(String code, int version, JsonNode document) {
    if (!object("policy", document)) {
      return null;
    }
    only(
        "policy",
        document,
        Set.of("nameEn", "nameZh", "discipline", "tiers", "steps", "groups", "reserve"));
    Map<String, TierTerms> tiers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : fields("tiers", document)) {
      TierTerms terms = tier("tiers." + entry.getKey(), entry.getValue());
      if (terms != null) {
        tiers.put(entry.getKey(), terms);
      }
    }
    Map<String, Policy.Group> groups = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : fields("groups", document)) {
      String at = "groups." + entry.getKey();
      if (!entry.getKey().matches("[a-z0-9][a-z0-9_-]{0,31}")) {
        problem(at, Sentence.of("policy.name"));
      } else {
        groups.put(entry.getKey(), group(at, entry.getValue()));
      }
    }
    return new Policy(
        code,
        version,
        text("nameEn", document.path("nameEn"), code, 64),
        text("nameZh", document.path("nameZh"), code, 64),
        discipline(document.path("discipline")),
        tiers,
        steps(document.path("steps")),
        groups,
        reserve(document.path("reserve")));
  }

  private Discipline discipline(JsonNode node) {
    if (node.isMissingNode()) {
      return Discipline.AGEING;
    }
    return Stream.of(Discipline.values())
        .filter(known -> known.key().equals(node.textValue()))
        .findFirst()
        .orElseGet(
            () -> {
              problem("discipline", Sentence.of("policy.one-of", "strict, ageing, fifo"));
              return Discipline.AGEING;
            });
  }

  private TierTerms tier(String at, JsonNode node) {
    if (!object(at, node)) {
      return null;
    }
    only(
        at,
        node,
        Set.of("rank", "weight", "promise", "announceEvery", "callbackWhenAbandoned", "minGrade"));
    int before = problems.size();
    int rank = whole(at + ".rank", node.path("rank"), 1, 1, 100_000);
    double weight = node.path("weight").asDouble(node.has("weight") ? Double.NaN : 1);
    if (!(weight > 0 && weight <= 1_000_000)
        || node.has("weight") && !node.get("weight").isNumber()) {
      problem(at + ".weight", Sentence.of("policy.weight"));
    }
    int percent = 0;
    Duration within = Duration.ZERO;
    JsonNode promise = node.path("promise");
    if (!promise.isMissingNode() && !promise.isNull() && object(at + ".promise", promise)) {
      only(at + ".promise", promise, Set.of("percent", "within"));
      percent = whole(at + ".promise.percent", promise.path("percent"), -1, 1, 99);
      within =
          span(
              at + ".promise.within",
              promise.path("within"),
              null,
              Duration.ofSeconds(1),
              Duration.ofHours(1));
    }
    Duration announce =
        span(
            at + ".announceEvery",
            node.path("announceEvery"),
            TierTerms.USUAL_ANNOUNCEMENTS,
            Duration.ZERO,
            Duration.ofHours(1));
    if (announce.isPositive() && announce.compareTo(Duration.ofSeconds(15)) < 0) {
      problem(at + ".announceEvery", Sentence.of("policy.announce", "0s", "15s"));
    }
    boolean callback = flag(at + ".callbackWhenAbandoned", node.path("callbackWhenAbandoned"));
    int grade = whole(at + ".minGrade", node.path("minGrade"), 1, 1, 5);
    return problems.size() > before
        ? null
        : new TierTerms(rank, weight, percent, within, announce, callback, grade);
  }

  private List<PolicyStep> steps(JsonNode node) {
    List<PolicyStep> steps = new ArrayList<>();
    if (!node.isArray() || node.isEmpty() || node.size() > MOST_STEPS) {
      problem("steps", Sentence.of("policy.steps", 1, MOST_STEPS));
      return steps;
    }
    for (int i = 0; i < node.size(); i++) {
      steps.add(step("steps[" + i + "]", node.get(i)));
    }
    return steps;
  }

  private PolicyStep step(String at, JsonNode node) {
    PolicyStep.Who who = null;
    if (object(at, node)) {
      who = PolicyStep.Who.of(node.path("who").asText()).orElse(null);
    }
    if (who == null) {
      problem(
          at + ".who",
          Sentence.of(
              "policy.one-of",
              String.join(
                  ", ", Stream.of(PolicyStep.Who.values()).map(PolicyStep.Who::key).toList())));
      return PolicyStep.of(Duration.ZERO, PolicyStep.Who.GRADED);
    }
    Set<String> keys = new LinkedHashSet<>(Set.of("after", "who", "tiers"));
    switch (who) {
      case ACCOUNT_MANAGER, DEPUTY -> {}
      case LAST_AGENT, SKILLED -> keys.add("lowerGrades");
      case GRADED -> keys.addAll(Set.of("grade", "lowerGrades"));
      case WIDER -> keys.addAll(Set.of("skill", "lowerGrades"));
      case OVERFLOW_GROUP -> keys.addAll(Set.of("group", "lowerGrades"));
      case EXTERNAL -> keys.addAll(Set.of("number", "press1", "ring"));
    }
    only(at, node, keys);
    String number = text(at + ".number", node.path("number"), "", 32);
    if (who == PolicyStep.Who.EXTERNAL
        && !number.equals(PolicyStep.MANAGER_MOBILE)
        && !number.matches("\\+?[0-9]{3,15}")) {
      problem(at + ".number", Sentence.of("policy.number", PolicyStep.MANAGER_MOBILE));
    }
    return new PolicyStep(
        span(at + ".after", node.path("after"), null, Duration.ZERO, LONGEST),
        who,
        Set.copyOf(texts(at + ".tiers", node.path("tiers"))),
        whole(at + ".grade", node.path("grade"), 0, 1, 5),
        text(at + ".skill", node.path("skill"), "", 64),
        text(at + ".group", node.path("group"), "", 32),
        number,
        number.equals(PolicyStep.MANAGER_MOBILE) || flag(at + ".press1", node.path("press1")),
        span(
            at + ".ring",
            node.path("ring"),
            PolicyStep.USUAL_RING,
            Duration.ofSeconds(5),
            Duration.ofMinutes(2)),
        flag(at + ".lowerGrades", node.path("lowerGrades")));
  }

  private Policy.Group group(String at, JsonNode node) {
    if (!object(at, node)) {
      return new Policy.Group(Set.of(), Set.of(), Optional.empty());
    }
    only(at, node, Set.of("agents", "skills", "then"));
    Set<AgentNumber> agents = new LinkedHashSet<>();
    for (String text : texts(at + ".agents", node.path("agents"))) {
      if (text.matches("[0-9]{3,6}")) {
        agents.add(new AgentNumber(text));
      } else {
        problem(at + ".agents", Sentence.of("policy.no-agent", text));
      }
    }
    JsonNode then = node.path("then");
    Optional<Policy.Then> next = Optional.empty();
    if (!then.isMissingNode() && !then.isNull() && object(at + ".then", then)) {
      only(at + ".then", then, Set.of("after", "group"));
      next =
          Optional.of(
              new Policy.Then(
                  span(
                      at + ".then.after", then.path("after"), null, Duration.ofSeconds(1), LONGEST),
                  text(at + ".then.group", then.path("group"), "", 32)));
    }
    return new Policy.Group(agents, Set.copyOf(texts(at + ".skills", node.path("skills"))), next);
  }

  private Optional<Reserve> reserve(JsonNode node) {
    if (node.isMissingNode() || node.isNull() || !object("reserve", node)) {
      return Optional.empty();
    }
    only("reserve", node, Set.of("agents", "tier", "atMost"));
    return Optional.of(
        new Reserve(
            whole("reserve.agents", node.path("agents"), -1, 1, 1000),
            text("reserve.tier", node.path("tier"), "", 32),
            span(
                "reserve.atMost",
                node.path("atMost"),
                Duration.ofMinutes(3),
                Duration.ofSeconds(1),
                LONGEST)));
  }

  // --- parts of a document

  private void problem(String at, Sentence what) {
    problems.add(new InvalidPolicy.Problem(at, what));
  }

  private boolean object(String at, JsonNode node) {
    if (node.isObject()) {
      return true;
    }
    problem(at, Sentence.of("policy.object"));
    return false;
  }

  private Set<Map.Entry<String, JsonNode>> fields(String at, JsonNode document) {
    JsonNode node = document.path(at);
    if (node.isMissingNode() || node.isNull() || !object(at, node)) {
      return Set.of();
    }
    if (node.size() > 100) {
      problem(at, Sentence.of("policy.many", 100));
      return Set.of();
    }
    return node.properties();
  }

  private void only(String at, JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problem(
                    at,
                    Sentence.of(
                        "policy.unknown",
                        name.length() > 40 ? name.substring(0, 40) : name,
                        String.join(", ", new java.util.TreeSet<>(known))));
              }
            });
  }

  private String text(String at, JsonNode value, String standard, int most) {
    if (value.isMissingNode() || value.isNull()) {
      return standard;
    }
    String text = value.isTextual() ? value.textValue() : null;
    if (text == null
        || text.isBlank()
        || text.codePointCount(0, text.length()) > most
        || text.chars().anyMatch(Character::isISOControl)) {
      problem(at, Sentence.of("policy.text", most));
      return standard;
    }
    return text;
  }

  private List<String> texts(String at, JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      return texts;
    }
    if (!node.isArray() || node.size() > 1000) {
      problem(at, Sentence.of("policy.list"));
      return texts;
    }
    for (JsonNode item : node) {
      if (!item.isTextual()
          || item.textValue().isBlank()
          || item.textValue().length() > 64
          || texts.contains(item.textValue())) {
        problem(at, Sentence.of("policy.list"));
        return List.of();
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** {@code standard} -1 = it must be there. */
  private int whole(String at, JsonNode node, int standard, int least, int most) {
    if (node.isMissingNode() && standard >= 0) {
      return standard;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < least
        || node.intValue() > most) {
      problem(at, Sentence.of("policy.whole", least, most));
      return least;
    }
    return node.intValue();
  }

  private boolean flag(String at, JsonNode node) {
    if (!node.isMissingNode() && !node.isBoolean()) {
      problem(at, Sentence.of("policy.flag"));
    }
    return node.asBoolean(false);
  }

  /** {@code standard} null = it must be there. */
  private Duration span(
      String at, JsonNode node, Duration standard, Duration least, Duration most) {
    if (node.isMissingNode() && standard != null) {
      return standard;
    }
    Duration duration = duration(node.asText());
    if (!node.isTextual()
        || duration == null
        || duration.compareTo(least) < 0
        || duration.compareTo(most) > 0) {
      problem(at, Sentence.of("policy.span", write(least), write(most)));
      return standard == null ? Duration.ZERO : standard;
    }
    return duration;
  }

  private static Duration duration(String text) {
    if (!text.matches("[0-9]{1,8}(ms|s|m|h)")) {
      return null;
    }
    int digits = text.replaceAll("[^0-9]", "").length();
    long number = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** As documents have it. */
  public static String write(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
