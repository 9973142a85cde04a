package org.careline.customer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.careline.database.DatabaseUnusable;
import org.careline.language.Sentence;
import org.careline.thread.Beat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the reference data of the call path in memory: loaded from MySQL, again whenever the
 * revision has risen, and each time written to a local file, so that a start without MySQL serves
 * calls by the file. Only a first start ever needs MySQL. Thread-safe; reading never waits.
 */
public final class ReferenceSnapshot implements NumberOwner.Book, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceSnapshot.class);

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final DataSource source;
  private final Path file;
  private final Duration pollEvery;
  private final List<Consumer<ReferenceData>> listeners = new CopyOnWriteArrayList<>();
  private final Beat looks;
  private final InstantSource clock = InstantSource.system();
  private volatile ReferenceData current;
  private volatile boolean fromFile;
  private volatile String trouble;

  public ReferenceSnapshot(DataSource source, Path file) {
    this(source, file, Duration.ofSeconds(1));
  }

  public ReferenceSnapshot(DataSource source, Path file, Duration pollEvery) {
    this.source = source;
    this.file = file;
    this.pollEvery = pollEvery;
    this.looks = Beat.paced("reference", pollEvery, this::look);
  }

  /**
   * Loads once and begins to watch the revision. Blocks until loaded.
   *
   * @throws DatabaseUnusable when neither MySQL nor the file can give the data
   */
  public void start() {
    try {
      load();
    } catch (SQLException | RuntimeException e) {
      trouble = String.valueOf(e.getMessage());
      current = fromFile(e);
      fromFile = true;
      LOG.warn(
          "MySQL is away ({}): serving by the data of revision {} kept in {}",
          e.getMessage(),
          current.revision(),
          file);
    }
    looks.start();
  }

  private ReferenceData fromFile(Exception cause) {
    if (!Files.exists(file)) {
      throw new DatabaseUnusable(
          Sentence.of("start.first-start", DatabaseUnusable.trouble(cause)), cause);
    }
    try {
      return ReferenceFile.read(file);
    } catch (IOException e) {
      e.addSuppressed(cause);
      throw new DatabaseUnusable(
          Sentence.of("start.no-kept-data", DatabaseUnusable.trouble(cause), DamagedFile.reason(e)),
          e);
    }
  }

  /** The data of this moment; keep the object for one decision, not longer. */
  public ReferenceData current() {
    return current;
  }

  @Override
  public Optional<NumberOwner.Entry> find(String e164) {
    return current.find(e164);
  }

  @Override
  public List<NumberOwner> code(String typed) {
    return current.code(typed);
  }

  @Override
  public boolean blocked(String e164) {
    return current.blocked(e164, clock.instant());
  }

  @Override
  public Set<String> ownNumbers() {
    return current.ownNumbers();
  }

  /**
   * Takes up bound and blocked numbers now instead of at the next look, for who has just written
   * them. Blocks on MySQL.
   */
  public void refreshCallers() throws SQLException {
    CallerData newer = ReferenceLoader.loadCallers(source);
    synchronized (this) {
      if (newer.revision() < current.callers().revision()) {
        return;
      }
      current = current.with(newer);
    }
    keep();
  }

  /** Called after each change with the new data, on this component's thread. */
  public void onChange(Consumer<ReferenceData> listener) {
    listeners.add(listener);
  }

  /** True while the data come from the file, because MySQL has not answered since the start. */
  public boolean servingFromFile() {
    return fromFile;
  }

  /** Why the revision could not be asked for last time; empty = all well. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private Duration look() {
    long began = System.nanoTime();
    try {
      long[] now = revisions();
      if (fromFile || now[0] != current.revision()) {
        load();
        LOG.info("reference data of revision {} loaded", current.revision());
        tell();
      } else if (now[1] != current.routing().revision()) {
        RoutingData newer = ReferenceLoader.loadRouting(source);
        synchronized (this) {
          current = current.with(newer);
        }
        LOG.info("policies of revision {} loaded", current.routing().revision());
        tell();
        keep();
      }
      if (now[2] != current.callers().revision()) {
        refreshCallers();
      }
      trouble = null;
    } catch (SQLException | RuntimeException e) {
      if (trouble == null) {
        LOG.warn("reference data cannot be refreshed: {}", e.getMessage());
      }
      trouble = String.valueOf(e.getMessage());
    }
    // a big load must not keep MySQL busy all the time
    long pause = Math.max(pollEvery.toNanos(), 4 * (System.nanoTime() - began));
    return Duration.ofNanos(Math.min(pause, LONGEST.toNanos()));
  }

  private void tell() {
    for (Consumer<ReferenceData> listener : listeners) {
      listener.accept(current);
    }
  }

  private long[] revisions() throws SQLException {
    try (Connection connection = source.getConnection()) {
      return new long[] {
        ReferenceLoader.revision(connection),
        RoutingLoader.revision(connection),
        CallerData.revision(connection)
      };
    }
  }

  private void load() throws SQLException {
    ReferenceData loaded = ReferenceLoader.load(source);
    synchronized (this) {
      current = loaded;
    }
    fromFile = false;
    keep();
  }

  private synchronized void keep() {
    try {
      ReferenceFile.write(file, current);
    } catch (IOException e) {
      LOG.error("reference data cannot be kept in {}: {}", file, e.getMessage());
    }
  }

  /** At most 5 s. */
  @Override
  public void close() {
    looks.close();
  }
}
