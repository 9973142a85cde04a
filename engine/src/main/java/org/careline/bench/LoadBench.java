package org.careline.bench;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.careline.config.Configuration;
import org.careline.database.Database;
import org.careline.local.LocalAsterisk;

/**
 * INVITE to the agent's INVITE with many agents (usually 200) at rising rates: through Careline and
 * through {@code app_queue} with the same agents, on one Asterisk in one run, in turns, with what
 * both cost in processor time. As many consoles are open meanwhile, as they would be.
 */
public final class LoadBench implements AutoCloseable {
  private static final Duration TALK = Duration.ofMillis(300);
  private static final Duration CELL = Duration.ofSeconds(6);
  private static final List<String> MODES = List.of("queue", "careline");

  private final BenchStage stage;
  private final ProcessHandle asterisk;
  private final ProcessHandle engine;
  private final Consumer<String> progress;
  private int calls;

  /**
   * One mode at one rate in one round.
   *
   * @param rate calls a second that were wanted
   * @param reached calls a second that were placed
   * @param p50 milliseconds
   * @param p95 milliseconds
   * @param failed calls that reached no agent
   * @param retransmissions INVITEs sent again after 500 ms without a reaction
   * @param asteriskMillis processor time of Asterisk per call
   * @param engineMillis processor time of the engine per call, its consoles included
   */
  public record Cell(
      int rate,
      String mode,
      double reached,
      double p50,
      double p95,
      int placed,
      int failed,
      int retransmissions,
      double asteriskMillis,
      double engineMillis) {}

  /** One mode at one rate: medians of the rounds, failed calls of all. */
  public record Mode(
      double p50, double p95, int failed, double asteriskMillis, double engineMillis) {
    private static Mode of(List<Cell> cells) {
      return new Mode(
          median(cells, Cell::p50),
          median(cells, Cell::p95),
          cells.stream().mapToInt(Cell::failed).sum(),
          median(cells, Cell::asteriskMillis),
          median(cells, Cell::engineMillis));
    }

    private static double median(List<Cell> cells, ToDoubleFunction<Cell> figure) {
      return Figures.median(cells.stream().mapToDouble(figure).toArray());
    }
  }

  /**
   * Both at one rate.
   *
   * @param ratio p50 of Careline by p50 of the queue: median, smallest and largest of the rounds
   */
  public record Rate(int rate, double[] ratio, Mode queue, Mode careline) {}

  public record Result(List<Rate> rates, List<Cell> cells) {}

  /**
   * Makes the agents ready.
   *
   * @param switchOfTheInstance the instance's Asterisk
   * @param engine process of the engine
   */
  public LoadBench(
      LocalAsterisk switchOfTheInstance,
      long engine,
      int sipPort,
      URI console,
      Configuration configuration,
      Database database,
      int agents,
      Consumer<String> progress)
      throws Exception {
    this.asterisk = ProcessHandle.of(switchOfTheInstance.process().pid()).orElseThrow();
    this.engine = ProcessHandle.of(engine).orElseThrow();
    this.progress = progress;
    stage = new BenchStage(switchOfTheInstance, sipPort, console, configuration, database, agents);
  }

  /**
   * @param rates calls a second, for example 20 to 200
   */
  public Result run(int rounds, List<Integer> rates) throws Exception {
    List<Cell> cells = new ArrayList<>();
    for (String mode : MODES) {
      cell(mode, rates.getFirst());
    }
    for (int rate : rates) {
      for (int round = 0; round < rounds; round++) {
        for (String mode : MODES) {
          Cell cell = cell(mode, rate);
          cells.add(cell);
          progress.accept(
              "%d/s\t%s\tp50 %.2f ms\tp95 %.2f ms\tfailed %d\tasterisk %.2f ms\tengine %.2f ms"
                  .formatted(
                      rate,
                      mode,
                      cell.p50(),
                      cell.p95(),
                      cell.failed(),
                      cell.asteriskMillis(),
                      cell.engineMillis()));
        }
      }
    }
    return new Result(rates.stream().map(rate -> rate(rate, cells)).toList(), cells);
  }

  private static Rate rate(int rate, List<Cell> cells) {
    List<Cell> queue = of(cells, rate, "queue");
    List<Cell> careline = of(cells, rate, "careline");
    double[] ratios = new double[queue.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = careline.get(i).p50() / queue.get(i).p50();
    }
    return new Rate(rate, Figures.spread(ratios), Mode.of(queue), Mode.of(careline));
  }

  private static List<Cell> of(List<Cell> cells, int rate, String mode) {
    return cells.stream().filter(c -> c.rate() == rate && c.mode().equals(mode)).toList();
  }

  private Cell cell(String mode, int rate) throws Exception {
    SipProbe from = stage.from(mode);
    int count = (int) (rate * CELL.toSeconds());
    int ended = from.ended();
    int again = from.retransmissions();
    Duration asteriskBefore = Processes.cpu(asterisk);
    Duration engineBefore = Processes.cpu(engine);
    List<String> numbers = new ArrayList<>();
    long began = System.nanoTime();
    long gap = (long) (1e9 / rate);
    for (int i = 0; i < count; i++) {
      String number = "136%08d".formatted(++calls);
      numbers.add(number);
      stage.call(mode, i, number, TALK);
      long next = began + (i + 1) * gap;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    double reached = count * 1e9 / (System.nanoTime() - began);
    BenchStage.until(() -> from.ended() - ended >= count, mode + ": all calls end");
    Duration asteriskSpent = Processes.cpu(asterisk).minus(asteriskBefore);
    Duration engineSpent = Processes.cpu(engine).minus(engineBefore);
    List<Double> waits = new ArrayList<>();
    for (String number : numbers) {
      Long received = stage.agents.receivedAt(number);
      if (received != null) {
        waits.add((received - from.sentAt(number)) / 1e6);
      }
    }
    stage.allReady();
    return new Cell(
        rate,
        mode,
        reached,
        Figures.quantile(waits, 0.5),
        Figures.quantile(waits, 0.95),
        count,
        count - waits.size(),
        from.retransmissions() - again,
        asteriskSpent.toMillis() / (double) count,
        engineSpent.toMillis() / (double) count);
  }

  @Override
  public void close() {
    stage.close();
  }
}
