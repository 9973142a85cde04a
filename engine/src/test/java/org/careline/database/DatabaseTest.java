package org.careline.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();

  @Test
  void theNewestMigrationIsTheLastFile() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString().replaceFirst("V(\\d+)__.*", "$1"))
                  .mapToInt(Integer::parseInt)
                  .max())
          .hasValue(Database.NEWEST);
    }
  }

  @Test
  void whatIsMissingIsAppliedAndWhatIsThereIsNotAppliedAgain() {
    Database database = MYSQL.database();
    database.migrate();
    assertThat(applied(database)).isEqualTo(Database.NEWEST);
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM flyway_schema_history WHERE version = ?", "12");
              handle.execute("ALTER TABLE call_record DROP COLUMN known_by");
              handle.execute("ALTER TABLE phone DROP COLUMN source_file, DROP COLUMN known_at");
            });
    database.migrate();
    assertThat(applied(database)).isEqualTo(Database.NEWEST);
  }

  private static int applied(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT MAX(CAST(version AS UNSIGNED)) FROM flyway_schema_history")
                    .mapTo(int.class)
                    .one());
  }
}
