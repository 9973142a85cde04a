package org.careline.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Many phones and callers behind one UDP socket on loopback, driven by the test to the millisecond:
 * a phone answers, leaves or freezes when the test says so, a caller hangs up when it says so. What
 * a frozen phone is sent is lost, as for a stopped process. Speaks as much of RFC 3261 as calls
 * between cooperating peers on loopback need. Thread-safe; listeners are called on the thread that
 * receives and must return at once.
 */
public final class SipPeer implements AutoCloseable {
  private static final long FIRST_AGAIN_MILLIS = 500;
  private static final long LAST_AGAIN_MILLIS = 8000;
  private static final int AUDIO_PACKETS = 5;
  private static final int AUDIO_EVERY_MILLIS = 20;
  private static final int AUDIO_BYTES = 160;

  private final String address;
  private final InetSocketAddress server;
  private final DatagramSocket socket;
  private final DatagramSocket audio;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sip-peer-timer").factory());
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, Ring> rings = new ConcurrentHashMap<>();
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Integer>> registers = new ConcurrentHashMap<>();
  private final Set<String> frozen = ConcurrentHashMap.newKeySet();
  private volatile Consumer<Ring> onRing = ring -> {};

  /**
   * Binds a free port.
   *
   * @param address a loopback address
   * @param server the switch
   */
  public SipPeer(String address, InetSocketAddress server) throws IOException {
    InetAddress local = InetAddress.getByName(address);
    if (!local.isLoopbackAddress() || !server.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("only on loopback: " + address + ", " + server);
    }
    this.address = address;
    this.server = server;
    this.socket = new DatagramSocket(new InetSocketAddress(local, 0));
    this.socket.setReceiveBufferSize(8 << 20);
    this.audio = new DatagramSocket(new InetSocketAddress(local, 0));
    Thread.ofPlatform().daemon().name("sip-peer").start(this::listen);
  }

  // --- phones

  /** Told of each new INVITE to a phone; the phone rings already. */
  public void onRing(Consumer<Ring> listener) {
    onRing = listener;
  }

  /**
   * Registers the phone of this name, for so long; zero takes it away. The status of the answer.
   */
  public CompletableFuture<Integer> register(String name, Duration life) {
    String id = id("r");
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    registers.put(id, answer);
    String host = server.getAddress().getHostAddress() + ":" + server.getPort();
    String message =
        request("REGISTER", "sip:" + host, id, 1, "<sip:" + name + "@" + host + ">;tag=" + id)
            + "To: <sip:%s@%s>\r\n".formatted(name, host)
            + "Contact: <sip:%s@%s:%d>\r\nExpires: %d\r\n"
                .formatted(name, address, socket.getLocalPort(), life.toSeconds())
            + body("");
    reliably(message, answer::isDone);
    return answer.orTimeout(10, TimeUnit.SECONDS);
  }

  /** As RFC 3261 wants it over UDP: again at growing intervals, until it has arrived. */
  private void reliably(String message, BooleanSupplier arrived) {
    send(message);
    again(message, arrived, FIRST_AGAIN_MILLIS);
  }

  private void again(String message, BooleanSupplier arrived, long millis) {
    if (millis <= LAST_AGAIN_MILLIS && !timer.isShutdown()) {
      timer.schedule(
          () -> {
            if (!arrived.getAsBoolean()) {
              send(message);
              again(message, arrived, 2 * millis);
            }
          },
          millis,
          TimeUnit.MILLISECONDS);
    }
  }

  /**
   * From now on the phone of this name takes and says nothing; or it does again, and what rang
   * before is over.
   */
  public void freeze(String name, boolean on) {
    if (on) {
      frozen.add(name);
    } else {
      rings.values().stream().filter(ring -> ring.phone.equals(name)).forEach(Ring::forget);
      frozen.remove(name);
    }
  }

  /** One call at a time, as the console's softphone has it. */
  private boolean busy(String name) {
    return rings.values().stream().anyMatch(ring -> ring.phone.equals(name) && !ring.over);
  }

  /** One INVITE to a phone. */
  public final class Ring {
    /** The phone. */
    public final String phone;

    /** The caller's number as the phone is shown it. */
    public final String caller;

    /** {@link System#nanoTime} of the INVITE. */
    public final long at = System.nanoTime();

    private final String invite;
    private final String tag;
    private final String contact;
    private volatile boolean answered;
    private volatile boolean acknowledged;
    private volatile boolean over;
    private volatile boolean gone;

    private Ring(String invite) {
      this.invite = invite;
      this.phone = user(invite.substring(7, invite.indexOf(' ', 7)));
      this.caller = user(header(invite, "From"));
      this.contact = uri(header(invite, "Contact"));
      this.tag = id("t");
    }

    /** The person takes the call, unless it is over or was taken already. */
    public synchronized void answer() {
      if (!over && !answered && !frozen.contains(phone)) {
        answered = true;
        reliably(
            response(invite, "200 OK", tag, contact(phone), sdp()),
            () -> acknowledged || over || frozen.contains(phone));
      }
    }

