package org.careline.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;
import org.careline.telephony.Telephony.Accepted;
import org.junit.jupiter.api.Test;

/** Whoever wants to ring somebody outside gets past one gate. */
class TrunkGateTest {
  private record Later(Instant at, Runnable task) {}

  private static final Duration RING = Duration.ofSeconds(20);
  private final List<String> orders = new ArrayList<>();
  private final List<Later> later = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-24T02:00:00Z");
  private Optional<Sentence> unshowable = Optional.empty();

  private final TrunkShares shares =
      new TrunkShares(
          List.of(new TrunkShare.Limits("carrier", "trunk", 5, 3, 2)),
          (trunk, wanted, must) -> new Outbound.Leaving("carrier", wanted, unshowable),
          List::of,
          Runnable::run,
          () -> now);
  private final Telephony gate =
      new TrunkGate(
          played(Telephony.class),
          shares,
          (delay, task) -> later.add(new Later(now.plus(delay), task)),
          () -> now);

  /** Takes every order and writes its name down. */
  private <T> T played(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, values) -> {
              if (method.getName().equals("talks")) {
                return played(TalkControl.class);
              }
              orders.add(method.getName());
              return CompletableFuture.completedFuture(new Accepted(true, ""));
            }));
  }

  private void pass(Duration time) {
    now = now.plus(time);
    for (Later each : List.copyOf(later)) {
      if (!each.at().isAfter(now) && later.remove(each)) {
        each.task().run();
      }
    }
  }

  private void known() {
    shares.all().forEach(TrunkShare::asking);
    shares.all().forEach(share -> share.living(List.of()));
  }

  private CompletableFuture<Accepted> dial(String id) {
    return gate.dialSite(new CallId(id), "13800138000", "", "PJSIP/a8001-1", RING);
  }

  @Test
  void sitesTransfersAndOverflowShareWhatMayLeave() {
    known();
    assertThat(dial("a").join().taken()).isTrue();
    CompletableFuture<Accepted> consult =
        gate.talks()
            .consult(
                new CallId("c"), 1, new TalkControl.Outside("138", ""), "PJSIP/trunk-1", "l", RING);
    CompletableFuture<Accepted> overflow =
        gate.external("PJSIP/trunk-00000001", "13900139000", RING, false);
    assertThat(dial("b").join())
        .as("three are out: a fourth is not sent")
        .satisfies(
            answer -> {
              assertThat(answer.taken()).isFalse();
              assertThat(answer.held()).isTrue();
              assertThat(answer.reason()).contains("carrier");
            });
    assertThat(orders).as("two a second: the others wait").containsExactly("dialSite");
    pass(Duration.ofMillis(500));
    pass(Duration.ofMillis(500));
    assertThat(consult).isCompleted();
    assertThat(overflow).isCompleted();
    assertThat(orders).containsExactly("dialSite", "consult", "external");
    gate.talks()
        .consult(
            new CallId("c"),
            2,
            new TalkControl.Colleague(new AgentNumber("8002")),
            "PJSIP/trunk-1",
            "l",
            RING);
    assertThat(orders).as("a colleague takes no channel").hasSize(4);
  }

  @Test
  void whoGivesUpBeforeHisTurnRingsNobody() {
    known();
    dial("a");
    CompletableFuture<Accepted> second = dial("b");
    assertThat(second).isNotDone();
    gate.hangUp("b");
    assertThat(second.join().held()).isTrue();
    pass(Duration.ofSeconds(5));
    assertThat(orders).as("nor is anything hung up that never was").containsExactly("dialSite");
    assertThat(shares.room()).isEqualTo(2);
  }

  @Test
  void nothingLeavesWithoutANumberToShowOrBeforeItIsKnownWhatLives() {
    assertThat(dial("a").join().held()).isTrue();
    known();
    unshowable = Optional.of(Sentence.plain("expired"));
    assertThat(dial("a").join().held()).isTrue();
    assertThat(orders).isEmpty();
    assertThat(shares.numberRefused()).map(Sentence::toString).contains("expired");
    unshowable = Optional.empty();
    assertThat(dial("a").join().taken()).isTrue();
  }
}
