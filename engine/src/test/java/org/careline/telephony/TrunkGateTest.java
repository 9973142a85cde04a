package org.careline.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
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

  private TrunkShares shares;
  private Telephony gate;

  TrunkGateTest() {
    shares(5, 3, 2);
  }

  private void shares(int channels, int outbound, int perSecond) {
    shares =
        new TrunkShares(
            List.of(new TrunkShare.Limits("carrier", "trunk", channels, outbound, perSecond)),
            (trunk, wanted, must) -> new Outbound.Leaving("carrier", wanted, unshowable),
            List::of,
            Runnable::run,
            () -> now);
    gate =
        new TrunkGate(
            played(Telephony.class),
            shares,
            (delay, task) -> later.add(new Later(now.plus(delay), task)),
            () -> now);
  }

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
    for (boolean more = true; more; ) {
      more = false;
      for (Later each : List.copyOf(later)) {
        if (!each.at().isAfter(now) && later.remove(each)) {
          each.task().run();
          more = true;
        }
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

  private CompletableFuture<Accepted> dial(String id, Supplier<CompletableFuture<Boolean>> still) {
    return gate.dialSite(new CallId(id), "13800138000", "", "PJSIP/a8001-1", RING, still);
  }

  /** The hours of the site may end, its round be paused, while others leave before it. */
  @Test
  void whatHasWaitedAsksOnceMoreBeforeItLeaves() {
    shares(10, 10, 1);
    known();
    List<String> asked = new ArrayList<>();
    CompletableFuture<Boolean> slow = new CompletableFuture<>();
    for (String id : List.of("a", "b", "c", "d", "e")) {
      dial(
          id,
          () -> {
            asked.add(id);
            return id.equals("e") ? slow : CompletableFuture.completedFuture(!id.equals("c"));
          });
    }
    CompletableFuture<Accepted> last = dial("f", () -> CompletableFuture.failedFuture(new Error()));
    assertThat(orders).hasSize(1);
    pass(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(asked).as("a and b were permitted a moment ago").containsExactly("c");
    assertThat(orders).hasSize(2);
    pass(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(asked).containsExactly("c", "d", "e");
    assertThat(orders).as("not c, which must not be dialled any more").hasSize(3);
    pass(Duration.ofSeconds(1));
    assertThat(last.join().held()).as("whose question has no answer does not leave").isTrue();
    slow.complete(true);
    pass(Duration.ofSeconds(1));
    assertThat(orders).hasSize(4);
    assertThat(shares.room()).isEqualTo(6);
  }

  @Test
  void noOrderWaitsForEver() {
    shares(100, 100, 1);
    known();
    List<CompletableFuture<Accepted>> answers = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      answers.add(dial("n" + i, () -> new CompletableFuture<>()));
    }
    assertThat(answers.subList(21, 25))
        .as("it is known at once that their turn would come too late")
        .allSatisfy(answer -> assertThat(answer.join().held()).isTrue());
    pass(Duration.ofSeconds(1));
    pass(TrunkGate.LONGEST);
    assertThat(answers)
        .as("nor does a question without an answer keep one")
        .allMatch(Future::isDone);
    assertThat(orders).hasSize(2);
    assertThat(shares.room()).isEqualTo(98);
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
