package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.careline.callback.AttemptEffect.*;
import org.careline.callback.AttemptEvent.*;
import org.careline.callback.Campaign.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptTransitionsTest {
  private static final Instant AT = Instant.parse("2026-11-24T02:00:00Z");
  private static final List<String> RANK =
      List.of("inserted", "agent_ringing", "dialling", "unknown", "talking", "ended", "settled");

  @Test
  void progressiveRingsTheAgentFirstAndTheSiteOnlyAfterTheCommit() {
    List<AttemptEffect> effects = new ArrayList<>();
    AttemptState state = new AttemptState.Inserted(Mode.PROGRESSIVE);
    state = run(state, effects, new Begun(AT));
    assertThat(effects).hasAtLeastOneElementOfType(RingAgent.class);
    state = run(state, effects, new AgentAnswered(AT, "PJSIP/a8001-1"));
    assertThat(effects).doesNotHaveAnyElementsOfTypes(DialSite.class);
    assertThat(effects).hasAtLeastOneElementOfType(CommitPlacing.class);
    state = run(state, effects, new PlacingCommitted(AT));
    assertThat(effects).contains(new DialSite("PJSIP/a8001-1"));
    state = run(state, effects, new SiteAnswered(AT), new SiteGone(AT.plusSeconds(60), 16));
    assertThat(state).isEqualTo(new AttemptState.Ended(AT));
    assertThat(effects).doesNotHaveAnyElementsOfTypes(Settle.class);
    state = run(state, effects, new FormDone(AT, Disposition.COMPLETED));
    assertThat(state).isEqualTo(new AttemptState.Settled());
  }

  @Test
  void whoGivesUpDuringTheCommitLetsNoSiteRing() {
    for (AttemptEvent givesUp : List.of(new AgentGone(AT), new HangUpPressed(AT))) {
      List<AttemptEffect> effects = new ArrayList<>();
      AttemptState state =
          run(
              new AttemptState.AgentRinging(),
              effects,
              new AgentAnswered(AT, "PJSIP/a8001-1"),
              givesUp,
              new PlacingCommitted(AT));
      assertThat(state).isEqualTo(new AttemptState.Settled());
      assertThat(effects)
          .doesNotHaveAnyElementsOfTypes(DialSite.class)
          .contains(
              new NotPlaced(AT, true), new HangUpAgent(), new AgentFree(AgentPool.How.NOT_NEEDED));
    }
  }

  @Test
  void previewWaitsForTheAgentOrExpires() {
    List<AttemptEffect> effects = new ArrayList<>();
    AttemptState state = run(new AttemptState.Inserted(Mode.PREVIEW), effects, new Begun(AT));
    assertThat(effects).containsExactly(new Arm(Timer.PREVIEW));
    run(state, effects, new Expired(AT, Timer.PREVIEW));
    assertThat(effects).contains(new NotPlaced(AT, false), new AgentFree(AgentPool.How.MISSED));
  }

  @ParameterizedTest
  @CsvSource({
    "17, BUSY, busy",
    "21, BUSY, busy",
    "19, NOANSWER, no_answer_unverified",
    "19, , no_answer_unverified",
    "18, , no_answer",
    "1, CHANUNAVAIL, number_not_existing",
    "22, , number_not_existing",
    "28, , number_not_existing",
    "20, , temporarily_unreachable",
    "27, , temporarily_unreachable",
    "34, CONGESTION, technical",
    "38, , technical",
    "0, CONGESTION, technical",
    "16, NOANSWER, no_answer",
    "42, CONGESTION, technical",
    "44, , technical",
    "127, CONGESTION, technical",
    "0, , no_answer_unverified"
  })
  void whatNobodyAnsweredIsSettledByItsCause(int cause, String status, String expected) {
    List<AttemptEffect> effects = new ArrayList<>();
    AttemptState state = AttemptState.Dialling.on(Optional.of("c"));
    if (status != null) {
      state = run(state, effects, new SiteDialEnded(AT, status));
    }
    run(state, effects, new SiteGone(AT, cause), new Expired(AT, Timer.END));
    assertThat(effects)
        .filteredOn(Settle.class::isInstance)
        .singleElement()
        .extracting(effect -> ((Settle) effect).disposition().id())
        .isEqualTo(expected);
  }

  /** An announcement is 183 and then 480 or 487; ring-back music is 183 and then our own limit. */
  @ParameterizedTest
  @CsvSource({
    "19, , , no_answer_unverified",
    "127, CONGESTION, , no_answer_unverified",
    "16, , , no_answer_unverified",
    "19, NOANSWER, 3, no_answer",
    "17, BUSY, , busy",
    "1, , , number_not_existing",
    "20, , , temporarily_unreachable",
    "34, , , technical"
  })
  void whatWasPlayedBeforeTheEndIsNoAnswerAndPerhapsAnAnnouncement(
      int cause, String status, Integer reason, String expected) {
    List<AttemptEffect> effects = new ArrayList<>();
    AttemptState state = AttemptState.Dialling.on(Optional.of("c"));
    state = run(state, effects, new EarlyMedia(AT, false));
    if (status != null) {
      state = run(state, effects, new SiteDialEnded(AT, status));
    }
    state = run(state, effects, new SiteGone(AT, cause));
    run(
        state,
        effects,
        reason == null ? new Expired(AT, Timer.END) : new OriginateFailed(AT, reason));
    assertThat(effects)
        .filteredOn(Settle.class::isInstance)
        .singleElement()
        .extracting(effect -> ((Settle) effect).disposition().id())
        .isEqualTo(expected);
  }

  /** A network may say "no circuit" to a phone that has rung: whoever was rung was rung. */
  @Test
  void whatRangOrMayHaveIsToldWithItsEnd() {
    AttemptState ordered = AttemptState.Dialling.on(Optional.of("c"));
    AttemptEvent[] end = {new SiteGone(AT, 34), new OriginateFailed(AT, 8)};
    assertThat(rang(ordered, end)).isFalse();
    assertThat(rang(run(ordered, new ArrayList<>(), new SiteRinging(AT)), end)).isTrue();
    assertThat(rang(run(ordered, new ArrayList<>(), new EarlyMedia(AT, false)), end)).isTrue();
    assertThat(rang(new AttemptState.Unknown(), end)).as("nobody was looking").isTrue();
    assertThat(rang(ordered, new FoundEnded(AT, Optional.empty(), 34)))
        .as("from the file, which does not say")
        .isTrue();
  }

  private static boolean rang(AttemptState state, AttemptEvent... end) {
    List<AttemptEffect> effects = new ArrayList<>();
    run(state, effects, end);
    return effects.stream()
        .filter(Settle.class::isInstance)
        .map(Settle.class::cast)
        .findFirst()
        .orElseThrow()
        .rang();
  }

  @Test
  void whoHasHeardTheAnnouncementSaysWhatItWas() {
    List<AttemptEffect> effects = new ArrayList<>();
    AttemptState dialling = AttemptState.Dialling.on(Optional.of("c"));
    AttemptState listening =
        run(dialling, effects, new EarlyMedia(AT, false), new EarlyMedia(AT, true));
    assertThat(listening.seen()).isEqualTo("listening");
    assertThat(effects).containsExactly(new Listen("c"), new Arm(Timer.EARLY_MEDIA));
    AttemptState heard = run(listening, effects, new SiteGone(AT, 19), new Expired(AT, Timer.END));
    assertThat(heard.seen()).isEqualTo("heard");
    assertThat(effects).contains(new HangUpAgent(), new AgentWrapsUp());
    assertThat(effects).doesNotHaveAnyElementsOfTypes(Settle.class, AgentFree.class);
    run(heard, effects, new FormDone(AT, Disposition.SWITCHED_OFF));
    assertThat(effects).contains(new AgentFree(AgentPool.How.NOT_NEEDED));

    List<AttemptEffect> silent = new ArrayList<>();
    run(heard, silent, new Expired(AT, Timer.HEARD));
    assertThat(silent)
        .contains(new Settle(Disposition.NO_ANSWER_UNVERIFIED, AT, 19, Optional.empty(), true));
    List<AttemptEffect> sooner = new ArrayList<>();
    run(listening, sooner, new FormDone(AT, Disposition.SWITCHED_OFF));
    assertThat(sooner).contains(new HangUpSite(), new HangUpAgent());
    List<AttemptEffect> answered = new ArrayList<>();
    assertThat(run(listening, answered, new SiteAnswered(AT)))
        .as("it was ring-back music")
        .isEqualTo(new AttemptState.Talking(AT));
  }

  @Test
  void theTwoEndsOfAnUnansweredAttemptComeInAnyOrder() {
    for (boolean legFirst : new boolean[] {true, false}) {
      List<AttemptEffect> effects = new ArrayList<>();
      AttemptState dialling = AttemptState.Dialling.on(Optional.of("c"));
      AttemptEvent gone = new SiteGone(AT, 17);
      AttemptEvent failed = new OriginateFailed(AT, 0);
      AttemptState half = run(dialling, effects, legFirst ? gone : failed);
      assertThat(effects).containsExactly(new Arm(Timer.END));
      run(half, effects, legFirst ? failed : gone);
      assertThat(effects).contains(new Settle(Disposition.BUSY, AT, 17, Optional.empty(), false));
    }
    List<AttemptEffect> effects = new ArrayList<>();
    run(
        AttemptState.Dialling.on(Optional.of("c")),
        effects,
        new SiteGone(AT, 19),
        new OriginateFailed(AT, 3));
    assertThat(effects)
        .contains(new Settle(Disposition.NO_ANSWER, AT, 19, Optional.empty(), false));
  }

  @Test
  void theUnknownIsNeverSettledByTime() {
    AttemptState state = new AttemptState.Unknown();
    List<AttemptEffect> effects = new ArrayList<>();
    for (Timer timer : Timer.values()) {
      state = run(state, effects, new Expired(AT, timer));
    }
    state = run(state, effects, new FoundNothing(AT), new AgentGone(AT));
    assertThat(state).isEqualTo(new AttemptState.Unknown());
    assertThat(effects).isEmpty();
    run(state, effects, new FoundNever(AT));
    assertThat(effects).contains(new NotPlaced(AT, true));
  }

  /** Events lost, late, doubled and in any order never dial twice, settle twice, or go back. */
  @Test
  void randomHistoriesKeepTheInvariants() {
    int settled = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      AttemptState state =
          new AttemptState.Inserted(random.nextBoolean() ? Mode.PREVIEW : Mode.PROGRESSIVE);
      boolean committed = false;
      int dialled = 0;
      int ends = 0;
      int freed = 0;
      for (int i = 0; i < 40; i++) {
        AttemptEvent event = event(random);
        AttemptTransitions.Step step = AttemptTransitions.next(state, event);
        committed |= state instanceof AttemptState.Placing && event instanceof PlacingCommitted;
        for (AttemptEffect effect : step.effects()) {
          if (effect instanceof DialSite) {
            dialled++;
            assertThat(committed).as("seed %d: commit before originate", seed).isTrue();
          }
          if (effect instanceof Settle || effect instanceof NotPlaced) {
            ends++;
          }
          if (effect instanceof NotPlaced not && !not.proven()) {
            assertThat(dialled).as("seed %d: dialled and called not placed", seed).isZero();
          }
          if (effect instanceof AgentFree) {
            freed++;
          }
        }
        if (event instanceof FormDone
            && step.next() instanceof AttemptState.Settled
            && !(state instanceof AttemptState.Settled)) {
          ends++;
        }
        // dialling and unknown may take turns, everything else goes forward
        int before = rank(state);
        int after = rank(step.next());
        assertThat(after == before || after > before || after == 2 && before == 3)
            .as("seed %d: %s -> %s", seed, state, step.next())
            .isTrue();
        state = step.next();
      }
      assertThat(dialled).as("seed %d", seed).isLessThanOrEqualTo(1);
      boolean over = state instanceof AttemptState.Settled;
      assertThat(ends).as("seed %d", seed).isEqualTo(over ? 1 : 0);
      assertThat(freed).as("seed %d: the agent is freed once", seed).isEqualTo(over ? 1 : 0);
      settled += over ? 1 : 0;
    }
    assertThat(settled).as("the histories reach the end").isGreaterThan(10_000);
  }

  private static int rank(AttemptState state) {
    return RANK.indexOf(state.key());
  }

  private static AttemptEvent event(Random random) {
    Optional<Instant> answered = random.nextBoolean() ? Optional.of(AT) : Optional.empty();
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> new Begun(AT);
      case 3, 4 -> new DialPressed(AT);
      case 5, 6, 7 -> new AgentAnswered(AT, "c");
      case 8, 9 -> new PlacingCommitted(AT);
      case 10 -> new PlacingRefused(AT);
      case 11 -> new SiteAnswered(AT);
      case 12 -> new SiteGone(AT, random.nextInt(128));
      case 13 -> new SiteDialEnded(AT, "BUSY");
      case 14 -> new OriginateFailed(AT, random.nextInt(9));
      case 15 -> new AgentGone(AT);
      case 16 -> new Expired(AT, Timer.values()[random.nextInt(Timer.values().length)]);
      case 17 -> new FormDone(AT, Disposition.COMPLETED);
      case 18 ->
          random.nextBoolean() ? new FoundLiving(AT, answered) : new FoundEnded(AT, answered, 16);
      case 19 -> random.nextBoolean() ? new FoundNever(AT) : new FoundNothing(AT);
      case 20 ->
          random.nextBoolean() ? new EarlyMedia(AT, random.nextBoolean()) : new SiteRinging(AT);
      default -> random.nextBoolean() ? new HangUpPressed(AT) : new OrderRefused(AT);
    };
  }

  private static AttemptState run(
      AttemptState state, List<AttemptEffect> effects, AttemptEvent... events) {
    AttemptState next = state;
    for (AttemptEvent event : events) {
      AttemptTransitions.Step step = AttemptTransitions.next(next, event);
      effects.addAll(step.effects());
      next = step.next();
    }
    return next;
  }
}
