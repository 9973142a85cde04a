package org.careline.customer;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;

/**
 * Account managers and the leave calendar in MySQL. Blocks; works in the caller's transaction.
 * Stateless; thread-safe.
 */
public final class AwayStore {
  private static final Duration LONGEST = Duration.ofDays(731);

  private final Function<String, Optional<Sentence>> dialable;

  /**
   * @param dialable why a mobile must not be dialled; empty = it may
   */
  public AwayStore(Function<String, Optional<Sentence>> dialable) {
    this.dialable = dialable;
  }

  /**
   * Who stands behind a name that customers and sites have.
   *
   * @param login null = none of our agents
   * @param deputy login; null = nobody
   * @param mobile E.164; null = none
   */
  public record Manager(String name, String login, String deputy, String mobile) {}

  /**
   * @param deputy login; null = the account manager's usual one
   */
  public record Absence(long id, String login, Instant from, Instant to, String deputy) {}

  public List<Manager> managers(Handle handle) {
    return handle
        .createQuery("SELECT name, login, deputy_login, mobile FROM account_manager ORDER BY name")
        .map(
            (row, context) ->
                new Manager(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
        .list();
  }

  /** Names that customers and sites have, with or without an entry here. */
  public List<String> names(Handle handle) {
    return handle
        .createQuery(
            "SELECT DISTINCT account_manager FROM (SELECT account_manager FROM site UNION SELECT"
                + " account_manager FROM customer UNION SELECT name FROM account_manager) names"
                + " WHERE account_manager IS NOT NULL ORDER BY account_manager LIMIT 5000")
        .mapTo(String.class)
        .list();
  }

  /**
   * Makes or changes an entry.
   *
   * @return added, changed or unchanged
   */
  public String save(Handle handle, Manager manager) {
    RoutingRefused.require(
        !manager.name().isBlank()
            && manager.name().length() <= 64
            && manager.name().chars().noneMatch(Character::isISOControl),
        "name",
        Sentence.of("policy.text", 64));
    agent(handle, "login", manager.login());
    agent(handle, "deputy", manager.deputy());
    RoutingRefused.require(
        manager.deputy() == null || !manager.deputy().equals(manager.login()),
        "deputy",
        Sentence.of("policy.own-deputy"));
    Manager wanted =
        new Manager(manager.name(), manager.login(), manager.deputy(), mobile(manager.mobile()));
    Optional<Manager> before =
        managers(handle).stream().filter(known -> known.name().equals(wanted.name())).findFirst();
    if (before.filter(wanted::equals).isPresent()) {
      return "unchanged";
    }
    handle
        .createUpdate(
            "INSERT INTO account_manager (name, login, deputy_login, mobile) VALUES (:name,"
                + " :login, :deputy, :mobile) ON DUPLICATE KEY UPDATE login = :login, deputy_login"
                + " = :deputy, mobile = :mobile")
        .bind("name", wanted.name())
        .bind("login", wanted.login())
        .bind("deputy", wanted.deputy())
        .bind("mobile", wanted.mobile())
        .execute();
    PolicyStore.raise(handle);
    return before.isEmpty() ? "added" : "changed";
  }

  private String mobile(String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    return switch (NumberReader.read(text)) {
      case NumberReader.Valid valid -> {
        String e164 = valid.number().e164();
        dialable
            .apply(e164)
            .ifPresent(
                reason -> {
                  throw RoutingRefused.invalid("mobile", reason);
                });
        yield e164;
      }
      case NumberReader.Invalid invalid -> throw RoutingRefused.invalid("mobile", invalid.reason());
    };
  }

  private static void agent(Handle handle, String field, String login) {
    if (login != null
        && handle
            .createQuery(
                "SELECT 1 FROM user_account WHERE login = :login AND active AND agent_number IS NOT"
                    + " NULL")
            .bind("login", login)
            .mapTo(Integer.class)
            .findOne()
            .isEmpty()) {
      throw RoutingRefused.invalid(field, Sentence.of("policy.no-agent", login));
    }
  }

  public void removeManager(Handle handle, String name) {
    int gone =
        handle
            .createUpdate("DELETE FROM account_manager WHERE name = :name")
            .bind("name", name)
            .execute();
    if (gone == 0) {
      throw RoutingRefused.notFound(Sentence.of("policy.no-manager", name));
    }
    PolicyStore.raise(handle);
  }

  /** Those that are not over, by their beginning. */
  public List<Absence> leaves(Handle handle) {
    return handle
        .createQuery(
            "SELECT id, login, from_at, to_at, deputy_login FROM agent_leave WHERE to_at >"
                + " UTC_TIMESTAMP(3) ORDER BY from_at, id")
        .map(
            (row, context) ->
                new Absence(
                    row.getLong(1),
                    row.getString(2),
                    row.getTimestamp(3).toInstant(),
                    row.getTimestamp(4).toInstant(),
                    row.getString(5)))
        .list();
  }

  /**
   * Enters a leave; its id is ignored. The same one again changes nothing.
   *
   * @return the leave with its id; empty = it was there
   */
  public Optional<Absence> add(Handle handle, Absence leave) {
    RoutingRefused.require(
        leave.from().isBefore(leave.to())
            && Duration.between(leave.from(), leave.to()).compareTo(LONGEST) <= 0,
        "to",
        Sentence.of("policy.leave-span", LONGEST.toDays()));
    RoutingRefused.require(leave.login() != null, "login", Sentence.of("policy.text", 64));
    agent(handle, "login", leave.login());
    agent(handle, "deputy", leave.deputy());
    RoutingRefused.require(
        !leave.login().equals(leave.deputy()), "deputy", Sentence.of("policy.own-deputy"));
    for (Absence other : ofAgent(handle, leave.login())) {
      if (other.from().equals(leave.from())
          && other.to().equals(leave.to())
          && java.util.Objects.equals(other.deputy(), leave.deputy())) {
        return Optional.empty();
      }
      if (other.from().isBefore(leave.to()) && leave.from().isBefore(other.to())) {
        throw RoutingRefused.conflict(
            "leave_overlaps", Sentence.of("policy.leave-overlap", other.from(), other.to()));
      }
    }
    long id =
        handle
            .createUpdate(
                "INSERT INTO agent_leave (login, from_at, to_at, deputy_login) VALUES (:login,"
                    + " :from, :to, :deputy)")
            .bind("login", leave.login())
            .bind("from", Timestamp.from(leave.from()))
            .bind("to", Timestamp.from(leave.to()))
            .bind("deputy", leave.deputy())
            .executeAndReturnGeneratedKeys()
            .mapTo(Long.class)
            .one();
    PolicyStore.raise(handle);
    return Optional.of(new Absence(id, leave.login(), leave.from(), leave.to(), leave.deputy()));
  }

  private static List<Absence> ofAgent(Handle handle, String login) {
    return handle
        .createQuery(
            "SELECT id, login, from_at, to_at, deputy_login FROM agent_leave WHERE login = :login")
        .bind("login", login)
        .map(
            (row, context) ->
                new Absence(
                    row.getLong(1),
                    row.getString(2),
                    row.getTimestamp(3).toInstant(),
                    row.getTimestamp(4).toInstant(),
                    row.getString(5)))
        .list();
  }

  public void removeLeave(Handle handle, long id) {
    if (handle.createUpdate("DELETE FROM agent_leave WHERE id = :id").bind("id", id).execute()
        == 0) {
      throw RoutingRefused.notFound(Sentence.of("policy.no-leave"));
    }
    PolicyStore.raise(handle);
  }
}
