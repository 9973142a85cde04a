package org.careline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careline.bench.CallBench;
import org.careline.bench.ClaimBench;
import org.careline.bench.DiallingBench;
import org.careline.bench.ImportBench;
import org.careline.bench.JournalBench;
import org.careline.bench.LoadBench;
import org.careline.bench.OpeningBench;
import org.careline.bench.PreviewBench;
import org.careline.bench.RoutingBench;
import org.careline.bench.SimulationBench;
import org.careline.bench.Target;
import org.careline.bench.TransitionBench;
import org.careline.bench.WaitBench;
import org.careline.database.Database;
import org.careline.language.Sentence;
import org.careline.local.CannotStart;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;
import org.careline.local.Ports;
import org.careline.local.Supervisor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measurements, each beside its baseline in the same run. */
@Command(name = "bench")
final class BenchCommand implements Callable<Integer> {
  private static final List<String> NAMES =
      List.of(
          "calls",
          "claim",
          "import",
          "opening",
          "preview",
          "journal",
          "routing",
          "simulation",
          "transitions",
          "load",
          "waiting",
          "dialling");
  private static final int FIRST_BASE = 40_000;
  private static final int LAST_BASE = 58_000;
  private static final int STEP = 500;

  /** Crowds need more than an instance has by itself. */
  private static final String RTP_PORTS = "20000-27999";

