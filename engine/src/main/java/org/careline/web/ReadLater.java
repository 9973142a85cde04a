package org.careline.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that MySQL knows, for those who must not wait for MySQL: the first question begins the
 * reading and gets nothing, later ones get the value. What could not be read is tried again after 5
 * s, when somebody asks. The newest values are kept. Thread-safe.
 */
final class ReadLater<K, V> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadLater.class);
  private static final int KEPT = 2000;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final ThreadPoolExecutor readers;
  private final Map<K, Kept<V>> values =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
          return size() > KEPT;
        }
      };
  private volatile Runnable listener = () -> {};

  /**
   * @param askedAt when the reading was begun
   */
  private record Kept<V>(Optional<V> value, Instant askedAt) {}

  ReadLater(String threads, InstantSource clock) {
    this.clock = clock;
    this.readers =
        new ThreadPoolExecutor(
            2,
            2,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(500),
            Thread.ofPlatform().name(threads + "-", 1).daemon().factory());
  }

  /** Told, on a reader's thread, when a value has come. */
  void whenRead(Runnable newListener) {
    listener = newListener;
  }

  Optional<V> get(K key, Supplier<V> read) {
    Instant now = clock.instant();
    synchronized (values) {
      Kept<V> kept = values.get(key);
      if (kept != null
          && (kept.value().isPresent() || now.isBefore(kept.askedAt().plus(TRY_AGAIN)))) {
        return kept.value();
      }
      values.put(key, new Kept<>(Optional.empty(), now));
    }
    try {
      readers.execute(() -> read(key, read));
    } catch (RejectedExecutionException full) {
      LOG.debug("too much to read, {} is tried later", key);
    }
    return Optional.empty();
  }

  private void read(K key, Supplier<V> read) {
    try {
      V value = read.get();
      synchronized (values) {
        values.put(key, new Kept<>(Optional.of(value), clock.instant()));
      }
      listener.run();
    } catch (RuntimeException e) {
      LOG.warn("not read: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
