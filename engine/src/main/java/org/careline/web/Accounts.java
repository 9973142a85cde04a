package org.careline.web;

import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.database.Database;
import org.jdbi.v3.core.Jdbi;

/** The users who may sign in, from {@code user_account}. Blocks on MySQL. Thread-safe. */
public final class Accounts {
  private final Jdbi jdbi;

  public Accounts(Database database) {
    this.jdbi = database.jdbi();
  }

  /** An active user. {@code toString} hides the hash. */
  record Account(Principal principal, String passwordHash) {
    @Override
    public String toString() {
      return "Account[" + principal.login() + "]";
    }
  }

  Optional<Account> find(String login) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT login, name, password_hash, roles, language, agent_number, desk_phone
                    FROM user_account WHERE login = :login AND active
                    """)
                .bind("login", login)
                .map(
                    (row, context) ->
                        new Account(
                            new Principal(
                                row.getString("login"),
                                row.getString("name"),
                                roles(row.getString("roles")),
                                Optional.ofNullable(row.getString("agent_number"))
                                    .map(AgentNumber::new),
                                Optional.ofNullable(row.getString("desk_phone")),
                                row.getString("language")),
                            row.getString("password_hash")))
                .findOne());
  }

  private static Set<Role> roles(String column) {
    return Role.parse(column);
  }
}
