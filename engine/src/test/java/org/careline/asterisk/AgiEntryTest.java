package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.harness.LogLines;
import org.careline.telephony.Admissions;
import org.careline.telephony.Arrival;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two questions over TCP, from an Asterisk and from strangers. */
class AgiEntryTest {
  private static final String TOKEN = "shared-token";
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private volatile Step step = new Step.Wait();
  private volatile Step route = new Step.Fallback();
  private AgiEntry entry;

  @BeforeEach
  void start() throws Exception {
    entry =
        new AgiEntry(
            "127.0.0.1",
            0,
            TOKEN,
            trunk -> List.of("P-Asserted-Identity", "From", "X-Unknown"),
            new Admissions() {
              @Override
              public Step admit(Arrival arrival) {
                arrivals.add(arrival);
                if (step == null) {
                  throw new IllegalStateException("on purpose");
                }
                return step;
              }

              @Override
              public Step route(CallId call, String channel, Heard said) {
                heard.add(said);
                return route;
              }
            },
            new Announcements("/home/x"),
            InstantSource.system());
    entry.start();
  }

  @AfterEach
  void stop() {
    entry.close();
  }

  private static String opening(String script, String token, String... more) {
    return "agi_network: yes\nagi_network_script: "
        + script
        + "\nagi_channel: PJSIP/trunk-00000001\nagi_uniqueid: c-1.1\nagi_arg_1: "
        + token
        + "\nagi_arg_2: 4008001234\nagi_arg_3: trunk\n"
        + String.join("", more)
        + "\n";
  }

