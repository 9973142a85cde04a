package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.careline.agent.AgentNumber;
import org.careline.telephony.Step;
import org.careline.telephony.TelephonyEvent.Bridged;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Redirects that land while the question's guard of 3 s is armed, from its first moment to its last
 * and beyond: the talk must not be cut when the guard would have fired.
 */
class RedirectInGuardTest {
  private static final int AT_ONCE = 20;
  private static final int TALK = 12;

  @Test
  void twentyTalksLast() throws Exception {
    talksLast(1);
  }

  @Test
  @Tag("long")
  void twoHundredTalksLast() throws Exception {
    talksLast(10);
  }

  private static void talksLast(int rounds) throws Exception {
    try (LiveSwitch live = new LiveSwitch()) {
      live.beat();
      for (int i = 1; i <= AT_ONCE; i++) {
        live.agent(8000 + i);
      }
      for (int round = 0; round < rounds; round++) {
        round(live);
      }
    }
  }

  private static void round(LiveSwitch live) throws Exception {
    live.events.clear();
    AtomicInteger next = new AtomicInteger();
    List<String> refused = new CopyOnWriteArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    live.admit =
        arrival -> {
          int i = next.getAndIncrement();
          try {
            // Aimed at 0 to 3.2 s after the guard was armed, most of them at its end.
            long aim = i < AT_ONCE / 2 ? 300L * i : 2850 + 35L * (i - AT_ONCE / 2);
            never.await(aim, TimeUnit.MILLISECONDS);
            live.telephony
                .offer(
                    arrival.channel(),
                    new AgentNumber("" + (8001 + i)),
                    Duration.ofSeconds(15),
                    Optional.empty())
                .thenAccept(
                    answer -> {
                      if (!answer.taken()) {
                        refused.add(arrival.callId() + ": " + answer.reason());
                      }
                    });
            never.await(1, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Step.Wait();
        };
    for (int i = 0; i < AT_ONCE; i++) {
      live.call("4008001234", "138001380" + (10 + i), TALK);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> callers(live, ChannelEnded.class) >= AT_ONCE);
    List<ChannelStarted> calls =
        live.seen(ChannelStarted.class).stream()
            .filter(event -> event.context().equals("hotline"))
            .toList();
    assertThat(calls).hasSize(AT_ONCE);
    for (ChannelStarted call : calls) {
      Instant talk =
          live.seen(Bridged.class).stream()
              .filter(event -> event.uniqueId().equals(call.uniqueId()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(story(live, call) + refused))
              .at();
      Instant end =
          live.seen(ChannelEnded.class).stream()
              .filter(event -> event.uniqueId().equals(call.uniqueId()))
              .findFirst()
              .orElseThrow()
              .at();
      assertThat(Duration.between(talk, end)).isGreaterThan(Duration.ofSeconds(5));
    }
  }

  private static String story(LiveSwitch live, ChannelStarted call) {
    return "no talk: "
        + live.events.stream()
            .map(String::valueOf)
            .filter(event -> event.contains(call.uniqueId() + ","))
            .collect(Collectors.joining("\n  "));
  }

  private static long callers(LiveSwitch live, Class<ChannelEnded> type) {
    return live.seen(type).stream().filter(e -> e.channel().startsWith("PJSIP/trunk-")).count();
  }
}
