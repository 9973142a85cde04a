package org.careline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.careline.callback.CadenceStore;
import org.careline.callback.DueSites;
import org.careline.callback.RoundPlanner;
import org.careline.callback.Seed;
import org.careline.database.Database;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Quartz on real MySQL. */
class RoundSchedulerTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final RoundScheduler.Pace QUICK =
      new RoundScheduler.Pace(Duration.ofMillis(200), Duration.ofMillis(300));

  @Test
  void aPlannedRoundIsOpenedAtItsTimeAndClosedWhenNothingIsLeft() {
    Database database = mysql.database();
    database
        .jdbi()
        .useTransaction(
            h -> {
              long customer = Seed.customer(h, "later");
              Seed.campaign(h, "later", customer, "preview", Seed.ANY_HOUR);
              Seed.site(h, customer, null, "a", "standard", "+862155559999");
            });
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofMillis(1));
    RoundTasks tasks = new RoundTasks(database.jdbi(), due, InstantSource.system());
    try (RoundScheduler scheduler = new RoundScheduler(database.dataSource(), tasks, QUICK)) {
      scheduler.start();
      // as another process would
      Instant opensAt = Instant.now().plusSeconds(2);
      new RoundPlanner(database.jdbi()).plan("later", opensAt);
      await().atMost(Duration.ofSeconds(20)).until(() -> status(database).equals("open"));
      assertThat(Instant.now()).isAfterOrEqualTo(opensAt);
      database
          .jdbi()
          .useHandle(
              h ->
                  h.execute(
                      "UPDATE round_site SET status = 1, claimed_by = 'dead',"
                          + " lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> number(database, "round_site WHERE status = 0") == 1);
      database
          .jdbi()
          .useHandle(h -> h.execute("UPDATE round_site SET status = 3, bin = 'completed'"));
      await().atMost(Duration.ofSeconds(20)).until(() -> status(database).equals("closed"));
    }
  }

  /** Two engines, one of them dies: a cadence opens its round once. */
  @Test
  void aCadenceOpensItsRoundOnceWhoeverIsThere() {
    Database database = mysql.database();
    database
        .jdbi()
        .useTransaction(
            h -> {
              Seed.empty(database);
              long customer = Seed.customer(h, "chain");
              Seed.campaign(h, "chain", customer, "preview", Seed.ANY_HOUR);
              Seed.site(h, customer, null, "a", "standard", "+862155559998");
            });
    DueSites due = new DueSites(database.dataSource(), "engine", Duration.ofSeconds(60));
    // a working day that is over
    Instant noon = Instant.parse("2025-03-04T04:00:00Z");
    RoundTasks tasks = new RoundTasks(database.jdbi(), due, () -> noon);
    try (RoundScheduler one = new RoundScheduler(database.dataSource(), tasks, QUICK);
        RoundScheduler other = new RoundScheduler(database.dataSource(), tasks, QUICK)) {
      one.start();
      other.start();
      database
          .jdbi()
          .useTransaction(
              h ->
                  new CadenceStore()
                      .apply(
                          h,
                          new CadenceStore.Owner.OfTier("standard"),
                          new ObjectMapper()
                              .createObjectNode()
                              .set(
                                  "visits",
                                  new ObjectMapper()
                                      .createObjectNode()
                                      .put("by", "calendar")
                                      .put("from", "2025-03-04")
                                      .put("every", "4w")),
                          "planner",
                          noon));
      one.close();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(database, "round") == 1 && status(database).equals("open"));
      assertThat(number(database, "round_site")).isEqualTo(1);
      tasks.plan();
      assertThat(number(database, "round")).isEqualTo(1);
    }
  }

  @Test
  void waitsForTheDatabaseAndRepeatsARoundThatCouldNotBeOpened() throws Exception {
    Map<Long, Instant> scheduled = new ConcurrentHashMap<>(Map.of(7L, Instant.now()));
    AtomicInteger opened = new AtomicInteger();
    RoundScheduler.Tasks tasks =
        new RoundScheduler.Tasks() {
          @Override
          public Map<Long, Instant> scheduled() {
            return scheduled;
          }

          @Override
          public void open(long roundId) {
            if (opened.incrementAndGet() == 2) {
              scheduled.clear();
            }
          }

          @Override
          public void sweep() {}

          @Override
          public void closeFinished() {}
        };
    try (FreePorts.Range range = FreePorts.range();
        Database away =
            new Database("jdbc:mysql://127.0.0.1:" + range.ports().mysql() + "/none", "u", "p", 2);
        RoundScheduler waiting = new RoundScheduler(away.dataSource(), tasks, QUICK)) {
      waiting.start();
    }
    assertThat(opened).hasValue(0);
    try (RoundScheduler scheduler =
        new RoundScheduler(mysql.database().dataSource(), tasks, QUICK)) {
      scheduler.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> opened.get() == 2);
    }
  }

  private static String status(Database database) {
    return database
        .jdbi()
        .withHandle(h -> h.select("SELECT status FROM round").mapTo(String.class).one());
  }

  private static int number(Database database, String from) {
    return database
        .jdbi()
        .withHandle(h -> h.select("SELECT COUNT(*) FROM " + from).mapTo(Integer.class).one());
  }
}
