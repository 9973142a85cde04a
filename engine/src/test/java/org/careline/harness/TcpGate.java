package org.careline.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Stands between the engine and a server of this machine and lets a test stop, cut or watch what
 * they say to each other. What was sent before a cut still reaches the server, as it would from the
 * server's receive buffer. Thread-safe.
 */
public final class TcpGate implements AutoCloseable {
  /** Which way a text goes. */
  public enum Way {
    TO_SERVER,
    TO_CLIENT
  }

  /** What happens to the bytes in which a text was seen. */
  public enum Then {
    /** Everything stands still, these bytes included, until {@link #flow}. */
    STALL,
    /** These bytes go on, then all connections are cut. */
    PASS_AND_CUT,
    /** These bytes are lost and all connections are cut. */
    LOSE_AND_CUT
  }

  /** Waits for a text once. */
  public final class Watch {
    private final Way way;
    private final Pattern text;
    private final Then then;
    private final CountDownLatch seen = new CountDownLatch(1);

    private Watch(Way way, Pattern text, Then then) {
      this.way = way;
      this.text = text;
      this.then = then;
    }

    /** True as soon as the text went by, at most after the time. */
    public boolean await(int seconds) throws InterruptedException {
      return seen.await(seconds, TimeUnit.SECONDS);
    }
  }

  private final ServerSocket server;
  private final int target;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flows = lock.newCondition();
  private boolean stalled;

  /** A gate on a free port in front of a port of 127.0.0.1. */
  public TcpGate(int target) {
    this.target = target;
    try {
      server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread("gate", this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The next bytes in which the text stands, once. */
  public Watch when(Way way, String regex, Then then) {
    Watch watch = new Watch(way, Pattern.compile(regex), then);
    watches.add(watch);
    return watch;
  }

  /** Both ways stand still, also for new connections. */
  public void stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
  }

  /** What was held goes on, to those who are still there. */
  public void flow() {
    lock.lock();
    try {
      stalled = false;
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all connections of now, as seen from the client. */
  public void cut() {
    clients.forEach(TcpGate::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket upstream = new Socket();
        try {
          upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1000);
        } catch (IOException e) {
          close(client);
          continue;
        }
        clients.add(client);
        thread("gate-up", () -> up(client, upstream));
        thread("gate-down", () -> down(upstream, client));
      } catch (IOException e) {
        // closed, or a client that has gone already
      }
    }
  }

  /** The server hears the end only after all that was sent. */
  private void up(Socket client, Socket upstream) {
    try {
      copy(client.getInputStream(), upstream.getOutputStream(), Way.TO_SERVER);
    } catch (IOException e) {
      // the client has gone
    } finally {
      clients.remove(client);
      close(client);
      try {
        upstream.shutdownOutput();
      } catch (IOException e) {
        // the server has gone first
      }
    }
  }

  private void down(Socket upstream, Socket client) {
    try (upstream) {
      InputStream in = upstream.getInputStream();
      try {
        copy(in, client.getOutputStream(), Way.TO_CLIENT);
      } catch (IOException e) {
        // a socket closed with unread bytes in it would take back what is on its way to the server
        in.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      // the server has gone
    } finally {
      close(client);
    }
  }

  private void copy(InputStream in, OutputStream out, Way way) throws IOException {
    byte[] buffer = new byte[65536];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      Then then = seen(way, buffer, n);
      if (then == Then.LOSE_AND_CUT) {
        cut();
        return;
      }
      awaitFlow();
      out.write(buffer, 0, n);
      out.flush();
      if (then == Then.PASS_AND_CUT) {
        cut();
        return;
      }
    }
  }

  /** What is to be done with these bytes; null = nothing. */
  private Then seen(Way way, byte[] buffer, int length) {
    String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    for (Watch watch : watches) {
      if (watch.way == way && watch.text.matcher(text).find() && watches.remove(watch)) {
        if (watch.then == Then.STALL) {
          stall();
        }
        watch.seen.countDown();
        return watch.then;
      }
    }
    return null;
  }

  private void awaitFlow() {
    lock.lock();
    try {
      while (stalled) {
        flows.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void thread(String name, Runnable task) {
    Thread.ofPlatform().daemon().name(name).start(task);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no use any more
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    flow();
  }
}
