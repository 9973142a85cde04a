package org.careline.customer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.config.YamlValue;

/** Turns a piece of YAML into JSON and finds the line a parser of that JSON complains about. */
final class YamlJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern STEP = Pattern.compile("\\.([A-Za-z0-9_-]+)|\\[([0-9]+)]");

  private YamlJson() {}

  static JsonNode of(YamlValue value) {
    return switch (value) {
      case YamlValue.Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
        yield object;
      }
      case YamlValue.Sequence sequence -> {
        ArrayNode array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case YamlValue.Scalar scalar -> scalar(scalar);
    };
  }

  private static JsonNode scalar(YamlValue.Scalar scalar) {
    String text = scalar.text();
    if (scalar.empty()) {
      return JSON.nullNode();
    }
    if (!scalar.plain()) {
      return JSON.textNode(text);
    }
    if (text.equals("true") || text.equals("false")) {
      return JSON.booleanNode(text.equals("true"));
    }
    return text.matches("-?(0|[1-9][0-9]{0,8})")
        ? JSON.numberNode(Integer.parseInt(text))
        : JSON.textNode(text);
  }

  /**
   * The line of the place a message names, such as {@code questions[2].type} or {@code
   * rules.caps.perDay}: as deep as the path can be followed.
   */
  static int line(YamlValue root, String rootName, String message) {
    int start = message.indexOf(rootName);
    if (start < 0) {
      return root.line();
    }
    YamlValue at = root;
    int line = root.line();
    Matcher step = STEP.matcher(message);
    int end = start + rootName.length();
    while (step.find(end) && step.start() == end) {
      end = step.end();
      if (at instanceof YamlValue.Mapping mapping
          && step.group(1) != null
          && mapping.entries().containsKey(step.group(1))) {
        line = mapping.entries().get(step.group(1)).line();
        at = mapping.get(step.group(1));
      } else if (at instanceof YamlValue.Sequence sequence
          && step.group(2) != null
          && Integer.parseInt(step.group(2)) < sequence.items().size()) {
        at = sequence.items().get(Integer.parseInt(step.group(2)));
        line = at.line();
      } else {
        break;
      }
    }
    return line;
  }
}
