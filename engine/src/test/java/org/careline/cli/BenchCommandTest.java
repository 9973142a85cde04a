package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.careline.bench.Target;
import org.careline.bench.Target.Bound;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
  @TempDir private Path folder;

  @Test
  void whatMissesItsTargetIsNamedAndFails() {
    PrintStream before = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
      assertThat(BenchCommand.verdict(List.of(new Target("a, ms", Bound.BELOW, 4, 3)))).isZero();
      assertThat(told.toString(StandardCharsets.UTF_8)).isEmpty();
      assertThat(
              BenchCommand.verdict(
                  List.of(
                      new Target("a, ms", Bound.AT_MOST, 4, 3),
                      new Target("b, ms", Bound.AT_MOST, 4, 4.5),
                      new Target("c/s", Bound.AT_LEAST, 10, Double.NaN))))
          .isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("b, ms", "4.50", "4.00"))
        .noneSatisfy(line -> assertThat(line).contains("a, ms"));
  }

  /** Small, on a whole instance: that they can run, not what they find. */
  @Test
  @Tag("long")
  void callsBesideTheQueueAndCrowdsThatWait() throws Exception {
    assertThat(run("load", "--rounds", "1", "--agents", "6", "--rates", "4")).isZero();
    JsonNode load = read("load");
    assertThat(load.at("/cells")).hasSize(2);
    assertThat(load.at("/cells"))
        .allSatisfy(cell -> assertThat(cell.get("failed").asInt()).isZero());
    run("waiting", "--callers", "4,6", "--minutes", "1");
    JsonNode crowds = read("waiting").get("crowds");
    assertThat(crowds.get(0).get("spoken").asInt()).isGreaterThanOrEqualTo(4);
    assertThat(crowds.get(1).get("spoken").asInt()).isZero();
    assertThat(crowds.get(1).get("waiting").asInt()).isEqualTo(6);
    assertThat(crowds).allSatisfy(crowd -> assertThat(crowd.get("lost").asInt()).isZero());
  }

  private int run(String... arguments) {
    CommandLine command = new CommandLine(new BenchCommand());
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--json";
    all[arguments.length + 1] = folder.toString();
    return command.execute(all);
  }

  private JsonNode read(String name) throws Exception {
    return new ObjectMapper().readTree(folder.resolve("bench-" + name + ".json").toFile());
  }
}
