package org.careline.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A SIP user agent for measuring, on loopback only: it places calls, answers them, and keeps the
 * instant of each first INVITE it sent or received, by the caller's number. It speaks just enough
 * of RFC 3261 for calls over UDP between cooperating peers, and sends no audio. One clock ({@link
 * System#nanoTime}) serves both ends, so differences need no synchronisation. Thread-safe.
 */
public final class SipProbe implements AutoCloseable {
  private static final int TRIES = 8;
  private static final Duration ANSWER_AFTER = Duration.ofMillis(20);

  private final DatagramSocket socket;
  private static final int LOOK_MILLIS = 20;

  private final String address;
  private final int port;
  private final Map<String, Long> sent = new ConcurrentHashMap<>();
  private final Map<String, Long> received = new ConcurrentHashMap<>();
  private final Map<String, Dialog> dialogs = new ConcurrentHashMap<>();
  private final Set<String> answering = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger retransmissions = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger dropped = new AtomicInteger();
  private final AtomicLong answered = new AtomicLong();
  private final ScheduledExecutorService timer;

  /** Binds {@code address}, which must be a loopback address; port 0 takes a free one. */
  public SipProbe(String address, int port) throws IOException {
    InetAddress local = InetAddress.getByName(address);
    if (!local.isLoopbackAddress()) {
      throw new IllegalArgumentException("only loopback addresses are called: " + address);
    }
    this.address = address;
    socket = new DatagramSocket(new InetSocketAddress(local, port));
    socket.setReceiveBufferSize(4 << 20);
    this.port = socket.getLocalPort();
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "sip-probe-timer"));
    executor.setRemoveOnCancelPolicy(true);
    timer = executor;
    daemon(this::listen, "sip-probe-" + this.port).start();
  }

  public int port() {
    return port;
  }

  /**
   * When the first INVITE of the caller number was sent by this probe, {@link System#nanoTime};
   * null = never.
   */
  public Long sentAt(String callerNumber) {
    return sent.get(callerNumber);
  }

  /**
   * When the first INVITE from the caller number reached this probe, {@link System#nanoTime}; null
   * = never.
   */
  public Long receivedAt(String callerNumber) {
    return received.get(callerNumber);
  }

  /** INVITEs this probe had to send again after 500 ms without any answer. */
  public int retransmissions() {
    return retransmissions.get();
  }

  /** Calls of this probe that ended with an error answer. */
  public int failures() {
    return failures.get();
  }

  /** Calls of this probe that the other side ended. */
  public int dropped() {
    return dropped.get();
  }

  /** Calls of this probe that were answered. */
  public long answered() {
    return answered.get();
  }

  /** Calls of this probe that are over. */
  public int ended() {
    return ended.get();
  }

  /**
   * Calls {@code number} at {@code peer} from {@code callerNumber}; after the answer it hangs up
   * when {@code talk} is over.
   */
  public void call(InetSocketAddress peer, String number, String callerNumber, Duration talk) {
    call(peer, number, callerNumber, talk, () -> true, Duration.ZERO);
  }

  /**
   * The same, but the talk counts from when {@code reached} is true, at the latest from {@code
   * patience} after the answer.
   */
  public void call(
      InetSocketAddress peer,
      String number,
      String callerNumber,
      Duration talk,
      BooleanSupplier reached,
      Duration patience) {
    if (!peer.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("only loopback addresses are called: " + peer);
    }
    String callId =
        "p" + port + "-" + numbers.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
    String host = peer.getAddress().getHostAddress() + ":" + peer.getPort();
    String target = "sip:" + number + "@" + host;
    String from = "<sip:" + callerNumber + "@" + address + ":" + port + ">;tag=t" + numbers.get();
    Dialog dialog =
        new Dialog(callId, peer, target, from, "<" + target + ">", talk, reached, patience);
    dialogs.put(callId, dialog);
    dialog.invite =
        "INVITE "
            + target
            + " SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP "
            + address
            + ":"
            + port
            + ";rport;branch=z9hG4bK"
            + callId
            + "i\r\nMax-Forwards: 70\r\nFrom: "
            + from
            + "\r\nTo: <"
            + target
            + ">\r\nCall-ID: "
            + callId
            + "\r\nCSeq: 1 INVITE\r\nContact: <sip:probe@"
            + address
            + ":"
            + port
            + ">\r\n"
            + body(sdp());
    sent.put(callerNumber, System.nanoTime());
    send(dialog.invite, peer);
    timer.schedule(() -> again(dialog), 500, TimeUnit.MILLISECONDS);
  }

  private void again(Dialog dialog) {
    if (!dialog.heard && dialogs.containsKey(dialog.callId)) {
      retransmissions.incrementAndGet();
      send(dialog.invite, dialog.peer);
      timer.schedule(() -> again(dialog), 1, TimeUnit.SECONDS);
    }
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
      long at = System.nanoTime();
      String message =
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
      InetSocketAddress peer = (InetSocketAddress) packet.getSocketAddress();
      if (message.startsWith("SIP/2.0 ")) {
        response(message, peer);
      } else {
        request(message, peer, at);
      }
    }
  }

  /** Calls that are not over: who called, whether he was answered. */
  public String living() {
    StringBuilder living = new StringBuilder();
    dialogs
        .values()
        .forEach(
            dialog ->
                living
                    .append(dialog.from, 5, Math.min(dialog.from.length(), 24))
                    .append(
                        dialog.up ? " up; " : dialog.heard ? " not answered; " : " no reaction; "));
    return living.toString();
  }

  private void request(String message, InetSocketAddress peer, long at) {
    String method = message.substring(0, Math.max(0, message.indexOf(' ')));
    switch (method) {
      case "INVITE" -> {
        received.putIfAbsent(user(header(message, "From")), at);
        if (answering.add(header(message, "Call-ID"))) {
          send(answer(message, "180 Ringing", ""), peer);
          timer.schedule(
              () -> send(answer(message, "200 OK", sdp()), peer),
              ANSWER_AFTER.toMillis(),
              TimeUnit.MILLISECONDS);
        }
      }
      case "BYE" -> {
        send(answer(message, "200 OK", ""), peer);
        if (dialogs.remove(header(message, "Call-ID")) != null) {
          dropped.incrementAndGet();
          ended.incrementAndGet();
        }
      }
      case "CANCEL" -> send(answer(message, "200 OK", ""), peer);
      case "OPTIONS" -> send(answer(message, "200 OK", ""), peer);
      default -> {
        // ACK and the rest need no answer
      }
    }
  }

  private void response(String message, InetSocketAddress peer) {
    Dialog dialog = dialogs.get(header(message, "Call-ID"));
    if (dialog == null) {
      return;
    }
    dialog.heard = true;
    int status = Integer.parseInt(message.substring(8, 11));
    String sequence = header(message, "CSeq");
    if (sequence.endsWith("BYE")) {
      dialogs.remove(dialog.callId);
      ended.incrementAndGet();
    } else if (status >= 200) {
      dialog.to = header(message, "To");
      String contact =
          status < 300 ? header(message, "Contact").replaceAll("[<>]", "") : dialog.target;
      send(request(dialog, "ACK", contact, 1), peer);
      if (status >= 300) {
        failures.incrementAndGet();
        ended.incrementAndGet();
        dialogs.remove(dialog.callId);
      } else if (!dialog.up) {
        dialog.up = true;
        answered.incrementAndGet();
        long patience = System.nanoTime() + dialog.patience.toNanos();
        talk(dialog, contact, peer, patience);
      }
    }
  }

  private void talk(Dialog dialog, String contact, InetSocketAddress peer, long patience) {
    if (dialog.reached.getAsBoolean() || System.nanoTime() > patience) {
      timer.schedule(
          () -> bye(dialog, contact, peer, TRIES), dialog.talk.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      timer.schedule(
          () -> talk(dialog, contact, peer, patience), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Again each 500 ms until it is answered; a peer that never answers counts as failed. */
  private void bye(Dialog dialog, String contact, InetSocketAddress peer, int tries) {
    if (!dialogs.containsKey(dialog.callId)) {
      return;
    }
    if (tries == 0) {
      dialogs.remove(dialog.callId);
      failures.incrementAndGet();
      ended.incrementAndGet();
      return;
    }
    send(request(dialog, "BYE", contact, 2), peer);
    timer.schedule(() -> bye(dialog, contact, peer, tries - 1), 500, TimeUnit.MILLISECONDS);
  }

  private String request(Dialog dialog, String method, String target, int sequence) {
    return method
        + " "
        + target
        + " SIP/2.0\r\nVia: SIP/2.0/UDP "
        + address
        + ":"
        + port
        + ";rport;branch=z9hG4bK"
        + dialog.callId
        + method
        + "\r\nMax-Forwards: 70\r\nFrom: "
        + dialog.from
        + "\r\nTo: "
        + dialog.to
        + "\r\nCall-ID: "
        + dialog.callId
        + "\r\nCSeq: "
        + sequence
        + " "
        + method
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  private String answer(String request, String status, String sdp) {
    StringBuilder out = new StringBuilder("SIP/2.0 ").append(status).append("\r\n");
    for (String line : request.split("\r\n")) {
      if (line.isEmpty()) {
        break;
      }
      String name = line.substring(0, Math.max(0, line.indexOf(':'))).trim().toLowerCase();
      switch (name) {
        case "via", "from", "call-id", "cseq" -> out.append(line).append("\r\n");
        case "to" ->
            out.append(line).append(line.contains("tag=") ? "" : ";tag=a" + port).append("\r\n");
        default -> {
          // not repeated in an answer
        }
      }
    }
    return out.append("Contact: <sip:probe@")
        .append(address)
        .append(':')
        .append(port)
        .append(">\r\n")
        .append(body(sdp))
        .toString();
  }

  private static String body(String sdp) {
    return (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
        + "Content-Length: "
        + sdp.length()
        + "\r\n\r\n"
        + sdp;
  }

  private String sdp() {
    return "v=0\r\no=probe 1 1 IN IP4 "
        + address
        + "\r\ns=-\r\nc=IN IP4 "
        + address
        + "\r\nt=0 0\r\nm=audio "
        + (port + 2)
        + " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";
  }

  private static String header(String message, String name) {
    int start = message.indexOf("\r\n" + name + ":");
    if (start < 0) {
      return "";
    }
    int value = start + name.length() + 3;
    return message.substring(value, message.indexOf("\r\n", value)).trim();
  }

  private static String user(String from) {
    int start = from.indexOf("sip:");
    int end = from.indexOf('@', start);
    return start < 0 || end < 0 ? "" : from.substring(start + 4, end);
  }

  private void send(String message, InetSocketAddress peer) {
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, peer));
    } catch (IOException lost) {
      failures.incrementAndGet();
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    socket.close();
  }

  private static final class Dialog {
    final String callId;
    final InetSocketAddress peer;
    final String target;
    final String from;
    final Duration talk;
    final BooleanSupplier reached;
    final Duration patience;
    volatile String to;
    volatile String invite;
    volatile boolean heard;
    volatile boolean up;

    Dialog(
        String callId,
        InetSocketAddress peer,
        String target,
        String from,
        String to,
        Duration talk,
        BooleanSupplier reached,
        Duration patience) {
      this.callId = callId;
      this.peer = peer;
      this.target = target;
      this.from = from;
      this.to = to;
      this.talk = talk;
      this.reached = reached;
      this.patience = patience;
    }
  }
}
