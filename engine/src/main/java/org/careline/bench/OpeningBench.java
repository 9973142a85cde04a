package org.careline.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.careline.bench.Target.Bound;
import org.careline.callback.DueSites;
import org.careline.callback.RoundOpener;
import org.careline.database.Database;

/**
 * How long a large round takes to open, and what claims of another round cost meanwhile, beside the
 * same claims with nothing else going on.
 */
public final class OpeningBench {
  private static final int LIMIT = 10;

  /**
   * @param sites of the round that is opened, each with a contact and a number
   * @param others sites of the round that is claimed from, a tenth of them due
   * @param quiet how long claims are measured alone, before
   */
  public record Settings(int sites, int others, Duration quiet) {
    public static final Settings USUAL = new Settings(1_000_000, 100_000, Duration.ofSeconds(20));
  }

  /** Milliseconds of a claim of {@value OpeningBench#LIMIT} sites. */
  public record Claims(int count, double p50, double p99, double longest) {
    static Claims of(List<Double> millis) {
      return new Claims(
          millis.size(),
          Figures.quantile(millis, 0.5),
          Figures.quantile(millis, 0.99),
          Figures.quantile(millis, 1));
    }
  }

  /** What was found. */
  public record Result(int sites, double seconds, Claims alone, Claims meanwhile) {
    @JsonProperty
    public double ratioP99() {
      return meanwhile.p99() / alone.p99();
    }

    @JsonProperty
    public List<Target> targets() {
      return List.of(
          new Target("opening, s", Bound.BELOW, 60, seconds),
          new Target("p99 of a claim meanwhile / alone", Bound.AT_MOST, 3, ratioP99()));
    }
  }

  private OpeningBench() {}

  /**
   * Fills the database, which is migrated and empty, and measures. Takes some minutes.
   *
   * @param say progress, for people
   */
  public static Result run(Database database, Settings settings, Consumer<String> say)
      throws Exception {
    say.accept("filling " + settings.sites() + " sites");
    BenchRows.round(database, 1, "open");
    BenchRows.sites(database, 1, 0, settings.others());
    ClaimBench.due(database, 1, settings.others(), 10);
    BenchRows.round(database, 2, "scheduled");
    BenchRows.sites(database, 2, settings.others(), settings.sites());
    BenchRows.contacts(database, 2, settings.others(), settings.sites());
    DueSites due = new DueSites(database.dataSource(), "bench", Duration.ofMinutes(5));
    long quietUntil = System.nanoTime() + settings.quiet().toNanos();
    claims(due, database, () -> System.nanoTime() < quietUntil - settings.quiet().toNanos() / 2);
    List<Double> alone = claims(due, database, () -> System.nanoTime() < quietUntil);
    say.accept("opening");
    long began = System.nanoTime();
    CompletableFuture<Double> opening =
        CompletableFuture.supplyAsync(
            () -> {
              RoundOpener.Opening done =
                  new RoundOpener(database.jdbi(), InstantSource.system()).open(2);
              if (!done.equals(new RoundOpener.Opening.Opened(settings.sites()))) {
                throw new IllegalStateException(done.toString());
              }
              double seconds = (System.nanoTime() - began) / 1e9;
              int ready =
                  database
                      .jdbi()
                      .withHandle(
                          handle ->
                              handle
                                  .select(
                                      "SELECT COUNT(*) FROM round_site JOIN site_in_round USING"
                                          + " (round_id, site_id) WHERE round_id = 2 AND status = 0")
                                  .mapTo(Integer.class)
                                  .one());
              if (ready != settings.sites()) {
                throw new IllegalStateException(ready + " of the sites can be rung");
              }
              return seconds;
            });
    List<Double> meanwhile = claims(due, database, () -> !opening.isDone());
    return new Result(settings.sites(), opening.join(), Claims.of(alone), Claims.of(meanwhile));
  }

  private static List<Double> claims(DueSites due, Database database, BooleanSupplier goOn)
      throws SQLException {
    List<Integer> tiers = List.of(1, 2, 3);
    List<Double> millis = new ArrayList<>();
    while (goOn.getAsBoolean()) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      long began = System.nanoTime();
      List<Long> ids = due.claim(tiers, LIMIT, now, 1);
      millis.add((System.nanoTime() - began) / 1e6);
      if (ids.size() != LIMIT) {
        throw new IllegalStateException("only " + ids.size() + " sites were due");
      }
      ClaimBench.giveBack(database, ids);
    }
    return millis;
  }
}
