package org.careline.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.careline.telephony.SwitchState.LivingChannel;
import org.junit.jupiter.api.Test;

class TrunkShareTest {
  private static final Instant AT = Instant.parse("2026-11-24T02:00:00Z");

  /** Ten channels, four of them kept for callers. */
  private final TrunkShare share = share(10, 6);

  private static TrunkShare share(int channels, int outbound) {
    TrunkShare share =
        new TrunkShare(new TrunkShare.Limits("carrier", "trunk", channels, outbound, 4));
    share.asking();
    share.living(List.of());
    return share;
  }

  private static TelephonyEvent started(String id, String extension) {
    return new TelephonyEvent.ChannelStarted(
        AT,
        id,
        "PJSIP/trunk-0000000" + Math.floorMod(id.hashCode(), 10),
        null,
        "hotline",
        extension,
        "");
  }

  private static TelephonyEvent caller(int n) {
    return started("ast-170.%d".formatted(n), "4001");
  }

  private static TelephonyEvent ended(String id, int cause) {
    return new TelephonyEvent.ChannelEnded(AT, id, "PJSIP/trunk-00000001", null, cause);
  }

  private static LivingChannel living(String id, String callId, String state) {
    return new LivingChannel(
        id, "PJSIP/trunk-00000001", callId, id, "careline-wait", "s", "Queue", state, null, "", AT);
  }

  @Test
  void whatLeavesNeverEntersWhatIsKeptForCallers() {
    for (int i = 0; i < 6; i++) {
      assertThat(share.keep("a" + i)).isTrue();
    }
    assertThat(share.keep("a6")).as("four are the callers'").isFalse();
    assertThat(share.keep("a5")).as("twice the same is one").isTrue();
    share.on(started("a0", "s"));
    assertThat(share.room()).as("on its way and living are one call").isZero();
    share.on(ended("a0", 16));
    assertThat(share.room()).isEqualTo(1);
    share.free("a1");
    assertThat(share.room()).isEqualTo(2);
  }

  @Test
  void callersMayTakeAllAndThenNothingLeaves() {
    assertThat(share.keep("preview")).as("an agent looks at a site").isTrue();
    for (int i = 0; i < 10; i++) {
      share.on(caller(i));
    }
    assertThat(share.room()).isZero();
    assertThat(share.leave("preview")).as("set aside, but the trunk is full now").isFalse();
    assertThat(share.heldBackTotal()).isEqualTo(1);
    share.on(ended("ast-170.3", 16));
    assertThat(share.leave("preview")).isTrue();
    assertThat(share.leave("other")).as("its channel has not come yet, and is counted").isFalse();
  }

  @Test
  void otherPeoplesChannelsAreNotCounted() {
    share.on(
        new TelephonyEvent.ChannelStarted(
            AT, "x", "PJSIP/trunk-two-00000001", null, "hotline", "4001", ""));
    share.on(new TelephonyEvent.ChannelStarted(AT, "y", "PJSIP/a8001-00000002", null, "", "s", ""));
    assertThat(share.count()).isEqualTo(new TrunkShare.Count(0, 0, 0));
  }

  /** A restart knows nothing and lets nothing out until the switch has told what lives. */
  @Test
  void afterARestartTheLivingCount() {
    TrunkShare restarted = new TrunkShare(new TrunkShare.Limits("carrier", "trunk", 10, 6, 4));
    assertThat(restarted.room()).isZero();
    restarted.asking();
    restarted.on(caller(7));
    restarted.on(ended("ast-170.1", 16));
    restarted.living(
        List.of(
            living("ast-170.1", "ast-170.1", "Up"),
            living("ast-170.2", "ast-170.2", "Up"),
            living("01JDQ0000000000000000000A1", "01JDQ0000000000000000000A1", "Up"),
            living("ast-170.2-consult-1", "ast-170.2", "Ring"),
            living("ast-170.5", "ast-170.2", "Up")));
    assertThat(restarted.count())
        .as("callers 2 and 7; a site, a consulted one and one outside")
        .isEqualTo(new TrunkShare.Count(2, 3, 0));
    assertThat(restarted.room()).isEqualTo(3);
    restarted.on(new TelephonyEvent.LinkDown(AT));
    assertThat(restarted.room()).as("nobody knows what lives").isZero();
  }

