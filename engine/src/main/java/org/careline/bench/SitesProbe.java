package org.careline.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sites behind a trunk, on loopback only: what the last digit of the number dialled says, they
 * do (0 to 5 answer and hang up after a second, 6 busy, 7 no such number, 8 congestion, 9
 * unavailable). Counts each call by its number: this is the wire. No audio. Thread-safe.
 */
final class SitesProbe implements AutoCloseable {
  private static final Pattern TARGET =
      Pattern.compile("INVITE sip:\\+?([0-9]+)@.*", Pattern.DOTALL);
  private static final Duration ANSWER_AFTER = Duration.ofMillis(50);
  private static final Duration TALK = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final int TRIES = 8;

  private final DatagramSocket socket;
  private final String address;
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Set<String> calls = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> byNumber = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> at = new ConcurrentLinkedQueue<>();

  /** Call-IDs of talks that this side still has to end. */
  private final Set<String> talking = ConcurrentHashMap.newKeySet();

  SitesProbe(String address, int port) throws IOException {
    InetAddress local = InetAddress.getByName(address);
    if (!local.isLoopbackAddress()) {
      throw new IllegalArgumentException("only loopback addresses are called: " + address);
    }
    this.address = address;
    socket = new DatagramSocket(new InetSocketAddress(local, port));
    socket.setReceiveBufferSize(4 << 20);
    timer.setRemoveOnCancelPolicy(true);
    Thread.ofPlatform().name("sites-probe").daemon(true).start(this::listen);
  }

  /** Calls by the number dialled, as it came. */
  Map<String, Integer> calls() {
    return Map.copyOf(byNumber);
  }

  /** When each call came, {@link System#nanoTime}. */
  long[] instants() {
    return at.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private void listen() {
    byte[] buffer = new byte[65_535];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (IOException closed) {
        return;
      }
      String message =
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
      heard(message, (InetSocketAddress) packet.getSocketAddress());
    }
  }

  private void heard(String message, InetSocketAddress peer) {
    String id = header(message, "Call-ID");
    switch (message.substring(0, Math.max(0, message.indexOf(' ')))) {
      case "INVITE" -> {
        Matcher target = TARGET.matcher(message);
        if (calls.add(id) && target.matches()) {
          at.add(System.nanoTime());
          byNumber.merge(target.group(1), 1, Integer::sum);
          invited(message, peer, id, target.group(1));
        }
      }
      case "BYE" -> {
        talking.remove(id);
        send(answer(message, "200 OK", ""), peer);
      }
      case "CANCEL", "OPTIONS" -> send(answer(message, "200 OK", ""), peer);
      case "SIP/2.0" -> {
        if (header(message, "CSeq").endsWith("BYE")) {
          talking.remove(id);
        }
      }
      default -> {
        // ACK and the rest need no answer
      }
    }
  }

  private void invited(String invite, InetSocketAddress peer, String id, String number) {
    char last = number.charAt(number.length() - 1);
    switch (last) {
      case '6' -> send(answer(invite, "486 Busy Here", ""), peer);
      case '7' -> send(answer(invite, "404 Not Found", ""), peer);
      case '8' -> send(answer(invite, "503 Service Unavailable", ""), peer);
      case '9' -> send(answer(invite, "480 Temporarily Unavailable", ""), peer);
      default -> {
        send(answer(invite, "180 Ringing", ""), peer);
        talking.add(id);
        later(ANSWER_AFTER, () -> send(answer(invite, "200 OK", sdp()), peer));
        later(ANSWER_AFTER.plus(TALK), () -> bye(invite, peer, id, TRIES));
      }
    }
  }

  private void bye(String invite, InetSocketAddress peer, String id, int tries) {
    if (tries == 0 || !talking.contains(id)) {
      return;
    }
    String contact = header(invite, "Contact").replaceAll("[<>]", "").replaceAll(";.*", "");
    String bye =
        "BYE "
            + contact
            + " SIP/2.0\r\nVia: SIP/2.0/UDP "
            + address
            + ":"
            + socket.getLocalPort()
            + ";rport;branch=z9hG4bKs"
            + tries
            + Integer.toHexString(id.hashCode())
            + "\r\nMax-Forwards: 70\r\nFrom: "
            + to(header(invite, "To"))
            + "\r\nTo: "
            + header(invite, "From")
            + "\r\nCall-ID: "
            + id
            + "\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";
    send(bye, peer);
    later(AGAIN, () -> bye(invite, peer, id, tries - 1));
  }

  private String to(String value) {
    return value.contains("tag=") ? value : value + ";tag=s" + socket.getLocalPort();
  }

  private String answer(String request, String status, String sdp) {
    StringBuilder out = new StringBuilder("SIP/2.0 ").append(status).append("\r\n");
    for (String line : request.split("\r\n")) {
      if (line.isEmpty()) {
        break;
      }
      String name =
          line.substring(0, Math.max(0, line.indexOf(':'))).trim().toLowerCase(Locale.ROOT);
      switch (name) {
        case "via", "from", "call-id", "cseq" -> out.append(line).append("\r\n");
        case "to" -> out.append("To: ").append(to(line.substring(3).trim())).append("\r\n");
        default -> {
          // not repeated in an answer
        }
      }
    }
    out.append("Contact: <sip:site@")
        .append(address)
        .append(':')
        .append(socket.getLocalPort())
        .append(">\r\n");
    if (!sdp.isEmpty()) {
      out.append("Content-Type: application/sdp\r\n");
    }
    return out.append("Content-Length: ")
        .append(sdp.length())
        .append("\r\n\r\n")
        .append(sdp)
        .toString();
  }

  private String sdp() {
    return "v=0\r\no=site 1 1 IN IP4 "
        + address
        + "\r\ns=-\r\nc=IN IP4 "
        + address
        + "\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
  }

  private static String header(String message, String name) {
    int start = message.indexOf("\r\n" + name + ":");
    if (start < 0) {
      return "";
    }
    int value = start + name.length() + 3;
    return message.substring(value, message.indexOf("\r\n", value)).trim();
  }

  private void later(Duration delay, Runnable task) {
    if (!timer.isShutdown()) {
      timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void send(String message, InetSocketAddress peer) {
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, peer));
    } catch (IOException lost) {
      // the other side sends again
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    socket.close();
  }
}
