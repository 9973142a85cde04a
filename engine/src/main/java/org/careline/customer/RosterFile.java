package org.careline.customer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.agent.Roster;
import org.careline.agent.Roster.Shift;
import org.careline.language.Sentence;

/**
 * Who is at work when: agent, date, from, to, by the office's clock. A row finds its own by agent,
 * date and from, so that a shift may end at another time; one that overlaps with another is
 * refused.
 */
final class RosterFile extends FileKind {
  private static final String AGENT = "agent";
  private static final String DATE = "date";
  private static final String FROM = "from";
  private static final String TO = "to";

  RosterFile() {
    super(
        "roster",
        List.of(
            FileColumn.of(AGENT, 8, FileColumn::code).needed(),
            FileColumn.of(DATE, 10, FileColumn::date).needed(),
            FileColumn.of(FROM, 5, RosterFile::time).needed(),
            FileColumn.of(TO, 5, RosterFile::time).needed()));
  }

  private static String time(String text) {
    if (text.isEmpty()) {
      return "";
    }
    try {
      return Roster.time(Roster.minute(text));
    } catch (DateTimeException wrong) {
      throw new FileColumn.Wrong(Sentence.of("import.time"));
    }
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    if (row.get(FROM).compareTo(row.get(TO)) >= 0) {
      problems.add(TO, Sentence.of("roster.reversed", row.get(FROM), row.get(TO)));
    }
  }

  @Override
  String identity(FileRow row) {
    return row.get(AGENT) + '\n' + row.get(DATE) + '\n' + row.get(FROM);
  }

  @Override
  String identityColumn() {
    return FROM;
  }

  @Override
  String name(Map<String, String> values) {
    return values.get(AGENT) + " " + values.get(DATE) + " " + values.get(FROM);
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new Store(new Batches(connection), new ArrayList<>());
  }

  private static Shift shift(long id, Map<String, String> values) {
    return new Shift(
        id,
        values.get(AGENT),
        LocalDate.parse(values.get(DATE)),
        Roster.minute(values.get(FROM)),
        Roster.minute(values.get(TO)));
  }

  /**
   * @param accepted of this file so far: a dry run stores none of them
   */
  private record Store(Batches batches, List<Shift> accepted) implements RowStore {
    @Override
    public boolean reference() {
      return false;
    }

    @Override
    public Map<FileRow, Place> find(List<FileRow> rows) throws SQLException {
      Set<String> agents = new HashSet<>();
      batches.each(
          "SELECT agent_number FROM user_account WHERE active AND agent_number IN (%s) FOR UPDATE",
          rows.stream().map(row -> row.get(AGENT)).distinct().toList(),
          found -> agents.add(found.getString(1)));
      List<Long> ids = new ArrayList<>();
      batches.eachPair(
          "SELECT id FROM roster_shift WHERE (agent_number, day) IN (%s)",
          rows.stream()
              .map(row -> List.<Object>of(row.get(AGENT), row.get(DATE)))
              .distinct()
              .toList(),
          found -> ids.add(found.getLong(1)));
      Map<String, List<Stored>> there = new HashMap<>();
      load(ids)
          .values()
          .forEach(
              stored ->
                  there
                      .computeIfAbsent(day(stored.values()), day -> new ArrayList<>())
                      .add(stored));
      Map<String, List<Shift>> taken = new HashMap<>();
      accepted.forEach(
          shift ->
              taken
                  .computeIfAbsent(shift.agent() + '\n' + shift.day(), day -> new ArrayList<>())
                  .add(shift));
      Map<FileRow, Place> places = new HashMap<>();
      for (FileRow row : rows) {
        if (!agents.contains(row.get(AGENT))) {
          places.put(row, new Misplaced(AGENT, Sentence.of("roster.no-agent", row.get(AGENT))));
          continue;
        }
        String day = day(row.values());
        List<Stored> stored = there.getOrDefault(day, List.of());
        Optional<Stored> own =
            stored.stream().filter(one -> one.values().get(FROM).equals(row.get(FROM))).findFirst();
        Shift wanted = shift(own.map(Stored::id).orElse(0L), row.values());
        List<Shift> others = taken.computeIfAbsent(day, each -> new ArrayList<>());
        // what this file has said of a stored one counts, not what stands there
        Optional<Shift> overlap =
            others.stream()
                .filter(other -> other.from() != wanted.from() && other.overlaps(wanted))
                .findFirst()
                .or(
                    () ->
                        stored.stream()
                            .map(one -> shift(one.id(), one.values()))
                            .filter(other -> other.from() != wanted.from())
                            .filter(
                                other -> others.stream().noneMatch(o -> o.from() == other.from()))
                            .filter(other -> other.overlaps(wanted))
                            .findFirst());
        if (overlap.isPresent()) {
          places.put(row, new Misplaced(FROM, Roster.overlap(overlap.get())));
          continue;
        }
        others.add(wanted);
        accepted.add(wanted);
        places.put(row, own.<Place>map(one -> one).orElseGet(() -> new Missing(0, null)));
      }
      return places;
    }

    private static String day(Map<String, String> values) {
      return values.get(AGENT) + '\n' + values.get(DATE);
    }

    @Override
    public Map<Long, Stored> load(List<Long> ids) throws SQLException {
      Map<Long, Stored> shifts = new LinkedHashMap<>();
      batches.each(
          "SELECT id, agent_number, day, from_minute, to_minute FROM roster_shift"
              + " WHERE id IN (%s) ORDER BY id",
          ids,
          row -> {
            Map<String, String> values = new HashMap<>();
            values.put(AGENT, row.getString(2));
            values.put(DATE, Batches.date(row, 3));
            values.put(FROM, Roster.time(row.getInt(4)));
            values.put(TO, Roster.time(row.getInt(5)));
            shifts.put(row.getLong(1), new Stored(row.getLong(1), 0, null, values));
          });
      return shifts;
    }

    private static void fill(PreparedStatement statement, Pending one) throws SQLException {
      statement.setInt(1, Roster.minute(one.get(TO)));
      statement.setString(2, one.get(AGENT));
      Batches.date(statement, 3, one.get(DATE));
      statement.setInt(4, Roster.minute(one.get(FROM)));
    }

    @Override
    public void insert(List<Pending> fresh) throws SQLException {
      batches.run(
          "INSERT INTO roster_shift (to_minute, agent_number, day, from_minute) VALUES (?, ?, ?, ?)",
          fresh,
          (insert, one, i) -> fill(insert, one));
    }

    @Override
    public void update(List<Pending> changes) throws SQLException {
      batches.run(
          "UPDATE roster_shift SET to_minute = ?"
              + " WHERE agent_number = ? AND day = ? AND from_minute = ?",
          changes,
          (update, one, i) -> fill(update, one));
    }

    /** The roster is nobody's of the customers. */
    @Override
    public List<Long> page(long afterId, Optional<Long> customerId, int limit) throws SQLException {
      List<Long> page = new ArrayList<>();
      if (customerId.isEmpty()) {
        batches.query(
            "SELECT id FROM roster_shift WHERE id > ? ORDER BY id LIMIT ?",
            List.of(afterId, limit),
            row -> page.add(row.getLong(1)));
      }
      return page;
    }
  }
}