  /** Lost, doubled and late events: the next answer of the switch puts the count right. */
  @Test
  void whateverIsLostTheSwitchHasTheLastWord() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      TrunkShare share = share(10, 6);
      List<String> alive = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String id = (random.nextBoolean() ? "out-" : "ast-1.") + i;
        if (random.nextInt(3) == 0 && !alive.isEmpty()) {
          String gone = alive.remove(random.nextInt(alive.size()));
          if (random.nextInt(4) > 0) {
            share.on(ended(gone, 16));
          }
        } else if (id.startsWith("out-")) {
          if (share.keep(id) && share.leave(id)) {
            alive.add(id);
            if (random.nextInt(4) > 0) {
              share.on(started(id, "s"));
            }
          }
        } else if (alive.size() < 10) {
          alive.add(id);
          share.on(started(id, "4001"));
        }
        assertThat(share.count().outbound() + share.count().reserved())
            .as("seed %d", seed)
            .isLessThanOrEqualTo(6);
      }
      share.asking();
      share.living(
          alive.stream()
              .map(id -> living(id, id.startsWith("out-") ? "01J" + id : id, "Up"))
              .toList());
      long out = alive.stream().filter(id -> id.startsWith("out-")).count();
      assertThat(share.count().outbound()).as("seed %d", seed).isEqualTo((int) out);
      assertThat(share.count().inbound()).isEqualTo(alive.size() - (int) out);
    }
  }

  @Test
  void callsWithoutAChannelAreCountedAndToldOf() {
    int[] causes = {34, 42, 44, 17, 1};
    for (int i = 0; i < causes.length; i++) {
      share.on(started("a" + i, "s"));
      share.on(ended("a" + i, causes[i]));
    }
    share.on(started("unnamed", "s"));
    share.on(new TelephonyEvent.DialEnded(AT, null, null, null, "unnamed", "c", "CONGESTION"));
    share.on(ended("unnamed", 0));
    share.on(started("talked", "s"));
    share.on(new TelephonyEvent.ChannelAnswered(AT, "talked", "c", null));
    share.on(ended("talked", 42));
    share.on(started("rang", "s"));
    share.on(new TelephonyEvent.ChannelRinging(AT, "rang"));
    share.on(ended("rang", 34));
    share.on(started("heard", "s"));
    share.on(new TelephonyEvent.DialProgress(AT, "heard"));
    share.on(ended("heard", 34));
    assertThat(share.withoutChannel()).as("whose phone rang had its channel").isEqualTo(4);
    share.tick(AT.plusSeconds(60));
    assertThat(share.alarm()).contains(4);
    share.tick(AT.plus(Duration.ofMinutes(61)));
    assertThat(share.alarm()).isEmpty();
  }

  @Test
  void neverMoreInASecondThanTheCarrierPermits() {
    List<Duration> turns = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      turns.add(share.turn(AT));
    }
    assertThat(turns.get(0)).isZero();
    assertThat(turns.get(4)).isEqualTo(Duration.ofSeconds(1));
    assertThat(turns.get(8)).isEqualTo(Duration.ofSeconds(2));
    assertThat(share.turn(AT.plusSeconds(10))).isZero();

    Instant late = AT.plusSeconds(20);
    for (int i = 0; i < 4; i++) {
      assertThat(share.leavesNow(late.plusMillis(i)))
          .as("the switch was slow: four at once")
          .isZero();
    }
    assertThat(share.leavesNow(late.plusMillis(400))).isEqualTo(Duration.ofMillis(600));
    assertThat(share.leavesNow(late.plusMillis(1000))).isZero();
    assertThat(share.leavesNow(late.plusMillis(1000))).isEqualTo(Duration.ofMillis(1));
    assertThat(share.left()).isEqualTo(5);
  }
}
