package org.careline.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A caller's ear and voice: counts and keeps the RTP that arrives and answers with a tone of 440 Hz
 * (PCMU, 20 ms a packet), to where the first packet came from. Thread-safe.
 */
public final class CallerAudio implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int SAMPLES = 160;

  /** Above this a PCMU sample is no longer silence or a comfort noise. */
  private static final int LOUD = 500;

  private final DatagramSocket socket;
  private final AtomicInteger heard = new AtomicInteger();
  private final AtomicInteger loud = new AtomicInteger();
  private final List<Packet> packets = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService voice =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("caller-voice").factory());
  private volatile SocketAddress switchSide;
  private int sequence;

  private record Packet(Instant at, double[] samples) {}

  public CallerAudio(String address) {
    try {
      socket = new DatagramSocket(new InetSocketAddress(address, 0));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("caller-ear").start(this::listen);
    voice.scheduleAtFixedRate(this::speak, 0, 20, TimeUnit.MILLISECONDS);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Packets heard so far. */
  public int heard() {
    return heard.get();
  }

  /** Of these, packets in which something is to be heard. */
  public int loud() {
    return loud.get();
  }

  /** Strength of a tone in what arrived between two instants, 0 to 32767. */
  public double tone(int hertz, Instant from, Instant to) {
    double[] samples = between(from, to);
    double factor = 2 * Math.cos(2 * Math.PI * hertz / 8000);
    double before = 0;
    double last = 0;
    for (double sample : samples) {
      double next = sample + factor * last - before;
      before = last;
      last = next;
    }
    double power = last * last + before * before - factor * last * before;
    return 2 * Math.sqrt(Math.max(0, power)) / Math.max(1, samples.length);
  }

  /** Root of the mean square of what arrived between two instants. */
  public double loudness(Instant from, Instant to) {
    return Math.sqrt(
        Arrays.stream(between(from, to)).map(sample -> sample * sample).average().orElse(0));
  }

  /** What arrived between two instants. */
  public double[] samples(Instant from, Instant to) {
    return between(from, to);
  }

  private double[] between(Instant from, Instant to) {
    return packets.stream()
        .filter(packet -> !packet.at().isBefore(from) && packet.at().isBefore(to))
        .flatMapToDouble(packet -> Arrays.stream(packet.samples()))
        .toArray();
  }

  private void listen() {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
      } catch (IOException e) {
        continue;
      }
      if (packet.getLength() <= HEADER || (packet.getData()[1] & 0x7f) != 0) {
        continue;
      }
      switchSide = packet.getSocketAddress();
      heard.incrementAndGet();
      packets.add(
          new Packet(
              Instant.now(),
              IntStream.range(HEADER, packet.getLength())
                  .mapToDouble(i -> linear(packet.getData()[i]))
                  .toArray()));
      for (int i = HEADER; i < packet.getLength(); i++) {
        if (Math.abs(linear(packet.getData()[i])) > LOUD) {
          loud.incrementAndGet();
          break;
        }
      }
    }
  }

  private void speak() {
    SocketAddress target = switchSide;
    if (target == null) {
      return;
    }
    ByteBuffer packet = ByteBuffer.allocate(HEADER + SAMPLES);
    packet.put((byte) 0x80).put((byte) 0).putShort((short) sequence);
    packet.putInt(sequence * SAMPLES).putInt(0x0ca11e4);
    for (int i = 0; i < SAMPLES; i++) {
      double at = (sequence * (double) SAMPLES + i) / 8000;
      packet.put(companded((int) (8000 * Math.sin(2 * Math.PI * 440 * at))));
    }
    sequence++;
    try {
      socket.send(new DatagramPacket(packet.array(), packet.capacity(), target));
    } catch (IOException e) {
      // The call is over.
    }
  }

  /** ITU-T G.711, mu-law, as in its reference code. */
  private static int linear(byte coded) {
    int bits = ~coded & 0xff;
    int value = (((bits & 0x0f) << 3) + 0x84 << (bits >> 4 & 7)) - 0x84;
    return (bits & 0x80) != 0 ? -value : value;
  }

  private static byte companded(int sample) {
    int sign = sample < 0 ? 0x80 : 0;
    int value = Math.min(32635, Math.abs(sample)) + 0x84;
    int exponent = 24 - Integer.numberOfLeadingZeros(value);
    return (byte) ~(sign | exponent << 4 | value >> exponent + 3 & 0x0f);
  }

  @Override
  public void close() {
    voice.shutdownNow();
    socket.close();
  }
}
