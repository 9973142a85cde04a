package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import java.util.regex.Pattern;
import org.careline.customer.NumberMask;

/** Numbers in what goes over the wire, as {@link NumberMask} shows them. Pure. */
final class Masking {
  /** Seven digits or more, however they are set apart; but no date. */
  private static final Pattern NUMBER =
      Pattern.compile("(?![0-9]{4}-[0-9]{2}-[0-9]{2}$)[+(]{0,2}(?:[0-9][ ()./-]{0,3}){6,}[0-9]");

  /** A piece of what a header said. */
  private static final Pattern RUN = Pattern.compile("\\+?[0-9](?:[ ()./-]{0,3}[0-9])+");

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

  private Masking() {}

  static String mask(String number) {
    return NumberMask.mask(number);
  }

  static String maskRuns(String text) {
    return NumberMask.runs(text);
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
