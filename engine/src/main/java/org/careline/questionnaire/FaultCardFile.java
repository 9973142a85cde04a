package org.careline.questionnaire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.customer.ImportRefused;
import org.careline.customer.ImportResult;
import org.careline.customer.RejectsFile;
import org.careline.customer.SafeCell;
import org.careline.customer.TableFile;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Fault cards out to a CSV or XLSX file and in from one. A file that was written can be read again
 * and changes nothing: each row finds its card by model and code. Cards that stand in no row stay.
 * Good rows go in, bad ones come back with line, column and reason. Blocks; thread-safe.
 */
public final class FaultCardFile {
  private static final long MOST_BYTES = 20_000_000;

  /** In the order in which they are written; in a file that is read it is free. */
  enum Column {
    MODEL("model", true),
    FAULT_CODE("faultCode", true),
    TITLE_ZH("titleZh", true),
    TITLE_EN("titleEn", true),
    ASK_ZH("askZh", false),
    ASK_EN("askEn", false),
    DO_ZH("doZh", false),
    DO_EN("doEn", false),
    DANGER("danger", false);

    final String field;
    final boolean required;

    Column(String field, boolean required) {
      this.field = field;
      this.required = required;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    static List<String> keys() {
      return Arrays.stream(values()).map(Column::key).toList();
    }

    static String keyOf(String field) {
      return Arrays.stream(values())
          .filter(each -> each.field.equals(field))
          .findFirst()
          .orElseThrow()
          .key();
    }
  }

  /** Put before the columns of a file of rejects; ignored when such a file is read. */
  private static final List<String> OF_REJECTS = List.of("line", "column", "reason");

  private static final List<String> YES = List.of("yes", "true", "1", "是");
  private static final List<String> NO = List.of("", "no", "false", "0", "否");

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final FaultCardStore store = new FaultCardStore();

  public FaultCardFile(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Writes all cards, safe for spreadsheets.
   *
   * @return how many
   */
  public int write(TableWriter.Format format, OutputStream out) throws IOException {
    List<FaultCard> cards = jdbi.withHandle(store::all);
    try (TableWriter writer = TableWriter.of(format, out, "fault-cards")) {
      writer.row(Column.keys());
      for (FaultCard card : cards) {
        writer.row(cells(card));
      }
    }
    return cards.size();
  }

  private static List<String> cells(FaultCard card) {
    return List.of(
        card.model(),
        card.faultCode(),
        card.title().zh(),
        card.title().en(),
        card.ask().zh(),
        card.ask().en(),
        card.todo().zh(),
        card.todo().en(),
        card.danger() ? "yes" : "no");
  }

  /**
   * Reads a file.
   *
   * @param dryRun tells what would happen and changes nothing
   * @param rejects takes the rejected rows as CSV; nothing is written when there are none
   * @param language of the reasons in {@code rejects}
   * @throws ImportRefused when the file as a whole is no good; nothing was changed
   */
  public ImportResult read(
      InputStream in, boolean dryRun, OutputStream rejects, Locale language, String login)
      throws IOException {
    try (TableFile file = TableFile.take(in, MOST_BYTES)) {
      Map<Column, Integer> places = check(file);
      return jdbi.inTransaction(
          handle -> {
            ImportResult read = new Run(handle, places, login, rejects, language).all(file);
            if (dryRun) {
              handle.rollback();
            }
            return read;
          });
    }
  }

  /** Reads it once to the end, so that a damaged one is refused before anything is changed. */
  private static Map<Column, Integer> check(TableFile file) throws IOException {
    try (TableFile.Rows rows = file.open()) {
      if (!rows.hasNext()) {
        throw new ImportRefused(Sentence.of("import.empty"));
      }
      Map<Column, Integer> places = places(rows.next().cells());
      while (rows.hasNext()) {
        rows.next();
      }
      return places;
    }
  }

  private static Map<Column, Integer> places(List<String> head) {
    Map<Column, Integer> places = new EnumMap<>(Column.class);
    List<Sentence> problems = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      String key = head.get(i).strip().toLowerCase(Locale.ROOT);
      int place = Column.keys().indexOf(key);
      if (place >= 0) {
        if (places.putIfAbsent(Column.values()[place], i) != null) {
          problems.add(Sentence.of("import.column-twice", key));
        }
      } else if (!OF_REJECTS.contains(key)) {
        String clean = key.replaceAll("\\p{Cntrl}", "?");
        problems.add(
            Sentence.of(
                "import.column-unknown-far",
                "'" + clean.substring(0, Math.min(40, clean.length())) + "'",
                String.join(",", Column.keys())));
      }
    }
    Arrays.stream(Column.values())
        .filter(column -> column.required && !places.containsKey(column))
        .forEach(column -> problems.add(Sentence.of("import.column-missing", column.key())));
    if (!problems.isEmpty()) {
      throw new ImportRefused(Sentence.of("import.line", 1, Sentence.joined(" ", problems)));
    }
    return places;
  }

