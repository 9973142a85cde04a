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
                  "UPDATE call_record SET line_code = ?, dialled = ?, caller_e164 = ?, caller_raw ="
                      + " ?, customer_id = ?, site_id = ?, tier_code = ? WHERE id = ? AND outcome IS"
                      + " NULL")) {
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
            caller(known, 1, line.caller());
            known.setString(8, entry.key());
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

    private static void caller(PreparedStatement statement, int from, Caller caller)
        throws SQLException {
      statement.setString(from, caller.lineCode());
      statement.setString(from + 1, caller.dialled());
      statement.setString(from + 2, caller.e164());
      statement.setString(from + 3, caller.raw());
      set(statement, from + 4, caller.customerId());
      set(statement, from + 5, caller.siteId());
      statement.setString(from + 6, caller.tierCode());
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
                  "UPDATE call_record SET line_code = ?, dialled = ?, caller_e164 = ?, caller_raw ="
                      + " ?, customer_id = ?, site_id = ?, tier_code = ?, arrived_at = ?, joined_at"
                      + " = ?, answered_at = ?, ended_at = ?, ended_by = ?, agent_number = ?,"
                      + " wait_ms = ?, talk_ms = ?, recording = ?, epoch = ?, outcome = ? WHERE id"
                      + " = ? AND outcome IS NULL")) {
        for (Journal.Entry entry : batch) {
          CallRecord call = entry.as(CallRecord.class);
          begun.setString(1, entry.key());
          begun.setString(2, call.tierCode());
          begun.setTimestamp(3, timestamp(call.arrivedAt()));
          begun.setLong(4, entry.epoch());
          begun.addBatch();
          over.setString(1, call.lineCode());
          over.setString(2, call.dialled());
          over.setString(3, call.callerE164());
          over.setString(4, call.callerRaw());
          set(over, 5, call.customerId());
          set(over, 6, call.siteId());
          over.setString(7, call.tierCode());
          over.setTimestamp(8, timestamp(call.arrivedAt()));
          over.setTimestamp(9, timestamp(call.joinedAt()));
          over.setTimestamp(10, timestamp(call.answeredAt()));
          over.setTimestamp(11, timestamp(call.endedAt()));
          over.setString(12, call.endedBy());
          over.setString(13, call.agentNumber());
          set(over, 14, call.waitMs());
          set(over, 15, call.talkMs());
          over.setString(16, call.recording());
          over.setLong(17, entry.epoch());
          over.setString(18, call.outcome());
          over.setString(19, entry.key());
          over.addBatch();
        }
        begun.executeBatch();
        over.executeBatch();
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
