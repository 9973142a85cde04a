package org.careline.customer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.database.Database;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings customers' data of a CSV or XLSX file into the database. Good rows go in, bad rows come
 * back with a reason; a file that is wrong as a whole is refused before anything is changed.
 * Importing a file again changes nothing. Rows go in by batches, each a transaction: after a
 * failure the same file is imported again and the rest follows. One import runs at a time.
 * Thread-safe.
 */
public final class DataImport {
  private static final Logger log = LoggerFactory.getLogger(DataImport.class);
  private static final int BATCH = 500;
  private static final String LOCK = "careline.import";

  private final Database database;
  private final InstantSource clock;
  private final long maxBytes;

  /**
   * @param maxBytes larger files are refused
   */
  public DataImport(Database database, long maxBytes) {
    this(database, maxBytes, InstantSource.system());
  }

  public DataImport(Database database, long maxBytes, InstantSource clock) {
    this.clock = clock;
    this.database = database;
    this.maxBytes = maxBytes;
  }

  /** Told how far an import is, from its thread. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param done rows, of {@code all}
     */
    void at(long done, long all);
  }

  /**
   * What is to be done.
   *
   * @param fileName for the log, kept with numbers and changes
   * @param dryRun tells what would happen and changes nothing
   * @param fullList the file has all sites of its customers: those it lacks are to be confirmed
   * @param customer whose file it is, as a code; empty = each row says it
   * @param heads what stands in the head of his file -> our column; what was saved for him applies
   *     where this says nothing
   * @param language of the reasons in the rejects
   * @param by login of who does it
   */
  public record Order(
      FileKind kind,
      String fileName,
      boolean dryRun,
      boolean fullList,
      Optional<String> customer,
      Map<String, String> heads,
      Locale language,
      String by,
      Progress progress) {
    public Order {
      heads = Map.copyOf(heads);
    }

    public static Order of(FileKind kind, String fileName, boolean dryRun, Locale language) {
      return new Order(
          kind, fileName, dryRun, false, Optional.empty(), Map.of(), language, "", (a, b) -> {});
    }
  }

  /**
   * Imports a file. Blocks.
   *
   * @param rejects takes the rejected rows as CSV; nothing is written when there are none
   * @throws ImportRefused when the file as a whole is no good; nothing was changed
   * @throws SQLException when the database fails; what went in before stays
   */
  public ImportResult run(Order order, InputStream in, OutputStream rejects)
      throws IOException, SQLException {
    String shown = order.fileName().replaceAll("\\p{Cntrl}", "?");
    if (order.fullList() && order.kind() != FileKind.SITES) {
      throw new ImportRefused(Sentence.of("import.full-list"));
    }
    try (TableFile file = TableFile.take(in, maxBytes);
        Connection connection = database.dataSource().getConnection();
        Locked ignored = new Locked(connection)) {
      Map<String, String> heads = heads(order);
      long all = checkStructure(file, order, heads);
      ImportResult result =
          new Run(
                  connection,
                  order,
                  heads,
                  all,
                  shortened(shown),
                  rejects,
                  DoNotCall.day(clock.instant()))
              .all(file);
      log.info(
          "imported {} from {}{}: {} added, {} changed, {} unchanged, {} rejected, {} to confirm",
          order.kind().key(),
          shown,
          order.dryRun() ? " (dry run)" : "",
          result.added(),
          result.changed(),
          result.unchanged(),
          result.rejected(),
          result.toConfirm());
      return result;
    } catch (ImportRefused refused) {
      log.info("refused to import {} from {}: {}", order.kind().key(), shown, refused.getMessage());
      throw refused;
    }
  }

  private Map<String, String> heads(Order order) {
    Map<String, String> heads = new HashMap<>();
    order
        .customer()
        .ifPresent(
            code ->
                heads.putAll(new ColumnMappings(database.jdbi()).find(code, order.kind().key())));
    heads.putAll(order.heads());
    heads
        .values()
        .forEach(
            column -> {
              if (!order.kind().columnKeys().contains(column)) {
                throw new ImportRefused(
                    Sentence.of(
                        "import.mapping", column, String.join(",", order.kind().columnKeys())));
              }
            });
    return heads;
  }

  /** The file's name as it is kept: without folders, at most 128 characters. */
  private static String shortened(String path) {
    String name = path.replaceFirst("^.*[/\\\\]", "");
    int length = name.codePointCount(0, name.length());
    return name.substring(0, name.offsetByCodePoints(0, Math.min(length, 128)));
  }

  /**
   * Reads all of it once, so that nothing has gone in when the last line turns out broken. Gives
   * the number of rows.
   */
  private static long checkStructure(TableFile file, Order order, Map<String, String> heads)
      throws IOException {
    try (TableFile.Rows rows = file.open()) {
      if (!rows.hasNext()) {
        throw new ImportRefused(Sentence.of("import.empty"));
      }
      FileRows.places(order.kind(), rows.next().cells(), heads, order.customer());
      long count = 0;
      while (rows.hasNext()) {
        rows.next();
        count++;
      }
      return count;
    }
  }

  /** Keeps a second import out, and ends what is left of a transaction. */
  private static final class Locked implements AutoCloseable {
    private final Connection connection;

    Locked(Connection connection) throws SQLException {
      this.connection = connection;
      connection.setAutoCommit(false);
      try (PreparedStatement lock = connection.prepareStatement("SELECT GET_LOCK(?, 5)")) {
        lock.setString(1, LOCK);
        try (ResultSet result = lock.executeQuery()) {
          if (!result.next() || result.getInt(1) != 1) {
            throw new ImportRefused(Sentence.of("import.running"));
          }
        }
      }
    }

    @Override
    public void close() throws SQLException {
      connection.rollback();
      try (PreparedStatement release = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
        release.setString(1, LOCK);
        release.executeQuery().close();
      }
      connection.setAutoCommit(true);
    }
  }

  /**
   * Imports a file of sites for whoever asks.
   *
   * @see #run(Order, InputStream, OutputStream)
   */
  public ImportResult sites(
      InputStream in, String fileName, boolean dryRun, OutputStream rejects, Locale language)
      throws IOException, SQLException {
    return run(Order.of(FileKind.SITES, fileName, dryRun, language), in, rejects);
  }

  /** One file. Confined to one thread. */
  private static final class Run {
    private final Connection connection;
    private final Order order;
    private final FileKind kind;
    private final Map<String, String> heads;
    private final long all;
    private final ChangeHistory.By by;
    private final OutputStream out;
    private final LocalDate today;
    private final RowStore store;
    private final List<ImportResult.Reject> rejects = new ArrayList<>();
    private final List<ImportResult.Reject> twins = new ArrayList<>();
    private final List<ImportResult.Detail> details = new ArrayList<>();
    private final FullList full;
    private FileRows rows;
    private RejectsFile back;
    private long added;
    private long changed;
    private long unchanged;
    private long rejected;
    private long duplicates;

    private record Given(TableFile.Row row, FileRows.Outcome outcome) {}

    Run(
        Connection connection,
        Order order,
        Map<String, String> heads,
        long all,
        String fileName,
        OutputStream out,
        LocalDate today) {
      this.connection = connection;
      this.order = order;
      this.kind = order.kind();
      this.heads = heads;
      this.all = all;
      this.by = new ChangeHistory.By(order.by(), fileName);
      this.out = out;
      this.today = today;
      this.store = kind.store(connection, order.dryRun(), by);
      this.full = new FullList(connection, by);
    }

    ImportResult all(TableFile file) throws IOException, SQLException {
      long done = 0;
      try (TableFile.Rows given = file.open()) {
        List<String> head = given.next().cells();
        Map<String, Integer> places = FileRows.places(kind, head, heads, order.customer());
        rows =
            new FileRows(
                kind, places, head.size(), kind.words(connection), order.customer(), today);
        back = new RejectsFile(out, head, order.language());
        List<Given> batch = new ArrayList<>(BATCH);
        while (given.hasNext()) {
          TableFile.Row row = given.next();
          batch.add(new Given(row, rows.read(row)));
          if (batch.size() == BATCH) {
            done += batch.size();
            take(batch);
            batch.clear();
            order.progress().at(done, all);
          }
        }
        take(batch);
        order.progress().at(all, all);
        back.flush();
      }
      long toConfirm = order.fullList() ? full.finish(order.dryRun(), this::detail) : 0;
      if (!order.dryRun()) {
        store.finish();
        if (toConfirm > 0) {
          raiseRevision();
        }
        connection.commit();
      }
      return new ImportResult(
          added, changed, unchanged, rejected, rejects, duplicates, twins, toConfirm, details);
    }

    /** All or nothing. */
    private void take(List<Given> batch) throws IOException, SQLException {
      try {
        write(batch);
        connection.commit();
      } catch (SQLException | RuntimeException failed) {
        connection.rollback();
        throw failed;
      }
    }

    private void write(List<Given> batch) throws IOException, SQLException {
      List<FileRow> good = new ArrayList<>();
      for (Given given : batch) {
        if (given.outcome() instanceof FileRows.Good row) {
          good.add(row.row());
        }
      }
      Map<FileRow, RowStore.Place> places = good.isEmpty() ? Map.of() : store.find(good);
      List<RowStore.Pending> fresh = new ArrayList<>();
      List<RowStore.Pending> changes = new ArrayList<>();
      for (Given given : batch) {
        switch (given.outcome()) {
          case FileRows.Bad bad -> {
            if (bad.twin()) {
              twin(bad.reject());
            }
            reject(bad.reject(), given.row());
          }
          case FileRows.Good row -> place(given.row(), row.row(), places, fresh, changes);
        }
      }
      Map<FileRow, Sentence> perhaps = fresh.isEmpty() ? Map.of() : store.perhapsThere(fresh);
      fresh.forEach(
          one -> {
            Sentence other = perhaps.get(one.row());
            if (other != null) {
              twin(new ImportResult.Reject(one.row().line(), kind.identityColumn(), other));
            }
          });
      if (!order.dryRun() && fresh.size() + changes.size() > 0) {
        store.insert(fresh);
        store.update(changes);
        history(fresh, changes);
        if (store.reference()) {
          raiseRevision();
        }
      }
    }

    private void place(
        TableFile.Row given,
        FileRow row,
        Map<FileRow, RowStore.Place> places,
        List<RowStore.Pending> fresh,
        List<RowStore.Pending> changes)
        throws IOException {
      switch (places.get(row)) {
        case RowStore.Misplaced wrong -> {
          rows.forget(row);
          reject(new ImportResult.Reject(row.line(), wrong.column(), wrong.reason()), given);
        }
        case RowStore.Missing missing -> {
          fresh.add(new RowStore.Pending(row, missing, row.values()));
          added++;
          full.has(row);
          detail(
              new ImportResult.Detail(
                  row.line(), ImportResult.What.ADDED, kind.name(row.values()), List.of()));
        }
        case RowStore.Stored stored -> {
          Map<String, String> wanted =
              store.over(row, stored.values(), rows.absent(), kind.columns());
          if (order.fullList() && !row.has("status") && wanted.get("status").equals("to_confirm")) {
            // it is on the list again
            wanted.put("status", "active");
            wanted.put("status_reason", "");
          }
          RowStore.Pending pending = new RowStore.Pending(row, stored, wanted);
          List<ImportResult.Field> fields = fields(pending);
          full.has(row);
          if (fields.isEmpty()) {
            unchanged++;
          } else {
            changed++;
            changes.add(pending);
            detail(
                new ImportResult.Detail(
                    row.line(), ImportResult.What.CHANGED, kind.name(wanted), fields));
          }
        }
      }
    }

    private List<ImportResult.Field> fields(RowStore.Pending pending) {
      List<ImportResult.Field> fields = new ArrayList<>();
      for (FileColumn column : kind.columns()) {
        if (pending.changes(column.key())) {
          fields.add(
              new ImportResult.Field(
                  column.key(),
                  pending.stored().values().getOrDefault(column.key(), ""),
                  pending.get(column.key())));
        }
      }
      return fields;
    }

    private void history(List<RowStore.Pending> fresh, List<RowStore.Pending> changes)
        throws SQLException {
      List<ChangeHistory.Change> written = new ArrayList<>();
      for (RowStore.Pending one : fresh) {
        written.add(change(one, store.customerOf(one), one.missing().siteId(), "", "", ""));
      }
      for (RowStore.Pending one : changes) {
        RowStore.Stored stored = one.stored();
        for (ImportResult.Field field : fields(one)) {
          written.add(
              change(
                  one,
                  stored.customerId(),
                  stored.siteId(),
                  field.column(),
                  field.former(),
                  field.value()));
        }
      }
      ChangeHistory.write(connection, by, written);
    }

    private ChangeHistory.Change change(
        RowStore.Pending one, long customer, Long site, String field, String former, String value) {
      return new ChangeHistory.Change(
          customer, site, kind.key(), kind.name(one.wanted()), field, former, value);
    }

    private void reject(ImportResult.Reject reject, TableFile.Row row) throws IOException {
      rejected++;
      rows.named(row).ifPresent(full::named);
      if (rejects.size() < ImportResult.MAX_REJECTS) {
        rejects.add(reject);
      }
      back.add(reject, row.cells());
    }

    private void twin(ImportResult.Reject twin) {
      duplicates++;
      if (twins.size() < ImportResult.MAX_REJECTS) {
        twins.add(twin);
      }
    }

    private void detail(ImportResult.Detail detail) {
      if (details.size() < ImportResult.MAX_DETAILS) {
        details.add(detail);
      }
    }

    private void raiseRevision() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "UPDATE revision SET number = number + 1 WHERE topic = 'reference'");
      }
    }
  }

  /** The sites of a full list, and what becomes of those it lacks. Confined to one thread. */
  private static final class FullList {
    private static final String YOUNGER =
        // the same number at a younger site of the chain, or at another chain's
        "SELECT sc.site_id, MAX(IF(o.customer_id = s.customer_id, 2, 1)) FROM site_contact sc"
            + " JOIN site s ON s.id = sc.site_id JOIN phone p ON p.contact_id = sc.contact_id"
            + " JOIN phone q ON q.e164 = p.e164 JOIN site_contact oc ON oc.contact_id = q.contact_id"
            + " JOIN site o ON o.id = oc.site_id AND o.id > s.id AND o.status = 'active'"
            + " WHERE sc.site_id IN (%s) GROUP BY sc.site_id";
    private final Connection connection;
    private final ChangeHistory.By by;
    private final Map<String, Set<String>> sites = new LinkedHashMap<>();
    private final Map<String, Set<String>> rejectedSites = new HashMap<>();

    /**
     * @param reason what it looks like: closed, renamed (its number is at a younger site of the
     *     chain) or moved to another chain
     */
    private record Missed(long id, String code, String name, String reason) {}

    FullList(Connection connection, ChangeHistory.By by) {
      this.connection = connection;
      this.by = by;
    }

    void has(FileRow row) {
      sites
          .computeIfAbsent(row.get(FileKind.CHAIN), chain -> new HashSet<>())
          .add(row.get(FileKind.SITE));
    }

    /** A row that was rejected; a chain no row of which was good is left alone. */
    void named(String chainAndSite) {
      int end = chainAndSite.indexOf('\n');
      rejectedSites
          .computeIfAbsent(chainAndSite.substring(0, end), chain -> new HashSet<>())
          .add(chainAndSite.substring(end + 1));
    }

    long finish(boolean dryRun, java.util.function.Consumer<ImportResult.Detail> details)
        throws SQLException {
      long count = 0;
      for (Map.Entry<String, Set<String>> chain : sites.entrySet()) {
        Set<String> listed = new HashSet<>(chain.getValue());
        listed.addAll(rejectedSites.getOrDefault(chain.getKey(), Set.of()));
        Long customer = customer(chain.getKey());
        if (customer == null) {
          continue;
        }
        List<Missed> missed = missed(customer, listed);
        for (Missed one : missed) {
          details.accept(
              new ImportResult.Detail(
                  0,
                  ImportResult.What.TO_CONFIRM,
                  chain.getKey() + "/" + one.code() + " " + one.name(),
                  List.of(
                      new ImportResult.Field("status", "active", "to_confirm"),
                      new ImportResult.Field("status_reason", "", one.reason()))));
        }
        if (!dryRun) {
          store(customer, missed);
        }
        count += missed.size();
      }
      return count;
    }

    private Long customer(String code) throws SQLException {
      try (PreparedStatement find =
          connection.prepareStatement("SELECT id FROM customer WHERE code = ?")) {
        find.setString(1, code);
        try (ResultSet found = find.executeQuery()) {
          return found.next() ? found.getLong(1) : null;
        }
      }
    }

    private List<Missed> missed(long customer, Set<String> listed) throws SQLException {
      List<Missed> missed = new ArrayList<>();
      try (PreparedStatement find =
          connection.prepareStatement(
              "SELECT id, code, name FROM site WHERE customer_id = ? AND status = 'active'"
                  + " ORDER BY id")) {
        find.setLong(1, customer);
        try (ResultSet row = find.executeQuery()) {
          while (row.next()) {
            if (!listed.contains(row.getString(2))) {
              missed.add(new Missed(row.getLong(1), row.getString(2), row.getString(3), "closed"));
            }
          }
        }
      }
      Map<Long, String> elsewhere = new HashMap<>();
      Batches batches = new Batches(connection);
      for (int i = 0; i < missed.size(); i += BATCH) {
        batches.each(
            YOUNGER,
            missed.subList(i, Math.min(missed.size(), i + BATCH)).stream().map(Missed::id).toList(),
            row -> elsewhere.put(row.getLong(1), row.getInt(2) == 2 ? "renamed" : "moved"));
      }
      return missed.stream()
          .map(
              one ->
                  new Missed(
                      one.id(),
                      one.code(),
                      one.name(),
                      elsewhere.getOrDefault(one.id(), one.reason())))
          .toList();
    }

    private void store(long customer, List<Missed> missed) throws SQLException {
      List<ChangeHistory.Change> changes = new ArrayList<>();
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE site SET status = 'to_confirm', status_reason = ? WHERE id = ?")) {
        for (Missed one : missed) {
          update.setString(1, one.reason());
          update.setLong(2, one.id());
          update.addBatch();
          changes.add(
              new ChangeHistory.Change(
                  customer, one.id(), "sites", one.code(), "status", "active", "to_confirm"));
        }
        update.executeBatch();
      }
      ChangeHistory.write(connection, by, changes);
    }
  }
}
