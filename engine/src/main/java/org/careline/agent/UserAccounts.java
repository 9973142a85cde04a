package org.careline.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Writes users. The caller owns the transaction and raises the revision. Stateless. */
public final class UserAccounts {
  private UserAccounts() {}

  /** The stored hash, if there is such a user. */
  public static Optional<String> passwordHash(Handle handle, String login) {
    return handle
        .createQuery("SELECT password_hash FROM user_account WHERE login = :login FOR UPDATE")
        .bind("login", login)
        .mapTo(String.class)
        .findOne();
  }

  /** The login of whoever has the agent number. */
  public static Optional<String> loginOf(Handle handle, AgentNumber number) {
    return handle
        .createQuery("SELECT login FROM user_account WHERE agent_number = :number")
        .bind("number", number.value())
        .mapTo(String.class)
        .findOne();
  }

  public static void insert(Handle handle, UserAccount account, String passwordHash) {
    handle
        .createUpdate(
            """
            INSERT INTO user_account (login, name, password_hash, roles, language, agent_number,
              grade, skills, desk_phone, active)
            VALUES (:login, :name, :hash, :roles, :language, :agent_number, :grade, :skills,
              :desk_phone, :active)""")
        .bind("login", account.login())
        .bind("hash", passwordHash)
        .bindMap(columns(account))
        .execute();
  }

  /**
   * Makes a stored user as the account says.
   *
   * @param newHash empty = the password stays
   * @return whether anything was different
   */
  public static boolean update(Handle handle, UserAccount account, Optional<String> newHash) {
    Map<String, Object> wanted = columns(account);
    Map<String, Object> stored =
        handle
            .createQuery(
                """
                SELECT name, roles, language, agent_number, grade, skills, desk_phone, active
                FROM user_account WHERE login = :login""")
            .bind("login", account.login())
            .mapToMap()
            .one();
    boolean same =
        wanted.entrySet().stream()
            .allMatch(
                column ->
                    Objects.toString(column.getValue())
                        .equals(Objects.toString(stored.get(column.getKey()))));
    if (same && newHash.isEmpty()) {
      return false;
    }
    handle
        .createUpdate(
            """
            UPDATE user_account SET name = :name, roles = :roles, language = :language,
              agent_number = :agent_number, grade = :grade, skills = :skills,
              desk_phone = :desk_phone, active = :active,
              password_hash = COALESCE(:hash, password_hash) WHERE login = :login""")
        .bind("login", account.login())
        .bind("hash", newHash.orElse(null))
        .bindMap(wanted)
        .execute();
    return true;
  }

  /** False when there is no such user. The sessions begun with the old password end. */
  public static boolean setPassword(Handle handle, String login, String passwordHash) {
    return handle
            .createUpdate("UPDATE user_account SET password_hash = :hash WHERE login = :login")
            .bind("hash", passwordHash)
            .bind("login", login)
            .execute()
        == 1;
  }

  /** In the order of their logins. */
  public static List<UserAccount> all(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT login, name, roles, language, agent_number, grade, skills, desk_phone, active
            FROM user_account ORDER BY login""")
        .map(
            (row, context) ->
                new UserAccount(
                    row.getString("login"),
                    row.getString("name"),
                    words(row.getString("roles")),
                    row.getString("language"),
                    Optional.ofNullable(row.getString("agent_number")).map(AgentNumber::new),
                    row.getInt("grade"),
                    words(row.getString("skills")),
                    Optional.ofNullable(row.getString("desk_phone")),
                    row.getBoolean("active")))
        .list();
  }

  private static List<String> words(String commaSeparated) {
    return Stream.of(commaSeparated.split(",")).filter(word -> !word.isEmpty()).toList();
  }

  private static Map<String, Object> columns(UserAccount account) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("name", account.name());
    columns.put("roles", String.join(",", account.roles()));
    columns.put("language", account.language());
    columns.put("agent_number", account.number().map(AgentNumber::value).orElse(null));
    columns.put("grade", account.grade());
    columns.put("skills", String.join(",", account.skills()));
    columns.put("desk_phone", account.deskPhone().orElse(null));
    columns.put("active", account.active());
    return columns;
  }
}
