package org.careline.call;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings of calls. The switch writes one raw file per call while it lives ({@code <id>.raw},
 * two channels side by side, or {@code <id>.voicemail.sln}, one channel); when the call is over it
 * becomes {@code yyyy/mm/dd/<id>.wav} (UTC day on which the call came into being): left who was
 * outside, right the agent. The place follows from the id alone. Thread-safe; works on the thread
 * {@code recordings}.
 */
public final class Recordings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
  // Asterisk's Uniqueid: [systemname-]epoch.number
  private static final Pattern UNIQUE_ID = Pattern.compile("(?:.*-)?([0-9]{9,11})\\.[0-9]+");
  private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
  private static final Pattern RAW =
      Pattern.compile("[A-Za-z0-9._-]{1,64}?(\\.voicemail\\.sln|\\.raw)");
  private static final String MESSAGE = ".voicemail.sln";
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** The switch closes the file shortly after the channel's end. */
  private static final Duration SETTLED = Duration.ofMillis(700);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final int MOST_WAITING = 20_000;

  private final Path folder;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor worker;

  /**
   * @param folder where the switch writes; the finished files lie below it
   */
  public Recordings(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    this.worker =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("recordings").daemon(true).factory());
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    worker.setRemoveOnCancelPolicy(true);
  }

  /** Where the recording of a call lies, below the folder; empty for ids that carry no time. */
  public static Optional<String> pathOf(CallId id) {
    return born(id).map(at -> DAY.format(at) + "/" + id + ".wav");
  }

  /** The finished recording, when there is one. Looks at the disk. */
  public Optional<Path> find(CallId id) {
    return pathOf(id).map(folder::resolve).filter(Files::isRegularFile);
  }

  /** Whether the caller has left a message with something to be heard. Reads a short file. */
  public boolean messageLeft(CallId id) {
    try {
      return Message.heardIn(folder.resolve(id + MESSAGE));
    } catch (IOException e) {
      LOG.warn("the message of {} cannot be read: {}", id, e.toString());
      return true;
    }
  }

  /**
   * The call is over: makes its recording within some seconds. A call in which nobody talked has
   * none, and its empty or silent file goes.
   */
  public void finish(CallId id) {
    if (worker.getQueue().size() > MOST_WAITING) {
      LOG.error("too many recordings wait, left for the next start: {}", id);
      return;
    }
    later(id, clock.instant().plusSeconds(60));
  }

  /**
   * Finishes what an earlier life of the engine left behind, except the calls that live.
   *
   * @param living asked on this component's thread
   */
  public void finishLeftovers(Predicate<CallId> living) {
    try {
      worker.execute(() -> leftovers(living));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed");
    }
  }

  private void leftovers(Predicate<CallId> living) {
    try {
      Files.walkFileTree(
          folder,
          java.util.Set.of(),
          1,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = file.getFileName().toString();
              if (attributes.isRegularFile()
                  && RAW.matcher(name).matches()
                  && attributes.lastModifiedTime().toInstant().isBefore(recently())) {
                CallId id = new CallId(name.replaceFirst("(\\.voicemail\\.sln|\\.raw)$", ""));
                if (!living.test(id)) {
                  finish(id);
                }
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.warn("the folder of recordings cannot be read: {}", e.getMessage());
    }
  }

  private Instant recently() {
    return clock.instant().minusSeconds(5);
  }

  private void later(CallId id, Instant deadline) {
    try {
      worker.schedule(() -> attempt(id, deadline), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed, {} is left for the next start", id);
    }
  }

  private void attempt(CallId id, Instant deadline) {
    Path talk = folder.resolve(id + ".raw");
    boolean talked = Files.isRegularFile(talk);
    Path raw = talked ? talk : folder.resolve(id + MESSAGE);
    try {
      if (!Files.isRegularFile(raw)) {
        return;
      }
      FileTime changed = Files.getLastModifiedTime(raw);
      boolean settled =
          Duration.between(changed.toInstant(), clock.instant()).compareTo(SETTLED) > 0;
      if (!settled && clock.instant().isBefore(deadline)) {
        later(id, deadline);
        return;
      }
      Optional<String> path = pathOf(id);
      if (Files.size(raw) == 0 || path.isEmpty() || !talked && !Message.heardIn(raw)) {
        Files.delete(raw);
        return;
      }
      if (talked) {
        StereoWav.write(raw, folder.resolve(path.get()));
      } else {
        StereoWav.writeMessage(raw, folder.resolve(path.get()));
      }
      Files.delete(raw);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the recording of {} cannot be finished: {}", id, e.toString());
    }
  }

  /** When the call came into being, as its id says. */
  private static Optional<Instant> born(CallId id) {
    Matcher unique = UNIQUE_ID.matcher(id.value());
    if (unique.matches()) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(unique.group(1))));
    }
    if (ULID.matcher(id.value()).matches()) {
      long millis = 0;
      for (char digit : id.value().substring(0, 10).toCharArray()) {
        millis = millis * 32 + CROCKFORD.indexOf(digit);
      }
      return Optional.of(Instant.ofEpochMilli(millis));
    }
    return Optional.empty();
  }

  /** What has not been finished is found at the next start. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      worker.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
