package org.careline.customer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.careline.config.YamlValue;

/** A policy as a YAML file has it: JSON, and weights may have decimals. Stateless. */
final class PolicyYaml {
  private PolicyYaml() {}

  static JsonNode document(YamlValue value) {
    JsonNode document = YamlJson.of(value);
    for (Map.Entry<String, JsonNode> tier : document.path("tiers").properties()) {
      JsonNode weight = tier.getValue().path("weight");
      if (tier.getValue() instanceof ObjectNode terms
          && weight.isTextual()
          && weight.textValue().matches("[0-9]{1,7}\\.[0-9]{1,6}")) {
        terms.put("weight", Double.parseDouble(weight.textValue()));
      }
    }
    return document;
  }
}
