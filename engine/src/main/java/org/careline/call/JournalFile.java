package org.careline.call;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The journal's SQLite file: write-ahead log, fsync at each commit. Torn pages are found by
 * SQLite's checksums, so that a file after a crash holds exactly the committed transactions.
 * Writing is confined to the journal's thread; reading (second connection) is synchronised on this
 * object.
 */
final class JournalFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

  /** Entries per transaction; more would make the first one wait too long. */
  static final int BATCH = 1000;

  private static final List<String> SUFFIXES = List.of("", "-wal", "-shm");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int WAITING = 0;
  private static final int DELIVERED = 1;
  private static final int SET_ASIDE = 2;
  private static final int PAGE = 4096;

  @FunctionalInterface
  interface Work {
    void run(JournalFile file) throws SQLException;
  }

  private final FileChannel lockFile;
  private final Connection write;
  private final Connection read;
  private PreparedStatement insert; // of the present transaction

  private JournalFile(FileChannel lockFile, Connection write, Connection read) throws SQLException {
    this.lockFile = lockFile;
    this.write = write;
    this.read = read;
  }

  static JournalFile open(Path path, InstantSource clock, long maxBytes) {
    FileChannel lockFile = lock(path);
    try {
      makePrivate(path);
      try {
        return connect(lockFile, path, maxBytes);
      } catch (SQLException e) {
        Path aside =
            path.resolveSibling(path.getFileName() + ".damaged-" + clock.instant().toEpochMilli());
        LOG.error(
            "journal {} cannot be read ({}); kept as {}, a new one begins",
            path,
            e.getMessage(),
            aside);
        for (String suffix : SUFFIXES) {
          Path part = path.resolveSibling(path.getFileName() + suffix);
          if (Files.exists(part)) {
            Files.move(part, aside.resolveSibling(aside.getFileName() + suffix));
          }
        }
        makePrivate(path);
        return connect(lockFile, path, maxBytes);
      }
    } catch (SQLException | IOException e) {
      closeQuietly(lockFile);
      throw new IllegalStateException("cannot open the journal " + path + ": " + e.getMessage(), e);
    }
  }

  /** It holds callers' numbers. SQLite gives new files beside it the rights of the first one. */
  private static void makePrivate(Path path) throws IOException {
    if (Files.notExists(path)) {
      Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    for (String suffix : SUFFIXES) {
      Path part = path.resolveSibling(path.getFileName() + suffix);
      if (Files.exists(part)) {
        Files.setPosixFilePermissions(part, OWNER_ONLY);
      }
    }
  }

  private static FileChannel lock(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              path.resolveSibling(path.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock held = null;
      try {
        held = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        // held by this process: the same answer as when another one holds it
      }
      if (held == null) {
        channel.close();
        throw new IllegalStateException("another engine uses the journal " + path);
      }
      return channel;
    } catch (IOException e) {
      throw new IllegalStateException("cannot open the journal " + path + ": " + e.getMessage(), e);
    }
  }

  private static JournalFile connect(FileChannel lockFile, Path path, long maxBytes)
      throws SQLException {
    Connection write = null;
    Connection read = null;
    try {
      write = connection(path);
      try (Statement statement = write.createStatement()) {
        statement.execute("PRAGMA max_page_count = " + Math.max(16, maxBytes / PAGE));
        try (ResultSet check = statement.executeQuery("PRAGMA quick_check(1)")) {
          if (!check.next() || !"ok".equals(check.getString(1))) {
            throw new SQLException("damaged");
          }
        }
        statement.execute(
            "CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
                + " at INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,"
                + " state INTEGER NOT NULL DEFAULT 0, reason TEXT)");
        statement.execute("CREATE INDEX IF NOT EXISTS waiting ON entry (seq) WHERE state = 0");
        statement.execute("CREATE INDEX IF NOT EXISTS aside ON entry (seq) WHERE state = 2");
        statement.execute("CREATE INDEX IF NOT EXISTS by_key ON entry (key, kind)");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
        statement.execute(
            "INSERT OR IGNORE INTO meta (key, value) VALUES ('instance', '"
                + UUID.randomUUID()
                + "')");
      }
      read = connection(path);
      return new JournalFile(lockFile, write, read);
    } catch (SQLException e) {
      closeQuietly(read);
      closeQuietly(write);
      throw e;
    }
  }

  private static Connection connection(Path path) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setPageSize(PAGE);
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
  }

  /** Runs and commits with fsync, or changes nothing. Journal's thread only. */
  void inTransaction(Work work) throws SQLException {
    execute("BEGIN IMMEDIATE");
    try {
      work.run(this);
      execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      try {
        execute("ROLLBACK");
      } catch (SQLException alreadyRolledBack) {
        // SQLite does it by itself when the disk is full
        e.addSuppressed(alreadyRolledBack);
      }
      throw e;
    } finally {
      // one that has failed cannot be used again
      closeQuietly(insert);
      insert = null;
    }
  }

  /** The driver's own transactions do not survive a rollback that SQLite did by itself. */
  private void execute(String sql) throws SQLException {
    try (Statement statement = write.createStatement()) {
      statement.execute(sql);
    }
  }

  void insert(Journal.Entry entry) throws SQLException {
    if (insert == null) {
      insert =
          write.prepareStatement(
              "INSERT INTO entry (seq, epoch, at, kind, key, json) VALUES (?, ?, ?, ?, ?, ?)");
    }
    insert.setLong(1, entry.seq());
    insert.setLong(2, entry.epoch());
    insert.setLong(3, entry.at().toEpochMilli());
    insert.setString(4, entry.kind());
    insert.setString(5, entry.key());
    insert.setString(6, entry.json());
    insert.executeUpdate();
  }

  void setMeta(String key, String value) throws SQLException {
    try (PreparedStatement statement =
        write.prepareStatement("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")) {
      statement.setString(1, key);
      statement.setString(2, value);
      statement.executeUpdate();
    }
  }

  /** Numbers in rising order mostly follow each other: marked by ranges. */
  void delivered(List<Long> seqs) throws SQLException {
    try (PreparedStatement statement =
        write.prepareStatement(
            "UPDATE entry SET state = " + DELIVERED + " WHERE seq BETWEEN ? AND ?")) {
      int from = 0;
      while (from < seqs.size()) {
        int to = from;
        while (to + 1 < seqs.size() && seqs.get(to + 1) == seqs.get(to) + 1) {
          to++;
        }
        statement.setLong(1, seqs.get(from));
        statement.setLong(2, seqs.get(to));
        statement.executeUpdate();
        from = to + 1;
      }
    }
  }

  void setAside(long seq, String reason) throws SQLException {
    try (PreparedStatement statement =
        write.prepareStatement(
            "UPDATE entry SET state = " + SET_ASIDE + ", reason = ? WHERE seq = ?")) {
      statement.setString(1, reason);
      statement.setLong(2, seq);
      statement.executeUpdate();
    }
  }

  void retrySetAside() throws SQLException {
    try (Statement statement = write.createStatement()) {
      statement.executeUpdate(
          "UPDATE entry SET state = " + WAITING + " WHERE state = " + SET_ASIDE);
    }
  }

  /**
   * An ended call is not needed for a restart; an agent's last wish is, however old. The highest
   * number is remembered, so that numbers are never given twice.
   */
  void prune(Instant before) throws SQLException {
    try (Statement statement = write.createStatement()) {
      statement.executeUpdate(
          "INSERT OR REPLACE INTO meta (key, value)"
              + " SELECT 'seq', coalesce(max(seq), (SELECT value FROM meta WHERE key = 'seq'), 0)"
              + " FROM entry");
      statement.executeUpdate(
          "DELETE FROM entry WHERE state = 1 AND kind <> 'outcome' AND EXISTS (SELECT 1 FROM entry"
              + " o WHERE o.key = entry.key AND o.kind = 'outcome' AND o.state = 1)");
      statement.executeUpdate(
          "DELETE FROM entry WHERE state = 1 AND at < "
              + before.toEpochMilli()
              + " AND NOT (kind = 'agent' AND seq = (SELECT max(a.seq) FROM entry a WHERE a.key ="
              + " entry.key AND a.kind = 'agent'))");
    }
  }

  String instance() {
    return meta("instance").orElseThrow();
  }

  synchronized Optional<String> meta(String key) {
    try (PreparedStatement statement =
        read.prepareStatement("SELECT value FROM meta WHERE key = ?")) {
      statement.setString(1, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  long lastSeq() {
    return Math.max(
        number("SELECT max(seq) FROM entry").orElse(0),
        meta("seq").map(Long::parseLong).orElse(0L));
  }

  OptionalLong oldestUndelivered() {
    return number("SELECT at FROM entry WHERE state = 0 ORDER BY seq LIMIT 1");
  }

  long undeliveredCount() {
    return number("SELECT count(*) FROM entry WHERE state = 0").orElse(0);
  }

  long setAsideCount() {
    return number("SELECT count(*) FROM entry WHERE state = 2").orElse(0);
  }

  synchronized List<Journal.Entry> undelivered(long fromSeq, int max) {
    List<Journal.Entry> found = new ArrayList<>();
    each("WHERE state = 0 AND seq >= " + fromSeq + " ORDER BY seq LIMIT " + max, found::add);
    return found;
  }

  /** In pages, so that no snapshot is held open and the log can be checkpointed meanwhile. */
  void replay(long fromSeq, Consumer<Journal.Entry> reader) {
    long from = fromSeq;
    while (true) {
      List<Journal.Entry> page = new ArrayList<>();
      synchronized (this) {
        each("WHERE seq >= " + from + " ORDER BY seq LIMIT 5000", page::add);
      }
      page.forEach(reader);
      if (page.isEmpty()) {
        return;
      }
      from = page.getLast().seq() + 1;
    }
  }

  private void each(String condition, Consumer<Journal.Entry> reader) {
    try (Statement statement = read.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT seq, epoch, at, kind, key, json FROM entry " + condition)) {
      while (row.next()) {
        reader.accept(
            new Journal.Entry(
                row.getLong(1),
                row.getLong(2),
                Instant.ofEpochMilli(row.getLong(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6)));
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private synchronized OptionalLong number(String sql) {
    try (Statement statement = read.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        return OptionalLong.empty();
      }
      long value = row.getLong(1);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static JournalException unreadable(SQLException e) {
    return new JournalException("the journal cannot be read: " + e.getMessage(), e);
  }

  @Override
  public synchronized void close() {
    closeQuietly(read);
    closeQuietly(write);
    closeQuietly(lockFile);
  }

  private static void closeQuietly(AutoCloseable part) {
    if (part == null) {
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("closing the journal: {}", e.getMessage());
    }
  }
}
