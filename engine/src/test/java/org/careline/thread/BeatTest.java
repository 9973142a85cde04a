package org.careline.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.careline.harness.LogLines;
import org.junit.jupiter.api.Test;

class BeatTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void aFailedTurnIsLoggedOncePerReasonAndEndsNothing() {
    AtomicInteger turns = new AtomicInteger();
    try (LogLines log = LogLines.of(Beat.class);
        Beat beat =
            Beat.every(
                "failing",
                SHORT,
                () -> {
                  int turn = turns.incrementAndGet();
                  if (turn <= 3) {
                    throw new SQLException("away, " + turn);
                  }
                  if (turn == 5) {
                    throw new IllegalStateException("odd");
                  }
                })) {
      beat.start();
      await().until(() -> turns.get() > 6);
      assertThat(log.containing("failing"))
          .containsExactly(
              "WARN failing: a turn failed, going on: java.sql.SQLException: away, 1",
              "WARN failing: a turn failed, going on: java.lang.IllegalStateException: odd");
    }
  }

  @Test
  void theTurnSaysThePause() {
    AtomicInteger turns = new AtomicInteger();
    try (Beat beat =
        Beat.paced(
            "paced", LONG, () -> turns.incrementAndGet() < 4 ? Duration.ofMillis(-1) : LONG)) {
      beat.start();
      await().until(() -> turns.get() == 4);
      beat.wake();
      await().until(() -> turns.get() == 5);
    }
    assertThat(turns.get()).isEqualTo(5);
  }

  @Test
  void wokenDuringATurnTheNextFollowsAtOnce() throws InterruptedException {
    AtomicInteger turns = new AtomicInteger();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (Beat beat =
        Beat.every(
            "woken",
            LONG,
            () -> {
              turns.incrementAndGet();
              inside.countDown();
              go.await(10, TimeUnit.SECONDS);
            })) {
      beat.start();
      assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
      beat.wake();
      go.countDown();
      await().until(() -> turns.get() == 2);
    }
  }

  @Test
  void closeWaitsForThePresentTurnAndNoLongerThanAgreed() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Beat beat =
        new Beat(
            "stuck",
            LONG,
            Duration.ofMillis(200),
            () -> {
              inside.countDown();
              go.await(30, TimeUnit.SECONDS);
              ended.set(true);
              return LONG;
            });
    beat.start();
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    long began = System.nanoTime();
    beat.close();
    long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertThat(waited).isBetween(190L, 5_000L);
    assertThat(ended).isFalse();

    go.countDown();
    beat.close();
    await().untilTrue(ended);
  }

  @Test
  void aTurnMayWaitAndHearsOfTheEnd() throws InterruptedException {
    AtomicBoolean heard = new AtomicBoolean();
    CountDownLatch inside = new CountDownLatch(1);
    Beat[] own = new Beat[1];
    own[0] =
        Beat.every(
            "waiting",
            LONG,
            () -> {
              inside.countDown();
              heard.set(own[0].pause(LONG));
            });
    own[0].start();
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    own[0].close();
    assertThat(heard).isTrue();
  }
}
