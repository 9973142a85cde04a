package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.careline.agent.PasswordHash;
import org.careline.config.Secret;
import org.careline.database.Database;

/** A started server on real users and scripted features, and a small client of it. */
final class TestWeb implements AutoCloseable {
  static final String TOKEN = "between-the-parts";
  static final String PASSWORD = "correct horse battery";
  static final String NEW_HASH = PasswordHash.of(PASSWORD);

  final FakeDesks fakes = new FakeDesks();
  final Clock clock = new Clock();
  final Path folder;
  final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Database database;
  WebServer server;

  private Desks desks = fakes.desks();

  TestWeb(Database database, Path folder) {
    this.database = database;
    fakes.database = database;
    this.folder = folder;
    start();
  }

  /** With real features behind it. */
  TestWeb(Database database, Path folder, Desks desks) {
    this.database = database;
    fakes.database = database;
    this.folder = folder;
    this.desks = desks;
    start();
  }

  static final class Clock implements InstantSource {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    void advance(Duration by) {
      ahead = ahead.plus(by);
    }
  }

  void start() {
    server =
        new WebServer(
            settings(folder, ""),
            new Accounts(database),
            desks,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            clock,
            console());
    server.start();
  }

  static WebServer.Settings settings(Path folder, String publicUrl) {
    return new WebServer.Settings(
        "127.0.0.1",
        0,
        publicUrl,
        List.of("https://desk.example.org"),
        Duration.ofMinutes(30),
        Duration.ofHours(14),
        folder.resolve("sessions.db"),
        "127.0.0.1",
        "ws://127.0.0.1:5066/ws",
        Duration.ofHours(12),
        200_000,
        new Secret(TOKEN));
  }

  static ConsoleFiles console() {
    return ConsoleFiles.of(
        Map.of(
            "index.html", "<!doctype html><title>Careline</title>".getBytes(StandardCharsets.UTF_8),
            "assets/index-a1b2c3d4.js", "x".repeat(5000).getBytes(StandardCharsets.UTF_8),
            "favicon.svg", "<svg/>".getBytes(StandardCharsets.UTF_8)));
  }

  /** One user for each role, an agent without work, one without number, and a desk phone. */
  static void users(Database database) {
    user(database, "li", "agent", "8001", null);
    user(database, "wang", "agent", "8002", null);
    user(database, "desk", "agent", "8003", "sip:8003@127.0.0.2:18006");
    user(database, "nonumber", "agent", null, null);
    user(database, "plan", "scheduler", null, null);
    user(database, "boss", "supervisor", null, null);
    user(database, "root", "admin", null, null);
    user(database, "nothing", "", null, null);
  }

  static void user(Database database, String login, String roles, String number, String phone) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO user_account
                      (login, name, password_hash, roles, agent_number, desk_phone)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    login,
                    "Name of " + login,
                    NEW_HASH,
                    roles,
                    number,
                    phone));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  /** A request with the header of our console; {@code cookie} null = none. */
  HttpRequest.Builder request(String method, String path, String cookie, byte[] body) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (!method.equals("GET")) {
      builder.header("X-Careline", "1");
    }
    if (cookie != null) {
      builder.header("Cookie", "careline=" + cookie);
    }
    return builder;
  }

  /** A second time when the server had just closed the kept connection (it does after a 400). */
  HttpResponse<String> send(HttpRequest request) {
    try {
      try {
        return client.send(request, BodyHandlers.ofString());
      } catch (IOException closed) {
        return client.send(request, BodyHandlers.ofString());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> call(String method, String path, String cookie, Object body) {
    byte[] bytes = body == null ? null : Json.write(body).getBytes(StandardCharsets.UTF_8);
    return send(request(method, path, cookie, bytes).build());
  }

  HttpResponse<String> get(String path, String cookie) {
    return call("GET", path, cookie, null);
  }

  /** The id in the cookie. */
  String signIn(String login) {
    HttpResponse<String> answer =
        call("POST", "/api/v1/session", null, Map.of("login", login, "password", PASSWORD));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return cookieOf(answer);
  }

  static String cookieOf(HttpResponse<String> answer) {
    String header = answer.headers().firstValue("Set-Cookie").orElseThrow();
    return header.substring("careline=".length(), header.indexOf(';'));
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return Json.MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(answer.body(), e);
    }
  }

  static String error(HttpResponse<String> answer) {
    return answer.statusCode() + " " + json(answer).path("error").asText();
  }

  void restart() {
    server.close();
    start();
  }

  static Path folder() {
    try {
      return Files.createTempDirectory(Path.of("target"), "web");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
