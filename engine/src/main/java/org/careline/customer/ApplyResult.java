package org.careline.customer;

import java.util.List;
import java.util.Map;

/**
 * What an applied file did.
 *
 * @param items one per entry of the file, in its order
 * @param passwords generated for new users without one, by login; shown once and never again
 */
public record ApplyResult(List<Item> items, Map<String, String> passwords) {

  /**
   * @param kind tier, line, agent, questionnaire, campaign, faultCard ...
   * @param change added, changed or unchanged
   */
  public record Item(String change, String kind, String code) {}

  /** Whether anything is different now. */
  public boolean changed() {
    return items.stream().anyMatch(item -> !item.change().equals("unchanged"));
  }

  @Override
  public String toString() {
    return "ApplyResult" + items;
  }
}