    /** The switch has accepted the answer. */
    public boolean acknowledged() {
      return acknowledged;
    }

    /** Cancelled, or ended by either side. */
    public boolean over() {
      return over;
    }

    /** The person puts the receiver down. */
    public synchronized void hangUp() {
      if (acknowledged && !over) {
        over = true;
        reliably(
            request("BYE", contact, header(invite, "Call-ID"), 1, tagged(invite, tag))
                + "To: "
                + header(invite, "From")
                + "\r\n"
                + body(""),
            () -> gone);
      }
    }

    private synchronized void forget() {
      over = true;
    }

    private synchronized void cancelled(String cancel) {
      send(response(cancel, "200 OK", tag, "", ""));
      if (!answered) {
        over = true;
        send(response(invite, "487 Request Terminated", tag, "", ""));
      }
    }
  }

  // --- callers

  /** One call of ours. */
  public final class Call {
    /** The caller's number. */
    public final String caller;

    private final String id = id("c");
    private final String target;
    private final String from;
    private String to;
    private String contact;
    private volatile int status;
    private volatile boolean over;
    private volatile boolean hangUpWanted;
    private volatile boolean gone;
    private String branch;

    private Call(String number, String caller) {
      this.caller = caller;
      String host = server.getAddress().getHostAddress() + ":" + server.getPort();
      this.target = "sip:" + number + "@" + host;
      this.from = "<sip:" + caller + "@" + address + ":" + socket.getLocalPort() + ">;tag=" + id;
      this.to = "<" + target + ">";
      this.contact = target;
    }

    private void start() {
      String message =
          request("INVITE", target, id, 1, from)
              + "To: "
              + to
              + "\r\n"
              + contact(caller)
              + body(sdp());
      branch = header(message, "Via");
      reliably(message, () -> status > 0);
    }

    /** The last status the switch has answered with, 100 to 699; 0 = none yet. */
    public int status() {
      return status;
    }

    /** Ended by either side, or refused. */
    public boolean over() {
      return over;
    }

    /** The person puts the receiver down, whatever the call has come to. */
    public synchronized void hangUp() {
      hangUpWanted = true;
      if (over) {
        return;
      }
      if (status >= 200) {
        over = true;
        reliably(
            request("BYE", contact, id, 2, from) + "To: " + to + "\r\n" + body(""), () -> gone);
      } else if (status >= 100) {
        String cancel =
            "CANCEL "
                + target
                + " SIP/2.0\r\nVia: "
                + branch
                + "\r\nMax-Forwards: 70\r\nFrom: "
                + from
                + "\r\nTo: <"
                + target
                + ">\r\nCall-ID: "
                + id
                + "\r\nCSeq: 1 CANCEL\r\n"
                + body("");
        reliably(cancel, () -> over);
      }
    }

    private synchronized void response(String message) {
      if (!header(message, "CSeq").endsWith("INVITE")) {
        gone |= header(message, "CSeq").endsWith("BYE");
        return;
      }
      int code = Integer.parseInt(message.substring(8, 11));
      boolean first = status < 200;
      status = Math.max(status, code);
      if (code < 200) {
        if (hangUpWanted && first) {
          hangUp();
        }
        return;
      }
      to = header(message, "To");
      if (code < 300) {
        contact = uri(header(message, "Contact"));
        send(request("ACK", contact, id, 1, from) + "To: " + to + "\r\n" + body(""));
        if (first) {
          speak(message);
          if (hangUpWanted) {
            over = false;
            hangUp();
          }
        }
      } else {
        over = true;
        send(
            "ACK "
                + target
                + " SIP/2.0\r\nVia: "
                + branch
                + "\r\nMax-Forwards: 70\r\nFrom: "
                + from
                + "\r\nTo: "
                + to
                + "\r\nCall-ID: "
                + id
                + "\r\nCSeq: 1 ACK\r\n"
                + body(""));
      }
    }