  /** Speaks as Asterisk does and gives the commands it was sent. */
  private List<String> ask(String opening, String... values) throws IOException {
    List<String> commands = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), entry.port())) {
      socket.setSoTimeout(5000);
      try {
        socket.getOutputStream().write(opening.getBytes(StandardCharsets.UTF_8));
      } catch (java.net.SocketException e) {
        return commands; // Cut off while still writing.
      }
      StringBuilder line = new StringBuilder();
      for (int c = read(socket); c >= 0; c = read(socket)) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        String command = line.toString();
        line.setLength(0);
        commands.add(command);
        String answer = "200 result=1";
        if (command.startsWith("GET FULL VARIABLE")) {
          answer = "200 result=1 (" + substituted(command, values) + ")";
        }
        socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return commands;
  }

  /** Puts the values where the expressions stand, and leaves what stands between them. */
  private static String substituted(String command, String... values) {
    String text = command.substring(command.indexOf('"') + 1, command.lastIndexOf('"'));
    for (int i = 0; text.contains("${"); i++) {
      String value = i < values.length ? values[i] : "";
      text = text.replaceFirst("\\$\\{[^}]*}", Matcher.quoteReplacement(value));
    }
    return text;
  }

  private static int read(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (java.net.SocketException e) {
      return -1;
    }
  }

  @Test
  void theNextStepIsTheLastThingSaid() throws Exception {
    step = new Step.Connect(new AgentNumber("8023"), Duration.ofSeconds(12));
    List<String> said =
        ask(opening("admit", TOKEN), "<sip:+8613800138000@x>", "\"a (b\" <sip:1@y>");
    assertThat(said.getFirst())
        .as("both headers in one question, with something unguessable between them")
        .matches(
            "GET FULL VARIABLE \"\\$\\{PJSIP_HEADER\\(read,P-Asserted-Identity\\)}\\|[0-9a-f]{32}\\|"
                + "\\$\\{PJSIP_HEADER\\(read,From\\)}\"");
    assertThat(said.subList(1, said.size()))
        .containsExactly(
            "SET VARIABLE CARELINE_AGENT \"8023\"",
            "SET VARIABLE CARELINE_RING \"12\"",
            "SET VARIABLE CARELINE_ANNOUNCE \"\"",
            "SET VARIABLE CARELINE_NEXT \"connect\"");
    Arrival arrival = arrivals.getFirst();
    assertThat(arrival.callId()).isEqualTo(new CallId("c-1.1"));
    assertThat(arrival.dialled()).isEqualTo("4008001234");
    assertThat(arrival.callerHeaders())
        .containsEntry("p-asserted-identity", "<sip:+8613800138000@x>")
        .containsEntry("from", "\"a (b\" <sip:1@y>");
  }

  @Test
  void aHeaderThatLooksLikeTwoIsOne() throws Exception {
    String guess = "<sip:1@x>|" + "0".repeat(32) + "|<sip:2@x>";
    List<String> first = ask(opening("admit", TOKEN), guess, "<sip:3@x>");
    List<String> second = ask(opening("admit", TOKEN), "", "<sip:3@x>");
    assertThat(arrivals.getFirst().callerHeaders())
        .containsEntry("p-asserted-identity", guess)
        .containsEntry("from", "<sip:3@x>");
    assertThat(arrivals.get(1).callerHeaders())
        .containsOnlyKeys("from")
        .containsEntry("from", "<sip:3@x>");
    assertThat(first.getFirst()).isNotEqualTo(second.getFirst());
  }

  private static String routing(String status, String prompts, String stage, String digits) {
    return opening(
            "route",
            TOKEN,
            "agi_arg_4: " + stage + "\n",
            digits.isEmpty() ? "agi_arg_5: \n" : "agi_arg_5: " + digits + "\n")
        .replace("4008001234", status)
        .replace("agi_arg_3: trunk", "agi_arg_3: " + prompts);
  }

  @Test
  void routeAsksNothingBack() throws Exception {
    assertThat(ask(routing("", "", "code.2", "10*4")))
        .containsExactly("SET VARIABLE CARELINE_NEXT \"fallback\"");
    assertThat(heard).containsExactly(new Heard("code.2", "10*4", false));
  }

  @Test
  void whatIsNeitherAStageNorDigitsIsRefused() throws Exception {
    for (String wrong :
        List.of(
            routing("", "", "", "1"),
            routing("", "", "Menu", "1"),
            routing("", "", "menu;x", "1"),
            routing("", "", "menu", "1a"),
            routing("", "", "menu", "1".repeat(21)))) {
      assertThat(ask(wrong)).as(wrong).isEmpty();
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void eachStepIsSaidInWordsOfTheDialplan() throws Exception {
    AgentNumber agent = new AgentNumber("8023");
    Map<Step, List<String>> said =
        Map.of(
            new Step.In("zh", new Step.Say(List.of("a", "b-2"), "menu")),
            List.of("LANGUAGE \"zh\"", "PROMPT \"a&b-2\"", "STAGE \"menu\"", "NEXT \"say\""),
            new Step.Read(List.of("a"), "code.1", 12, Duration.ofSeconds(5)),
            List.of(
                "PROMPT \"a\"",
                "STAGE \"code.1\"",
                "MOST \"12\"",
                "PATIENCE \"5\"",
                "NEXT \"read\""),
            new Step.Record("tone", "message", Duration.ofSeconds(90)),
            List.of("PROMPT \"tone\"", "STAGE \"message\"", "MOST \"90\"", "NEXT \"record\""),
            new Step.Bye(List.of("goodbye")),
            List.of("PROMPT \"goodbye\"", "NEXT \"bye\""),
            new Step.Connect(agent, Duration.ofSeconds(9), Optional.of("en")),
            List.of(
                "AGENT \"8023\"",
                "RING \"9\"",
                "ANNOUNCE \"/home/x/en/8023:/home/x/en/8023\"",
                "NEXT \"connect\""),
            new Step.Connect(agent, Duration.ofSeconds(9)),
            List.of("AGENT \"8023\"", "RING \"9\"", "ANNOUNCE \"\"", "NEXT \"connect\""),
            new Step.Refuse(),
            List.of("NEXT \"refuse\""));
    said.forEach(
        (next, words) -> {
          route = next;
          try {
            assertThat(ask(routing("", "", "menu", "")))
                .containsExactlyElementsOf(
                    words.stream().map(word -> "SET VARIABLE CARELINE_" + word).toList());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aPromptThatCouldNotBePlayedIsSaidOnce() throws Exception {
    try (LogLines log = LogLines.of(AgiEntry.class)) {
      for (String status : List.of("SUCCESS", "FAILED", "FAILED")) {
        assertThat(ask(routing(status, "hello&welcom", "greeted", "")))
            .containsExactly("SET VARIABLE CARELINE_NEXT \"fallback\"");
      }
      assertThat(log.containing("prompt hello&welcom")).hasSize(1);
    }
  }

  @Test
  void strangersGetNothing() throws Exception {
    for (String wrong :
        List.of(
            opening("admit", "guess"),
            opening("admit", ""),
            opening("admit", TOKEN + "x"),
            opening("../admit", TOKEN),
            opening("org.careline.Main", TOKEN),
            opening("ADMIT", TOKEN),
            opening("admit", TOKEN).replace("c-1.1", "../x y"),
            opening("admit", TOKEN).replace("4008001234", "1,2&3"),
            opening("admit", TOKEN).replace("PJSIP/trunk-00000001", "a\rAction: x"),
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\n")) {
      assertThat(ask(wrong)).as(wrong).isEmpty();
    }
    assertThat(arrivals).isEmpty();
    await().until(() -> entry.refused() == 11);
  }

  @Test
  void aStrangerIsLoggedOnceAndNotQuoted() throws Exception {
    try (LogLines log = LogLines.of(AgiEntry.class)) {
      assertThat(ask(opening("admit", "guessed-token", "agi_x: \u001b[2J\n"))).isEmpty();
      await().until(() -> entry.refused() == 1);
      await().until(() -> !log.containing("WARN").isEmpty());
      assertThat(log.containing("")).hasSize(1).first().asString().contains("/127.0.0.1:");
      assertThat(log.containing("guessed-token")).isEmpty();
      assertThat(ask(routing("", "", "menu", ""))).hasSize(1);
    }
  }

  @Test
  void hugeAndEndlessOpeningsAreCutOff() throws Exception {
    assertThat(ask("agi_calleridname: " + "x".repeat(10_000_000))).isEmpty();
    assertThat(ask("agi_x: y\n".repeat(100_000))).isEmpty();
    assertThat(arrivals).isEmpty();
    // A slow one is left after 2.5 s, and others are served meanwhile.
    try (Socket slow = new Socket(InetAddress.getByName("127.0.0.1"), entry.port())) {
      slow.setSoTimeout(5000);
      slow.getOutputStream().write("agi_net".getBytes(StandardCharsets.UTF_8));
      long begin = System.nanoTime();
      assertThat(ask(routing("", "", "menu", ""))).hasSize(1);
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void aDecisionThatFailsSaysNothing() throws Exception {
    step = null;
    assertThat(ask(opening("admit", TOKEN))).noneMatch(line -> line.contains("CARELINE_NEXT"));
    await().until(() -> entry.refused() == 1);
  }

  @Test
  void controlCharactersOfStrangersDoNotArrive() throws Exception {
    ask(opening("admit", TOKEN), "a\u0007b" + "x".repeat(3000));
    String header = arrivals.getFirst().callerHeaders().get("p-asserted-identity");
    assertThat(header).startsWith("a?b").hasSize(256);
  }

  @Test
  void otherAddressesCannotConnect() throws Exception {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .filter(java.net.Inet4Address.class::isInstance)
            .toList();
    for (InetAddress other : others) {
      try (Socket socket = new Socket(other, entry.port())) {
        throw new AssertionError("reached over " + other + socket);
      } catch (ConnectException e) {
        assertThat(e).hasMessageContaining("refused");
      }
    }
  }
}
