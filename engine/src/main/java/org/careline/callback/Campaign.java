package org.careline.callback;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is asked of whom, and how. Immutable.
 *
 * @param rules as stored; {@link RulesParser} reads them
 */
public record Campaign(
    long id,
    String code,
    String name,
    long customerId,
    String customerCode,
    String questionnaireCode,
    int questionnaireVersion,
    Mode mode,
    String shownNumber,
    String rules) {

  /** Who dials: the agent after looking at the site, or the engine as soon as he is on the line. */
  public enum Mode {
    PREVIEW,
    PROGRESSIVE;

    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Mode of(String id) {
      for (Mode mode : values()) {
        if (mode.id().equals(id)) {
          return mode;
        }
      }
      throw new IllegalArgumentException("mode is preview or progressive: " + id);
    }
  }

  /** Convenience for whoever applies a file: throws {@link RulesParser.InvalidRules}. */
  public static void checkRules(JsonNode rules) {
    RulesParser.parse(rules);
  }
}
