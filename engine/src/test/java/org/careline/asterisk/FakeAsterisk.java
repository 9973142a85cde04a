package org.careline.asterisk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The other side of the manager interface, as far as Careline speaks with it, over real TCP: it can
 * be slow, silent, lose the connection, repeat itself and send any event. Thread-safe.
 */
final class FakeAsterisk implements AutoCloseable {
  static final String SECRET = "fake";

  private final ServerSocket server;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> actions = new CopyOnWriteArrayList<>();
  volatile boolean stalled;
  volatile boolean swallow;
  volatile int logins;
  volatile int refusedLogins;

  /** What to answer to an action other than Login, CoreSettings and Ping; null = nothing. */
  volatile Function<Map<String, String>, String> answers = action -> "Response: Success\r\n";

  private final class Connection {
    final Socket socket;

    Connection(Socket socket) {
      this.socket = socket;
    }

    void serve() {
      try (socket) {
        send("Asterisk Call Manager/11.0.0\r\n");
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        Map<String, String> action = new LinkedHashMap<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (!line.isEmpty()) {
            int colon = line.indexOf(':');
            action.merge(
                line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                line.substring(colon + 1).strip(),
                (a, b) -> a + "|" + b);
          } else if (!action.isEmpty()) {
            answer(action);
            action = new LinkedHashMap<>();
          }
        }
      } catch (IOException e) {
        // The engine has gone; that is what is being tested.
      } finally {
        connections.remove(this);
      }
    }

    private void answer(Map<String, String> action) throws IOException {
      actions.add(Map.copyOf(action));
      String id = "ActionID: " + action.getOrDefault("actionid", "") + "\r\n";
      if (stalled) {
        return;
      }
      switch (action.get("action").toLowerCase(java.util.Locale.ROOT)) {
        case "login" -> {
          boolean right = key().equals(action.get("key"));
          if (right) {
            logins++;
            send("Response: Success\r\n" + id + "Message: Authentication accepted\r\n\r\n");
            send("Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n");
          } else {
            refusedLogins++;
            send("Response: Error\r\n" + id + "Message: Authentication failed\r\n\r\n");
            socket.close();
          }
        }
        case "challenge" -> send("Response: Success\r\n" + id + "Challenge: 4711\r\n\r\n");
        case "coresettings" ->
            send(
                "Response: Success\r\n"
                    + id
                    + "AMIversion: 11.0.0\r\nAsteriskVersion: 22.10.1\r\n\r\n");
        case "ping" -> send("Response: Success\r\n" + id + "Ping: Pong\r\n\r\n");
        default -> {
          String text = swallow ? null : answers.apply(action);
          if (text != null) {
            send(text.replace("@id@\r\n", id).replaceFirst("\r\n", "\r\n" + id) + "\r\n");
          }
        }
      }
    }

    /** What a client that knows the secret answers to our challenge. */
    private static String key() {
      try {
        byte[] digest =
            MessageDigest.getInstance("MD5")
                .digest(("4711" + SECRET).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    synchronized void send(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  FakeAsterisk() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("fake-asterisk").start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Connection connection = new Connection(server.accept());
        connections.add(connection);
        Thread.ofPlatform().daemon().name("fake-asterisk-session").start(connection::serve);
      } catch (IOException e) {
        return;
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** All actions so far, keys in lower case. */
  List<Map<String, String>> actions(String name) {
    return actions.stream().filter(a -> name.equalsIgnoreCase(a.get("action"))).toList();
  }

  /** Sends an event to all sessions; lines without line breaks. */
  void event(String... lines) throws IOException {
    for (Connection connection : connections) {
      connection.send(String.join("\r\n", lines) + "\r\n\r\n");
    }
  }

  /** Cuts all connections, as a killed Asterisk does. */
  void drop() throws IOException {
    for (Connection connection : connections) {
      connection.socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    drop();
  }
}
