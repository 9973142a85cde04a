package org.careline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class JournalBenchTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();

  @TempDir Path folder;

  @Test
  void batchesBeatSingleInsertsAndNothingIsLeftBehind() throws Exception {
    JournalBench.Result result =
        JournalBench.run(
            MYSQL.database(), folder, new JournalBench.Settings(3, 2000), System.out::println);
    System.out.println("ratio " + result.ratio()[0]);
    assertThat(result.rounds()).hasSize(3);
    assertThat(result.ratio()[0]).isGreaterThan(1);
    long events =
        MYSQL
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT count(*) FROM call_event WHERE call_id NOT LIKE '%-s%'")
                        .mapTo(Long.class)
                        .one());
    assertThat(events).isEqualTo(4 * 2000 + 400);
  }
}
