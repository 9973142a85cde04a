package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order that has to wait at the trunk, in virtual time. */
class AttemptsTest {
  /** Tuesday, 10:00 in Shanghai; the hours are 9:30 to 11:30. */
  private static final Instant TEN = Instant.parse("2026-11-24T02:00:00Z");

  private static final CallId ID = new CallId("01JDQ0000000000000000000A1");
  private static final AgentNumber CHEN = new AgentNumber("8001");
  private final VirtualCallbacks world = new VirtualCallbacks(TEN, CHEN.value());

  @Test
  void whoWaitsForTheTrunkRingsItsWholeTimeAndNotAfterHours(@TempDir Path folder) throws Exception {
    try (Journal journal = new Journal(folder.resolve("journal.db"), () -> world.now)) {
      Attempts attempts = attempts(journal);
      CompletableFuture<Telephony.Accepted> order = new CompletableFuture<>();
      world.held.put(ID.value(), order);
      world.reserve(CHEN, ID.value());
      attempts.begin(attempt(), List.of(new LiveSite(site(), form())));
      String leg = Telephony.agentLeg(ID, 1);
      attempts.on(new TelephonyEvent.ChannelAnswered(world.now, leg, "PJSIP/a8001-1", ID.value()));

      assertThat(world.asked.get(ID.value()).get().join()).as("within its hours").isTrue();
      world.pass(Duration.ofMinutes(3));
      assertThat(attempts.find(ID).state)
          .as("nothing rings yet, so nothing rings too long")
          .isInstanceOf(AttemptState.Dialling.class);
      order.complete(new Telephony.Accepted(true, ""));
      world.pass(Duration.ofSeconds(49));
      assertThat(attempts.find(ID).state).isInstanceOf(AttemptState.Dialling.class);
      world.pass(Duration.ofSeconds(2));
      assertThat(attempts.find(ID).state)
          .as("45 s of ringing, and nothing is heard of it")
          .isEqualTo(new AttemptState.Unknown());
      world.pass(Duration.ofMinutes(90));
      assertThat(world.asked.get(ID.value()).get().join()).as("its hours are over").isFalse();
    }
  }

  private Attempts attempts(Journal journal) {
    return new Attempts(
        world,
        world,
        journal,
        (id, committed, refused) -> committed.run(),
        world::after,
        () -> world.now,
        e164 -> Optional.of(e164.substring(1)),
        new CallbackListener() {
          @Override
          public void workChanged(AgentNumber agent) {}

          @Override
          public void roundChanged(long roundId) {}
        });
  }

  private static Attempt attempt() {
    return new Attempt(
        ID,
        1,
        1,
        "+862158881234",
        "",
        Optional.of(CHEN),
        Campaign.Mode.PROGRESSIVE,
        "inserted",
        Optional.empty(),
        TEN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty());
  }

  private static SiteForm form() {
    return new SiteForm(null, List.of(), Map.of(), Optional.empty(), null);
  }

  private static ClaimedSite site() {
    CampaignRules rules = DefaultRules.RULES;
    SiteRules calling =
        RuleBook.shipped().site(rules, "hotel", "", false, OwnRules.NONE, OwnRules.NONE);
    return new ClaimedSite(
        1,
        1,
        1,
        LocalDate.EPOCH,
        LocalDate.EPOCH,
        "c",
        Campaign.Mode.PROGRESSIVE,
        "",
        "q",
        1,
        1,
        "s",
        "s",
        "c",
        "c",
        "gold",
        1,
        "hotel",
        "",
        "",
        "",
        "",
        "",
        List.of(new ClaimedSite.Phone("+862158881234", "", "Wang", "", 1)),
        1,
        rules,
        calling);
  }
}
