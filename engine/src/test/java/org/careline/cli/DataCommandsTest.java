package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.agent.UserAccount;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.ImportRefused;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.careline.local.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final String HEAD = "chain_code,site_code,site_name,phone1\n";

  @TempDir Path folder;

  private record Ran(int exit, String out) {}

  private static Ran run(Object command, String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exit = new CommandLine(command).execute(arguments);
      return new Ran(exit, out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void phonePrintsInputNumberAndKind() {
    Ran ran = run(new PhoneCommand(), "021-58881234转801", "13800138000", "4008123456", "95588");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            021-58881234转801\t+862158881234;ext=801\tfixed
            13800138000\t+8613800138000\tmobile
            4008123456\t+864008123456\thotline
            95588\t+8695588\tshort
            """);
  }

  @Test
  void phoneTellsWhatIsInvalidOnOneLineEach() {
    Ran ran = run(new PhoneCommand(), "58881234", "138\n\u001b[2J", "13800138000");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo(
            """
            58881234\tinvalid: the area code is missing\t
            138\\u000A\\u001B[2J\tinvalid: the character U+000A is not part of a number\t
            13800138000\t+8613800138000\tmobile
            """);
    assertThat(run(new PhoneCommand(), "--area-code", "021", "58881234").out())
        .isEqualTo("58881234\t+862158881234\tfixed\n");
  }

  @Test
  void reasonsAreInTheLanguageOfTheTerminal() throws Exception {
    Path file = folder.resolve("zh.csv");
    Files.writeString(file, HEAD + "A,9,x,1\n");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
    try {
      assertThat(run(new PhoneCommand(), "58881234").out())
          .isEqualTo("58881234\tinvalid: 缺少区号\t\n");
      ImportCommand.run(new DataImport(mysql.database(), 1 << 20), file, true);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(Files.readString(folder.resolve("zh.rejects.csv")))
        .contains("line,column,reason,chain_code")
        .contains("2,phone1,号码无效：位数太少,A,9,x,1");
  }

  @Test
  void rejectsLieBesideTheFileAsLongAsThereAreAny() throws Exception {
    Database database = mysql.database();
    DataImport siteImport = new DataImport(database, 1 << 20);
    Path file = folder.resolve("my.sites.csv");
    Path rejects = folder.resolve("my.sites.rejects.csv");
    Files.writeString(file, HEAD + "A,1,x,1\nA,2,x,13800138000\n");
    assertThat(ImportCommand.run(siteImport, file, true).rejected()).isEqualTo(1);
    assertThat(Files.readString(rejects)).contains("2,phone1,invalid number: too short,A,1,x,1");
    assertThat(ImportCommand.run(siteImport, file, false).added()).isEqualTo(1);

    Files.writeString(file, "nonsense");
    assertThatThrownBy(() -> ImportCommand.run(siteImport, file, false))
        .isInstanceOf(ImportRefused.class);
    assertThat(rejects).exists();

    Files.writeString(file, HEAD + "A,2,x,13800138000\n");
    assertThat(ImportCommand.run(siteImport, file, false).unchanged()).isEqualTo(1);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aCustomersOwnFileIsTriedAndWhatThereIsComesOutAgain() throws Exception {
    Path file = folder.resolve("own.csv");
    Files.writeString(file, "Shop,site_name,phone1\nT1,甲店,13800138021\nT2,乙店,13800138022\n");
    DataImport imports = new DataImport(mysql.database(), 1 << 20);
    Path before = folder.resolve("before.csv");
    Files.writeString(
        before,
        "chain_code,site_code,site_name,phone1\n" + "TY,T1,甲,13800138021\nTY,T3,丙店,13800138023\n");
    ImportCommand.run(imports, before, false);
    Typed typed = new Typed(mysql, folder.resolve("home"));
    Command tried =
        typed.run(
            "import",
            "sites",
            file.toString(),
            "--customer",
            "TY",
            "--map",
            "Shop=site_code",
            "--full-list",
            "--dry-run");
    assertThat(tried.exitCode()).as(tried.errors()).isZero();
    assertThat(tried.output())
        .isEqualTo(
            """
            added\t1
            changed\t1
            unchanged\t0
            rejected\t0
            duplicates\t0
            to_confirm\t1
            changed\t2\tTY/T1 甲店\tsite_name\t甲\t甲店
            added\t3\tTY/T2 乙店
            to_confirm\t0\tTY/T3 丙店\tstatus\tactive\tto_confirm
            to_confirm\t0\tTY/T3 丙店\tstatus_reason\t\tclosed
            """);
    Files.writeString(file, "chain_code,site_code,site_name,phone1\nTY,T1,甲,13800138029\n");
    Command other = typed.run("import", "sites", file.toString(), "--dry-run");
    assertThat(other.output()).as(other.errors()).contains("\tphone1\t138****8021\t138****8029\n");
    ImportCommand.run(imports, file, false);
    Command history = typed.run("history", "TY", "T1");
    assertThat(history.output())
        .contains("\tphone1\t138****8021\t138****8029\n")
        .doesNotContain("13800138021", "13800138029");
    Path out = folder.resolve("out.csv");
    Command exported = typed.run("export", "contacts", out.toString(), "--customer", "TY");
    assertThat(exported.output()).isEqualTo("rows\t2\n");
    assertThat(Files.readString(out)).contains("TY,T3,C").contains(",+8613800138023,");
    Files.delete(out);
    Files.delete(file);
    Files.delete(before);
  }

  /** What the help names is what there is. */
  @Test
  void theHelpNamesEveryKindOfFile() {
    for (Locale language : List.of(Locale.ENGLISH, Locale.CHINESE)) {
      ResourceBundle texts = ResourceBundle.getBundle("org.careline.cli.Messages", language);
      List<String> kinds = new ArrayList<>(FileKind.keys());
      kinds.add(ImportCommand.FAULT_CARDS);
      assertThat(texts.getString("careline.export.kind")).contains(kinds);
      kinds.add(ImportCommand.MATTERS);
      assertThat(texts.getString("careline.import.kind")).contains(kinds);
    }
  }

  @Test
  void aLoginAndAnAgentNumberAreGivenOnce() {
    UserAccount li = account("li", "8023");
    mysql.database().jdbi().useTransaction(h -> UserCommand.Add.add(h, li, "hash"));
    assertThatThrownBy(() -> add(li)).isInstanceOf(CommandFailed.class).hasMessageContaining("li");
    assertThatThrownBy(() -> add(account("han", "8023")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("8023");
  }

  private static void add(UserAccount account) {
    mysql.database().jdbi().useTransaction(h -> UserCommand.Add.add(h, account, "hash"));
  }

  private static UserAccount account(String login, String number) {
    return new UserAccount(
        login,
        login,
        List.of("agent"),
        "zh",
        Optional.of(new AgentNumber(number)),
        1,
        List.of(),
        Optional.empty(),
        true);
  }

  @Test
  void aPasswordIsTheFirstLineOfTheInput() throws Exception {
    assertThat(password("correct-horse\nmore")).isEqualTo("correct-horse");
    assertThat(password("correct horse\r\n")).isEqualTo("correct horse");
    assertThat(password("")).isEmpty();
  }

  private static String password(String input) throws Exception {
    return NewPassword.read(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
  }
}
