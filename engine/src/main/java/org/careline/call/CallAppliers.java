package org.careline.call;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;

/**
 * Carry calls from the journal into {@code call_event} and {@code call_record}. Stateless.
 *
 * <p>Everything is idempotent: an event has its own key, and a record is filled only while its
 * outcome is missing, so that the first outcome stays whatever comes twice, late or from an older
 * lease.
 */
public final class CallAppliers {
  private CallAppliers() {}

  /** History; give it to the writer before {@link #outcomes}. */
  public static Applier history() {
    return new History();
  }

  public static Applier outcomes() {
    return new Outcomes();
  }

  /**
   * An engine that took a living call over from another one has never seen its caller: it must not
   * erase what that one knew, and late news of that one still say who he was. MySQL assigns from
   * left to right: the number, by which both are told apart, comes last. Parameters: as the columns
   * of {@link Caller}, with the number before each value that depends on it.
   */
  private static final String WHO =
      " tier_code = IF(? IS NULL AND caller_e164 IS NOT NULL, tier_code, ?),"
          + " caller_raw = IF(? IS NULL AND caller_e164 IS NOT NULL, caller_raw, ?),"
          + " customer_id = COALESCE(?, customer_id), site_id = COALESCE(?, site_id),"
          + " known_by = COALESCE(known_by, ?),"
          + " caller_e164 = COALESCE(?, caller_e164)";

  private static final int WHO_ENDS = 8;

  private static void who(
      PreparedStatement statement,
      String e164,
      String raw,
      Long customer,
      Long site,
      String tier,
      String knownBy)
      throws SQLException {
    statement.setString(1, e164);
    statement.setString(2, tier);
    statement.setString(3, e164);
    statement.setString(4, raw);
    set(statement, 5, customer);
    set(statement, 6, site);
    statement.setString(7, knownBy);
    statement.setString(WHO_ENDS, e164);
  }

  private static final class History implements Applier {
    @Override
    public String kind() {
      return "call";
    }

    @Override
    public boolean takesOlderEpochs() {
      return true;
    }

    @Override
    public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
      try (PreparedStatement event =
              connection.prepareStatement(
                  "INSERT IGNORE INTO call_event (call_id, epoch, seq, at, kind, detail, replayed)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?)");
          PreparedStatement begun =
              connection.prepareStatement(
                  "INSERT IGNORE INTO call_record (id, tier_code, arrived_at, epoch)"
                      + " VALUES (?, ?, ?, ?)");
          PreparedStatement known =
              connection.prepareStatement(
                  "UPDATE call_record SET"
                      + WHO
                      + ", line_code = ?, dialled = ? WHERE id = ? AND (outcome IS NULL"
                      + " OR (caller_e164 IS NULL AND ? IS NOT NULL))")) {
        boolean callers = false;
        for (Journal.Entry entry : batch) {
          CallEntry line = entry.as(CallEntry.class);
          event.setString(1, entry.key());
          event.setLong(2, entry.epoch());
          event.setLong(3, entry.seq());
          event.setTimestamp(4, timestamp(line.at()));
          event.setString(5, line.event());
          event.setString(6, entry.json());
          event.setBoolean(7, line.replayed());
          event.addBatch();
          if (line.caller() != null) {
            callers = true;
            begun.setString(1, entry.key());
            begun.setString(2, line.caller().tierCode());
            begun.setTimestamp(3, timestamp(line.at()));
            begun.setLong(4, entry.epoch());
            begun.addBatch();
            caller(known, line.caller());
            known.setString(WHO_ENDS + 3, entry.key());
            known.setString(WHO_ENDS + 4, line.caller().e164());
            known.addBatch();
          }
        }
        event.executeBatch();
        if (callers) {
          begun.executeBatch();
          known.executeBatch();
        }
      }
    }

