package org.careline.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestInstance;
import org.careline.harness.TestMySql;
import org.careline.local.Command;

/** Commands as a person types them: each in a process of its own, on the schema of a test class. */
record Typed(MySqlExtension mysql, Path home) {

  Command run(String command, String... arguments) {
    return Command.run(line(command, arguments), environment(), Duration.ofSeconds(60));
  }

  /**
   * @param input a line on its standard input
   */
  Command withInput(String input, String command, String... arguments) {
    List<String> piped =
        new ArrayList<>(List.of("sh", "-c", "printf '%s\\n' \"$INPUT\" | \"$@\"", "sh"));
    piped.addAll(line(command, arguments));
    Map<String, String> environment = environment();
    environment.put("INPUT", input);
    return Command.run(piped, environment, Duration.ofSeconds(60));
  }

  private static List<String> line(String command, String... arguments) {
    List<String> line = TestInstance.java(command);
    line.addAll(List.of(arguments));
    if (line.stream().noneMatch(argument -> argument.startsWith("--lang"))) {
      line.add(1 + line.indexOf(command), "--lang=en");
    }
    return line;
  }

  private Map<String, String> environment() {
    TestMySql shared = TestMySql.shared();
    Map<String, String> environment = new HashMap<>();
    environment.put("CARELINE_HOME", home.toString());
    environment.put("CARELINE_CONFIG", "");
    environment.put("CARELINE_DATABASE_URL", shared.server().url(mysql.schema()));
    environment.put("CARELINE_DATABASE_USER", shared.server().user());
    environment.put("CARELINE_DATABASE_PASSWORD", shared.server().password());
    return environment;
  }
}
