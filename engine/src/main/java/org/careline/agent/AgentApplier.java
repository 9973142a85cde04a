package org.careline.agent;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.careline.call.Applier;
import org.careline.call.Journal;

/**
 * Carries changes of presence from the journal into {@code agent_event}, and after-call work with
 * its end into {@code after_call_work}. An entry that comes again finds its own row, and an end
 * written already stays. Stateless.
 */
public final class AgentApplier implements Applier {
  private static final String WRAPPING = new Presence.AfterCallWork(null, null).key();

  @Override
  public String kind() {
    return "agent";
  }

  /** Pure history with its own key. */
  @Override
  public boolean takesOlderEpochs() {
    return true;
  }

  @Override
  public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
    try (PreparedStatement event =
            connection.prepareStatement(
                "INSERT IGNORE INTO agent_event (agent_number, epoch, seq, at, presence, reason,"
                    + " work) VALUES (?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement over =
            connection.prepareStatement(
                "UPDATE after_call_work SET ended_at = GREATEST(began_at, ?)"
                    + " WHERE agent_number = ? AND ended_at IS NULL AND (epoch, seq) < (?, ?)");
        PreparedStatement begun =
            connection.prepareStatement(
                "INSERT IGNORE INTO after_call_work (agent_number, epoch, seq, call_id, began_at)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      for (Journal.Entry entry : batch) {
        Agents.Change change = entry.as(Agents.Change.class);
        String work = change.work() == null ? "" : change.work();
        key(event, 1, entry);
        event.setTimestamp(4, Timestamp.from(entry.at()));
        event.setString(5, change.presence());
        event.setString(6, change.reason());
        event.setString(7, work);
        event.addBatch();
        over.setTimestamp(1, Timestamp.from(entry.at()));
        key(over, 2, entry);
        over.executeUpdate();
        if (change.presence().equals(WRAPPING)) {
          key(begun, 1, entry);
          begun.setString(4, work);
          begun.setTimestamp(5, Timestamp.from(entry.at()));
          begun.executeUpdate();
        }
      }
      event.executeBatch();
    }
  }

  private static void key(PreparedStatement statement, int from, Journal.Entry entry)
      throws SQLException {
    statement.setString(from, entry.key());
    statement.setLong(from + 1, entry.epoch());
    statement.setLong(from + 2, entry.seq());
  }
}
