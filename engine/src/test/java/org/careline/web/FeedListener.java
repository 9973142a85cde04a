package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A console's end of the feed. */
final class FeedListener implements WebSocket.Listener, AutoCloseable {
  final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>(10_000);
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private WebSocket socket;

  static FeedListener open(TestWeb web, String cookie) {
    return open(web.client, web.server.port(), cookie, null).join();
  }

  static CompletableFuture<FeedListener> open(
      HttpClient client, int port, String cookie, String origin) {
    FeedListener listener = new FeedListener();
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5));
    if (cookie != null) {
      builder.header("Cookie", "careline=" + cookie);
    }
    if (origin != null) {
      builder.header("Origin", origin);
    }
    return builder
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/feed"), listener)
        .thenApply(
            socket -> {
              listener.socket = socket;
              return listener;
            });
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      try {
        messages.add(Json.MAPPER.readTree(text.toString()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete(-1);
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  /** The next message of this type; others before it are skipped. Fails after 5 s. */
  JsonNode next(String type) {
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (System.nanoTime() < end) {
        JsonNode message = messages.poll(100, TimeUnit.MILLISECONDS);
        if (message != null && message.get("type").asText().equals(type)) {
          return message;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("no message of type " + type);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