  /** One file in one transaction. Confined to one thread. */
  private final class Run {
    private final Handle handle;
    private final Map<Column, Integer> places;
    private final String login;
    private final OutputStream out;
    private final Locale language;
    private final Map<String, Long> seen = new HashMap<>();
    private final List<ImportResult.Reject> rejects = new ArrayList<>();
    private final List<ImportResult.Detail> details = new ArrayList<>();
    private long added;
    private long changed;
    private long unchanged;
    private long rejected;

    Run(
        Handle handle,
        Map<Column, Integer> places,
        String login,
        OutputStream out,
        Locale language) {
      this.handle = handle;
      this.places = places;
      this.login = login;
      this.out = out;
      this.language = language;
    }

    ImportResult all(TableFile file) throws IOException {
      try (TableFile.Rows records = file.open()) {
        List<String> head = records.next().cells();
        RejectsFile back = new RejectsFile(out, head, language);
        while (records.hasNext()) {
          TableFile.Row record = records.next();
          Optional<ImportResult.Reject> wrong = row(head.size(), record);
          if (wrong.isPresent()) {
            rejected++;
            if (rejects.size() < ImportResult.MAX_REJECTS) {
              rejects.add(wrong.get());
            }
            back.add(wrong.get(), record.cells());
          }
        }
        back.flush();
      }
      return new ImportResult(
          added, changed, unchanged, rejected, rejects, 0, List.of(), 0, details);
    }

    private Optional<ImportResult.Reject> row(int width, TableFile.Row record) {
      long line = record.line();
      List<String> cells = record.cells();
      if (cells.size() != width) {
        return reject(line, "", Sentence.of("import.cells", cells.size(), width));
      }
      String danger = cell(cells, Column.DANGER).toLowerCase(Locale.ROOT);
      if (!YES.contains(danger) && !NO.contains(danger)) {
        return reject(line, Column.DANGER.key(), Sentence.of("fault-card.yes-no"));
      }
      String model = cell(cells, Column.MODEL);
      String code = cell(cells, Column.FAULT_CODE);
      Optional<FaultCard> there = store.of(handle, model, code);
      FaultCard wanted = card(cells, model, code, YES.contains(danger), there);
      Optional<FaultCard.Flaw> flaw = wanted.flaw();
      if (flaw.isPresent()) {
        return reject(line, Column.keyOf(flaw.get().field()), flaw.get().reason());
      }
      Long first = seen.putIfAbsent((model + "\n" + code).toLowerCase(Locale.ROOT), line);
      if (first != null) {
        return reject(
            line, Column.FAULT_CODE.key(), Sentence.of("fault-card.twice", model, code, first));
      }
      switch (store.put(handle, wanted, login, clock.instant())) {
        case ADDED -> {
          added++;
          detail(line, ImportResult.What.ADDED, wanted, List.of());
        }
        case CHANGED -> {
          changed++;
          detail(line, ImportResult.What.CHANGED, wanted, fields(there.orElseThrow(), wanted));
        }
        case UNCHANGED -> unchanged++;
      }
      return Optional.empty();
    }

    private Optional<ImportResult.Reject> reject(long line, String column, Sentence reason) {
      return Optional.of(new ImportResult.Reject(line, column, reason));
    }

    private void detail(
        long line, ImportResult.What what, FaultCard card, List<ImportResult.Field> fields) {
      if (details.size() < ImportResult.MAX_DETAILS) {
        String name = (card.model() + " " + card.faultCode()).strip();
        details.add(
            new ImportResult.Detail(line, what, name.isEmpty() ? card.title().zh() : name, fields));
      }
    }

    private List<ImportResult.Field> fields(FaultCard before, FaultCard after) {
      List<ImportResult.Field> fields = new ArrayList<>();
      List<String> was = cells(before);
      List<String> is = cells(after);
      for (Column column : Column.values()) {
        String former = was.get(column.ordinal());
        String value = is.get(column.ordinal());
        if (!former.equals(value)) {
          fields.add(new ImportResult.Field(column.key(), former, value));
        }
      }
      return fields;
    }

    /** A column the file does not have leaves what stands. */
    private FaultCard card(
        List<String> cells, String model, String code, boolean danger, Optional<FaultCard> there) {
      Words ask = there.map(FaultCard::ask).orElse(Words.NONE);
      Words todo = there.map(FaultCard::todo).orElse(Words.NONE);
      return new FaultCard(
          there.map(FaultCard::id).orElse(0L),
          model,
          code,
          new Words(cell(cells, Column.TITLE_EN), cell(cells, Column.TITLE_ZH)),
          new Words(cell(cells, Column.ASK_EN, ask.en()), cell(cells, Column.ASK_ZH, ask.zh())),
          new Words(cell(cells, Column.DO_EN, todo.en()), cell(cells, Column.DO_ZH, todo.zh())),
          places.containsKey(Column.DANGER) ? danger : there.map(FaultCard::danger).orElse(false),
          there.map(FaultCard::version).orElse(1));
    }

    private String cell(List<String> cells, Column column) {
      return cell(cells, column, "");
    }

    private String cell(List<String> cells, Column column, String absent) {
      Integer place = places.get(column);
      return place == null
          ? absent
          : SafeCell.decode(cells.get(place).replace("\r\n", "\n").strip());
    }
  }
}
