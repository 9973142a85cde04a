package org.careline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Speaks to the running engine of an instance for a command, with the token between the instance's
 * parts. What the engine refuses is said in the language of the command. Not thread-safe.
 */
final class EngineHttp {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final URI address;
  private final String token;

  private EngineHttp(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  /**
   * @throws CommandFailed when nothing runs
   */
  static EngineHttp of(Instance instance) {
    String token = instance.configuration().asterisk().agiToken().reveal();
    int port = instance.configuration().http().port();
    if (token.isEmpty() || port == 0) {
      throw new CommandFailed(Messages.text("engine.not-running", instance.home()));
    }
    String bind = instance.configuration().http().bind();
    String host =
        switch (bind) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    return new EngineHttp(URI.create("http://" + host + ":" + port), token);
  }

  /** A text as one part of a path. */
  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws InterruptedException {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, Map<String, ?> body) throws InterruptedException {
    try {
      return send(
          request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))).build());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + token)
        .header("Accept-Language", Locale.getDefault().toLanguageTag());
  }

  private JsonNode send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      JsonNode body = JSON.readTree(answer.body());
      if (answer.statusCode() >= 300) {
        throw new CommandFailed(
            body.path("message").asText(Messages.text("engine.status", answer.statusCode())));
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new CommandFailed(Messages.text("engine.no-engine", address), e);
    } catch (IOException e) {
      throw new CommandFailed(Messages.text("engine.unreachable", address), e);
    }
  }
}
