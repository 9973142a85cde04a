package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Locale;

/** Holds answers against the document. */
final class Contract {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final JsonNode DOCUMENT = read();

  private Contract() {}

  private static JsonNode read() {
    try {
      return Json.MAPPER.readTree(SystemEndpoints.openApi());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer's status, type and body are described for this operation. */
  static void conforms(String method, String template, HttpResponse<String> answer) {
    JsonNode operation = DOCUMENT.get("paths").get(template).get(method.toLowerCase(Locale.ROOT));
    JsonNode response = operation.get("responses").get(String.valueOf(answer.statusCode()));
    assertThat(response).as(method + " " + template + " " + answer.statusCode()).isNotNull();
    if (response.has("$ref")) {
      response = DOCUMENT.at(response.get("$ref").asText().substring(1));
    }
    JsonNode content = response.get("content");
    if (content == null) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    assertThat(content.has(type)).as(template + " gave " + type).isTrue();
    if (type.equals("application/json")) {
      matches(content.get(type).get("schema"), TestWeb.json(answer), template);
    }
  }

  static void matches(JsonNode schema, JsonNode value, String what) {
    ObjectNode whole = Json.MAPPER.createObjectNode();
    whole.putArray("allOf").add(schema);
    whole.set("components", DOCUMENT.get("components"));
    assertThat(SCHEMAS.getSchema(whole).validate(value)).as(what + " " + value).isEmpty();
  }
}
