package org.careline.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import org.careline.language.Refusal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line. Standard output carries the answer only; everything else goes to standard
 * error. Exit codes: 0 done, 1 could not be done, 2 not understood.
 */
@Command(
    name = "careline",
    subcommands = {
      UpCommand.class,
      StopCommand.class,
      StatusCommand.class,
      DoctorCommand.class,
      DialplanCommand.class,
      TestCommand.class,
      EngineCommand.class,
      DemoCommand.class,
      BenchCommand.class,
      PhoneCommand.class,
      SimulateCommand.class,
      ImportSitesCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      HistoryCommand.class,
      ApplyCommand.class,
      UserCommand.class,
      RoundCommand.class,
      TrunkCommand.class,
      PromptsCommand.class,
      CalendarCommand.class,
      WhyNotCommand.class,
      PreviewCommand.class,
      ReconcileCommand.class,
      QueueLogCommand.class
    })
public final class Careline implements Callable<Integer> {
  static final String BUNDLE = "org.careline.cli.Messages";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT)
  private boolean help;

  @Option(names = "--lang", paramLabel = "en|zh", scope = ScopeType.INHERIT)
  private String language;

  /** Runs one command line and gives the exit code. */
  public static int run(String... arguments) {
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    System.setOut(out);
    System.setErr(err);
    Language language;
    try {
      language = Language.of(arguments, System.getenv());
    } catch (IllegalArgumentException e) {
      Locale.setDefault(Language.of(new String[0], System.getenv()).locale());
      err.println("careline: " + Messages.text("error.language", e.getMessage()));
      return CommandLine.ExitCode.USAGE;
    }
    Locale.setDefault(language.locale());
    CommandLine commandLine = commandLine(language);
    commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Careline::notUnderstood);
    commandLine.setExecutionExceptionHandler(
        (failure, command, result) -> failed(failure, command));
    int exit = commandLine.execute(arguments);
    out.flush();
    err.flush();
    return exit;
  }

  static CommandLine commandLine(Language language) {
    CommandLine commandLine = new CommandLine(new Careline());
    commandLine.setResourceBundle(ResourceBundle.getBundle(BUNDLE, language.locale()));
    return commandLine;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  private static int notUnderstood(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("careline: " + NotUnderstood.reason(problem));
    err.println(
        NotUnderstood.suggestion(problem)
            .orElseGet(
                () ->
                    Messages.text(
                        "error.help", command.getCommandSpec().qualifiedName() + " --help")));
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    switch (failure) {
      case Refusal refusal ->
          refusal.in(Locale.getDefault()).lines().forEach(line -> err.println("careline: " + line));
      case CommandFailed reason -> err.println("careline: " + reason.getMessage());
      default -> {
        err.println("careline: " + failure);
        failure.printStackTrace(err);
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
