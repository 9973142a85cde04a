package org.careline.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.agent.AgentNumber;
import org.careline.agent.DeskPhone;
import org.careline.agent.InvalidAccount;
import org.careline.agent.UserAccount;
import org.careline.agent.UserAccounts;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Users from the command line. */
@Command(
    name = "user",
    subcommands = {UserCommand.Add.class, UserCommand.Password.class, UserCommand.ListUsers.class})
final class UserCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * Adds a user. Prints {@code added} and the login, and {@code password} with the password when it
   * was made here.
   */
  @Command(name = "add")
  static final class Add implements Callable<Integer> {
    @Parameters(paramLabel = "LOGIN", descriptionKey = "login")
    private String login;

    @Option(names = "--name", paramLabel = "NAME")
    private String name;

    @Option(names = "--role", paramLabel = "ROLE", split = ",", required = true)
    private List<String> roles;

    @Option(names = "--agent-number", paramLabel = "NUMBER")
    private String number;

    @Option(names = "--grade", paramLabel = "1..5", defaultValue = "1")
    private int grade;

    @Option(names = "--desk-phone", paramLabel = "sip:...")
    private String deskPhone;

    @Option(names = "--user-language", paramLabel = "en|zh", defaultValue = "zh")
    private String language;

    @Option(names = "--password-stdin")
    private boolean passwordFromStdin;

    @Override
    public Integer call() throws IOException {
      UserAccount account = account();
      NewPassword password = NewPassword.of(login, passwordFromStdin, System.in);
      try (Running running = Running.open()) {
        if (deskPhone != null
            && running.configuration().asterisk().local()
            && !DeskPhone.onLoopback(deskPhone)) {
          throw new InvalidAccount(Sentence.of("agent.desk-phone-away", deskPhone));
        }
        running.database().jdbi().useTransaction(handle -> add(handle, account, password.hash()));
      }
      System.out.println("added\t" + login);
      password.print();
      return 0;
    }

    private UserAccount account() {
      if (number == null && roles.contains("agent")) {
        throw new CommandFailed(Messages.text("user.needs-number"));
      }
      return new UserAccount(
          login,
          name == null ? login : name,
          roles,
          language,
          Optional.ofNullable(number).map(AgentNumber::of),
          grade,
          List.of(),
          Optional.ofNullable(deskPhone),
          true);
    }

    static void add(Handle handle, UserAccount account, String hash) {
      if (UserAccounts.passwordHash(handle, account.login()).isPresent()) {
        throw new CommandFailed(Messages.text("user.exists", account.login()));
      }
      account
          .number()
          .flatMap(number -> UserAccounts.loginOf(handle, number))
          .ifPresent(
              other -> {
                String number = account.number().orElseThrow().value();
                throw new CommandFailed(Messages.text("user.number", number, other));
              });
      UserAccounts.insert(handle, account, hash);
      handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
    }
  }

  /**
   * Gives a user a new password and ends his sessions. Prints {@code changed} and the login, and
   * {@code password} with the password when it was made here.
   */
  @Command(name = "password")
  static final class Password implements Callable<Integer> {
    @Parameters(paramLabel = "LOGIN", descriptionKey = "login")
    private String login;

    @Option(names = "--password-stdin")
    private boolean passwordFromStdin;

    @Override
    public Integer call() throws IOException {
      NewPassword password = NewPassword.of(login, passwordFromStdin, System.in);
      try (Running running = Running.open()) {
        boolean changed =
            running
                .database()
                .jdbi()
                .inTransaction(handle -> UserAccounts.setPassword(handle, login, password.hash()));
        if (!changed) {
          throw new CommandFailed(Messages.text("user.none", login));
        }
      }
      System.out.println("changed\t" + login);
      password.print();
      return 0;
    }
  }

  /** Prints login, roles, agent number, grade, active or closed, and name of each user. */
  @Command(name = "list")
  static final class ListUsers implements Callable<Integer> {
    @Override
    public Integer call() {
      try (Running running = Running.open()) {
        for (UserAccount user : running.database().jdbi().withHandle(UserAccounts::all)) {
          System.out.println(
              String.join(
                  "\t",
                  user.login(),
                  String.join(",", user.roles()),
                  user.number().map(AgentNumber::value).orElse("-"),
                  user.number().isPresent() ? "" + user.grade() : "-",
                  user.active() ? "active" : "closed",
                  user.name()));
        }
      }
      return 0;
    }
  }
}