  @Parameters(arity = "0..1", paramLabel = "NAME", descriptionKey = "name")
  private String name;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "7")
  private int rounds;

  @Option(names = "--minutes", paramLabel = "N", defaultValue = "10")
  private int minutes;

  @Option(names = "--seconds", paramLabel = "N", defaultValue = "300")
  private int seconds;

  @Option(names = "--agents", paramLabel = "N", defaultValue = "200")
  private int agents;

  @Option(names = "--rates", paramLabel = "N", split = ",", defaultValue = "20,60,100,140,200")
  private List<Integer> rates;

  @Option(names = "--callers", paramLabel = "N", split = ",", defaultValue = "200,500")
  private List<Integer> callers;

  @Option(names = "--json", paramLabel = "FOLDER")
  private Path folder;

  @Override
  public Integer call() throws Exception {
    if (name != null && !NAMES.contains(name)) {
      throw new CommandFailed(Messages.text("bench.unknown", name, String.join(", ", NAMES)));
    }
    if (rounds < 1 || rounds > 100) {
      throw new CommandFailed(Messages.text("bench.rounds"));
    }
    if (minutes < 1 || minutes > 600) {
      throw new CommandFailed(Messages.text("bench.minutes"));
    }
    if (seconds < 5 || seconds > 3600) {
      throw new CommandFailed(Messages.text("bench.seconds"));
    }
    if (agents < 1
        || agents > 900
        || rates.stream().anyMatch(rate -> rate < 1 || rate > 1000)
        || callers.size() != 2
        || callers.stream().anyMatch(count -> count < 1 || count > 2000)) {
      throw new CommandFailed(Messages.text("bench.sizes"));
    }
    List<Target> targets = new ArrayList<>();
    for (String each : name == null ? NAMES : List.of(name)) {
      Object result =
          switch (each) {
            case "calls" -> calls();
            case "claim" -> claim();
            case "import" -> importing();
            case "opening" -> opening();
            case "preview" -> preview();
            case "journal" -> journal();
            case "routing" -> routing();
            case "simulation" -> simulation();
            case "transitions" -> transitions();
            case "load" -> load();
            case "waiting" -> waiting();
            case "dialling" -> dialling();
            default -> throw new IllegalStateException(each);
          };
      write(each, result);
      targets.addAll(targets(result));
    }
    return verdict(targets);
  }

  /** Names what has been missed; 0 = nothing. */
  static int verdict(List<Target> targets) {
    List<Target> missed = targets.stream().filter(target -> !target.met()).toList();
    for (Target target : missed) {
      System.err.println(
          Messages.text(
              "bench.missed-target",
              target.figure(),
              number(target.value()),
              Messages.text("bench.bound." + target.bound()),
              number(target.target())));
    }
    return missed.isEmpty() ? 0 : 1;
  }

  private static List<Target> targets(Object result) {
    return switch (result) {
      case CallBench.Result calls -> calls.targets();
      case ClaimBench.Result claim -> claim.targets();
      case ImportBench.Result importing -> importing.targets();
      case OpeningBench.Result opening -> opening.targets();
      case PreviewBench.Result preview -> preview.targets();
      case RoutingBench.Result routing -> routing.targets();
      case SimulationBench.Result simulation -> simulation.targets();
      case TransitionBench.Result transitions -> transitions.targets();
      case WaitBench.Result waiting -> waiting.targets();
      case DiallingBench.Result dialling -> dialling.targets();
      // beside their baselines, without a figure to reach
      default -> List.of();
    };
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private CallBench.Result calls() throws Exception {
    return onAnInstance(
        (instance, supervisor, database) -> {
          try (CallBench bench =
              new CallBench(
                  supervisor.asterisk().orElseThrow(),
                  instance.ports().sip(),
                  console(instance),
                  instance.configuration(),
                  database,
                  System.err::println)) {
            CallBench.Result result = bench.run(rounds, 100);
            print(result);
            return result;
          }
        });
  }

  private LoadBench.Result load() throws Exception {
    return onAnInstance(
        (instance, supervisor, database) -> {
          try (LoadBench bench =
              new LoadBench(
                  supervisor.asterisk().orElseThrow(),
                  supervisor.pid("engine"),
                  instance.ports().sip(),
                  console(instance),
                  instance.configuration(),
                  database,
                  agents,
                  System.err::println)) {
            LoadBench.Result result = bench.run(rounds, rates);
            print("bench.load");
            for (LoadBench.Rate rate : result.rates()) {
              print(
                  "bench.load.rate",
                  rate.rate(),
                  rate.careline().p50(),
                  rate.queue().p50(),
                  rate.ratio()[0],
                  rate.ratio()[1],
                  rate.ratio()[2],
                  rate.careline().failed(),
                  rate.queue().failed(),
                  rate.careline().asteriskMillis(),
                  rate.queue().asteriskMillis(),
                  rate.careline().engineMillis());
            }
            return result;
          }
        });
  }

  private WaitBench.Result waiting() throws Exception {
    return onAnInstance(
        (instance, supervisor, database) -> {
          try (WaitBench bench =
              new WaitBench(
                  supervisor.asterisk().orElseThrow(),
                  supervisor.pid("engine"),
                  instance.ports().sip(),
                  console(instance),
                  instance.configuration(),
                  database,
                  System.err::println)) {
            WaitBench.Result result =
                bench.run(callers.get(0), callers.get(1), Duration.ofMinutes(minutes));
            print("bench.waiting", minutes);
            for (int i = 0; i < result.crowds().size(); i++) {
              WaitBench.Crowd crowd = result.crowds().get(i);
              print(
                  "bench.waiting.crowd",
                  crowd.callers(),
                  crowd.spoken(),
                  met(result.targets().get(4 * i + 3)),
                  crowd.waiting(),
                  met(result.targets().get(4 * i + 1)),
                  crowd.lost(),
                  met(result.targets().get(4 * i)),
                  crowd.heapFirst(),
                  crowd.heapLast(),
                  met(result.targets().get(4 * i + 2)),
                  crowd.asteriskCores() * 100,
                  crowd.engineCores() * 100);
            }
            return result;
          }
        });
  }

  private DiallingBench.Result dialling() throws Exception {
    return onAnInstance(
        DiallingBench.CONFIGURATION,
        (instance, supervisor, database) -> {
          try (DiallingBench bench =
              new DiallingBench(
                  instance.ports().outsideSip(),
                  console(instance),
                  instance.configuration(),
                  database,
                  System.err::println)) {
            DiallingBench.Result result = bench.run(Duration.ofSeconds(seconds), 100_000);
            print("bench.dialling");
            print(
                "bench.dialling.round",
                result.seconds(),
                result.wire(),
                result.wire() / result.seconds(),
                result.busiest(),
                result.placed(),
                result.lost(),
                met(result.targets().get(1)),
                result.differing(),
                met(result.targets().get(2)));
            print(
                "bench.dialling.day",
                result.progressive().talking() * 100,
                result.preview().talking() * 100,
                result.byHand().talking() * 100,
                result.abandoned(),
                met(result.targets().get(3)));
            print(
                "bench.dialling.lateness",
                result.lateness().pending(),
                result.lateness().calls(),
                result.lateness().p50(),
                result.lateness().p99(),
                result.lateness().longest(),
                met(result.targets().get(4)));
            return result;
          }
        });
  }

  private static URI console(Instance instance) {
    return URI.create("http://127.0.0.1:" + instance.configuration().http().port());
  }

  /** On a MySQL of its own with a buffer pool of 2 GB: two schemas side by side. */
  private ClaimBench.Result claim() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
        LocalMySql.start(
            Packages.ensure(),
            home,
            freeBase(),
            "carelineBenchPassword",
            new LocalMySql.Options(2048, false, true, "+00:00", List.of()))) {
      try (Database small = schema(mysql, "small");
          Database large = schema(mysql, "large")) {
        ClaimBench.Settings usual = ClaimBench.Settings.USUAL;
        ClaimBench.Result result =
            ClaimBench.run(
                small,
                large,
                new ClaimBench.Settings(
                    usual.small(),
                    usual.large(),
                    rounds,
                    usual.claims(),
                    usual.limit(),
                    usual.claimers()),
                System.err::println);
        print(result);
        return result;
      }
    } finally {
      delete(home);
    }
  }

  /** On a MySQL of its own, as for claims. */
  private OpeningBench.Result opening() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
            LocalMySql.start(
                Packages.ensure(),
                home,
                freeBase(),
                "carelineBenchPassword",
                new LocalMySql.Options(
                    2048, false, true, "+00:00", List.of("--innodb-redo-log-capacity=1G")));
        Database database = schema(mysql, "opening")) {
      OpeningBench.Result result =
          OpeningBench.run(database, OpeningBench.Settings.USUAL, System.err::println);
      print("bench.opening", result.sites());
      print("bench.opening.took", result.seconds(), met(result.targets().get(0)));
      print(
          "bench.opening.claims",
          result.alone().p99(),
          result.meanwhile().p99(),
          result.ratioP99(),
          result.meanwhile().count(),
          result.meanwhile().longest(),
          met(result.targets().get(1)));
      return result;
    } finally {
      delete(home);
    }
  }

  /** On a MySQL of its own, as an instance starts it. */
  private ImportBench.Result importing() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
            LocalMySql.start(
                Packages.ensure(),
                home,
                freeBase(),
                "carelineBenchPassword",
                new LocalMySql.Options(512, true, true, "+00:00", List.of()));
        Database database = schema(mysql, "importing")) {
      ImportBench.Result result =
          ImportBench.run(mysql.url("importing"), "carelineBenchPassword", home, 100_000);
      print("bench.import", result.rows());
      print("bench.import.checked", result.checked().seconds(), result.checked().megabytes());
      print(
          "bench.import.imported",
          result.imported().seconds(),
          met(result.targets().get(0)),
          result.ratio(),
          result.imported().megabytes(),
          met(result.targets().get(1)));
      print("bench.import.again", result.again().seconds(), result.again().megabytes());
      return result;
    } finally {
      delete(home);
    }
  }

  /** On a MySQL of its own. */
  private PreviewBench.Result preview() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
            LocalMySql.start(
                Packages.ensure(),
                home,
                freeBase(),
                "carelineBenchPassword",
                new LocalMySql.Options(512, false, true, "+00:00", List.of()));
        Database database = schema(mysql, "preview")) {
      PreviewBench.Result result = PreviewBench.run(database, PreviewBench.Settings.USUAL);
      print("bench.preview");
      List<PreviewBench.Reading> readings = List.of(result.usual(), result.many());
      for (int i = 0; i < readings.size(); i++) {
        print(
            "bench.preview.reading",
            readings.get(i).sites(),
            readings.get(i).p50(),
            readings.get(i).longest(),
            result.targets().get(i).target(),
            met(result.targets().get(i)));
      }
      return result;
    } finally {
      delete(home);
    }
  }

  /** On a MySQL of its own with a buffer pool of 2 GB. */
  private TransitionBench.Result transitions() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
            LocalMySql.start(
                Packages.ensure(),
                home,
                freeBase(),
                "carelineBenchPassword",
                new LocalMySql.Options(2048, false, true, "+00:00", List.of()));
        Database database = schema(mysql, "transitions");
        Connection patient =
            DriverManager.getConnection(mysql.url("transitions"), mysql.user(), mysql.password())) {
      TransitionBench.Result result =
          TransitionBench.run(
              database, patient, TransitionBench.Settings.USUAL, System.err::println);
      print("bench.transitions", result.sites());
      print(
          "bench.transitions.summary",
          result.p50(),
          result.p99(),
          met(result.targets().get(0)),
          result.writeSeconds());
      print(
          "bench.transitions.straight",
          result.straightSeconds(),
          result.straightSeconds() * 1000 / result.p50());
      print("bench.transitions.equal", met(result.targets().get(1)), result.correctionMillis());
      return result;
    } finally {
      delete(home);
    }
  }

  private JournalBench.Result journal() throws Exception {
    Path home = Files.createTempDirectory("careline-bench");
    try (LocalMySql mysql =
            LocalMySql.start(
                Packages.ensure(),
                home,
                freeBase(),
                "carelineBenchPassword",
                new LocalMySql.Options(512, true, true, "+00:00", List.of()));
        Database database = schema(mysql, "journal")) {
      JournalBench.Result result =
          JournalBench.run(
              database,
              home.resolve("journal"),
              new JournalBench.Settings(rounds, JournalBench.Settings.USUAL.events()),
              System.err::println);
      print("bench.journal");
      print("bench.journal.single", result.single());
      print("bench.journal.batched", result.journal());
      print("bench.journal.ratio", result.ratio()[0], result.ratio()[1], result.ratio()[2]);
      print("bench.journal.append", result.append());
      return result;
    } finally {
      delete(home);
    }
  }

  private RoutingBench.Result routing() {
    RoutingBench.Settings usual = RoutingBench.Settings.USUAL;
    RoutingBench.Result result =
        RoutingBench.alone(
            new RoutingBench.Settings(rounds, usual.agents(), usual.decisions()),
            System.err::println);
    print("bench.routing");
    print(
        "bench.routing.router",
        result.crowd().perSecond(),
        met(result.targets().get(0)),
        result.crowd().p99(),
        met(result.targets().get(1)));
    print("bench.routing.plain", result.plain());
    print("bench.routing.ratio", result.ratio()[0], result.ratio()[1], result.ratio()[2]);
    print(
        "bench.routing.growth",
        result.growth()[0],
        result.growth()[1],
        result.growth()[2],
        result.targets().get(3).target(),
        met(result.targets().get(3)));
    print("bench.routing.heap", result.megabytes(), met(result.targets().get(2)));
    return result;
  }

  private SimulationBench.Result simulation() {
    SimulationBench.Result result =
        SimulationBench.run(1_000_000, Math.min(rounds, 3), System.err::println);
    print("bench.simulation");
    print(
        "bench.simulation.calls",
        result.calls(),
        result.seconds(),
        met(result.targets().get(0)),
        result.meanWait(),
        result.theory(),
        result.standardError());
    print("bench.simulation.overload", result.overloadSeconds(), met(result.targets().get(2)));
    print(
        "bench.simulation.error",
        result.ours(),
        result.asterisk(),
        result.ours() / result.asterisk(),
        met(result.targets().get(1)));
    print("bench.simulation.estimate", result.estimateMillis()[0], result.estimateMillis()[1]);
    return result;
  }

  private static Database schema(LocalMySql mysql, String name) throws Exception {
    try (var connection = DriverManager.getConnection(mysql.url(), mysql.user(), mysql.password());
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    Database database = new Database(mysql.url(name), mysql.user(), mysql.password(), 6);
    database.migrate();
    return database;
  }

  private static void print(ClaimBench.Result result) {
    print("bench.claim");
    for (int i = 0; i < result.crowds().size(); i++) {
      ClaimBench.Crowd crowd = result.crowds().get(i);
      for (ClaimBench.Run run : List.of(crowd.small(), crowd.large())) {
        print(
            "bench.claim.sites",
            run.claimers(),
            run.sites(),
            run.p50(),
            run.p99(),
            run.sitesPerSecond());
      }
      double[] ratio = crowd.ratioP50();
      Target target = result.targets().get(i);
      print("bench.claim.ratio", ratio[0], ratio[1], ratio[2], target.target(), met(target));
    }
  }

  private static void print(CallBench.Result result) {
    print("bench.calls");
    result
        .p50()
        .forEach((mode, p50) -> print("bench.calls.mode", mode, p50, result.p95().get(mode)));
    print(
        "bench.calls.dial",
        result.overDial()[0],
        result.overDial()[1],
        result.overDial()[2],
        met(result.targets().get(0)));
    print(
        "bench.calls.ratio",
        "dial",
        result.ratioToDial()[0],
        result.ratioToDial()[1],
        result.ratioToDial()[2]);
    print(
        "bench.calls.ratio",
        "queue",
        result.ratioToQueue()[0],
        result.ratioToQueue()[1],
        result.ratioToQueue()[2]);
    print(
        "bench.calls.waitroom",
        result.fromAssignment()[0],
        result.fromAssignment()[1],
        result.fromAssignment()[2],
        met(result.targets().get(1)));
  }

  /** A line of the answer; its sentence is a format of {@link String#format}. */
  private static void print(String key, Object... values) {
    System.out.println(String.format(Locale.ROOT, Messages.text(key), values));
  }

  private static String met(Target target) {
    return Messages.text(target.met() ? "bench.met" : "bench.missed");
  }

  private interface Measurement<T> {
    T run(Instance instance, Supervisor supervisor, Database database) throws Exception;
  }

  /** On all parts of an instance of its own, which goes afterwards. */
  private static <T> T onAnInstance(Measurement<T> measurement) throws Exception {
    return onAnInstance("", measurement);
  }

  /**
   * @param configuration of the instance instead of the checkout's; empty = that one
   */
  private static <T> T onAnInstance(String configuration, Measurement<T> measurement)
      throws Exception {
    if (!Instance.load().configuration().asterisk().local()) {
      throw new CommandFailed(Messages.text("bench.own-asterisk"));
    }
    Path home = Files.createTempDirectory("careline-bench");
    try {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put("CARELINE_HOME", home.toString());
      environment.put("CARELINE_PORT_BASE", String.valueOf(freeBase()));
      environment.put("CARELINE_RTP_PORTS", RTP_PORTS);
      if (!configuration.isEmpty()) {
        Path file = Files.writeString(home.resolve("bench.yaml"), configuration);
        environment.put("CARELINE_CONFIG", file.toString());
      }
      Instance planned = Instance.load(environment);
      try (Supervisor supervisor =
          Supervisor.start(
              new Supervisor.Plan(
                  planned.home(),
                  planned.ports(),
                  planned.configuration(),
                  false,
                  Optional.of(home.resolve("engine.log")),
                  planned.environment(),
                  System.err::println))) {
        Instance instance = Instance.load(environment);
        try (Running running = Running.open(instance)) {
          return measurement.run(instance, supervisor, running.database());
        }
      }
    } finally {
      delete(home);
    }
  }

  private static int freeBase() {
    return IntStream.iterate(FIRST_BASE, base -> base <= LAST_BASE, base -> base + STEP)
        .filter(
            base ->
                IntStream.range(base, base + 10).allMatch(port -> Ports.free("127.0.0.1", port)))
        .findFirst()
        .orElseThrow(() -> new CannotStart(Sentence.of("start.no-range", "40000", "58000")));
  }

  private void write(String what, Object result) throws IOException {
    Path target = folder != null ? folder : Path.of(".");
    Files.createDirectories(target);
    Path file = target.resolve("bench-" + what + ".json");
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
    System.err.println(file);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
