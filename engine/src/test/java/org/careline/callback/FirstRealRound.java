package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careline.callback.RoundRun.Fate;
import org.careline.database.Database;
import org.careline.report.RoundReport;
import org.careline.report.RoundReportText;

/** Stages the first real round: two chains, house rules, three weeks of virtual time. */
public final class FirstRealRound {
  /** How many sites do what. Unreached and refused ones stand at the end of the list. */
  public record Chain(
      String code,
      int loaded,
      int completed,
      int refused,
      int faults,
      int unresolved,
      int satisfied) {}

  public static final Chain RJ = new Chain("rj", 108, 100, 2, 27, 11, 85);
  public static final Chain MT = new Chain("mt", 92, 85, 1, 19, 8, 73);

  private final Database database;
  private final Path folder;
  private final Map<String, Long> rounds = new HashMap<>();

  public FirstRealRound(Database database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  public RoundReport run(Chain chain) throws Exception {
    Instant opens = Instant.parse("2026-11-23T00:00:00Z");
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long customer = Seed.customer(handle, chain.code());
              List<Long> regions =
                  List.of(
                      Seed.region(handle, customer, "east"),
                      Seed.region(handle, customer, "north"),
                      Seed.region(handle, customer, "south"),
                      Seed.region(handle, customer, "west"));
              Seed.campaign(
                  handle, chain.code(), customer, chain == RJ ? "progressive" : "preview", "{}");
              for (int i = 0; i < chain.loaded(); i++) {
                long site =
                    Seed.site(
                        handle,
                        customer,
                        // the last region is a small one
                        i % 20 == 0 ? regions.get(3) : regions.get(i % 3),
                        chain.code() + i,
                        i % 4 == 0 ? "platinum" : "standard",
                        String.format("+86%s%08d", chain == RJ ? "21" : "10", 60000000 + i));
                if (i % 2 == 0) {
                  handle.execute("INSERT INTO device (site_id, model) VALUES (?, 'M1')", site);
                }
              }
            });
    return play(chain.code(), opens, (i, attempt) -> fate(chain, i, attempt));
  }

  /** What the site of this number in its chain does. */
  private interface Story {
    Fate of(int site, int attempt);
  }

  private RoundReport play(String code, Instant opens, Story story) throws Exception {
    long round = new RoundPlanner(database.jdbi()).plan(code, opens).id();
    rounds.put(code, round);
    new RoundOpener(database.jdbi(), () -> opens).open(round);
    try (RoundRun run =
        new RoundRun(database, Files.createDirectories(folder.resolve(code + round)), opens)) {
      run.play(
          round,
          (site, attempt) -> story.of(Integer.parseInt(site.substring(code.length())), attempt));
      for (int i = 0; i < run.dialled.size(); i++) {
        assertThat(CallingRules.open(run.dialled.get(i).calling(), run.dialledAt.get(i)))
            .as("no attempt outside a window")
            .isTrue();
      }
    }
    return database.jdbi().inTransaction(handle -> RoundReport.of(handle, round));
  }

  private static Fate fate(Chain chain, int i, int attempt) {
    if (i >= chain.completed() + chain.refused()) {
      return Fate.unanswered(attempt % 2 == 0 ? 19 : 17);
    }
    if (i % 5 == 3 && attempt == 1) {
      return Fate.unanswered(17);
    }
    if (i >= chain.completed()) {
      return Fate.answered(Disposition.REFUSED_THIS_ROUND, Map.of());
    }
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("fault", i < chain.faults() ? "yes" : "no");
    if (i < chain.faults()) {
      answers.put("fault_solved", i < chain.unresolved() ? "no" : "yes");
    }
    answers.put("hidden_danger", "no");
    answers.put("satisfaction", i < chain.satisfied() ? (i % 2 == 0 ? "5" : "4") : "3");
    return Fate.answered(Disposition.COMPLETED, answers);
  }

  /**
   * A chain again, three weeks later: its last site that was heard and the last three of all are
   * closed, five are new. Of those that had a fault the first were unresolved, the others resolved;
   * behind the heard ones stand those that had refused and those that were not reached.
   */
  public RoundReport second(Chain chain) throws Exception {
    String code = chain.code();
    database
        .jdbi()
        .useTransaction(
            handle -> {
              for (int gone :
                  new int[] {
                    chain.completed() - 1,
                    chain.loaded() - 3,
                    chain.loaded() - 2,
                    chain.loaded() - 1
                  }) {
                handle.execute("UPDATE site SET status = 'closed' WHERE code = ?", code + gone);
              }
              long customer =
                  handle
                      .select("SELECT id FROM customer WHERE code = ?", code)
                      .mapTo(Long.class)
                      .one();
              for (int i = chain.loaded(); i < chain.loaded() + 5; i++) {
                Seed.site(
                    handle,
                    customer,
                    null,
                    code + i,
                    "standard",
                    (chain == RJ ? "+862160000" : "+861060000") + (100 + i));
              }
            });
    int unreached = chain.completed() + chain.refused();
    return play(code, Instant.parse("2026-12-14T00:00:00Z"), (i, attempt) -> again(unreached, i));
  }

  private static Fate again(int unreached, int i) {
    if (i == 10 || i == unreached + 2) {
      return Fate.unanswered(17);
    }
    if (i == 42 || i == 43) {
      return Fate.answered(Disposition.REFUSED_THIS_ROUND, Map.of());
    }
    boolean unresolved = i <= 3 || i >= 11 && i <= 13 || i >= 27 && i <= 30;
    boolean resolved =
        i == 8 || i == 9 || i == 14 || i >= 31 && i <= 35 || i == unreached || i == unreached + 1;
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("fault", unresolved || resolved ? "yes" : "no");
    if (unresolved || resolved) {
      answers.put("fault_solved", resolved ? "yes" : "no");
    }
    answers.put("hidden_danger", i >= 36 && i <= 41 ? "yes" : "no");
    answers.put("satisfaction", i % 10 == 0 ? "2" : "5");
    return Fate.answered(Disposition.COMPLETED, answers);
  }

  public RoundReportText.Heading heading(Chain chain) {
    return database
        .jdbi()
        .withHandle(
            handle -> {
              Round round =
                  new RoundRepository().find(handle, rounds.get(chain.code())).orElseThrow();
              return RoundReportText.Heading.of(chain.code(), round);
            });
  }

  /** What the table of attempts must say whatever happened. */
  public void assertRules() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              assertThat(one(handle, "SELECT COUNT(*) FROM attempt WHERE settled_at IS NULL"))
                  .isZero();
              assertThat(
                      one(
                          handle,
                          "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM attempt"
                              + " GROUP BY round_site_id) x"))
                  .isLessThanOrEqualTo(6);
              assertThat(
                      one(
                          handle,
                          "SELECT COUNT(*) FROM attempt a JOIN attempt b"
                              + " ON b.round_site_id = a.round_site_id AND b.seq = a.seq + 1"
                              + " WHERE TIMESTAMPDIFF(SECOND, a.placed_at, b.placed_at) < 7200"))
                  .as("two hours apart")
                  .isZero();
              assertThat(
                      one(
                          handle,
                          "SELECT COUNT(*) FROM answer WHERE second_of_recording IS NULL"
                              + " OR attempt_id IS NULL"))
                  .isZero();
              assertThat(one(handle, "SELECT COUNT(*) FROM round WHERE status <> 'closed'"))
                  .as("closed by itself")
                  .isZero();
              assertThat(one(handle, "SELECT COUNT(*) FROM attempt WHERE state = 'settled'"))
                  .isGreaterThan(200);
            });
  }

  private static int one(org.jdbi.v3.core.Handle handle, String sql) {
    return handle.select(sql).mapTo(Integer.class).one();
  }
}
