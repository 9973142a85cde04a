package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.harness.TestMySql;
import org.careline.local.CannotStart;
import org.careline.local.Folders;
import org.careline.local.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The three databases a command may find. */
class RunningTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();

  @Test
  void startsAMySqlAndStopsItWhenNothingRuns() throws Exception {
    Path home = TestFolders.create("running");
    try (FreePorts.Range range = FreePorts.range()) {
      Instance instance = instance(home, range.base(), Map.of());
      for (int time = 1; time <= 2; time++) {
        try (Running running = Running.open(instance)) {
          assertThat(tables(running)).isPositive();
          assertThat(instance.running()).isTrue();
        }
        assertThat(instance.running()).isFalse();
        assertThat(Ports.free("127.0.0.1", range.ports().mysql())).isTrue();
      }
    } finally {
      Folders.delete(home);
    }
  }

  @Test
  void usesTheRunningInstances() {
    try (TestInstance up = TestInstance.up()) {
      Instance instance = instance(up.home(), up.ports().base(), Map.of());
      try (Running running = Running.open(instance)) {
        assertThat(tables(running)).isPositive();
        assertThat(running.configuration().database().url())
            .contains("127.0.0.1:" + up.ports().mysql());
      }
      assertThat(up.pids()).containsKey("mysql");
    }
  }

  @Test
  void usesTheOneTheConfigurationNames() {
    TestMySql shared = TestMySql.shared();
    Map<String, String> own =
        Map.of(
            "CARELINE_DATABASE_URL", shared.server().url(mysql.schema()),
            "CARELINE_DATABASE_USER", shared.server().user(),
            "CARELINE_DATABASE_PASSWORD", shared.server().password());
    Path home = TestFolders.create("running");
    try (Running running = Running.open(instance(home, 18000, own))) {
      assertThat(tables(running)).isPositive();
    }
    Map<String, String> wrong = new HashMap<>(own);
    wrong.put("CARELINE_DATABASE_URL", "jdbc:mysql://127.0.0.1:9/careline");
    assertThatThrownBy(() -> Running.open(instance(home, 18000, wrong)))
        .isInstanceOf(CannotStart.class)
        .hasMessageStartingWith("cannot use the database jdbc:mysql://127.0.0.1:9/careline: ");
  }

  private static Instance instance(Path home, int base, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("CARELINE_HOME", home.toString());
    environment.put("CARELINE_PORT_BASE", "" + base);
    return Instance.load(environment);
  }

  private static long tables(Running running) {
    return running
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*) FROM flyway_schema_history")
                    .mapTo(Long.class)
                    .one());
  }
}
