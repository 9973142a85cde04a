package org.careline.agent;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Who is at work when, in MySQL. Days and times are the office's; a shift ends on the day it
 * begins, at 24:00 at the latest. Shifts of one agent never overlap. Stateless.
 */
public final class Roster {
  private static final RowMapper<Shift> ROW =
      (rs, context) ->
          new Shift(
              rs.getLong("id"),
              rs.getString("agent_number"),
              rs.getObject("day", LocalDate.class),
              rs.getInt("from_minute"),
              rs.getInt("to_minute"));

  /**
   * One shift.
   *
   * @param id 0 = not stored yet
   * @param from minute of the day
   * @param to minute of the day, 1440 = midnight
   */
  public record Shift(long id, String agent, LocalDate day, int from, int to) {
    public int minutes() {
      return to - from;
    }

    public boolean overlaps(Shift other) {
      return agent.equals(other.agent)
          && day.equals(other.day)
          && from < other.to
          && other.from < to;
    }
  }

  /** Why a shift is not stored. */
  public static final class ShiftRefused extends Refusal {
    private static final long serialVersionUID = 1L;
    private final String field;

    ShiftRefused(String field, Sentence reason) {
      super(reason);
      this.field = field;
    }

    /** Which of agent, date, from and to; empty = the whole. */
    public String field() {
      return field;
    }
  }

  /** {@code 09:30}; 24:00 only where a shift ends. */
  public static int minute(String text) {
    if (!text.matches("([01]?[0-9]|2[0-4]):[0-5][0-9]")
        || text.startsWith("24") && !text.equals("24:00")) {
      throw new DateTimeException(text);
    }
    String[] parts = text.split(":");
    return Integer.parseInt(parts[0]) * 60 + Integer.parseInt(parts[1]);
  }

  public static String time(int minute) {
    return String.format("%02d:%02d", minute / 60, minute % 60);
  }

  /** Of these days, both included, by day, agent and time. */
  public List<Shift> between(Handle handle, LocalDate from, LocalDate to) {
    return handle
        .createQuery(
            "SELECT * FROM roster_shift WHERE day BETWEEN :from AND :to"
                + " ORDER BY day, agent_number, from_minute")
        .bind("from", from)
        .bind("to", to)
        .map(ROW)
        .list();
  }

  /** Stores one in the caller's transaction. Throws {@link ShiftRefused}. */
  public Shift add(Handle handle, Shift shift) {
    check(handle, shift);
    long id =
        handle
            .createUpdate(
                "INSERT INTO roster_shift (agent_number, day, from_minute, to_minute)"
                    + " VALUES (:agent, :day, :from, :to)")
            .bind("agent", shift.agent())
            .bind("day", shift.day())
            .bind("from", shift.from())
            .bind("to", shift.to())
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    return new Shift(id, shift.agent(), shift.day(), shift.from(), shift.to());
  }

  /** Gives a stored one other times; empty = there is none. Throws {@link ShiftRefused}. */
  public Optional<Shift> change(Handle handle, long id, int from, int to) {
    Optional<Shift> before =
        handle
            .createQuery("SELECT * FROM roster_shift WHERE id = :id FOR UPDATE")
            .bind("id", id)
            .map(ROW)
            .findOne();
    return before.map(
        shift -> {
          Shift wanted = new Shift(id, shift.agent(), shift.day(), from, to);
          check(handle, wanted);
          handle
              .createUpdate(
                  "UPDATE roster_shift SET from_minute = :from, to_minute = :to WHERE id = :id")
              .bind("from", from)
              .bind("to", to)
              .bind("id", id)
              .execute();
          return wanted;
        });
  }

  public boolean remove(Handle handle, long id) {
    return handle.execute("DELETE FROM roster_shift WHERE id = ?", id) == 1;
  }

  /** The agent's row is locked: two shifts at once would not see each other. */
  private static void check(Handle handle, Shift shift) {
    if (shift.from() >= shift.to()) {
      throw new ShiftRefused(
          "to", Sentence.of("roster.reversed", time(shift.from()), time(shift.to())));
    }
    handle
        .createQuery(
            "SELECT id FROM user_account WHERE agent_number = :agent AND active FOR UPDATE")
        .bind("agent", shift.agent())
        .mapTo(Long.class)
        .findOne()
        .orElseThrow(
            () -> new ShiftRefused("agent", Sentence.of("roster.no-agent", shift.agent())));
    handle
        .createQuery("SELECT * FROM roster_shift WHERE agent_number = :agent AND day = :day")
        .bind("agent", shift.agent())
        .bind("day", shift.day())
        .map(ROW)
        .stream()
        .filter(other -> other.id() != shift.id() && other.overlaps(shift))
        .findFirst()
        .ifPresent(
            other -> {
              throw new ShiftRefused("from", overlap(other));
            });
  }

  public static Sentence overlap(Shift other) {
    return Sentence.of(
        "roster.overlap", other.agent(), other.day(), time(other.from()), time(other.to()));
  }
}
