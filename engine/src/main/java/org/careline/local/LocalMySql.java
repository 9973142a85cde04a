package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A MySQL of our own on 127.0.0.1: data in {@code <home>/data}, one user with a password, root
 * locked. Thread-safe once started.
 */
public final class LocalMySql implements AutoCloseable {
  public static final String SCHEMA = "careline";
  public static final String USER = "careline";
  private static final Logger LOG = LoggerFactory.getLogger(LocalMySql.class);
  private static final Duration INITIALISE = Duration.ofSeconds(120);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final ChildProcess process;
  private final int port;
  private final String password;

  /**
   * @param bufferPoolMegabytes memory for pages
   * @param durable whether a commit survives a crash of the machine (it always survives one of
   *     MySQL)
   * @param allSchemas whether the user may create schemas beside {@value #SCHEMA}
   * @param timeZone the server's zone as an offset; sessions of ours set their own
   * @param more further arguments for mysqld
   */
  public record Options(
      int bufferPoolMegabytes,
      boolean durable,
      boolean allSchemas,
      String timeZone,
      List<String> more) {
    public static Options product() {
      return new Options(256, true, false, "+00:00", List.of());
    }

    public Options with(String... arguments) {
      List<String> all = new ArrayList<>(more);
      all.addAll(List.of(arguments));
      return new Options(bufferPoolMegabytes, durable, allSchemas, timeZone, all);
    }
  }

