package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.callback.CallingWindow.Span;
import org.careline.config.Configuration;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.OwnNumbers;
import org.careline.customer.ReferenceData.Agent;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.TalkTarget.ToLine;
import org.careline.hotline.TalkTarget.ToNumber;
import org.careline.line.LineHours;
import org.careline.line.LineSettings;
import org.careline.line.OfficeCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To whom a caller may be handed. */
class TransferBookTest {
  private static final Configuration CONFIGURATION = ConfigurationLoader.defaults();
  private static final Instant MONDAY_NOON = Instant.parse("2026-03-02T04:00:00Z");
  private static final Instant MONDAY_NIGHT = Instant.parse("2026-03-02T15:00:00Z");
  private static final Handling HANDLING =
      new Handling(Duration.ofSeconds(15), Duration.ofSeconds(30), 8, 1, 3);

  private Instant now = MONDAY_NOON;
  private final InstantSource clock = () -> now;
  private final List<Line> lines =
      List.of(
          line("day", "02150001111", day()),
          line("always", "02150002222", LineSettings.DEFAULT.hours()));
  private final TransferBook book =
      new TransferBook(
          () -> lines,
          CONFIGURATION.trunks().getFirst(),
          new AllowedDestinations(List.of("+86")),
          new OwnNumbers(
              List.of(),
              () ->
                  new OwnNumbers.Ours(
                      Set.of("02150001111", "02150002222", "4008001111"),
                      List.of(agent("8023", "sip:13900000023@127.0.0.1")),
                      List.of())),
          clock);

  /** What agents type; no reason = it is rung, in the form of the trunk. */
  @ParameterizedTest(name = "{0} -> {1}{2}")
  @CsvSource({
    "13800138000,   +8613800138000,",
    "02158881234,   +862158881234,",
    "021-58881234,  +862158881234,",
    "+8613800138000,+8613800138000,",
    "110,           , short_number",
    "95588,         , short_number",
    "02196110,      , short_number",
    "16812345,      , premium_number",
    "16800001111,   , premium_number",
    "02116812345,   , premium_number",
    "4006123456,    , premium_number",
    "8008101234,    , premium_number",
    "0085221234567, , not_allowed",
    "0012125550123, , not_allowed",
    "02150001111,   , own_number",
    "4008001111,    , own_number",
    "13900000023,   , agents_phone",
    "1380013800,    , number",
    "8023,          , number",
    "hello,         , number"
  })
  void onlyPeopleOutsideWhoMayBeCalled(String typed, String e164, String refusal) {
    if (refusal == null) {
      assertThat(book.number(typed, "4008001111"))
          .isInstanceOfSatisfying(
              ToNumber.class,
              to -> {
                assertThat(to.e164()).isEqualTo(e164);
                assertThat(to.party().shownNumber()).isEqualTo("4008001111");
              });
    } else {
      refused(refusal, () -> book.number(typed, "4008001111"));
    }
  }

  @Test
  void aLineTakesOverWithItsOwnTimesAndTheCallersPriorityWhileItIsOpen() {
    assertThat(book.line("day", call("standard")))
        .isEqualTo(
            new ToLine(
                "day",
                "02150001111",
                "zh",
                new Handling(Duration.ofSeconds(20), Duration.ofSeconds(5), 8, 1, 3)));
    refused("no_line", () -> book.line("none", call("standard")));
    refused("over", () -> book.line("day", Optional.empty()));
    now = MONDAY_NIGHT;
    refused("line_closed", () -> book.line("day", call("standard")));
    assertThat(book.line("day", call("gold"))).as("open for gold").isNotNull();
    assertThat(book.line("always", call("standard"))).isNotNull();
  }

  @Test
  void anAgentHasDigitsOnly() {
    assertThat(book.agent("8023").shown()).isEqualTo("8023");
    refused("no_agent", () -> book.agent("80 23"));
    refused("no_agent", () -> book.agent("*"));
  }

  private static void refused(String id, org.assertj.core.api.ThrowableAssert.ThrowingCallable by) {
    assertThatThrownBy(by)
        .isInstanceOfSatisfying(
            TalkRefused.class, refusal -> assertThat(refusal.id()).isEqualTo(id));
  }

  private static Optional<LiveCall> call(String tier) {
    Caller caller = new Caller("4001", "old", "", null, null, null, null, null, null, null, tier);
    return Optional.of(
        new LiveCall(
            new CallId("c"),
            "PJSIP/trunk-1",
            caller,
            HANDLING,
            MONDAY_NOON,
            new CallState.Arrived(MONDAY_NOON),
            Instant.MIN,
            Optional.empty()));
  }

  private static Agent agent(String number, String deskPhone) {
    return new Agent(
        new AgentNumber(number), "wang", "Wang", "zh", 1, Set.of(), Optional.of(deskPhone));
  }

  private static Line line(String code, String number, LineHours hours) {
    LineSettings usual = LineSettings.DEFAULT;
    return new Line(
        code,
        number,
        code,
        code,
        "zh",
        "",
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        new LineSettings(
            "",
            List.of(),
            "",
            false,
            hours,
            Set.of("gold"),
            List.of(),
            usual.afterHours(),
            usual.closing(),
            false,
            usual.survey(),
            "",
            usual.callback(),
            usual.disposition(),
            usual.wrapUp()));
  }

  private static LineHours day() {
    EnumMap<java.time.DayOfWeek, List<Span>> week = new EnumMap<>(java.time.DayOfWeek.class);
    for (java.time.DayOfWeek day : java.time.DayOfWeek.values()) {
      week.put(day, List.of(new Span(8 * 60, 18 * 60)));
    }
    return new LineHours(
        ZoneId.of("Asia/Shanghai"), week, List.of(), List.of(), OfficeCalendar.NONE);
  }
}
