package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.careline.call.CallId;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloodTest {
  private static final CallId NEW = new CallId("new");
  private static final String ONE = "+8613700137000";
  private static final String OTHER = "+8613700137001";
  @TempDir Path folder;

  @Test
  void soManyInASecondAndThenAgain() {
    try (Stage stage = new Stage(folder)) {
      Flood flood = new Flood(new Flood.Limits(100, 3), stage.calls);
      Instant t0 = stage.now();
      for (int i = 0; i < 3; i++) {
        assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(i))).isFalse();
      }
      assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(500))).isTrue();
      assertThat(flood.tooMany(NEW, OTHER, t0.plusMillis(500))).as("another number").isFalse();
      assertThat(flood.tooMany(NEW, null, t0.plusMillis(500))).as("withheld").isFalse();
      assertThat(flood.tooMany(NEW, null, t0.plusMillis(600))).isFalse();
      assertThat(flood.tooMany(NEW, null, t0.plusMillis(700))).isFalse();
      assertThat(flood.tooMany(NEW, null, t0.plusMillis(800))).as("withheld in a burst").isTrue();
      assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(999))).isTrue();
      assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(1001)))
          .as("he goes on as fast: three in the last second")
          .isTrue();
      assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(1500))).as("slower").isFalse();
      assertThat(flood.tooMany(NEW, ONE, t0.plusMillis(1600))).isTrue();
    }
  }

  @Test
  void soManyLivingOnesUntilOneEnds() {
    try (Stage stage = new Stage(folder)) {
      Flood flood = new Flood(new Flood.Limits(2, 100), stage.calls);
      Instant later = stage.now().plus(Duration.ofMinutes(1));
      arrives(stage, "c0", ONE);
      arrives(stage, "c1", ONE);
      assertThat(flood.tooMany(NEW, ONE, later)).as("the third of two").isTrue();
      assertThat(flood.tooMany(new CallId("c1"), ONE, later)).as("the second itself").isFalse();
      stage.ends("c0");
      assertThat(flood.tooMany(NEW, ONE, later)).isFalse();
    }
  }

  @Test
  void thoseWithoutANumberHaveABoundOfTheirOwn() {
    try (Stage stage = new Stage(folder)) {
      Flood flood = new Flood(new Flood.Limits(2, 100), stage.calls);
      Instant later = stage.now().plus(Duration.ofMinutes(1));
      int most = 2 * Flood.WITHHELD_LIVING;
      for (int i = 1; i < most; i++) {
        arrives(stage, "w" + i, null);
      }
      assertThat(flood.tooMany(NEW, null, later)).isFalse();
      arrives(stage, "w0", null);
      assertThat(flood.tooMany(NEW, null, later)).isTrue();
      assertThat(flood.tooMany(NEW, ONE, later)).as("who shows his number").isFalse();
      stage.ends("w0");
      assertThat(flood.tooMany(NEW, null, later)).isFalse();
    }
  }

  @Test
  void aCallWhoseNumberTurnsOutToBeAnotherIsCountedOnce() {
    try (Stage stage = new Stage(folder)) {
      Flood flood = new Flood(new Flood.Limits(2, 1000), stage.calls);
      Instant later = stage.now().plus(Duration.ofMinutes(1));
      for (int i = 0; i < 9; i++) {
        arrives(stage, "c" + i, ONE);
        recognised(stage, "c" + i, OTHER);
        stage.ends("c" + i);
      }
      assertThat(flood.tooMany(NEW, ONE, later)).as("none of them lives").isFalse();
      assertThat(flood.tooMany(NEW, OTHER, later)).isFalse();
    }
  }

  @Test
  void whoseNumberIsNotKnownYetIsNotOneWhoWithholdsIt() {
    try (Stage stage = new Stage(folder)) {
      Flood flood = new Flood(new Flood.Limits(1, 100), stage.calls);
      for (int i = 0; i < 3 * Flood.WITHHELD_LIVING; i++) {
        stage.on(
            new TelephonyEvent.ChannelStarted(
                stage.now(), "c" + i, Stage.channel("c" + i), null, "hotline", "4001", "0"));
      }
      assertThat(flood.tooMany(NEW, null, stage.now())).isFalse();
    }
  }

  private static void arrives(Stage stage, String id, String number) {
    stage.on(
        new TelephonyEvent.ChannelStarted(
            stage.now(), id, Stage.channel(id), null, "hotline", "4001", "1"));
    recognised(stage, id, number);
  }

  private static void recognised(Stage stage, String id, String number) {
    Caller caller =
        new Caller("4001", "l", "", number, null, null, null, null, null, null, "standard");
    Calls.Known known = new Calls.Known(caller, Stage.known("standard").handling());
    stage.calls.admitted(new CallId(id), Stage.channel(id), known, stage.now());
    stage.calls.greeted(new CallId(id));
  }
}
