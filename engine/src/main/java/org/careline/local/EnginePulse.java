package org.careline.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Feels whether the engine still decides: its answer about its health comes from the thread on
 * which all decisions are made. Whether it is well does not matter here: one that watches, or waits
 * for the switch, answers as well. Thread-safe.
 */
final class EnginePulse implements Part.Pulse {
  /** Pause between two questions. */
  static final Duration EVERY = Duration.ofSeconds(3);

  /**
   * An engine silent for this long is ended and started again. Callers have been with the fallback
   * queue since the fourth second of it; a pause of the machine's memory or disk is over by then.
   */
  static final Duration SILENCE = Duration.ofSeconds(30);

  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final HttpClient http =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER)
          .build();
  private final HttpRequest question;

  /**
   * @param address of the engine's HTTP server, for example http://127.0.0.1:18000
   */
  EnginePulse(URI address) {
    this.question =
        HttpRequest.newBuilder(address.resolve("/api/v1/health")).timeout(ANSWER).GET().build();
  }

  @Override
  public boolean beats() throws InterruptedException {
    try {
      // An error's body has no status: the server lives, the decisions do not.
      return http.send(question, HttpResponse.BodyHandlers.ofString())
          .body()
          .contains("\"status\"");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public Duration silence() {
    return SILENCE;
  }
}
