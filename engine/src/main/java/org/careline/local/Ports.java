package org.careline.local;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.careline.language.Sentence;

/** The ports of one instance, counted from its base. Immutable. */
public record Ports(int base) {
  public static final int DEFAULT_BASE = 18000;

  public Ports {
    if (base < 1024 || base > 65535 - 499) {
      throw new CannotStart(Sentence.of("start.port-range", base, 65535 - 499));
    }
  }

  /** CARELINE_PORT_BASE, else 18000. */
  public static Ports fromEnvironment(Map<String, String> environment) {
    String base = environment.get("CARELINE_PORT_BASE");
    if (base == null || base.isBlank()) {
      return new Ports(DEFAULT_BASE);
    }
    if (!base.matches("[0-9]{1,5}")) {
      throw new CannotStart(Sentence.of("start.port-range", base, 65535 - 499));
    }
    return new Ports(Integer.parseInt(base));
  }

  public int http() {
    return base;
  }

  public int agi() {
    return base + 1;
  }

  public int ami() {
    return base + 2;
  }

  public int sip() {
    return base + 3;
  }

  public int sipWebSocket() {
    return base + 4;
  }

  public int mysql() {
    return base + 5;
  }

  public int outsideSip() {
    return base + 6;
  }

  public int outsideAmi() {
    return base + 7;
  }

  public int outsideHttp() {
    return base + 8;
  }

  public int rtpStart() {
    return base + 100;
  }

  public int rtpEnd() {
    return base + 299;
  }

  public int outsideRtpStart() {
    return base + 300;
  }

  public int outsideRtpEnd() {
    return base + 499;
  }

  /** Whether nobody listens there, by TCP or UDP, on the given loopback address. */
  public static boolean free(String address, int port) {
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
      // A connection of a former instance that is still closing does not count.
      tcp.setReuseAddress(true);
      tcp.bind(at);
      udp.setReuseAddress(false);
      udp.bind(at);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @throws CannotStart with "port taken: 18003 (SIP)"
   */
  public static void requireFree(String address, int port, String what) {
    if (!free(address, port)) {
      throw new CannotStart(Sentence.of("start.port-taken", port, what));
    }
  }
}