    private static void caller(PreparedStatement statement, Caller caller) throws SQLException {
      who(
          statement,
          caller.e164(),
          caller.raw(),
          caller.customerId(),
          caller.siteId(),
          caller.tierCode(),
          caller.knownBy());
      statement.setString(WHO_ENDS + 1, caller.lineCode());
      statement.setString(WHO_ENDS + 2, caller.dialled());
    }
  }

  private static final class Outcomes implements Applier {
    @Override
    public String kind() {
      return "outcome";
    }

    @Override
    public boolean takesOlderEpochs() {
      return true;
    }

    @Override
    public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
      try (PreparedStatement begun =
              connection.prepareStatement(
                  "INSERT IGNORE INTO call_record (id, tier_code, arrived_at, epoch)"
                      + " VALUES (?, ?, ?, ?)");
          PreparedStatement over =
              connection.prepareStatement(
                  "UPDATE call_record SET"
                      + WHO
                      + ", line_code = ?, dialled = ?, arrived_at = ?, joined_at = ?,"
                      + " answered_at = ?, ended_at = ?, ended_by = ?, agent_number = ?, wait_ms = ?,"
                      + " talk_ms = ?, recording = ?, skill = ?, menu_choice = ?, language = ?,"
                      + " position_joined = ?, position_left = ?, hold_ms = ?, survey_offered = ?,"
                      + " survey_score = ?, ended_leg = ?, epoch = ?, outcome = ? WHERE id = ? AND"
                      + " outcome IS NULL");
          PreparedStatement legs =
              connection.prepareStatement(
                  "INSERT IGNORE INTO call_leg (call_id, n, agent_number, offered_at, answered_at,"
                      + " ended_at, result, hold_ms, ended_by) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?"
                      + " FROM call_record WHERE id = ? AND epoch = ?"
                      + " AND ended_at = CAST(? AS DATETIME(3))")) {
        for (Journal.Entry entry : batch) {
          CallRecord call = entry.as(CallRecord.class);
          begun.setString(1, entry.key());
          begun.setString(2, call.tierCode());
          begun.setTimestamp(3, timestamp(call.arrivedAt()));
          begun.setLong(4, entry.epoch());
          begun.addBatch();
          who(
              over,
              call.callerE164(),
              call.callerRaw(),
              call.customerId(),
              call.siteId(),
              call.tierCode(),
              call.knownBy());
          over.setString(9, call.lineCode());
          over.setString(10, call.dialled());
          over.setTimestamp(11, timestamp(call.arrivedAt()));
          over.setTimestamp(12, timestamp(call.joinedAt()));
          over.setTimestamp(13, timestamp(call.answeredAt()));
          over.setTimestamp(14, timestamp(call.endedAt()));
          over.setString(15, call.endedBy());
          over.setString(16, call.agentNumber());
          set(over, 17, call.waitMs());
          set(over, 18, call.talkMs());
          over.setString(19, call.recording());
          over.setString(20, call.skill());
          over.setString(21, call.menuChoice());
          over.setString(22, call.language());
          over.setObject(23, call.positionJoined());
          over.setObject(24, call.positionLeft());
          set(over, 25, call.holdMs());
          over.setBoolean(26, Boolean.TRUE.equals(call.surveyOffered()));
          over.setObject(27, call.surveyScore());
          over.setObject(28, call.endedLeg());
          over.setLong(29, entry.epoch());
          over.setString(30, call.outcome());
          over.setString(31, entry.key());
          over.addBatch();
          add(legs, entry, call);
        }
        begun.executeBatch();
        over.executeBatch();
        legs.executeBatch();
      }
    }

    /** Only those of the outcome that counts. */
    private static void add(PreparedStatement legs, Journal.Entry entry, CallRecord record)
        throws SQLException {
      if (record.legs() == null) {
        return;
      }
      for (CallLeg leg : record.legs()) {
        legs.setString(1, entry.key());
        legs.setInt(2, leg.n());
        legs.setString(3, leg.agent());
        legs.setTimestamp(4, timestamp(leg.offeredAt()));
        legs.setTimestamp(5, timestamp(leg.answeredAt()));
        legs.setTimestamp(6, timestamp(leg.endedAt()));
        legs.setString(7, leg.result());
        set(legs, 8, leg.holdMs());
        legs.setString(9, leg.endedBy());
        legs.setString(10, entry.key());
        legs.setLong(11, entry.epoch());
        legs.setTimestamp(12, timestamp(record.endedAt()));
        legs.addBatch();
      }
    }
  }

  private static Timestamp timestamp(Instant at) {
    return at == null ? null : Timestamp.from(at);
  }

  private static void set(PreparedStatement statement, int index, Long number) throws SQLException {
    if (number == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, number);
    }
  }
}
