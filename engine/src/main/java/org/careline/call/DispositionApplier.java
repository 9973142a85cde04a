package org.careline.call;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Carries what agents say calls came to into {@code call_record}. The last one counts. */
public final class DispositionApplier implements Applier {
  public static final String KIND = "call_disposition";

  /** What the journal keeps. */
  public record Said(String code, String agent) {}

  @Override
  public String kind() {
    return KIND;
  }

  /** A person's own word about a call of his. */
  @Override
  public boolean takesOlderEpochs() {
    return true;
  }

  @Override
  public void apply(Connection connection, List<Journal.Entry> batch) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE call_record SET disposition = ? WHERE id = ?")) {
      for (Journal.Entry entry : batch) {
        update.setString(1, entry.as(Said.class).code());
        update.setString(2, entry.key());
        update.addBatch();
      }
      update.executeBatch();
    }
  }
}
