package org.careline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.careline.call.Journal;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LeaderTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final Leader.Options QUICK =
      new Leader.Options(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofMillis(700));

  @TempDir Path folder;

  /** An engine as far as the lease goes. */
  private final class Engine implements AutoCloseable {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    final Journal journal;
    final Leader leader;

    volatile Duration ahead = Duration.ZERO;

    Engine(String name) {
      journal = new Journal(folder.resolve(name).resolve("journal.sqlite"), InstantSource.system());
      leader =
          new Leader(
              MYSQL.database().dataSource(), journal, QUICK, () -> Instant.now().plus(ahead));
      leader.listen(
          new Leader.Listener() {
            @Override
            public void onGained(long epoch) {
              heard.add("gained " + epoch);
            }

            @Override
            public void onLost(String reason) {
              heard.add("lost");
            }
          });
      leader.switchUp(true);
      leader.start();
    }

    @Override
    public void close() {
      leader.close();
      journal.close();
    }
  }

  @BeforeEach
  void noLease() {
    MYSQL.database().jdbi().useHandle(handle -> handle.execute("DELETE FROM lease"));
  }

  private static void soon(Callable<Boolean> condition) {
    await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(10)).until(condition);
  }

  @Test
  void oneLeadsTheOtherTakesOverWithAHigherEpoch() {
    try (Engine second = new Engine("b")) {
      soon(second.leader::confirmed);
      try (Engine first = new Engine("a")) {
        await()
            .during(Duration.ofMillis(1500))
            .atMost(Duration.ofSeconds(3))
            .until(() -> !first.leader.leading() && second.leader.confirmed());
        second.leader.close();
        soon(first.leader::confirmed);
        assertThat(first.leader.epoch()).isEqualTo(2);
        assertThat(first.journal.epoch()).isEqualTo(2);
        assertThat(first.heard).containsExactly("gained 2");
      }
    }
  }

  @Test
  void aRestartGetsItsOwnLeaseBackAtOnceWithItsEpoch() {
    try (Engine other = new Engine("c")) {
      soon(other.leader::confirmed);
    }
    try (Engine first = new Engine("a")) {
      soon(first.leader::confirmed);
      assertThat(first.leader.epoch()).isEqualTo(2);
    }
    try (Engine again = new Engine("a")) {
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofMillis(900))
          .until(again.leader::confirmed);
      assertThat(again.leader.epoch()).isEqualTo(2);
    }
  }

  @Test
  void withoutTheSwitchItGivesUpAndAnotherLeadsAtOnce() {
    try (Engine first = new Engine("a");
        Engine second = new Engine("b")) {
      soon(() -> first.leader.leading() || second.leader.leading());
      Engine leads = first.leader.leading() ? first : second;
      Engine watches = leads == first ? second : first;
      leads.leader.switchUp(false);
      soon(() -> !leads.leader.leading() && watches.leader.confirmed());
      assertThat(leads.heard).containsExactly("gained 1", "lost");
      assertThat(watches.heard).containsExactly("gained 2");
    }
  }

  @Test
  void aClockThatIsWrongIsNoticedAndLeadershipStays() {
    try (Engine engine = new Engine("a")) {
      soon(engine.leader::confirmed);
      assertThat(engine.leader.clockDifference().abs()).isLessThan(Duration.ofSeconds(1));
      assertThat(engine.leader.clockAgrees()).isTrue();
      engine.ahead = Duration.ofSeconds(2);
      soon(() -> engine.leader.clockDifference().compareTo(Duration.ofSeconds(1)) > 0);
      assertThat(engine.leader.clockAgrees()).isTrue();
      engine.ahead = Duration.ofHours(-1);
      soon(() -> !engine.leader.clockAgrees());
      assertThat(engine.leader.clockDifference().toMinutes()).isBetween(-60L, -59L);
      assertThat(engine.leader.confirmed()).as("leases go by the database's clock").isTrue();
      engine.ahead = Duration.ZERO;
      soon(engine.leader::clockAgrees);
    }
  }

  @Test
  void aStolenLeaseIsNoticed() {
    try (Engine first = new Engine("a")) {
      soon(first.leader::confirmed);
      MYSQL
          .database()
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "UPDATE lease SET holder = 'other', epoch = epoch + 1,"
                          + " expires_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR"));
      soon(() -> first.heard.contains("lost"));
      assertThat(first.leader.leading()).isFalse();
      assertThat(first.heard).containsExactly("gained 1", "lost");
    }
  }
}
