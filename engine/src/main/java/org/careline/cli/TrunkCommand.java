package org.careline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What trunks deliver and what we send on them. */
@Command(name = "trunk", subcommands = TrunkCommand.Check.class)
final class TrunkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * Prints how the next call comes in by a trunk, or what one call out sends. One fact a line, with
   * a tab behind its name. Exit code 1 when no call came in time.
   */
  @Command(name = "check")
  static final class Check implements Callable<Integer> {
    private static final int LONGEST = 600;
    private static final int LOOK_EVERY_MILLIS = 300;

    @Parameters(paramLabel = "NAME", descriptionKey = "name")
    private String name;

    @Option(names = "--call", paramLabel = "NUMBER")
    private String number;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
      if (seconds < 1 || seconds > LONGEST) {
        throw new CommandFailed(Messages.text("trunk.timeout", LONGEST));
      }
      EngineHttp engine = EngineHttp.of(Instance.load());
      if (number == null) {
        watch(engine);
      } else {
        placed(engine.post(path("call"), Map.of("number", number)));
      }
      return 0;
    }

    private String path(String what) {
      return "/api/v1/trunks/" + EngineHttp.part(name) + "/" + what;
    }

    private void watch(EngineHttp engine) throws InterruptedException {
      engine.post(path("check"), Map.of("seconds", seconds));
      System.err.println("careline: " + Messages.text("trunk.waiting", name, seconds));
      long deadline = System.nanoTime() + Duration.ofSeconds(seconds + 2L).toNanos();
      while (System.nanoTime() < deadline) {
        JsonNode check = engine.get(path("check"));
        switch (check.path("state").asText()) {
          case "came" -> {
            came(check.get("call"));
            return;
          }
          case "nothing" -> throw nothing();
          default -> new CountDownLatch(1).await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
      throw nothing();
    }

    private CommandFailed nothing() {
      return new CommandFailed(Messages.text("trunk.nothing", name, seconds));
    }

    private static void came(JsonNode call) {
      line("trunk.at", call.path("at").asText());
      line("trunk.dialled", call.path("dialled").asText());
      headers(call.path("headers"));
      line("trunk.number", number(call));
      line("trunk.source", known(call.path("source").asText()));
      line("trunk.blocked", yes(call.path("blocked").asBoolean()));
      line("trunk.line", named(call, "line", "lineName", "trunk.no-line"));
      line("trunk.customer", customer(call));
      line("trunk.site", named(call, "site", "siteName", "trunk.none"));
      line("trunk.tier", call.path("tier").asText());
    }

    private static String number(JsonNode call) {
      if (call.path("number").isTextual()) {
        return call.path("number").asText();
      }
      return Messages.text(
          call.path("withheld").asBoolean() ? "trunk.withheld" : "trunk.not-understood");
    }

    private static String customer(JsonNode call) {
      if (call.path("shared").isEmpty()) {
        return named(call, "customer", "customerName", "trunk.none");
      }
      StringBuilder codes = new StringBuilder();
      call.path("shared")
          .forEach(code -> codes.append(codes.isEmpty() ? "" : ", ").append(code.asText()));
      return Messages.text("trunk.shared", codes);
    }

    private static void placed(JsonNode call) {
      line("trunk.sent-number", call.path("dialled").asText());
      line("trunk.sent-shown", call.path("shown").asText());
      headers(call.path("headers"));
      String state = call.path("state").asText();
      line("trunk.state", state.isEmpty() ? Messages.text("trunk.ended") : state);
      if (call.path("headers").isEmpty()) {
        System.err.println("careline: " + Messages.text("trunk.too-soon"));
      }
    }

    /** By their own names, which are the same in every language. */
    private static void headers(JsonNode headers) {
      for (String header :
          new String[] {
            "From", "P-Asserted-Identity", "Remote-Party-ID", "Diversion", "To", "Privacy"
          }) {
        if (headers.has(header)) {
          System.out.println(header + "\t" + printable(headers.get(header).asText()));
        } else if (!header.equals("Privacy")) {
          System.out.println(header + "\t-");
        }
      }
    }

    private static String named(JsonNode call, String code, String name, String none) {
      return call.path(code).isTextual()
          ? call.path(code).asText() + " " + call.path(name).asText("")
          : Messages.text(none);
    }

    private static String yes(boolean yes) {
      return Messages.text(yes ? "trunk.yes" : "trunk.no");
    }

    private static String known(String text) {
      return text.isEmpty() ? "-" : text;
    }

    /** A stranger wrote it: nothing of it may steer a terminal. */
    private static String printable(String text) {
      return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static void line(String key, String value) {
      System.out.println(Messages.text(key) + "\t" + value.strip());
    }
  }
}
