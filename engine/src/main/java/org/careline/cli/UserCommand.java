package org.careline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.agent.AgentNumber;
import org.careline.agent.PasswordHash;
import org.careline.agent.UserAccount;
import org.careline.agent.UserAccounts;
import org.jdbi.v3.core.Handle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Users from the command line. */
@Command(name = "user", subcommands = UserCommand.Add.class)
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
    private static final int MAX_INPUT = 4096;

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
      String password = passwordFromStdin ? readPassword(System.in) : PasswordHash.generate();
      if (passwordFromStdin) {
        PasswordHash.weakness(login, password)
            .ifPresent(
                weakness -> {
                  throw new CommandFailed(weakness);
                });
      }
      String hash = PasswordHash.of(password);
      try (Running running = Running.open()) {
        running.database().jdbi().useTransaction(handle -> add(handle, account, hash));
      }
      System.out.println("added\t" + login);
      if (!passwordFromStdin) {
        System.out.println("password\t" + password);
      }
      return 0;
    }

    private UserAccount account() {
      try {
        return new UserAccount(
            login,
            name == null ? login : name,
            roles,
            language,
            Optional.ofNullable(number).map(AgentNumber::new),
            grade,
            List.of(),
            Optional.ofNullable(deskPhone),
            true);
      } catch (IllegalArgumentException refused) {
        throw new CommandFailed(refused.getMessage(), refused);
      }
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

    /** The first line, without its end. */
    static String readPassword(InputStream in) throws IOException {
      String text = new String(in.readNBytes(MAX_INPUT), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("");
    }
  }
}
