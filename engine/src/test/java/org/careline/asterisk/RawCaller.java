package org.careline.asterisk;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends INVITEs as they are given, from the carrier's address, and tells the final answer. */
final class RawCaller implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private final DatagramSocket socket;
  private final InetSocketAddress target;

  RawCaller(int sipPort) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
    socket.setSoTimeout(8000);
    target = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), sipPort);
  }

  /** The status of the final answer; a 2xx is acknowledged and ended with BYE. */
  int invite(String user, String from) throws IOException {
    String here = "127.0.0.2:" + socket.getLocalPort();
    String uri = "sip:" + user + "@127.0.0.1:" + target.getPort();
    String id = "raw" + COUNT.incrementAndGet();
    String sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\n"
            + "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
    String begin =
        " SIP/2.0\r\nVia: SIP/2.0/UDP "
            + here
            + ";branch=z9hG4bK"
            + id
            + "\r\nFrom: "
            + from
            + ";tag="
            + id
            + "\r\nCall-ID: "
            + id
            + "\r\nMax-Forwards: 70\r\n";
    send(
        "INVITE "
            + uri
            + begin
            + "To: <"
            + uri
            + ">\r\nCSeq: 1 INVITE\r\nContact: <sip:x@"
            + here
            + ">\r\nContent-Type: application/sdp\r\nContent-Length: "
            + sdp.length()
            + "\r\n\r\n"
            + sdp);
    while (true) {
      String answer = receive();
      if (!answer.contains("Call-ID: " + id + "\r\n") || !answer.contains("CSeq: 1 INVITE")) {
        continue;
      }
      int status = Integer.parseInt(answer.substring(8, 11));
      if (status >= 200) {
        String to = answer.lines().filter(line -> line.startsWith("To:")).findFirst().orElseThrow();
        send("ACK " + uri + begin + to + "\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n");
        if (status < 300) {
          send("BYE " + uri + begin + to + "\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n");
        }
        return status;
      }
    }
  }

  private void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, target));
  }

  private String receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    socket.close();
  }
}
