package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.careline.telephony.Step;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.junit.jupiter.api.Test;

/** INVITEs of strangers through the trunk: no channel they did not pay for, one line each. */
class HostileInviteTest {
  private static final String FROM = "<sip:13800138000@127.0.0.2>";

  /** By it the flood is bounded and people call back: whatever else stands in From. */
  @Test
  void theNumberIsTheUserOfTheUri() throws Exception {
    List<String> froms =
        List.of(
            FROM,
            "sip:13800138000@127.0.0.2",
            "\"x:13900000000@\" " + FROM,
            "\"<sip:13900000000@x>\" " + FROM,
            "\"a<b\" <sip:13800138000:13900000000@127.0.0.2>",
            FROM + ";x=\"<sip:13900000000@x>\"");
    try (LiveSwitch live = new LiveSwitch();
        RawCaller caller = new RawCaller(live.asterisk.ports().sip())) {
      live.beat();
      List<String> shown = new CopyOnWriteArrayList<>();
      live.admit =
          arrival -> {
            live.asterisk
                .cli("core show channels concise")
                .lines()
                .filter(line -> line.startsWith(arrival.channel() + "!"))
                .forEach(line -> shown.add(line.split("!")[7]));
            return new Step.Refuse();
          };
      for (String from : froms) {
        assertThat(caller.invite("4008001234", from)).as(from).isEqualTo(403);
      }
      assertThat(shown).hasSize(froms.size()).containsOnly("13800138000");
    }
  }

  @Test
  void strangersTextStaysText() throws Exception {
    try (LiveSwitch live = new LiveSwitch();
        RawCaller caller = new RawCaller(live.asterisk.ports().sip())) {
      live.beat();
      live.admit = arrival -> new Step.Refuse();
      List<String> users =
          List.of(
              "4008001234&PJSIP%2f8001%40trunk",
              "4008001234%7c8001",
              "4008001234,8001",
              "4008001234(8001)",
              "4008001234%28x%29",
              "$%7bSHELL(id)%7d",
              "%24%7bEXTEN%7d",
              "4008001234%0d%0aAction:%20Originate",
              "4008001234%0d%0a%0d%0aEvent:%20Hangup",
              "12345678901234567",
              "s",
              "8001%40careline-offer");
      for (String user : users) {
        assertThat(caller.invite(user, FROM)).as(user).isBetween(400, 499);
      }
      assertThat(live.seen(ChannelStarted.class)).isEmpty();
      String log = live.log();
      assertThat(log.lines().filter(line -> line.contains("rejected because extension")).count())
          .isEqualTo(users.size());
      // Too short a number is 484, too long a name is refused before anything is looked up.
      assertThat(caller.invite("12", FROM)).isEqualTo(484);
      assertThat(caller.invite("x".repeat(3000), FROM)).isBetween(400, 499);
      assertThat(live.seen(ChannelStarted.class)).isEmpty();

      List<String> names =
          List.of(
              "\"a&b|c,d(e)f${SHELL(id)}\" " + FROM,
              "\"" + "x".repeat(4096) + "\" " + FROM,
              "\"\\\"quoted\\\"\" " + FROM,
              "\"%0d%0aAction: Originate\" " + FROM,
              "<sip:1380%0d%0aEvent%3a%20Hangup%0d%0aUniqueid%3a%20x@127.0.0.2>",
              "<sip:%24%7bSHELL(id)%7d@127.0.0.2>",
              "<sip:138&8001@127.0.0.2>");
      for (String from : names) {
        assertThat(caller.invite("4008001234", from)).as(from).isGreaterThanOrEqualTo(400);
      }
      await().until(() -> live.seen(ChannelEnded.class).size() >= names.size());
      assertThat(live.seen(ChannelStarted.class)).hasSize(names.size());
      assertThat(live.seen(ChannelEnded.class)).hasSize(names.size());
      assertThat(live.arrivals).hasSize(names.size());
      assertThat(live.arrivals)
          .allMatch(a -> a.callerHeaders().values().stream().allMatch(h -> h.length() <= 256))
          .allMatch(a -> a.callerHeaders().values().stream().noneMatch(h -> h.contains("\n")));
      assertThat(live.seen(ChannelStarted.class))
          .allMatch(e -> e.context().equals("hotline"))
          .allMatch(e -> e.callerNumber().equals("0"));
      assertThat(live.seen(ChannelEnded.class)).noneMatch(e -> e.uniqueId().equals("x"));
      assertThat(live.agi.refused()).isZero();
      assertThat(live.log().lines())
          .as("nothing a stranger sent begins a line of its own")
          .noneMatch(line -> line.matches("(Action|Event|Uniqueid):.*"));
    }
  }
}
