package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code 138****8000}: enough to recognise a number, not enough to dial it. Pure. */
final class Masking {
  /** Seven digits or more, however they are set apart; but no date. */
  private static final Pattern NUMBER =
      Pattern.compile("(?![0-9]{4}-[0-9]{2}-[0-9]{2}$)[+(]{0,2}(?:[0-9][ ()./-]{0,3}){6,}[0-9]");

  /** A piece of what a header said. */
  private static final Pattern RUN = Pattern.compile("\\+?[0-9](?:[ ()./-]{0,3}[0-9])+");

  /** Seven digits or more inside a text; not a date. */
  private static final Pattern LONG_RUN =
      Pattern.compile(
          "(?<![0-9])(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))\\+?[0-9](?:[ ()./-]{0,3}[0-9]){6,}");

  /** What the caller's header said: any number in it is his. */
  private static final String RAW = "raw";

  /** Ours or no telephone number: needed to understand a story, and nobody's secret. */
  private static final Set<String> WHOLE =
      Set.of(
          "agent",
          "at",
          "callId",
          "channel",
          "customerCode",
          "decision",
          "dialled",
          "handedTo",
          "id",
          "lineCode",
          "siteCode",
          "skill",
          "tierCode");

  private static final int TAIL = 4;
  private static final int HEAD = 3;

  private Masking() {}

  /**
   * Null stays null: withheld. Short numbers (police, banks) are nobody's secret but hidden too.
   */
  static String mask(String number) {
    if (number == null || number.isEmpty() || number.contains("*")) {
      return number;
    }
    String digits = number.startsWith("+86") ? number.substring(3) : number;
    if (digits.length() <= TAIL) {
      return "*".repeat(digits.length());
    }
    int head = Math.clamp(digits.length() - TAIL - 1L, 0, HEAD);
    int hidden = digits.length() - TAIL - head;
    return digits.substring(0, head)
        + "*".repeat(hidden)
        + digits.substring(digits.length() - TAIL);
  }

  /** A number as the tables keep it. Codes and serial numbers have no plus. */
  private static final Pattern E164 = Pattern.compile("\\+[0-9]{7,15}");

  /**
   * A field of a customer's data, or the name of what it belongs to.
   *
   * @param column as files and the history name it
   */
  static String maskField(String column, String value) {
    return column.matches("phone[0-9]*")
        ? mask(value)
        : E164.matcher(value).replaceAll(found -> mask(found.group()));
  }

  /** Every piece of a longer text that looks like a number, masked. */
  static String maskRuns(String text) {
    return text == null
        ? null
        : LONG_RUN.matcher(text).replaceAll(found -> mask(found.group().replaceAll("[^0-9+]", "")));
  }

  /** Every text below that is a telephone number of somebody else, masked. Gives a new tree. */
  static JsonNode maskInside(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object
            .fields()
            .forEachRemaining(
                field -> copy.set(field.getKey(), maskField(field.getKey(), field.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> copy.add(maskInside(element)));
        yield copy;
      }
      case TextNode text ->
          NUMBER.matcher(text.textValue()).matches()
              ? TextNode.valueOf(mask(text.textValue()))
              : text;
      default -> node;
    };
  }

  private static JsonNode maskField(String name, JsonNode value) {
    if (name.equals(RAW) && value.isTextual()) {
      return TextNode.valueOf(
          RUN.matcher(value.textValue()).replaceAll(found -> mask(found.group())));
    }
    return WHOLE.contains(name) ? value : maskInside(value);
  }
}
