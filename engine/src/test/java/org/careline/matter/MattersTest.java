package org.careline.matter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.careline.matter.MatterStage.BOSS;
import static org.careline.matter.MatterStage.HEAD;
import static org.careline.matter.MatterStage.LI;
import static org.careline.matter.MatterStage.NINE;
import static org.careline.matter.MatterStage.RJ;
import static org.careline.matter.MatterStage.S1;
import static org.careline.matter.MatterStage.SHOP;
import static org.careline.matter.MatterStage.WANG;
import static org.careline.matter.MatterStage.form;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of matters on a real MySQL. */
class MattersTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();
  private static MatterStage stage;

  @BeforeAll
  static void seed() {
    stage = new MatterStage(MYSQL.database());
    stage.seed();
  }

  @BeforeEach
  void clear() {
    stage.clear();
  }

  private static void refused(String reason, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            MatterRefused.class,
            refused -> {
              assertThat(refused.reason().in(Locale.ENGLISH)).contains(reason);
              assertThat(refused.reason().in(Locale.CHINESE)).isNotBlank().isNotEqualTo(reason);
            });
  }

  private static List<String> history(long id) {
    return stage.matters.find(id).orElseThrow().history().stream()
        .map(event -> event.by() + " " + event.what())
        .toList();
  }

  @Test
  void openedInACallJoinedByALaterOneDispatchedAndDone() {
    Contact first = stage.call("c-1", NINE.minusSeconds(60), RJ, S1, SHOP, "8001");
    Matters.OfContact begins = stage.matters.of(first);
    assertThat(begins.open()).isEmpty();
    assertThat(begins.suggestion().siteCode()).isEqualTo("S1");
    assertThat(begins.suggestion().number()).isEqualTo(SHOP);
    assertThat(begins.suggestion().devices())
        .containsExactly(new Matters.Device(1, "Boiler 5 X-7"));
    MatterForm told =
        new MatterForm(
            "repair-power",
            Optional.of("RJ"),
            Optional.of("S1"),
            Optional.of(1L),
            "",
            Optional.of(SHOP),
            "E4",
            "no hot water",
            Optional.empty());
    Matter opened = stage.matters.open(told, Optional.of(first), LI);
    long id = opened.id();
    assertThat(opened.source()).isEqualTo(Matter.Source.CALL);
    assertThat(opened.device()).isEqualTo("Boiler 5 X-7");
    assertThat(opened.openedAt()).isEqualTo(NINE);
    assertThat(opened.state()).isEqualTo(Matter.State.OPEN);
    assertThat(opened.lastAgent()).isEqualTo("8001");

    stage.at(NINE.plusSeconds(3600));
    Contact later = stage.call("c-2", NINE.plusSeconds(3500), RJ, S1, SHOP, "8002");
    assertThat(stage.matters.of(later).open()).extracting(Matter::id).containsExactly(id);
    stage.matters.join(id, later, WANG);
    assertThat(stage.matters.join(id, later, WANG).version()).as("again is harmless").isEqualTo(2);
    assertThat(stage.matters.of(later).open()).as("not proposed any more").isEmpty();
    assertThat(stage.matters.of(later).joined()).extracting(Matter::id).containsExactly(id);

    Instant due = NINE.plus(Duration.ofDays(1));
    refused(
        "who goes or answers",
        () -> new Decision(Matter.Result.DISPATCH, "", Optional.of("Wu"), Optional.empty()));
    refused(
        "what is solved needs nobody",
        () -> new Decision(Matter.Result.SOLVED, "", Optional.of("Wu"), Optional.empty()));
    Decision goes =
        new Decision(Matter.Result.DISPATCH, "takes a pump", Optional.of("Wu"), Optional.of(due));
    refused("somebody has changed", () -> stage.matters.decide(id, 1, goes, WANG));
    refused(
        "only a matter that is to be dispatched",
        () -> stage.matters.dispatched(id, 2, Optional.empty(), WANG));
    refused("needs a result", () -> stage.matters.done(id, 2, "", Optional.empty(), WANG));
    assertThat(stage.matters.decide(id, 2, goes, WANG).dueAt()).isEqualTo(due);

    stage.at(NINE.plusSeconds(7200));
    refused(
        "before the matter was opened",
        () -> stage.matters.dispatched(id, 3, Optional.of(NINE.minusMillis(1)), WANG));
    refused(
        "in the future",
        () -> stage.matters.dispatched(id, 3, Optional.of(NINE.plusSeconds(7201)), WANG));
    Instant left = NINE.plusSeconds(5000);
    Matter gone = stage.matters.dispatched(id, 3, Optional.of(left), BOSS);
    assertThat(gone.dispatchedAt()).isEqualTo(left);
    assertThat(gone.state()).isEqualTo(Matter.State.DISPATCHED);
    Matter mended =
        stage.matters.decide(
            id,
            4,
            new Decision(
                Matter.Result.DISPATCH, "takes two pumps", Optional.of("Wu"), Optional.of(due)),
            BOSS);
    assertThat(mended.dispatchedAt()).as("a better note sends nobody back").isEqualTo(left);
    assertThat(mended.state()).isEqualTo(Matter.State.DISPATCHED);
    assertThat(gone.lastAgent()).as("a supervisor serves nobody").isEqualTo("8002");
    refused(
        "before the matter was opened or dispatched",
        () -> stage.matters.done(id, 5, "", Optional.of(left.minusMillis(1)), BOSS));
    Matter done = stage.matters.done(id, 5, "pump replaced", Optional.empty(), BOSS);
    assertThat(done.doneAt()).isEqualTo(NINE.plusSeconds(7200));
    assertThat(done.doneBy()).isEqualTo("boss");
    assertThat(done.resultNote()).isEqualTo("pump replaced");
    refused("this matter is done", () -> stage.matters.decide(id, 6, goes, LI));
    Contact third = stage.call("c-3", NINE.plusSeconds(9000), RJ, S1, SHOP, "8001");
    assertThat(stage.matters.of(third).open()).as("done: no longer proposed").isEmpty();
    Matter again = stage.matters.reopen(id, 6, "leaks", LI);
    assertThat(again.state()).isEqualTo(Matter.State.OPEN);
    assertThat(again.result()).isNull();
    assertThat(history(id))
        .containsExactly(
            "li opened",
            "wang joined",
            "wang result",
            "boss dispatched",
            "boss result",
            "boss done",
            "li reopened");
    assertThat(stage.matters.find(id).orElseThrow().contacts())
        .extracting(Contact.Joined::id)
        .containsExactly("c-1", "c-2");
    stage.matters.part(id, later, BOSS);
    refused("this call is not joined", () -> stage.matters.part(id, later, BOSS));
  }

  @Test
  void aCallForSeveralSitesProposesTheMattersOfEachAndBeginsOneForEach() {
    Contact attempt = new Contact(Contact.Kind.ATTEMPT, "a-1");
    stage.execute(
        "INSERT INTO round_site (id, round_id, site_id, tier, status, next_call_at)"
            + " VALUES (7, 1, 1, 1, 2, UTC_TIMESTAMP(3))");
    stage.execute(
        "INSERT INTO attempt_site (attempt_id, round_site_id, position, seq) VALUES"
            + " ('a-1', 1, 1, 1), ('a-1', 7, 2, 1)");
    Matter ofS2 =
        stage.matters.open(form("complaint-service", "RJ", "S2", null), Optional.empty(), LI);
    Matter ofS1 =
        stage.matters.open(form("complaint-service", "RJ", "S1", null), Optional.empty(), LI);
    Matters.OfContact of = stage.matters.of(attempt);
    assertThat(of.open()).extracting(Matter::id).containsExactly(ofS2.id(), ofS1.id());
    assertThat(of.suggestion().siteCode()).isEqualTo("S2");
    assertThat(of.others())
        .singleElement()
        .satisfies(
            other -> {
              assertThat(other.siteCode()).isEqualTo("S1");
              assertThat(other.devices())
                  .extracting(Matters.Device::name)
                  .containsExactly("Boiler 5 X-7");
            });
    stage.execute("DELETE FROM attempt_site");
    stage.execute("DELETE FROM round_site WHERE id = 7");
  }

  @Test
  void openedFromACallbacksAnswerOrByHand() {
    Contact attempt = new Contact(Contact.Kind.ATTEMPT, "a-1");
    assertThat(stage.matters.of(attempt).suggestion().siteCode()).isEqualTo("S2");
    Matter answer =
        stage.matters.open(form("complaint-service", "RJ", "S2", null), Optional.of(attempt), WANG);
    assertThat(answer.source()).isEqualTo(Matter.Source.CALLBACK);
    assertThat(stage.matters.of(attempt).joined()).hasSize(1);

    Instant told = NINE.minus(Duration.ofDays(3));
    MatterForm byHand =
        new MatterForm(
            "advice",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "a kettle",
            Optional.of("021-6123 4567"),
            "",
            "letter",
            Optional.of(told));
    Matter hand = stage.matters.open(byHand, Optional.empty(), BOSS);
    assertThat(hand.source()).isEqualTo(Matter.Source.HAND);
    assertThat(hand.openedAt()).isEqualTo(told);
    assertThat(hand.number()).isEqualTo(SHOP);
    refused(
        "in the future",
        () ->
            stage.matters.open(
                new MatterForm(
                    "advice",
                    Optional.of("RJ"),
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    Optional.empty(),
                    "",
                    "",
                    Optional.of(NINE.plusMillis(1))),
                Optional.empty(),
                BOSS));
    refused(
        "there is no such call",
        () ->
            stage.matters.open(
                form("advice", "RJ", null, null),
                Optional.of(new Contact(Contact.Kind.CALL, "none")),
                LI));
    refused("needs a customer", () -> form("advice", null, null, null));
    refused("a site needs its customer", () -> form("advice", null, "S1", SHOP));
    refused(
        "there is no site S9",
        () -> stage.matters.open(form("advice", "RJ", "S9", null), Optional.empty(), LI));

    Matter changed =
        stage.matters.change(hand.id(), 1, form("enquiry-price", "RJ", "S1", HEAD), BOSS);
    assertThat(changed.openedAt()).as("left as it was").isEqualTo(told);
    assertThat(history(hand.id())).containsExactly("boss opened", "boss changed");
    assertThat(stage.matters.find(hand.id()).orElseThrow().history().getLast().detail())
        .contains("\"kind\"", "advice", "a kettle");
  }

  /** Who calls is offered the matters of his site, his number, or his whole customer. */
  @Test
  void proposedBySiteNumberOrCustomer() {
    long shop = stage.matters.open(form("repair", "RJ", "S1", HEAD), Optional.empty(), LI).id();
    long second = stage.matters.open(form("repair", "RJ", "S2", null), Optional.empty(), LI).id();
    long chain = stage.matters.open(form("enquiry", "RJ", null, null), Optional.empty(), LI).id();
    long other = stage.matters.open(form("repair", "MT", "S1", null), Optional.empty(), LI).id();
    long stranger = stage.matters.open(form("advice", null, null, SHOP), Optional.empty(), LI).id();
    assertThat(proposed(stage.call("p1", NINE, RJ, S1, null, null))).containsExactly(shop, chain);
    assertThat(proposed(stage.call("p2", NINE, RJ, null, HEAD, null)))
        .as("headquarters: its own number first, then all of the customer")
        .containsExactly(shop, chain, second);
    assertThat(proposed(stage.call("p3", NINE, null, null, SHOP, null))).containsExactly(stranger);
    assertThat(proposed(stage.call("p4", NINE, null, null, null, null))).isEmpty();
    assertThat(other).isPositive();
  }

  private static List<Long> proposed(Contact contact) {
    return stage.matters.of(contact).open().stream().map(Matter::id).toList();
  }

  @Test
  void aKindThatIsNotOfferedIsRefusedAndKeptWhereItIs() {
    Matter old = stage.matters.open(form("praise-person", "RJ", "S1", null), Optional.empty(), LI);
    stage.matters.saveKind(
        new MatterKind("praise", Optional.empty(), "Praise", "表扬", true, 5, false));
    for (String kind : List.of("praise", "praise-person")) {
      refused(
          "the kind " + kind + " is not offered any more",
          () -> stage.matters.open(form(kind, "RJ", null, null), Optional.empty(), LI));
    }
    refused(
        "is not offered any more",
        () -> stage.matters.change(old.id(), old.version(), form("praise", "RJ", "S1", null), LI));
    assertThat(
            stage
                .matters
                .change(old.id(), 1, form("praise-person", "RJ", "S2", null), LI)
                .siteCode())
        .isEqualTo("S2");
    refused(
        "two levels",
        () ->
            stage.matters.saveKind(
                new MatterKind("x", Optional.of("repair-power"), "X", "X", true, 1, true)));
  }

  @Test
  void foundByStateKindWhoAndDue() {
    Instant due = NINE.plus(Duration.ofDays(1));
    Matter plain = stage.matters.open(form("repair-leak", "RJ", "S1", null), Optional.empty(), LI);
    Matter goes = stage.matters.open(form("repair-power", "RJ", "S2", null), Optional.empty(), LI);
    stage.matters.decide(
        goes.id(),
        1,
        new Decision(Matter.Result.DISPATCH, "", Optional.of("wu"), Optional.of(due)),
        WANG);
    stage.matters.dispatched(goes.id(), 2, Optional.empty(), WANG);
    Matter over = stage.matters.open(form("advice", "MT", "S1", null), Optional.empty(), BOSS);
    stage.matters.decide(
        over.id(),
        1,
        new Decision(Matter.Result.SOLVED, "", Optional.empty(), Optional.empty()),
        LI);
    assertThat(found(filter(Optional.empty(), true, null, null, null)))
        .containsExactly(goes.id(), plain.id());
    assertThat(found(filter(Optional.of(Matter.State.OPEN), false, null, null, null)))
        .containsExactly(plain.id());
    assertThat(found(filter(Optional.empty(), false, "repair", null, null)))
        .containsExactly(goes.id(), plain.id());
    assertThat(found(filter(Optional.empty(), false, null, "wu", null))).containsExactly(goes.id());
    assertThat(found(filter(Optional.empty(), false, null, "8001", null)))
        .as("served last")
        .containsExactly(over.id(), plain.id());
    assertThat(found(filter(Optional.empty(), false, null, null, due))).isEmpty();
    assertThat(found(filter(Optional.empty(), false, null, null, due.plusMillis(1))))
        .containsExactly(goes.id());
    MatterFilter.Page first = stage.matters.list(MatterFilter.ALL, Optional.empty(), 2);
    assertThat(first.next()).isEqualTo(goes.id());
    assertThat(stage.matters.list(MatterFilter.ALL, Optional.of(first.next()), 2).matters())
        .extracting(Matter::id)
        .containsExactly(plain.id());
  }

  private static List<Long> found(MatterFilter filter) {
    return stage.matters.list(filter, Optional.empty(), 50).matters().stream()
        .map(Matter::id)
        .toList();
  }

  private static MatterFilter filter(
      Optional<Matter.State> state, boolean undone, String kind, String who, Instant dueBefore) {
    return new MatterFilter(
        "",
        state,
        undone,
        Optional.ofNullable(who),
        Optional.ofNullable(kind),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(dueBefore));
  }
}
