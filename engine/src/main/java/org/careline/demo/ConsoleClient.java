package org.careline.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the console's page does, without the page: logs in, keeps the feed and its heartbeat, and
 * calls the same HTTP interface. A lost feed is opened again. Thread-safe; the listener is called
 * on one thread at a time.
 */
public final class ConsoleClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConsoleClient.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration BEAT = Duration.ofSeconds(3);

  private final URI base;
  private final String login;
  private final HttpClient http;
  private final ObjectMapper json = new ObjectMapper();
  private final ScheduledExecutorService timer;
  private volatile String cookie = "";
  private volatile WebSocket feed;
  private volatile boolean closed;

  /** Null = what comes is not read. */
  private volatile Consumer<JsonNode> listener;

  /**
   * Knows where the console is, does not connect. {@code base} for example http://127.0.0.1:18000
   */
  public ConsoleClient(URI base, String login) {
    this(base, login, http());
  }

  /**
   * @param http from {@link #http}; many clients may share one
   */
  public ConsoleClient(URI base, String login, HttpClient http) {
    this.base = base;
    this.login = login;
    this.http = http;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "console-" + login);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What many clients may share. */
  public static HttpClient http() {
    return HttpClient.newBuilder()
        .connectTimeout(ANSWER)
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }

  public String login() {
    return login;
  }

  /** Opens a session. Blocks for at most 10 s. */
  public JsonNode logIn(String password) {
    HttpResponse<String> response =
        exchange("POST", "/session", Map.of("login", login, "password", password));
    response.headers().firstValue("set-cookie").ifPresent(value -> cookie = value.split(";", 2)[0]);
    return body(response);
  }

  /** Keeps the feed open from now on; each message goes to {@code consumer}. */
  public void follow(Consumer<JsonNode> consumer) {
    listener = consumer;
    stay();
  }

  /** Keeps the feed open from now on and does not read what comes. */
  public void stay() {
    timer.execute(this::open);
    timer.scheduleWithFixedDelay(
        this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  public JsonNode get(String path) {
    return body(exchange("GET", path, null));
  }

  public JsonNode post(String path, Object body) {
    return body(exchange("POST", path, body));
  }

  public JsonNode put(String path, Object body) {
    return body(exchange("PUT", path, body));
  }

  /** Runs a task on this client's own thread after a delay. */
  public void later(Duration delay, Runnable task) {
    if (!closed) {
      timer.schedule(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              log.warn("{}: {}", login, e.getMessage());
            }
          },
          delay.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private HttpResponse<String> exchange(String method, String path, Object body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
              .timeout(ANSWER)
              .header("X-Careline", "1")
              .header("Origin", base.toString());
      if (!cookie.isEmpty()) {
        request.header("Cookie", cookie);
      }
      if (body == null) {
        request.method(method, HttpRequest.BodyPublishers.noBody());
      } else {
        request.header("Content-Type", "application/json");
        request.method(method, HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " " + path + ": interrupted", e);
    }
  }

  private JsonNode body(HttpResponse<String> response) {
    if (response.statusCode() >= 400) {
      throw new Refused(
          response.statusCode(),
          response.request().method() + " " + response.uri().getPath(),
          response.body());
    }
    try {
      return response.body().isBlank() ? NullNode.instance : json.readTree(response.body());
    } catch (IOException e) {
      throw new IllegalStateException("not JSON: " + response.body(), e);
    }
  }

  private void open() {
    if (closed || feed != null) {
      return;
    }
    URI address = URI.create(base.toString().replaceFirst("^http", "ws") + "/api/v1/feed");
    try {
      feed =
          http.newWebSocketBuilder()
              .connectTimeout(ANSWER)
              .header("Cookie", cookie)
              .header("Origin", base.toString())
              .buildAsync(address, new Messages())
              .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      beat();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("{}: feed not open: {}", login, e.toString());
    }
  }

  private void beat() {
    WebSocket socket = feed;
    if (socket == null || socket.isOutputClosed()) {
      feed = null;
      if (!closed) {
        open();
      }
      return;
    }
    socket
        .sendText("{\"type\":\"heartbeat\"}", true)
        .exceptionally(
            lost -> {
              feed = null;
              return null;
            });
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    WebSocket socket = feed;
    if (socket != null) {
      socket.abort();
    }
  }

  /** The server said no. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String request, String body) {
      super(request + ": " + status + " " + body);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      if (listener == null) {
        socket.request(1);
        return null;
      }
      text.append(data);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        try {
          JsonNode node = json.readTree(message);
          timer.execute(() -> listen(node));
        } catch (IOException | RuntimeException e) {
          log.warn("{}: feed message not understood: {}", login, e.getMessage());
        }
      }
      socket.request(1);
      return null;
    }

    private void listen(JsonNode node) {
      try {
        listener.accept(node);
      } catch (RuntimeException e) {
        log.warn("{}: {}", login, e.getMessage());
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      feed = null;
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      feed = null;
    }
  }
}
