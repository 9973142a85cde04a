package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.careline.customer.CallGrounds.Fate;
import org.careline.customer.CallGrounds.Ground;
import org.careline.customer.CallGrounds.Place;
import org.careline.customer.CallGrounds.Standing;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people enter by hand about who may be rung, on real MySQL. */
class CallGroundsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final Place S1 = new Place("RJ", "S1");
  private static final LocalDate TODAY = LocalDate.parse("2030-03-01");

  private Instant now;
  private CallGrounds grounds;

  @BeforeEach
  void seed() {
    now = Instant.parse("2030-03-01T02:00:00Z");
    grounds = new CallGrounds(mysql.database().jdbi(), () -> now);
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle -> {
              for (String table : List.of("change_history", "site", "customer")) {
                handle.execute("DELETE FROM " + table);
              }
              handle.execute(
                  "INSERT INTO customer (id, code, name) VALUES (1, 'RJ', 'Ruijia'),"
                      + " (2, 'MT', 'Mantang')");
              handle.execute(
                  "INSERT INTO site (id, customer_id, code, name, status) VALUES"
                      + " (1, 1, 'S1', 'Store 1', 'to_confirm'), (2, 1, 'S2', 'Store 2', 'active'),"
                      + " (3, 2, 'M1', 'Store M', 'active')");
            });
  }

  private static void refused(ThrowingCallable order, String id, String english, String chinese) {
    assertThatThrownBy(order)
        .isInstanceOfSatisfying(
            CallersRefused.class,
            refused -> {
              assertThat(refused.id()).isEqualTo(id);
              assertThat(refused.reason().in(Locale.ENGLISH)).contains(english);
              assertThat(refused.reason().in(Locale.CHINESE)).contains(chinese);
            });
  }

  private static Ground ground(String basis, LocalDate from, LocalDate until, Ground seen) {
    return new Ground("RJ", "", basis, from, until, "Wang agreed by letter", seen.version());
  }

  private List<String> history(String customer, String site) {
    return new ChangeHistory(mysql.database().jdbi())
        .read(customer, Optional.of(site), Optional.empty(), 50).reversed().stream()
            .map(one -> one.by() + " " + one.field() + " " + one.former() + ">" + one.value())
            .toList();
  }

  @Test
  void aGroundIsEnteredChangedAndEndedAndRoundsFollowIt() throws Exception {
    Ground none = grounds.ground("RJ");
    Ground entered = grounds.ground(ground("consent", null, TODAY.plusYears(1), none), "plan");
    assertThat(refusal()).isEmpty();
    refused(
        () -> grounds.ground(ground("contract", null, TODAY, none), "other"),
        "changed_meanwhile",
        "somebody else",
        "已有他人修改");
    refused(
        () -> grounds.ground(ground("consent", null, null, entered), "plan"),
        "invalid",
        "a basis and its last day",
        "须同时填写");
    refused(
        () -> grounds.ground(ground("consent", TODAY, TODAY.minusDays(1), entered), "plan"),
        "invalid",
        "before the first",
        "早于起始日期");
    refused(
        () -> grounds.ground(ground("gossip", null, TODAY, entered), "plan"),
        "invalid",
        "contract, consent, request",
        "之一");
    refused(
        () ->
            grounds.ground(new Ground("RJ", "", null, null, null, " ", entered.version()), "plan"),
        "invalid",
        "who agreed",
        "同意");
    Ground ended = grounds.ground(ground(null, null, null, entered), "boss");
    assertThat(ended.basis()).isNull();
    assertThat(refusal()).isPresent();
    assertThat(history("RJ", "S1"))
        .containsExactly(
            "plan consent_basis >consent",
            "plan consent_until >2031-03-01",
            "plan consent_evidence >Wang agreed by letter",
            "boss consent_basis consent>",
            "boss consent_until 2031-03-01>");
    refused(() -> grounds.ground("none"), "not_found", "none", "none");
  }

  private Optional<?> refusal() {
    return mysql
        .database()
        .jdbi()
        .withHandle(handle -> Consent.refusal(handle, 1, DoNotCall.day(now)));
  }

  @Test
  void aRefusalIsKeptSixMonthsUnlessTheSiteAsksToBeRungAgain() throws Exception {
    Standing free = grounds.site(S1);
    refused(
        () -> grounds.list(S1, "never again", TODAY.plusMonths(5), "", free.version(), "li"),
        "invalid",
        "2030-09-01",
        "至少保留 6 个月");
    refused(
        () -> grounds.list(S1, " ", null, "", free.version(), "li"), "invalid", "a reason", "原因");
    Standing listed = grounds.list(S1, "never again", null, "call 7", free.version(), "li");
    assertThat(listed.listed()).isTrue();
    assertThat(forbidden()).isTrue();
    // the history is dated by the clock of the database
    LocalDate earliest = listed.earliest();
    now = earliest.minusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    refused(
        () -> grounds.free(S1, "mistake", "", listed.version(), "boss"),
        "invalid",
        earliest.toString(),
        "至少保留 6 个月");
    refused(
        () -> grounds.free(S1, "mistake", "Wang", free.version(), "boss"),
        "changed_meanwhile",
        "somebody else",
        "已有他人修改");
    Standing asked = grounds.free(S1, "asked", "Wang rang us, call 9", listed.version(), "boss");
    assertThat(asked.listed()).isFalse();
    assertThat(forbidden()).isFalse();
    refused(
        () -> grounds.free(S1, "again", "", asked.version(), "boss"),
        "not_listed",
        "S1",
        "不在勿扰名单上");
    Standing again = grounds.list(S1, "never again", null, "", asked.version(), "li");
    now = again.earliest().atStartOfDay(ZoneOffset.UTC).toInstant();
    assertThat(grounds.free(S1, "long ago", "", again.version(), "boss").listed()).isFalse();
    assertThat(history("RJ", "S1"))
        .contains(
            "li do_not_call no>yes",
            "li do_not_call_reason >never again",
            "boss do_not_call yes>no",
            "boss do_not_call_evidence call 7>Wang rang us, call 9");
  }

  @Test
  void anEntryThatHasRunOutIsNoneAndMayBeMadeAgain() throws Exception {
    Standing free = grounds.site(S1);
    LocalDate last = TODAY.plusMonths(6);
    grounds.list(S1, "this half", last, "", free.version(), "li");
    now = last.atStartOfDay(ZoneOffset.UTC).toInstant();
    assertThat(grounds.site(S1).listed()).as("on its last day").isTrue().isEqualTo(forbidden());
    now = last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Standing over = grounds.site(S1);
    assertThat(over.listed()).isFalse().isEqualTo(forbidden());
    assertThat(over.earliest()).isNull();
    refused(
        () -> grounds.free(S1, "over", "", over.version(), "li"), "not_listed", "S1", "不在勿扰名单上");
    Standing again = grounds.list(S1, "this half", null, "", over.version(), "li");
    assertThat(again.listed()).isTrue().isEqualTo(forbidden());
    grounds.list(S1, "this half", null, "", again.version(), "li");
    assertThat(history("RJ", "S1"))
        .containsSubsequence(
            "li do_not_call no>yes", "li do_not_call no>yes", "li do_not_call yes>yes");
  }

  private boolean forbidden() throws Exception {
    try (var connection = mysql.database().dataSource().getConnection()) {
      return DoNotCall.forbidsSite(connection, 1, now);
    }
  }

  @Test
  void aSiteToConfirmIsThereClosedRenamedOrMovedAndBothSidesKeepItsHistory() throws Exception {
    Standing open = grounds.site(S1);
    assertThat(open.status()).isEqualTo("to_confirm");
    Optional<Place> none = Optional.empty();
    Optional<Place> s2 = Optional.of(new Place("RJ", "S2"));
    Optional<Place> m1 = Optional.of(new Place("MT", "M1"));
    String seen = open.version();
    refused(
        () -> grounds.decide(S1, Fate.RENAMED, none, "signs", seen, "plan"),
        "invalid",
        "name the site it is now",
        "须填写现在的门店");
    refused(
        () -> grounds.decide(S1, Fate.MOVED, s2, "signs", seen, "plan"),
        "invalid",
        "one of another",
        "属于另一客户");
    refused(
        () -> grounds.decide(S1, Fate.RENAMED, Optional.of(S1), "signs", seen, "plan"),
        "invalid",
        "after itself",
        "自己的后继");
    Standing there = grounds.decide(S1, Fate.ACTIVE, none, "rang them", seen, "plan");
    assertThat(there.status()).isEqualTo("active");
    refused(
        () -> grounds.decide(S1, Fate.CLOSED, none, "gone", seen, "plan"),
        "changed_meanwhile",
        "somebody else",
        "已有他人修改");
    Standing renamed = grounds.decide(S1, Fate.RENAMED, s2, "signs", there.version(), "plan");
    assertThat(renamed.status() + " " + renamed.statusReason()).isEqualTo("closed renamed");
    Standing moved = grounds.decide(S1, Fate.MOVED, m1, "signs", renamed.version(), "plan");
    assertThat(moved.statusReason()).isEqualTo("moved");
    Standing closed = grounds.decide(S1, Fate.CLOSED, none, "gone", moved.version(), "plan");
    assertThat(closed.statusReason()).isEqualTo("closed");
    assertThat(history("RJ", "S1"))
        .contains("plan successor >RJ/S2", "plan successor >MT/M1", "plan reason >gone");
    assertThat(history("RJ", "S2")).contains("plan predecessor >RJ/S1");
    assertThat(history("MT", "M1")).containsExactly("plan predecessor >RJ/S1");
  }
}
