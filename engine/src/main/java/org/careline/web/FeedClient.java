package org.careline.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * One browser at the other end of the feed. A newer state of a part takes the place of an older one
 * that is not yet on the wire, so what waits for a slow browser never grows beyond one message for
 * each part. Sending is asynchronous. Thread-safe, guarded by this.
 */
final class FeedClient {
  private static final int MOST_MESSAGES_PER_SECOND = 30;

  private final Session socket;
  private final String idHash;
  private final InstantSource clock;
  private final Map<String, Shown> pending = new LinkedHashMap<>();
  private final Map<String, Shown> sent = new HashMap<>();
  private Instant sendingSince;
  private long second;
  private int heardInSecond;

  /** Confined to the feed's thread. */
  private boolean greeted;

  FeedClient(Session socket, String idHash, InstantSource clock) {
    this.socket = socket;
    this.idHash = idHash;
    this.clock = clock;
  }

  String idHash() {
    return idHash;
  }

  boolean greeted() {
    return greeted;
  }

  void greet() {
    greeted = true;
  }

  /** Notes what the browser knows already, without sending it. */
  synchronized void known(String part, Shown shown) {
    sent.put(part, shown);
  }

  /** Sends what the browser does not know of this when its turn comes. */
  synchronized void offer(String part, Shown shown, Instant now) {
    pending.put(part, shown);
    if (sendingSince == null) {
      next(now);
    }
  }

  /** Under the lock. The callback may come on this very thread: it only clears and goes on. */
  private void next(Instant now) {
    String message = message();
    if (message.isEmpty() || !socket.isOpen()) {
      sendingSince = null;
      return;
    }
    sendingSince = now;
    socket.sendText(
        message,
        new Callback() {
          @Override
          public void succeed() {
            synchronized (FeedClient.this) {
              next(clock.instant());
            }
          }

          @Override
          public void fail(Throwable cause) {
            socket.disconnect();
          }
        });
  }

  /** Of the first part of which the browser does not know all; empty = it knows everything. */
  private String message() {
    Iterator<Map.Entry<String, Shown>> parts = pending.entrySet().iterator();
    while (parts.hasNext()) {
      Map.Entry<String, Shown> part = parts.next();
      String name = part.getKey();
      Shown shown = part.getValue();
      parts.remove();
      String message = shown.since(sent.put(name, shown));
      if (!message.isEmpty()) {
        return message;
      }
    }
    return "";
  }

  /** Has one message been under way for longer than this? */
  synchronized boolean stuck(Instant now, Duration longest) {
    return sendingSince != null && Duration.between(sendingSince, now).compareTo(longest) > 0;
  }

  /** Counts a message from the browser; false = too many. */
  synchronized boolean heard(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      heardInSecond = 0;
    }
    return ++heardInSecond <= MOST_MESSAGES_PER_SECOND;
  }

  void close(int code, String reason) {
    socket.close(code, reason, Callback.NOOP);
  }

  void drop() {
    socket.disconnect();
  }
}
