package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.careline.agent.AgentNumber;
import org.careline.agent.Work;
import org.careline.call.CallEntry;
import org.careline.call.CallId;
import org.careline.call.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who were promised a callback and those on the line, for the same agents. */
class WaitingWorkTest {
  @TempDir Path folder;
  private Stage stage;
  private final Promises promises = new Promises();

  @BeforeEach
  void open() {
    stage = new Stage(folder);
    stage.dispatcher.alongside(promises);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whoIsOnTheLineGoesFirstWhileThePromiseHasTime() {
    promises.add("p1", "standard", stage.now().minusSeconds(600), false);
    stage.waits("c1", "standard");
    stage.ready("8001");
    assertThat(stage.state("c1")).isEqualTo("offered");
    assertThat(promises.taken).isEmpty();
    stage.ready("8003");
    assertThat(promises.taken).containsExactly("p1 8003");
  }

  @Test
  void aPromiseThatWouldBeLateTakesItsPlaceByItsFirstJoiningAndTier() {
    promises.add("p1", "standard", stage.now().minusSeconds(600), true);
    stage.waits("c1", "standard");
    stage.ready("8001");
    assertThat(promises.taken).containsExactly("p1 8001");
    assertThat(stage.state("c1")).isEqualTo("waiting");
    promises.add("p2", "standard", stage.now().minusSeconds(60), true);
    stage.pass(20);
    stage.waits("c2", "platinum");
    stage.pass(30);
    stage.ready("8002");
    assertThat(stage.state("c2")).as("8 x 30 s are more than 110 s").isEqualTo("offered");
    stage.ready("8003");
    assertThat(promises.taken).containsExactly("p1 8001", "p2 8003");
  }

  @Test
  void anAgentNobodyOnTheLineMayHaveYetIsFreeForAPatientPromise() {
    promises.add("p1", "standard", stage.now().minusSeconds(600), false);
    stage.waits("c1", "platinum");
    // grade 1: the platinum caller may have him after 30 s
    stage.pass(20);
    stage.ready("8001");
    assertThat(promises.taken).containsExactly("p1 8001");
    promises.add("p2", "standard", stage.now().minusSeconds(600), false);
    stage.pass(11);
    stage.ready("8003");
    assertThat(stage.state("c1")).isEqualTo("offered");
    assertThat(promises.taken).hasSize(1);
  }

  /** A callback that cannot be made any more must not cost the line an agent. */
  @Test
  void anAgentWhomAPromiseDidNotTakeServesTheLineAtOnce() {
    promises.add("p1", "standard", stage.now().minusSeconds(600), true);
    promises.refusing = true;
    stage.waits("c1", "standard");
    stage.ready("8001");
    assertThat(promises.taken).isEmpty();
    assertThat(stage.state("c1")).isEqualTo("offered");
  }

  /** The forecast sees them among those who wait, from when they press. */
  @Test
  void theyStandBeforeTheForecast() {
    promises.add("p1", "standard", stage.now().minusSeconds(600), true);
    stage.waits("c1", "standard");
    assertThat(stage.dispatcher.joining())
        .singleElement()
        .satisfies(
            joining -> {
              assertThat(joining.who().id()).isEqualTo(new CallId("p1"));
              assertThat(joining.from()).isBefore(stage.now());
            });
  }

  /** Takes whoever is given, as the real one does. */
  private final class Promises implements WaitingWork {
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private boolean refusing;

    void add(String id, String tier, Instant joinedAt, boolean pressing) {
      Calls.Known known = Stage.known(tier);
      waiting.add(
          new Waiting(
              new CallId(id),
              known.caller(),
              known.handling(),
              joinedAt,
              pressing ? stage.now() : Instant.MAX));
      stage.turns.pass(Duration.ofMillis(1));
    }

    @Override
    public List<Waiting> waiting(Instant now) {
      return List.copyOf(waiting);
    }

    @Override
    public boolean take(CallId id, AgentNumber agent, CallEntry.Reason reason) {
      if (refusing || !stage.agents.reserve(agent, Work.attempt(id.value()))) {
        return false;
      }
      assertThat(reason.en()).contains("waited");
      waiting.removeIf(each -> each.id().equals(id));
      taken.add(id + " " + agent);
      return true;
    }
  }
}
