package org.careline.web;

import io.javalin.http.Context;
import java.util.Set;
import org.careline.customer.Disclosures;
import org.careline.language.Sentence;

/** Telephone numbers as they are: only for those who may, who say why, and it is kept. */
final class Whole {
  private Whole() {}

  /**
   * Whether the query asks for whole numbers: {@code whole=true&reason=...}. Refuses who may not
   * and who gives no reason; else it is written down before this returns.
   *
   * @param about which numbers
   */
  static boolean asked(
      Context context,
      Principal who,
      Set<Role> may,
      Disclosures disclosures,
      String what,
      String about) {
    if (!Input.flag(context, "whole", false)) {
      return false;
    }
    if (!who.mayDo(may)) {
      throw Refusal.forbidden("whole_numbers", Sentence.of("report.whole-role"));
    }
    String reason = context.queryParam("reason");
    disclosures.write(
        who.login(),
        what,
        about,
        reason(Input.oneLine("reason", reason == null ? "" : reason, Disclosures.MOST)));
    return true;
  }

  /** Refuses what says nothing. */
  static String reason(String text) {
    if (!Disclosures.isReason(text)) {
      throw Refusal.invalid(
          "reason", Sentence.of("report.reason", Disclosures.LEAST, Disclosures.MOST));
    }
    return text.strip();
  }
}
