package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.careline.agent.AgentNumber;
import org.careline.agent.Presence;
import org.careline.database.Database;
import org.careline.harness.FreePorts;
import org.careline.harness.TestFolders;
import org.careline.harness.TestMySql;
import org.careline.local.Folders;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * MySQL is killed in the middle of an open round, while an agent's phone rings for a site. Counted
 * is what the outside world sees.
 */
class MySqlAwayTest {
  private static final AgentNumber AGENT = new AgentNumber("8001");
  private static final int SITES = 4;

  private final Set<String> rung = new TreeSet<>();
  private Path home;
  private FreePorts.Range range;
  private LocalMySql mysql;
  private Database database;
  private LiveCallbacks live;

  @BeforeEach
  void start() throws Exception {
    home = TestFolders.create("away");
    range = FreePorts.range();
    startMySql();
    database = new Database(mysql.url(), mysql.user(), mysql.password(), 8);
    database.migrate();
    live = new LiveCallbacks(database);
    live.ready(AGENT);
  }

  @AfterEach
  void stop() throws Exception {
    live.close();
    database.close();
    mysql.process().kill();
    range.close();
    Folders.delete(home.resolve("mysql"));
  }

  private void startMySql() {
    mysql =
        LocalMySql.start(
            Packages.ensure(),
            home.resolve("mysql"),
            range.ports().mysql(),
            "carelineTestPassword",
            TestMySql.options());
  }

  @Test
  @Tag("long")
  void noSiteIsRungForFifteenSecondsAndNoneTwiceAfterwards() {
    away(Duration.ofSeconds(15));
  }

  @Test
  @Tag("long")
  void noSiteIsRungForAMinuteAndNoneTwiceAfterwards() {
    away(Duration.ofSeconds(60));
  }

  private void away(Duration length) {
    long round = open();
    // the attempt is written down; its site is next, once the agent has answered
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(20))
        .until(() -> !live.outside("desk").isEmpty());
    mysql.process().kill();
    assertThat(live.outside("site")).as("rung before MySQL went").isEmpty();
    await()
        .pollInterval(Duration.ofMillis(200))
        .during(length)
        .atMost(length.plusSeconds(10))
        .untilAsserted(
            () -> {
              // kept: one that rang and is over counts too
              rung.addAll(live.outside("site"));
              assertThat(rung).as("sites rung").isEmpty();
            });
    assertThat(live.presence(AGENT))
        .as("nothing else was in the way")
        .isInstanceOf(Presence.Ready.class);

    startMySql();
    await()
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(120))
        .until(
            () -> {
              rung.addAll(live.outside("site"));
              live.work(AGENT).ifPresent(this::complete);
              live.closer().closeFinished();
              return texts("SELECT status FROM round WHERE id = " + round)
                  .equals(List.of("closed"));
            });
    assertThat(rung).as("each site's phone rang once").hasSize(SITES);
    assertThat(
            texts(
                "SELECT COUNT(*) FROM attempt WHERE placed_at IS NOT NULL GROUP BY round_site_id"))
        .hasSize(SITES)
        .containsOnly("1");
  }

  private void complete(AttemptView work) {
    if (work.state().equals("ended")) {
      String code = work.site().siteCode();
      live.answers(work.id(), code, Map.of("fault", "no", "satisfaction", "5"));
      live.done(work.id(), code, Disposition.COMPLETED);
    }
  }

  private long open() {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, "away");
              Seed.campaign(handle, "away", customer, "progressive", Seed.ANY_HOUR);
              for (int i = 1; i <= SITES; i++) {
                // answers at once, talks three seconds
                Seed.site(handle, customer, null, "s" + i, "standard", "+86215555" + i + "003");
              }
            });
    long round = new RoundPlanner(database.jdbi()).plan("away", Instant.now()).id();
    new RoundOpener(database.jdbi(), Instant::now).open(round);
    return round;
  }

  private List<String> texts(String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql).mapTo(String.class).list());
  }
}
