package org.careline.database;

import java.sql.SQLException;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/** The database that is needed now cannot be used, for a reason its administrator can mend. */
public final class DatabaseUnusable extends Refusal {
  private static final long serialVersionUID = 1L;
  private static final int NO_SUCH_SCHEMA = 1049;
  private static final int NO_RIGHT = 1044;

  public DatabaseUnusable(Sentence reason, Throwable cause) {
    super(reason, cause);
  }

  /** What MySQL or its driver said, in one line and with a remedy; never a password. */
  public static Sentence trouble(Throwable failure) {
    Throwable root = failure;
    SQLException said = null;
    while (true) {
      said = root instanceof SQLException sql ? sql : said;
      if (root.getCause() == null || root.getCause() == root) {
        break;
      }
      root = root.getCause();
    }
    String text = line(root);
    if (said == null) {
      return Sentence.plain(text);
    }
    String state = String.valueOf(said.getSQLState());
    if (said.getErrorCode() == NO_SUCH_SCHEMA || said.getErrorCode() == NO_RIGHT) {
      return Sentence.of("start.database-schema", line(said));
    }
    if (state.startsWith("28")) {
      return Sentence.of("start.database-denied", line(said));
    }
    if (state.startsWith("08")) {
      return Sentence.of("start.database-away", text);
    }
    return Sentence.plain(line(said));
  }

  private static String line(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }
}
