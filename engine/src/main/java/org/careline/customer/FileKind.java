package org.careline.customer;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/** A kind of file of customers' data: its columns, what must hold in a row, where it goes. */
public abstract class FileKind {
  static final String CHAIN = "chain_code";
  static final String CHAIN_NAME = "chain_name";
  static final String SITE = "site_code";

  public static final FileKind SITES = new SitesFile();
  public static final FileKind CONTACTS = new ContactsFile();
  public static final FileKind DEVICES = new DevicesFile();
  public static final FileKind VISITS = new VisitsFile();
  public static final FileKind DO_NOT_CALL = new DoNotCallFile();
  public static final FileKind CUSTOMERS = new CustomersFile(false);
  public static final FileKind CONSENT = new CustomersFile(true);
  public static final FileKind ROSTER = new RosterFile();

  /** All of this package; matters have their own. */
  public static final List<FileKind> ALL =
      List.of(CUSTOMERS, CONSENT, SITES, CONTACTS, DEVICES, VISITS, DO_NOT_CALL, ROSTER);

  private final String key;
  private final List<FileColumn> columns;

  FileKind(String key, List<FileColumn> columns) {
    this.key = key;
    this.columns = List.copyOf(columns);
  }

  public static Optional<FileKind> of(String key) {
    return ALL.stream().filter(kind -> kind.key.equals(key)).findFirst();
  }

  public static List<String> keys() {
    return ALL.stream().map(kind -> kind.key).toList();
  }

  /** As it stands on the command line and in addresses. */
  public final String key() {
    return key;
  }

  /** In their customary order. */
  public final List<FileColumn> columns() {
    return columns;
  }

  public final List<String> columnKeys() {
    return columns.stream().map(FileColumn::key).toList();
  }

  /** Takes what is wrong with a row. */
  interface Problems {
    void add(String column, Sentence reason);
  }

  /**
   * What must hold between the cells of a row; may complete it.
   *
   * @param today of the office
   */
  void check(FileRow row, LocalDate today, Problems problems) {}

  /** What must hold between the columns of a file. */
  Optional<Sentence> checkHead(Set<String> columns) {
    return Optional.empty();
  }

  /** Columns with words that are data themselves: tiers. */
  Map<String, Set<String>> words(Connection connection) throws SQLException {
    return Map.of();
  }

  /** What a cell is when it is empty. */
  Map<String, String> defaults() {
    return Map.of();
  }

  /** Two rows of a file with the same one are about the same. */
  abstract String identity(FileRow row);

  /** The column that is told when a row is about the same as an earlier one. */
  abstract String identityColumn();

  Sentence twice(long line) {
    return Sentence.of("import.twice", line);
  }

  /** For people: a code, a name, a number. */
  abstract String name(Map<String, String> values);

  /**
   * @param by who stores
   */
  abstract RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by);
}
