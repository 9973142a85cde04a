package org.careline.customer;

import java.util.List;
import org.careline.language.Sentence;

/**
 * What an import did, or would do.
 *
 * @param added sites that were not there
 * @param changed sites of which something was different
 * @param unchanged sites that were already so
 * @param rejected rows that did not go in
 * @param rejects the first {@link #MAX_REJECTS} of them
 */
public record ImportResult(
    long added, long changed, long unchanged, long rejected, List<Reject> rejects) {
  public static final int MAX_REJECTS = 1000;

  public ImportResult {
    rejects = List.copyOf(rejects);
  }

  /**
   * @param line where the row begins in the file, from 1
   * @param column the first column that is wrong; empty when the whole row is
   */
  public record Reject(long line, String column, Sentence reason) {}
}
