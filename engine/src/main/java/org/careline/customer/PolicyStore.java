package org.careline.customer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.careline.routing.Policy;
import org.careline.routing.PolicyParser;
import org.careline.routing.PolicyWorld;
import org.jdbi.v3.core.Handle;

/**
 * Policies in MySQL, each with all its versions. Saving raises the revision by which engines see
 * that those in memory are old. Blocks; works in the caller's transaction. Stateless; thread-safe.
 */
public final class PolicyStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<String, Optional<Sentence>> dialable;
  private final InstantSource clock;

  /**
   * @param dialable why a number outside must not be dialled; empty = it may
   */
  public PolicyStore(Function<String, Optional<Sentence>> dialable, InstantSource clock) {
    this.dialable = dialable;
    this.clock = clock;
  }

  /** One version of a policy. */
  public record Version(
      String code, int version, JsonNode document, String savedBy, Instant savedAt) {}

  /** The newest version of each. */
  public List<Version> all(Handle handle) {
    return handle
        .createQuery(
            "SELECT p.* FROM policy p JOIN (SELECT code, MAX(version) version FROM policy GROUP BY"
                + " code) newest USING (code, version) ORDER BY p.code")
        .map((row, context) -> version(row))
        .list();
  }

  /** All versions, newest first; empty = no such policy. */
  public List<Version> versions(Handle handle, String code) {
    return handle
        .createQuery("SELECT * FROM policy WHERE code = :code ORDER BY version DESC")
        .bind("code", code)
        .map((row, context) -> version(row))
        .list();
  }

  private static Version version(java.sql.ResultSet row) throws java.sql.SQLException {
    try {
      return new Version(
          row.getString("code"),
          row.getInt("version"),
          JSON.readTree(row.getString("document")),
          row.getString("saved_by"),
          row.getTimestamp("saved_at").toInstant());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a policy cannot be read", e);
    }
  }

  /**
   * Checks a document without saving it.
   *
   * @throws org.careline.routing.InvalidPolicy with all that is wrong
   */
  public Policy check(Handle handle, String code, int version, JsonNode document) {
    return PolicyParser.parse(code, version, document.toString(), world(handle));
  }

  /**
   * Saves a new version; nothing happens when it says what the newest one says.
   *
   * @param edited the version that was changed, 0 = there is none yet; empty = whatever there is
   * @throws org.careline.routing.InvalidPolicy with all that is wrong
   * @throws RoutingRefused for a bad code, or when somebody else has saved meanwhile
   */
  public Version save(
      Handle handle, String code, Optional<Integer> edited, JsonNode document, String login) {
    RoutingRefused.require(
        code.matches("[a-z0-9][a-z0-9_-]{0,31}"), "code", Sentence.of("policy.name"));
    List<Version> before =
        handle
            .createQuery(
                "SELECT * FROM policy WHERE code = :code ORDER BY version DESC LIMIT 1 FOR UPDATE")
            .bind("code", code)
            .map((row, context) -> version(row))
            .list();
    int newest = before.isEmpty() ? 0 : before.getFirst().version();
    edited
        .filter(version -> version != newest)
        .ifPresent(
            version -> {
              if (newest == 0) {
                throw RoutingRefused.notFound(Sentence.of("policy.none", code));
              }
              throw version == 0
                  ? RoutingRefused.conflict("policy_exists", Sentence.of("policy.exists", code))
                  : RoutingRefused.conflict(
                      "saved_meanwhile",
                      Sentence.of("policy.meanwhile", before.getFirst().savedBy(), newest));
            });
    check(handle, code, newest + 1, document);
    if (newest > 0 && before.getFirst().document().equals(document)) {
      return before.getFirst();
    }
    Instant now = clock.instant();
    handle
        .createUpdate(
            "INSERT INTO policy (code, version, document, saved_by, saved_at) VALUES (:code,"
                + " :version, :document, :login, :at)")
        .bind("code", code)
        .bind("version", newest + 1)
        .bind("document", document.toString())
        .bind("login", login)
        .bind("at", Timestamp.from(now))
        .execute();
    raise(handle);
    return new Version(code, newest + 1, document, login, now);
  }

  /** What is kept in memory is older than the database from now on. */
  static void raise(Handle handle) {
    handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'routing'");
  }

  /** What exists now. */
  public PolicyWorld world(Handle handle) {
    Set<String> skills = new HashSet<>();
    Set<AgentNumber> agents = new HashSet<>();
    handle
        .createQuery(
            "SELECT agent_number, skills FROM user_account WHERE active AND agent_number IS NOT"
                + " NULL")
        .mapToMap()
        .forEach(
            row -> {
              agents.add(new AgentNumber((String) row.get("agent_number")));
              Stream.of(((String) row.get("skills")).split(","))
                  .map(String::strip)
                  .filter(skill -> !skill.isEmpty())
                  .forEach(skills::add);
            });
    Set<String> numbers = new HashSet<>();
    handle
        .createQuery("SELECT number, settings FROM line")
        .mapToMap()
        .forEach(
            row -> {
              numbers.add((String) row.get("number"));
              ownNumbers(String.valueOf(row.get("settings")), numbers, skills);
            });
    Set<String> tiers =
        handle.createQuery("SELECT code FROM tier").mapTo(String.class).collect(Collectors.toSet());
    return new PolicyWorld(tiers, skills, agents, numbers, dialable);
  }

  private static void ownNumbers(String settings, Set<String> numbers, Set<String> skills) {
    try {
      JsonNode node = JSON.readTree(settings);
      node.path("landingNumbers").forEach(number -> numbers.add(number.asText()));
      numbers.add(node.path("publicNumber").asText());
      node.path("menu").forEach(entry -> skills.add(entry.path("skill").asText()));
    } catch (JsonProcessingException none) {
      // a line without settings of its own
    }
  }

  /** Codes of the lines that go by it. */
  public static List<String> lines(Handle handle, String code) {
    List<String> lines = new ArrayList<>();
    handle
        .createQuery("SELECT code, settings FROM line ORDER BY code")
        .mapToMap()
        .forEach(
            row -> {
              if (code.equals(policyOf(String.valueOf(row.get("settings"))))) {
                lines.add((String) row.get("code"));
              }
            });
    return lines;
  }

  private static String policyOf(String settings) {
    try {
      String named = JSON.readTree(settings).path("policy").asText();
      return named.isEmpty() ? Policy.DEFAULT_CODE : named;
    } catch (JsonProcessingException none) {
      return Policy.DEFAULT_CODE;
    }
  }
}
