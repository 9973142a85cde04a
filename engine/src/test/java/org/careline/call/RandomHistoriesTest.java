package org.careline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.careline.agent.AgentNumber;
import org.careline.call.CallEvent.Miss;
import org.careline.call.CallState.Ended;
import org.careline.harness.MySqlExtension;
import org.careline.report.hotline.CallRows;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Identities;
import org.careline.report.hotline.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever happens to calls, in any order, each is in exactly one bin of both sums: random
 * histories go through the rules, the journal's applier and MySQL into the figures.
 */
class RandomHistoriesTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Instant NINE = Instant.parse("2026-03-02T01:00:00Z");
  private static final int CALLS = 3000;
  private static final List<AgentNumber> AGENTS =
      Stream.of("8001", "8002").map(AgentNumber::new).toList();

  private final CallTransitions transitions = new CallTransitions(Duration.ofSeconds(5));
  private final Random random = new Random(20261124);
  private final Map<Outcome, Integer> seen = new EnumMap<>(Outcome.class);

  @Test
  void bothSumsAlwaysComeOut() throws Exception {
    List<Journal.Entry> outcomes = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      String id = "r-" + i;
      CallRecord record = history(id, NINE.plusSeconds(i));
      seen.merge(Outcome.valueOf(record.outcome().toUpperCase()), 1, Integer::sum);
      outcomes.add(
          new Journal.Entry(
              i + 1L, 1, record.endedAt(), "outcome", id, Journal.JSON.writeValueAsString(record)));
    }
    assertThat(seen).as("every outcome there is").containsOnlyKeys(Outcome.values());
    try (Connection connection = mysql.database().dataSource().getConnection()) {
      CallAppliers.outcomes().apply(connection, outcomes);
    }
    List<Identities.Identity> both =
        new HotlineFigures(
                new CallRows(mysql.database().dataSource()),
                List::of,
                Target.Book.always(Target.DEFAULT),
                Duration.ofSeconds(5),
                ZoneId.of("Asia/Shanghai"),
                () -> NINE)
            .identities(NINE.minusSeconds(1), NINE.plus(Duration.ofDays(1)));
    for (Identities.Identity identity : both) {
      assertThat(identity.calls()).as(identity.id()).isEmpty();
      assertThat(identity.difference()).as(identity.id()).isZero();
    }
    assertThat(both.getFirst().total()).isEqualTo(CALLS);
    assertThat(both.getFirst().bins().get("offered")).isEqualTo(both.getLast().total());
  }

  private CallRecord history(String id, Instant arrived) {
    CallState state = new CallState.Arrived(arrived);
    Instant now = arrived;
    int steps = random.nextInt(25);
    for (int i = 0; i < steps; i++) {
      now = now.plusMillis(random.nextInt(9000));
      state = transitions.next(state, event(state, now)).next();
    }
    EndedBy by = EndedBy.values()[random.nextInt(3)];
    state = transitions.next(state, new CallEvent.HungUp(now, by, random.nextInt(9) == 0)).next();
    return CallRecord.of(new CallId(id), Caller.unknown("4001"), arrived, (Ended) state, List.of());
  }

  private CallEvent event(CallState state, Instant now) {
    AgentNumber agent = AGENTS.get(random.nextInt(AGENTS.size()));
    return switch (random.nextInt(24)) {
      case 0, 1 -> new CallEvent.Greeted(now);
      case 2, 3 -> new CallEvent.Joined(now);
      case 4, 5 -> new CallEvent.EnteredRoom(now);
      case 6, 7 -> new CallEvent.OfferMade(now, agent);
      case 8 -> new CallEvent.OfferFailed(now, agent, Miss.values()[random.nextInt(4)]);
      case 9, 10 -> new CallEvent.Answered(now, agent);
      case 11 -> new CallEvent.EnteredFallback(now);
      case 12 -> new CallEvent.AgentLost(now, agent);
      case 13 -> new CallEvent.AgentLeft(now, agent);
      case 14 -> new CallEvent.Asked(now);
      case 15, 16 -> turned(state, now);
      case 17 -> new CallEvent.OverflowMade(now, "+862158881234");
      case 18 -> new CallEvent.OverflowAnswered(now);
      case 19 -> new CallEvent.OverflowFailed(now);
      case 20 -> new CallEvent.Held(now);
      case 21 -> new CallEvent.Transferred(now, agent, "8002");
      case 22 -> new CallEvent.SurveyAnswered(now, 1 + random.nextInt(3));
      default -> new CallEvent.Resumed(now);
    };
  }

  /** What the dialogue decides before the queue is not what it decides for one who waits. */
  private CallEvent turned(CallState state, Instant now) {
    List<Outcome> possible =
        state.place().isPresent()
            ? List.of(Outcome.CALLBACK_TAKEN, Outcome.VOICEMAIL, Outcome.OVERFLOWED, Outcome.FAILED)
            : List.of(
                Outcome.BLOCKED,
                Outcome.AFTER_HOURS,
                Outcome.VOICEMAIL,
                Outcome.CALLBACK_TAKEN,
                Outcome.FAILED);
    return new CallEvent.Turned(now, possible.get(random.nextInt(possible.size())), "test");
  }
}
