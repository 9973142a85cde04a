package org.careline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.callback.Campaign;
import org.careline.callback.ClaimedSite;
import org.careline.callback.Danger;
import org.careline.callback.Seed;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.JournalWriter;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.matter.SaidDanger;
import org.careline.task.OpenDangers;
import org.careline.task.Tasks;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Danger finds the account manager, his deputy while he is away, and nobody twice. */
class DangerTasksTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void itIsTheAccountManagersTaskOrHisDeputysAndOneForEachSiteOfACall() throws Exception {
    var jdbi = mysql.database().jdbi();
    jdbi.useHandle(
        handle -> {
          long customer = Seed.customer(handle, "RJ");
          Seed.site(handle, customer, null, "S1", "gold", "+8613800138001");
          Seed.site(handle, customer, null, "S2", "gold", "+8613800138001");
          for (String[] user : new String[][] {{"liu", "8001"}, {"zhao", "8002"}}) {
            handle.execute(
                "INSERT INTO user_account (login, name, password_hash, roles, agent_number)"
                    + " VALUES (?, ?, '', 'agent', ?)",
                user[0],
                user[0],
                user[1]);
          }
          handle.execute(
              "INSERT INTO account_manager (name, login, deputy_login) VALUES ('刘倩', 'liu',"
                  + " 'zhao')");
        });
    List<Long> sites =
        jdbi.withHandle(h -> h.select("SELECT id FROM site ORDER BY id").mapTo(Long.class).list());
    long site = sites.getFirst();
    long second = sites.getLast();
    Journal journal =
        new Journal(TestFolders.create("danger").resolve("journal.db"), InstantSource.system());
    journal.epoch(1);
    try (journal;
        ReferenceSnapshot snapshot =
            new ReferenceSnapshot(
                mysql.database().dataSource(),
                TestFolders.create("danger").resolve("reference.bin"));
        JournalWriter writer =
            new JournalWriter(
                journal, mysql.database().dataSource(), Tasks.appliers(), InstantSource.system())) {
      snapshot.start();
      writer.start();
      DangerTasks tasks = new DangerTasks(new Tasks(journal), snapshot::current);
      tasks.apply(danger("a-1", site, "刘倩", "漏电：手麻")).get(5, TimeUnit.SECONDS);
      tasks.apply(danger("a-1", site, "刘倩", "again")).get(5, TimeUnit.SECONDS);
      tasks.removed(danger("a-1", site, "刘倩", "gone")).get(5, TimeUnit.SECONDS);
      tasks.removed(danger("a-1", site, "刘倩", "gone, twice")).get(5, TimeUnit.SECONDS);
      tasks.removed(danger("a-1", second, "刘倩", "also gone")).get(5, TimeUnit.SECONDS);
      tasks.apply(danger("a-2", site, "nobody", "x".repeat(600))).get(5, TimeUnit.SECONDS);
      jdbi.useHandle(
          handle -> {
            handle.execute(
                "INSERT INTO agent_leave (login, from_at, to_at) VALUES ('liu',"
                    + " '2020-01-01', '2090-01-01')");
            handle.execute("UPDATE revision SET number = number + 1 WHERE topic = 'routing'");
          });
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> !snapshot.current().routing().leaves().isEmpty());
      tasks.apply(danger("a-3", site, "刘倩", "smoke")).get(5, TimeUnit.SECONDS);
      assertThat(tasks.written(written("c-1", site)).get(5, TimeUnit.SECONDS))
          .as("the site names no account manager")
          .isEqualTo(Optional.empty());
      await().atMost(Duration.ofSeconds(10)).until(() -> writer.lag().entries() == 0);
    }
    try (OpenDangers dangers = new OpenDangers(mysql.database().dataSource())) {
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "INSERT INTO user_account (login, name, password_hash, roles)"
                      + " VALUES ('boss', 'Boss', '', 'supervisor'), ('plan', 'Plan', '', 'scheduler')"));
      dangers.start();
      await().atMost(Duration.ofSeconds(10)).until(() -> dangers.now().count() == 4);
      assertThat(dangers.now().people())
          .as("who must see them, and who sees those of nobody")
          .containsExactly("liu (8001)", "zhao (8002)", "Boss");
    }
    List<Map<String, Object>> rows =
        jdbi.withHandle(
            h ->
                h.select(
                        "SELECT call_id, kind, assigned_to, note FROM task WHERE kind = 'danger'"
                            + " ORDER BY call_id")
                    .mapToMap()
                    .list());
    assertThat(rows).extracting(row -> row.get("kind")).containsOnly("danger").hasSize(4);
    assertThat(rows)
        .extracting(row -> row.get("call_id") + " " + row.get("assigned_to"))
        .containsExactly("a-1 liu", "a-2 null", "a-3 zhao", "c-1 null");
    assertThat(rows.getFirst().get("note")).isEqualTo("Site S1 (S1): 漏电：手麻");
    List<Long> lost =
        jdbi.withHandle(
            h ->
                h.select("SELECT site_id FROM task WHERE kind = 'device_removed' ORDER BY 1")
                    .mapTo(Long.class)
                    .list());
    assertThat(lost).as("each site of the call that lost its device").containsExactly(site, second);
    assertThat(rows.getLast().get("note")).isEqualTo("Site S1 (S1): 漏气: 厨房漏气 (li)");
  }

  /** What is told after the task is over is new; a site named later is no second danger. */
  @Test
  void aDangerAfterItsTaskIsOverIsAnotherAndASiteNamedLaterIsNot() throws Exception {
    var jdbi = mysql.database().jdbi();
    Instant now = Instant.parse("2026-03-02T01:00:00Z");
    Journal journal =
        new Journal(TestFolders.create("danger").resolve("journal.db"), InstantSource.system());
    journal.epoch(1);
    try (journal;
        ReferenceSnapshot snapshot =
            new ReferenceSnapshot(
                mysql.database().dataSource(),
                TestFolders.create("danger").resolve("reference.bin"));
        JournalWriter writer =
            new JournalWriter(
                journal, mysql.database().dataSource(), Tasks.appliers(), InstantSource.system())) {
      snapshot.start();
      writer.start();
      DangerTasks tasks = new DangerTasks(new Tasks(journal), snapshot::current);
      tasks.written(written("d-1", null, now)).get(5, TimeUnit.SECONDS);
      tasks.written(written("d-1", 77L, now.plusSeconds(1))).get(5, TimeUnit.SECONDS);
      tasks.written(written("d-1", 77L, now.plusSeconds(2))).get(5, TimeUnit.SECONDS);
      await().atMost(Duration.ofSeconds(10)).until(() -> writer.lag().entries() == 0);
      assertThat(told(jdbi)).containsExactly("danger-d-1 77 open");
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "UPDATE task SET state = 'done', closed_at = ? WHERE call_id = 'd-1'",
                  now.plusSeconds(60).atOffset(ZoneOffset.UTC).toLocalDateTime()));
      for (int second : new int[] {1, 60, 61, 62}) {
        tasks.written(written("d-1", 77L, now.plusSeconds(second))).get(5, TimeUnit.SECONDS);
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> writer.lag().entries() == 0);
      assertThat(told(jdbi))
          .as("what was told before the end is not told again")
          .containsExactly("danger-d-1 77 done", "danger-d-1-77 77 open");
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "UPDATE task SET state = 'expired', closed_at = ? WHERE id = 'danger-d-1-77'",
                  now.plusSeconds(90).atOffset(ZoneOffset.UTC).toLocalDateTime()));
      tasks.written(written("d-1", 77L, now.plusSeconds(91))).get(5, TimeUnit.SECONDS);
      tasks.written(written("d-1", 77L, now.plusSeconds(92))).get(5, TimeUnit.SECONDS);
      await().atMost(Duration.ofSeconds(10)).until(() -> writer.lag().entries() == 0);
      assertThat(told(jdbi))
          .containsExactly(
              "danger-d-1 77 done", "danger-d-1-77 77 expired", "danger-d-1-77_2 77 open");
    }
    jdbi.useHandle(handle -> handle.execute("DELETE FROM task WHERE call_id = 'd-1'"));
  }

  private static List<String> told(Jdbi jdbi) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    "SELECT CONCAT_WS(' ', id, site_id, state) FROM task"
                        + " WHERE call_id = 'd-1' ORDER BY id")
                .mapTo(String.class)
                .list());
  }

  private static SaidDanger written(String call, long site) {
    return written(call, site, Instant.parse("2026-03-02T01:00:00Z"));
  }

  /** As an agent writes it about a call of the hotline. */
  private static SaidDanger written(String call, Long site, Instant at) {
    return new SaidDanger(
        call, null, site, "Site S1 (S1)", "+8613800138001", "gold", "漏气: 厨房漏气", "li", at);
  }

  private static Danger danger(String call, long site, String manager, String said) {
    ClaimedSite claimed =
        new ClaimedSite(
            1,
            1,
            1,
            null,
            null,
            "c",
            Campaign.Mode.PREVIEW,
            "",
            "q",
            1,
            site,
            "S1",
            "Site S1",
            "RJ",
            "RJ Hotels",
            "gold",
            1,
            "",
            "",
            "",
            "",
            "",
            manager,
            List.of(),
            1,
            null,
            null);
    return new Danger(
        new CallId(call),
        claimed,
        "+8613800138001",
        said,
        "li",
        Instant.parse("2026-03-02T01:00:00Z"));
  }
}
