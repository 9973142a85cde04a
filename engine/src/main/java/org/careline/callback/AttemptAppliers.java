package org.careline.callback;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.call.Applier;
import org.careline.call.CallId;
import org.careline.call.Journal.Entry;
import org.careline.callback.AttemptJournal.Answered;
import org.careline.callback.AttemptJournal.Settling;
import org.careline.callback.AttemptJournal.StateChange;

/**
 * Carries attempts from the journal into MySQL. States only go forward, an attempt is settled once,
 * a newer answer is not replaced by an older one, and what it replaces is kept: applying an entry
 * again changes nothing.
 */
public final class AttemptAppliers {
  private AttemptAppliers() {}

  /** In the order in which the kinds of one batch are to be applied. */
  public static List<Applier> all() {
    return List.of(new States(), new Answers(), new Dispositions());
  }

  private static final class States implements Applier {
    @Override
    public String kind() {
      return "attempt";
    }

    /**
     * That one was never on the wire stays true under a later lease, and whoever settles first
     * settles: refused, its row would stay open. How far one is, its new owner says.
     */
    @Override
    public boolean takesOlderEpochs(Entry entry) {
      return entry.as(StateChange.class).notPlaced();
    }

    @Override
    public void apply(Connection connection, List<Entry> batch) throws SQLException {
      for (Entry entry : batch) {
        StateChange change = entry.as(StateChange.class);
        if (change.notPlaced()) {
          Settlement.notPlaced(connection, new CallId(entry.key()), change.at(), change.proven());
        } else {
          forward(connection, entry.key(), change);
        }
      }
    }

    /** Unknown stands beside dialling: an attempt may go there and back. */
    private static void forward(Connection connection, String id, StateChange change)
        throws SQLException {
      Instant answered = change.state().equals("talking") ? change.at() : null;
      Instant ended = change.state().equals("ended") ? change.at() : null;
      Sql.update(
          connection,
          "UPDATE attempt SET state = ?, answered_at = COALESCE(answered_at, ?),"
              + " ended_at = COALESCE(ended_at, ?),"
              + " hangup_cause = COALESCE(hangup_cause, NULLIF(?, 0)),"
              + " dial_status = COALESCE(dial_status, ?) WHERE id = ? AND settled_at IS NULL"
              + " AND FIELD(state, 'inserted', 'agent_ringing', 'dialling', 'unknown', 'talking',"
              + "  'ended') <= FIELD(?, 'inserted', 'agent_ringing', 'dialling', 'unknown',"
              + "  'talking', 'ended')",
          change.state(),
          answered,
          ended,
          change.cause(),
          change.dialStatus(),
          id,
          change.state());
    }
  }

  private static final class Answers implements Applier {
    @Override
    public String kind() {
      return "answer";
    }

    /** What a person said stays true under a later lease. */
    @Override
    public boolean takesOlderEpochs() {
      return true;
    }

    @Override
    public void apply(Connection connection, List<Entry> batch) throws SQLException {
      for (Entry entry : batch) {
        AnswerRows.apply(connection, entry.key(), entry.as(Answered.class));
      }
    }
  }

  private static final class Dispositions implements Applier {
    @Override
    public String kind() {
      return "disposition";
    }

    @Override
    public boolean takesOlderEpochs() {
      return true;
    }

    @Override
    public void apply(Connection connection, List<Entry> batch) throws SQLException {
      for (Entry entry : batch) {
        Settling settling = entry.as(Settling.class);
        Sql.update(
            connection,
            "UPDATE attempt SET hangup_cause = COALESCE(hangup_cause, NULLIF(?, 0)),"
                + " dial_status = COALESCE(dial_status, ?), rang = rang OR ?"
                + " WHERE id = ? AND settled_at IS NULL",
            settling.cause(),
            settling.dialStatus(),
            Boolean.TRUE.equals(settling.rang()),
            entry.key());
        Settlement.settle(
            connection,
            new CallId(entry.key()),
            Optional.ofNullable(settling.site()),
            new Settlement.Result(
                Disposition.of(settling.disposition()).orElseThrow(),
                settling.note(),
                settling.appointment(),
                settling.named(),
                settling.by(),
                settling.at()));
      }
    }
  }
}
