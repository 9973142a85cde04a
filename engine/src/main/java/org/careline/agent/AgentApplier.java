package org.careline.agent;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.careline.call.Applier;
import org.careline.call.Journal;

/** Carries changes of presence from the journal into {@code agent_event}. Stateless. */
public final class AgentApplier implements Applier {
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
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT IGNORE INTO agent_event (agent_number, epoch, seq, at, presence, reason)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      for (Journal.Entry entry : batch) {
        Agents.Change change = entry.as(Agents.Change.class);
        statement.setString(1, entry.key());
        statement.setLong(2, entry.epoch());
        statement.setLong(3, entry.seq());
        statement.setTimestamp(4, Timestamp.from(entry.at()));
        statement.setString(5, change.presence());
        statement.setString(6, change.reason());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
