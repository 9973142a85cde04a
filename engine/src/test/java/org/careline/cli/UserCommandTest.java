package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.careline.agent.PasswordHash;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.local.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code user} as a person types it. */
class UserCommandTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Typed typed = new Typed(mysql, TestFolders.create("user"));

  @Test
  void usersAreAddedListedAndGetNewPasswords() {
    Command added =
        typed.run("user", "add", "li", "--role", "agent,supervisor", "--agent-number", "8001");
    assertThat(added.exitCode()).as(added.errors()).isZero();
    String first = password(added, "added");
    assertThat(PasswordHash.matches(first, hash("li"))).isTrue();
    Command plan =
        typed.withInput(
            "correct horse", "user", "add", "plan", "--role", "scheduler", "--password-stdin");
    assertThat(plan.output()).isEqualTo("added\tplan\n");

    Command changed = typed.run("user", "password", "li");
    assertThat(changed.exitCode()).as(changed.errors()).isZero();
    String second = password(changed, "changed");
    assertThat(second).isNotEqualTo(first);
    assertThat(PasswordHash.matches(first, hash("li"))).isFalse();
    assertThat(PasswordHash.matches(second, hash("li"))).isTrue();
    assertThat(PasswordHash.matches("correct horse", hash("plan"))).as("another's").isTrue();

    Command given = typed.withInput("battery staple", "user", "password", "li", "--password-stdin");
    assertThat(given.output()).isEqualTo("changed\tli\n");
    assertThat(PasswordHash.matches("battery staple", hash("li"))).isTrue();

    for (String weak : new String[] {"", "short", "aaaaaaaaaaaa"}) {
      Command refused = typed.withInput(weak, "user", "password", "li", "--password-stdin");
      assertThat(refused.exitCode()).as(weak + refused.errors()).isEqualTo(1);
    }
    Command nobody = typed.run("user", "password", "nobody");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.output()).isEmpty();
    assertThat(nobody.errors()).contains("careline: There is no user nobody\n");

    mysql
        .database()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE user_account SET active = login <> 'plan'"));
    assertThat(typed.run("user", "list").output())
        .isEqualTo(
            "li\tagent,supervisor\t8001\t1\tactive\tli\n"
                + "plan\tscheduler\t-\t-\tclosed\tplan\n");
  }

  @Test
  void whatAnAgentLacksIsNamedByItsOption() {
    Command numberless = typed.run("user", "add", "tom", "--role", "agent");
    assertThat(numberless.exitCode()).isEqualTo(1);
    assertThat(numberless.errors()).contains("an agent needs a number: --agent-number");
  }

  private static String password(Command command, String word) {
    assertThat(command.output()).matches(word + "\tli\npassword\t[A-Za-z0-9]{16}\n");
    return command.output().strip().substring(command.output().lastIndexOf('\t') + 1);
  }

  private static String hash(String login) {
    return mysql
        .database()
        .jdbi()
        .withHandle(
            h ->
                h.select("SELECT password_hash FROM user_account WHERE login = ?", login)
                    .mapTo(String.class)
                    .one());
  }
}
