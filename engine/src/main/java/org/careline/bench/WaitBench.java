package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.config.Configuration;
import org.careline.database.Database;
import org.careline.local.LocalAsterisk;

/**
 * Crowds that wait: nobody must be lost and the engine's heap must stay flat. Callers of a line
 * whose waiting callers are spoken to, and more of them on a line without. Loopback only.
 */
public final class WaitBench implements AutoCloseable {
  private static final Duration RAMP = Duration.ofMillis(20);
  private static final Duration SAMPLE = Duration.ofMillis(500);
  private static final Duration LAST_GRACE = Duration.ofMinutes(2);

  private final BenchStage stage;
  private final ProcessHandle asterisk;
  private final ProcessHandle engine;
  private final URI metrics;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Consumer<String> progress;
  private int calls;

  /**
   * One crowd.
   *
   * @param waiting of them still waiting at the end, as the engine counts
   * @param lost whose call ended although he did not hang up
   * @param spoken announcements begun
   * @param heapFirst megabytes: the smallest use of the heap in the first third of the time
   * @param heapLast the same in the last third
   * @param asteriskCores processor time of Asterisk by time
   * @param engineCores processor time of the engine by time
   */
  public record Crowd(
      String line,
      int callers,
      int waiting,
      int lost,
      long spoken,
      double heapFirst,
      double heapLast,
      double asteriskCores,
      double engineCores) {

    /** Nobody lost, all still there, heap flat, spoken to or left alone as the line says. */
    List<Target> targets() {
      String of = "waiting, " + line + ": ";
      return List.of(
          new Target(of + "lost", Bound.AT_MOST, 0, lost),
          new Target(of + "waiting at the end", Bound.AT_LEAST, callers, waiting),
          new Target(
              of + "heap in the last third, MB", Bound.AT_MOST, heapFirst * 1.1 + 8, heapLast),
          line.equals(BenchStage.QUIET)
              ? new Target(of + "announcements", Bound.AT_MOST, 0, spoken)
              : new Target(of + "announcements", Bound.AT_LEAST, callers, spoken));
    }
  }

  public record Result(long heldSeconds, List<Crowd> crowds) {
    @JsonProperty
    public List<Target> targets() {
      return crowds.stream().flatMap(crowd -> crowd.targets().stream()).toList();
    }
  }

  /**
   * @param engine process of the engine
   */
  public WaitBench(
      LocalAsterisk switchOfTheInstance,
      long engine,
      int sipPort,
      URI console,
      Configuration configuration,
      Database database,
      Consumer<String> progress)
      throws Exception {
    this.asterisk = ProcessHandle.of(switchOfTheInstance.process().pid()).orElseThrow();
    this.engine = ProcessHandle.of(engine).orElseThrow();
    this.metrics = URI.create(console + "/api/v1/metrics");
    this.progress = progress;
    stage = new BenchStage(switchOfTheInstance, sipPort, console, configuration, database, 1);
    stage.ready(false);
  }

  /**
   * Callers who are spoken to, then others who are not, each crowd for so long; at least 40 s, so
   * that everybody's turn comes.
   */
  public Result run(int spokenTo, int quiet, Duration held) throws Exception {
    return new Result(
        held.toSeconds(),
        List.of(crowd("careline", spokenTo, held), crowd(BenchStage.QUIET, quiet, held)));
  }

  private Crowd crowd(String mode, int count, Duration held) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    int dropped = stage.callers.dropped() + stage.callers.failures();
    int ended = stage.callers.ended();
    for (int i = 0; i < count; i++) {
      stage.wait(mode, i, "135%08d".formatted(++calls), over::get, held.plus(LAST_GRACE));
      LockSupport.parkNanos(RAMP.toNanos());
    }
    BenchStage.until(() -> waiting() == count, count + " callers wait");
    long spokenBefore = spoken();
    Duration asteriskBefore = Processes.cpu(asterisk);
    Duration engineBefore = Processes.cpu(engine);
    List<Double> heap = new ArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    long began = System.nanoTime();
    long end = began + held.toNanos();
    while (System.nanoTime() < end) {
      heap.add(metric("jvm_memory_used_bytes{area=\"heap\"") / 1e6);
      never.await(SAMPLE.toMillis(), TimeUnit.MILLISECONDS);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Crowd crowd =
        new Crowd(
            mode,
            count,
            waiting(),
            stage.callers.dropped() + stage.callers.failures() - dropped,
            spoken() - spokenBefore,
            least(heap.subList(0, heap.size() / 3)),
            least(heap.subList(heap.size() - heap.size() / 3, heap.size())),
            Processes.cpu(asterisk).minus(asteriskBefore).toMillis() / 1000.0 / seconds,
            Processes.cpu(engine).minus(engineBefore).toMillis() / 1000.0 / seconds);
    progress.accept(crowd.toString());
    over.set(true);
    BenchStage.until(() -> stage.callers.ended() - ended >= count, "all have hung up");
    BenchStage.until(() -> waiting() == 0, "nobody waits");
    return crowd;
  }

  private static double least(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
  }

  private int waiting() {
    return stage.get("/status").path("waiting").asInt();
  }

  private long spoken() throws IOException, InterruptedException {
    return (long) metric("careline_announcements_total");
  }

  /** Sum of the lines that begin so; 0 when there is none. */
  private double metric(String start) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    stage.close();
  }
}
