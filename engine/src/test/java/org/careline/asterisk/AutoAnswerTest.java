package org.careline.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.junit.jupiter.api.Test;

/** What arrives at an agent's phone when an attempt rings it. */
class AutoAnswerTest {
  @Test
  void theAgentsPhoneIsToldToAnswerByItselfAndForWhichAttempt() throws Exception {
    try (LiveSwitch live = new LiveSwitch();
        DatagramSocket phone =
            new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0))) {
      phone.setSoTimeout(8000);
      AgentNumber agent = new AgentNumber("8023");
      LiveSwitch.taken(live.phones.desk(agent, "sip:8023@127.0.0.2:" + phone.getLocalPort()));
      CallId attempt = new CallId("01JC000000000000000000ABCD");
      LiveSwitch.taken(live.telephony.callAgent(attempt, 1, agent, Duration.ofSeconds(5)));
      String invite;
      do {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        phone.receive(packet);
        invite = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
      } while (!invite.startsWith("INVITE"));
      assertThat(invite)
          .contains("Call-Info: <sip:careline>;answer-after=0")
          .contains("info=alert-autoanswer")
          .contains("X-Careline-Call: " + attempt);
    }
  }
}
