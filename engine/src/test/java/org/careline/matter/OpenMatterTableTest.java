package org.careline.matter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careline.matter.MatterStage.BOSS;
import static org.careline.matter.MatterStage.HEAD;
import static org.careline.matter.MatterStage.LI;
import static org.careline.matter.MatterStage.NINE;
import static org.careline.matter.MatterStage.RJ;
import static org.careline.matter.MatterStage.S1;
import static org.careline.matter.MatterStage.S2;
import static org.careline.matter.MatterStage.SHOP;
import static org.careline.matter.MatterStage.WANG;
import static org.careline.matter.MatterStage.form;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who served an open matter last, by site, number and customer. */
class OpenMatterTableTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static final Matters.Person CHEN = new Matters.Person("boss", Optional.of("8003"));
  private static MatterStage stage;

  @BeforeAll
  static void seed() {
    stage = new MatterStage(MYSQL.database());
    stage.seed();
  }

  @BeforeEach
  void clear() {
    stage.clear();
  }

  private static String agent(Long site, Long customer, String number) {
    return stage
        .open
        .lastAgent(new OpenMatters.Who(site, customer, number))
        .map(AgentNumber::value)
        .orElse("nobody");
  }

  @Test
  void aSitesMatterIsFoundBySiteNumberAndCustomer() {
    stage.matters.open(form("repair", "RJ", "S1", HEAD), Optional.empty(), LI);
    assertThat(agent(S1, RJ, SHOP)).as("the site itself").isEqualTo("8001");
    assertThat(agent(null, RJ, HEAD)).as("headquarters by its number").isEqualTo("8001");
    assertThat(agent(null, RJ, null)).as("a customer's code, number withheld").isEqualTo("8001");
    assertThat(agent(null, null, HEAD)).as("the number alone").isEqualTo("8001");
    assertThat(agent(S2, RJ, SHOP)).as("another site has none").isEqualTo("nobody");
    assertThat(agent(S2, RJ, HEAD)).as("no matter of his site, but one of his").isEqualTo("8001");
    assertThat(agent(3L, 2L, null)).isEqualTo("nobody");
    assertThat(agent(null, null, null)).isEqualTo("nobody");
  }

  @Test
  void whoServedLastCounts() {
    long first = stage.matters.open(form("repair", "RJ", "S1", SHOP), Optional.empty(), LI).id();
    stage.at(NINE.plusSeconds(60));
    stage.matters.open(form("repair", "RJ", "S2", null), Optional.empty(), WANG);
    assertThat(agent(S1, RJ, null)).isEqualTo("8001");
    assertThat(agent(null, RJ, null)).as("of several the one served last").isEqualTo("8002");

    Contact call = stage.call("c-1", NINE.plusSeconds(120), RJ, S1, SHOP, "8003");
    stage.open.refresh();
    assertThat(agent(S1, RJ, null)).as("answered the site's newest call").isEqualTo("8003");
    assertThat(agent(null, null, SHOP)).isEqualTo("8003");
    stage.at(NINE.plusSeconds(180));
    stage.matters.decide(
        first,
        1,
        new Decision(
            Matter.Result.ANSWER, "", Optional.of("li"), Optional.of(NINE.plusSeconds(9999))),
        LI);
    assertThat(agent(S1, RJ, null)).as("worked at it after that call").isEqualTo("8001");
    stage.matters.join(first, call, BOSS);
    assertThat(agent(S1, RJ, null)).as("a supervisor's hand changes nothing").isEqualTo("8001");

    stage.open.talks(
        new OpenMatters.Who(S1, RJ, null), new AgentNumber("8004"), NINE.plusSeconds(200));
    stage.open.talks(
        new OpenMatters.Who(3L, 2L, null), new AgentNumber("8004"), NINE.plusSeconds(200));
    assertThat(agent(S1, RJ, null)).as("talks to him now, by memory").isEqualTo("8004");
    assertThat(agent(3L, 2L, null)).as("no open matter").isEqualTo("nobody");
    stage.matters.done(first, 3, "", Optional.empty(), LI);
    assertThat(agent(S1, RJ, SHOP)).as("done").isEqualTo("nobody");
    assertThat(agent(null, RJ, SHOP)).as("the customer has another one open").isEqualTo("8002");
  }

  @Test
  void whatAnotherEngineWroteIsSeenSoon() {
    try (OpenMatterTable other =
        new OpenMatterTable(MYSQL.database().dataSource(), Duration.ofMillis(50))) {
      other.start();
      stage.matters.open(form("repair", "RJ", "S1", null), Optional.empty(), CHEN);
      OpenMatters.Who who = new OpenMatters.Who(S1, RJ, null);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> other.lastAgent(who).equals(Optional.of(new AgentNumber("8003"))));
      Instant later = NINE.plusSeconds(5);
      stage.open.talks(who, new AgentNumber("8001"), later);
      assertThat(other.lastAgent(who)).contains(new AgentNumber("8003"));
    }
  }
}