  private LocalMySql(ChildProcess process, int port, String password) {
    this.process = process;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts it and returns when it answers; makes its data on the first start. Blocks for about a
   * second, three on the first start on this machine.
   *
   * @param password letters and digits only
   * @throws CannotStart when the port is taken or mysqld ends
   */
  public static LocalMySql start(
      Packages packages, Path home, int port, String password, Options options) {
    if (!password.matches("[A-Za-z0-9]{16,64}")) {
      throw new IllegalArgumentException("the password must be 16 to 64 letters and digits");
    }
    Ports.requireFree("127.0.0.1", port, "MySQL");
    Path log = home.resolve("mysql.log");
    ChildProcess process;
    try {
      Files.createDirectories(home);
      initialise(packages, home, log);
      Path first = firstStatements(home, password, options);
      process =
          ChildProcess.start(
              "MySQL", serve(packages, home, port, first, options), home, Map.of(), log);
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", home, FileTrouble.of(e)), e);
    }
    LocalMySql mysql = new LocalMySql(process, port, password);
    try {
      mysql.awaitAnswer(log);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    return mysql;
  }

  public String url() {
    return url(port, SCHEMA);
  }

  public String url(String schema) {
    return url(port, schema);
  }

  /** The address of a schema of the MySQL that listens on {@code port} of this machine. */
  public static String url(int port, String schema) {
    return "jdbc:mysql://127.0.0.1:%d/%s?sslMode=DISABLED&allowPublicKeyRetrieval=true"
        .formatted(port, schema);
  }

  public String user() {
    return USER;
  }

  public String password() {
    return password;
  }

  public int port() {
    return port;
  }

  public ChildProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.stop(STOP);
  }

  private static void initialise(Packages packages, Path home, Path log) throws IOException {
    Path data = home.resolve("data");
    if (Files.isDirectory(data)) {
      return;
    }
    // Made under another name: an interrupted first start leaves nothing half made.
    Path unfinished = home.resolve("data.new");
    Folders.delete(unfinished);
    Path pristine = pristine(packages);
    if (Files.isDirectory(pristine)) {
      Folders.copy(pristine, unfinished);
    } else {
      make(packages, unfinished, home, log);
      keep(unfinished, pristine);
    }
    Files.move(unfinished, data);
  }

  private static void make(Packages packages, Path data, Path home, Path log) {
    List<String> arguments = common(packages, data);
    arguments.add("--initialize-insecure");
    arguments.add("--innodb-redo-log-capacity=16M");
    ChildProcess process =
        ChildProcess.start(
            "MySQL (first start)",
            packages.command("usr/sbin/mysqld", arguments),
            home,
            Map.of(),
            log);
    if (!process.awaitExit(INITIALISE)) {
      process.kill();
      throw new CannotStart(Sentence.of("start.mysql-data-late", INITIALISE.toSeconds(), log));
    }
    if (process.exitCode().orElse(1) != 0) {
      throw new CannotStart(Sentence.of("start.mysql-data", lastError(log)));
    }
  }

  /** Where empty data of this MySQL is kept: copying it takes a tenth of the time. */
  private static Path pristine(Packages packages) throws IOException {
    Path server = packages.root().resolve("usr/sbin/mysqld");
    return Packages.cache()
        .resolve(
            "mysql-%d-%d"
                .formatted(Files.size(server), Files.getLastModifiedTime(server).toMillis()));
  }

  /** Several may do so at once; the first one's stays. Without it the next one makes its own. */
  private static void keep(Path data, Path pristine) {
    try {
      Path copy = Files.createTempDirectory(pristine.getParent(), "mysql-new");
      try {
        Folders.copy(data, copy.resolve("data"));
        try (Stream<Path> files = Files.list(copy.resolve("data"))) {
          // Each server has a name and keys of its own; it makes them when they are missing.
          for (Path own : files.filter(LocalMySql::ofOneServer).toList()) {
            Files.delete(own);
          }
        }
        Files.move(copy.resolve("data"), pristine, StandardCopyOption.ATOMIC_MOVE);
        forgetFormer(pristine);
      } finally {
        Folders.delete(copy);
      }
    } catch (IOException e) {
      LOG.debug("empty data is not kept: {}", e.toString());
    }
  }

  /** Data of a MySQL that the packages do not have any more. */
  private static void forgetFormer(Path pristine) throws IOException {
    try (Stream<Path> kept = Files.list(pristine.getParent())) {
      for (Path former :
          kept.filter(path -> path.getFileName().toString().matches("mysql-\\d+-\\d+"))
              .filter(path -> !path.equals(pristine))
              .toList()) {
        Folders.delete(former);
      }
    }
  }

  private static boolean ofOneServer(Path file) {
    String name = file.getFileName().toString();
    return name.equals("auto.cnf") || name.endsWith(".pem");
  }

  private static List<String> common(Packages packages, Path data) {
    Path root = packages.root();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--basedir=" + root.resolve("usr"),
                "--lc-messages-dir=" + root.resolve("usr/share/mysql"),
                "--character-sets-dir=" + root.resolve("usr/share/mysql/charsets"),
                "--plugin-dir=" + root.resolve("usr/lib/mysql/plugin"),
                "--secure-file-priv=",
                "--datadir=" + data));
    if (System.getProperty("user.name").equals("root")) {
      arguments.add("--user=root");
    }
    return arguments;
  }

  private static List<String> serve(
      Packages packages, Path home, int port, Path first, Options options) {
    List<String> arguments = common(packages, home.resolve("data"));
    arguments.addAll(
        List.of(
            "--port=" + port,
            "--bind-address=127.0.0.1",
            // Relative to the data: the path of a socket is limited to 107 characters.
            "--socket=mysql.sock",
            "--pid-file=mysql.pid",
            "--mysqlx=OFF",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--performance-schema=OFF",
            "--max-connections=300",
            "--character-set-server=utf8mb4",
            "--default-time-zone=" + options.timeZone(),
            "--innodb-buffer-pool-size=" + options.bufferPoolMegabytes() + "M",
            "--innodb-flush-log-at-trx-commit=" + (options.durable() ? 1 : 2),
            "--init-file=" + first));
    arguments.addAll(options.more());
    return packages.command("usr/sbin/mysqld", arguments);
  }

  private static Path firstStatements(Path home, String password, Options options)
      throws IOException {
    Path file = home.resolve("first.sql");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        """
        CREATE DATABASE IF NOT EXISTS %1$s;
        CREATE USER IF NOT EXISTS '%2$s'@'127.0.0.1' IDENTIFIED BY '%3$s';
        ALTER USER '%2$s'@'127.0.0.1' IDENTIFIED BY '%3$s';
        GRANT %4$s TO '%2$s'@'127.0.0.1';
        ALTER USER 'root'@'localhost' ACCOUNT LOCK;
        """
            .formatted(
                SCHEMA,
                USER,
                password,
                options.allSchemas() ? "ALL ON *.*" : "ALL ON " + SCHEMA + ".*"));
    return file;
  }

  private void awaitAnswer(Path log) {
    long deadline = System.nanoTime() + START.toNanos();
    SQLException last = null;
    while (System.nanoTime() < deadline) {
      if (process.awaitExit(Duration.ofMillis(50))) {
        throw new CannotStart(Sentence.of("start.ended", "MySQL", lastError(log)));
      }
      try (Connection connection = DriverManager.getConnection(url(), USER, password)) {
        if (connection.isValid(2)) {
          return;
        }
      } catch (SQLException e) {
        last = e;
      }
    }
    throw new CannotStart(Sentence.of("start.late", "MySQL", START.toSeconds(), log), last);
  }

  private static Sentence lastError(Path log) {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> line.contains("[ERROR]") && !line.endsWith("Aborting"))
          .reduce((first, second) -> second)
          .map(line -> line.replaceFirst("^.*\\[ERROR\\]( \\[[^]]*\\])*", "").strip())
          .map(Sentence::plain)
          .orElse(Sentence.of("start.see", log));
    } catch (IOException e) {
      return Sentence.of("start.see", log);
    }
  }
}
