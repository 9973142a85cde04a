package org.careline.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.careline.config.Configuration;
import org.careline.database.Database;
import org.careline.database.DatabaseUnusable;
import org.careline.language.Sentence;
import org.careline.local.CannotStart;
import org.careline.local.InstanceLock;
import org.careline.local.LocalMySql;
import org.careline.local.Packages;
import org.careline.local.Secrets;

/**
 * The database for commands that work on data, whether an instance runs or not: the one the
 * configuration names, else that of the running instance, else a MySQL started for this command and
 * stopped after it.
 *
 * <pre>
 * try (Running running = Running.open()) {
 *   running.database().jdbi()...
 * }
 * </pre>
 */
public final class Running implements AutoCloseable {
  private static final Duration BECOMES_READY = Duration.ofSeconds(90);

  private final Configuration configuration;
  private final Database database;
  private final Runnable afterwards;

  private Running(Configuration configuration, Database database, Runnable afterwards) {
    this.configuration = configuration;
    this.database = database;
    this.afterwards = afterwards;
  }

  /** The database of the instance the environment names, with all migrations. */
  public static Running open() {
    return open(Instance.load());
  }

  /** As above, for the instance in that home. */
  public static Running open(Path home) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARELINE_HOME", home.toString());
    return open(Instance.load(environment));
  }

  /**
   * @throws CannotStart when there is no database to be had, with the reason
   */
  public static Running open(Instance instance) {
    Instance current = instance;
    long deadline = System.nanoTime() + BECOMES_READY.toNanos();
    while (current.configuration().database().local()) {
      Optional<InstanceLock> free = InstanceLock.take(current.home());
      if (free.isPresent()) {
        return own(current, free.get());
      }
      // Somebody is just starting: his addresses appear in a moment.
      if (System.nanoTime() > deadline) {
        throw new CannotStart(Sentence.of("start.not-ready", current.home()));
      }
      pause();
      current = current.reload();
    }
    return at(
        current.configuration(),
        current.configuration().database().url(),
        current.configuration().database().user(),
        current.configuration().database().password().reveal(),
        () -> {});
  }

  public Database database() {
    return database;
  }

  public Configuration configuration() {
    return configuration;
  }

  @Override
  public void close() {
    try {
      database.close();
    } finally {
      afterwards.run();
    }
  }

  private static Running own(Instance instance, InstanceLock lock) {
    try {
      LocalMySql mysql =
          LocalMySql.start(
              Packages.ensure(System.err::println),
              instance.home().resolve("mysql"),
              instance.ports().mysql(),
              Secrets.of(instance.home()).mysql(),
              LocalMySql.Options.product());
      return at(
          instance.configuration(),
          mysql.url(),
          mysql.user(),
          mysql.password(),
          () -> {
            mysql.close();
            lock.close();
          });
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Running at(
      Configuration configuration, String url, String user, String password, Runnable afterwards) {
    Database database = new Database(url, user, password, configuration.database().connections());
    try {
      database.migrate();
      return new Running(configuration, database, afterwards);
    } catch (RuntimeException e) {
      database.close();
      afterwards.run();
      throw new CannotStart(
          Sentence.of(
              "start.database", Configuration.Database.printable(url), DatabaseUnusable.trouble(e)),
          e);
    }
  }

  private static void pause() {
    try {
      new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart(Sentence.of("start.interrupted", "MySQL"), e);
    }
  }
}