    /** A few packets of sound: the switch need not wait for the first. */
    private void speak(String message) {
      int port = Integer.parseInt(message.replaceFirst("(?s).*m=audio (\\d+) .*", "$1"));
      String host = message.replaceFirst("(?s).*c=IN IP4 ([0-9.]+).*", "$1");
      InetSocketAddress peer = new InetSocketAddress(host, port);
      for (int i = 0; i < AUDIO_PACKETS; i++) {
        int n = i;
        timer.schedule(() -> sound(peer, n), (long) i * AUDIO_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void sound(InetSocketAddress peer, int n) {
    byte[] packet = new byte[12 + AUDIO_BYTES];
    java.util.Arrays.fill(packet, (byte) 0xff);
    packet[0] = (byte) 0x80;
    packet[1] = 0;
    packet[2] = 0;
    packet[3] = (byte) n;
    int stamp = n * AUDIO_BYTES;
    packet[4] = 0;
    packet[5] = 0;
    packet[6] = (byte) (stamp >> 8);
    packet[7] = (byte) stamp;
    try {
      audio.send(new DatagramPacket(packet, packet.length, peer));
    } catch (IOException closed) {
      // the test is over
    }
  }

  /** Calls {@code number} as {@code caller}. */
  public Call call(String number, String caller) {
    Call call = new Call(number, caller);
    calls.put(call.id, call);
    call.start();
    return call;
  }

  /** Everybody puts the receiver down. */
  public void hangUpAll() {
    calls.values().forEach(Call::hangUp);
  }

  // --- the wire

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
      if (message.startsWith("SIP/2.0 ")) {
        answered(message);
      } else {
        asked(message);
      }
    }
  }

  private void answered(String message) {
    String id = header(message, "Call-ID");
    CompletableFuture<Integer> register = registers.remove(id);
    if (register != null) {
      register.complete(Integer.parseInt(message.substring(8, 11)));
      return;
    }
    Call call = calls.get(id);
    if (call != null) {
      call.response(message);
    }
    Ring ring = rings.get(id);
    if (ring != null) {
      ring.gone = true;
    }
  }

  private void asked(String message) {
    int space = message.indexOf(' ');
    String method = message.substring(0, Math.max(0, space));
    String name = user(message.substring(space + 1, message.indexOf(' ', space + 1)));
    if (frozen.contains(name)) {
      return;
    }
    String id = header(message, "Call-ID");
    Ring ring = rings.get(id);
    switch (method) {
      case "INVITE" -> {
        if (ring == null && busy(name)) {
          send(response(message, "486 Busy Here", id("t"), "", ""));
        } else if (ring == null) {
          Ring fresh = new Ring(message);
          rings.put(id, fresh);
          send(response(message, "180 Ringing", fresh.tag, contact(name), ""));
          onRing.accept(fresh);
        }
      }
      case "ACK" -> {
        if (ring != null && ring.answered) {
          ring.acknowledged = true;
        }
      }
      case "CANCEL" -> {
        if (ring != null) {
          ring.cancelled(message);
        } else {
          send(response(message, "481 No Such Call", id("t"), "", ""));
        }
      }
      case "BYE" -> {
        send(response(message, "200 OK", "", "", ""));
        if (ring != null) {
          ring.over = true;
        }
        Call call = calls.get(id);
        if (call != null) {
          call.over = true;
        }
      }
      default -> send(response(message, "200 OK", id("t"), "", ""));
    }
  }

  private String request(String method, String target, String id, int n, String from) {
    return method
        + " "
        + target
        + " SIP/2.0\r\nVia: SIP/2.0/UDP "
        + address
        + ":"
        + socket.getLocalPort()
        + ";rport;branch=z9hG4bK"
        + id("b")
        + "\r\nMax-Forwards: 70\r\nFrom: "
        + from
        + "\r\nCall-ID: "
        + id
        + "\r\nCSeq: "
        + n
        + " "
        + method
        + "\r\n";
  }

  /**
   * @param tag put on a To that has none; empty = leave it
   */
  private static String response(
      String request, String status, String tag, String contact, String text) {
    StringBuilder response = new StringBuilder("SIP/2.0 " + status + "\r\n");
    for (String line : request.split("\r\n")) {
      if (line.isEmpty()) {
        break;
      }
      String name = line.substring(0, Math.max(0, line.indexOf(':'))).trim();
      if (Set.of("Via", "From", "Call-ID", "CSeq", "Record-Route").contains(name)) {
        response.append(line).append("\r\n");
      }
    }
    String to = tag.isEmpty() ? header(request, "To") : tagged(request, tag);
    return response + "To: " + to + "\r\n" + contact + body(text);
  }

  private static String tagged(String request, String tag) {
    String to = header(request, "To");
    return to.contains(";tag=") ? to : to + ";tag=" + tag;
  }

  private String contact(String name) {
    return "Contact: <sip:%s@%s:%d>\r\n".formatted(name, address, socket.getLocalPort());
  }

  private String sdp() {
    return ("v=0\r\no=- 1 1 IN IP4 %1$s\r\ns=-\r\nc=IN IP4 %1$s\r\nt=0 0\r\n"
            + "m=audio %2$d RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n")
        .formatted(address, audio.getLocalPort());
  }

  private static String body(String text) {
    return (text.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
        + "Content-Length: "
        + text.length()
        + "\r\n\r\n"
        + text;
  }

  private String id(String kind) {
    return kind + socket.getLocalPort() + "x" + numbers.incrementAndGet();
  }

  private void send(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, server));
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String header(String message, String name) {
    int at = message.indexOf("\r\n" + name + ":");
    if (at < 0) {
      return "";
    }
    int from = at + name.length() + 3;
    return message.substring(from, message.indexOf("\r\n", from)).trim();
  }

  private static String user(String text) {
    return text.replaceFirst("(?s).*?sip:([^@>;]*)@.*", "$1");
  }

  private static String uri(String contact) {
    return contact.replaceFirst("^[^<]*<([^>]*)>.*", "$1");
  }

  @Override
  public void close() {
    timer.shutdownNow();
    socket.close();
    audio.close();
  }
}
