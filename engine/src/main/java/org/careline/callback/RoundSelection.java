package org.careline.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Which sites of its customer a round has, to be looked up when it is opened. Immutable. */
public sealed interface RoundSelection {
  /** Of each kind; more sites are better taken by region, trade or tier. */
  int MOST_CODES = 5000;

  /** All of them. */
  record All() implements RoundSelection {}

  /**
   * Those of a region and a trade and a tier and a list; what is empty does not narrow it. Codes,
   * at least one.
   */
  record Some(List<String> regions, List<String> trades, List<String> tiers, List<String> sites)
      implements RoundSelection {
    public Some {
      regions = List.copyOf(regions);
      trades = List.copyOf(trades);
      tiers = List.copyOf(tiers);
      sites = List.copyOf(sites);
    }

    public boolean empty() {
      return regions.isEmpty() && trades.isEmpty() && tiers.isEmpty() && sites.isEmpty();
    }
  }

  /** Those whose visits are by the calendar of their customer, or of this tier. */
  record ByCalendar(Optional<String> tier) implements RoundSelection {}

  /** Those named one by one in {@code round_choice}. */
  record Chosen() implements RoundSelection {}

  /** As it is stored; empty = all. */
  default Optional<String> json() {
    ObjectMapper json = new ObjectMapper();
    ObjectNode node = json.createObjectNode();
    switch (this) {
      case All all -> {
        return Optional.empty();
      }
      case Some some -> {
        put(node, "regions", some.regions());
        put(node, "trades", some.trades());
        put(node, "tiers", some.tiers());
        put(node, "sites", some.sites());
      }
      case ByCalendar calendar -> node.put("calendarOf", calendar.tier().orElse(""));
      case Chosen chosen -> node.put("chosen", true);
    }
    return Optional.of(node.toString());
  }

  private static void put(ObjectNode node, String name, List<String> codes) {
    if (!codes.isEmpty()) {
      ArrayNode array = node.putArray(name);
      codes.forEach(array::add);
    }
  }

  static RoundSelection of(String json) {
    if (json == null) {
      return new All();
    }
    try {
      JsonNode node = new ObjectMapper().readTree(json);
      if (node.has("chosen")) {
        return new Chosen();
      }
      if (node.has("calendarOf")) {
        String tier = node.get("calendarOf").asText();
        return new ByCalendar(tier.isEmpty() ? Optional.empty() : Optional.of(tier));
      }
      return new Some(
          texts(node, "regions"),
          texts(node, "trades"),
          texts(node, "tiers"),
          texts(node, "sites"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("MySQL holds a JSON column that is none", e);
    }
  }

  private static List<String> texts(JsonNode node, String name) {
    List<String> texts = new ArrayList<>();
    node.path(name).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** A condition on a site {@code s}; its values are bound by {@link #bind}. */
  default String condition() {
    return switch (this) {
      case All all -> "";
      case Some some ->
          (some.regions().isEmpty()
                  ? ""
                  : " AND s.region_id IN (SELECT g.id FROM region g"
                      + " WHERE g.customer_id = s.customer_id AND g.code IN (<regions>))")
              + (some.trades().isEmpty() ? "" : " AND s.trade IN (<trades>)")
              + (some.tiers().isEmpty() ? "" : " AND s.tier_code IN (<tiers>)")
              + (some.sites().isEmpty() ? "" : " AND s.code IN (<sites>)");
      case ByCalendar calendar ->
          (calendar.tier().isEmpty() ? "" : " AND s.tier_code = :calendarTier")
              + " AND NOT EXISTS (SELECT 1 FROM cadence own WHERE own.site_id = s.id"
              + " AND JSON_CONTAINS_PATH(own.document, 'one', '$.visits'))";
      case Chosen chosen ->
          " AND EXISTS (SELECT 1 FROM round_choice chosen WHERE chosen.round_id = :round"
              + " AND chosen.site_id = s.id)";
    };
  }

  /** The statement also binds {@code :round} itself. */
  default <T extends SqlStatement<T>> T bind(T statement) {
    switch (this) {
      case All all -> {}
      case Some some -> {
        list(statement, "regions", some.regions());
        list(statement, "trades", some.trades());
        list(statement, "tiers", some.tiers());
        list(statement, "sites", some.sites());
      }
      case ByCalendar calendar ->
          calendar.tier().ifPresent(tier -> statement.bind("calendarTier", tier));
      case Chosen chosen -> {}
    }
    return statement;
  }

  private static void list(SqlStatement<?> statement, String name, List<String> codes) {
    if (!codes.isEmpty()) {
      statement.bindList(name, codes);
    }
  }

  /** The number of sites of a customer it has now, closed ones left out. */
  default int count(Handle handle, long customer, long round) {
    return bind(handle
            .createQuery(
                "SELECT COUNT(*) FROM site s WHERE s.customer_id = :customer"
                    + " AND s.status <> 'closed' AND :round >= 0"
                    + condition())
            .bind("customer", customer)
            .bind("round", round))
        .mapTo(Integer.class)
        .one();
  }
}
