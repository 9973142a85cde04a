package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.careline.call.CallId;
import org.careline.language.Sentence;

/**
 * Reads what a request carries and refuses what is not as agreed: it never repairs. Text may hold
 * anything printable, quotes and braces too (it is only ever bound, never pasted); control
 * characters, line ends among them, are refused unless the field is a long text.
 */
final class Input {
  static final int MOST_BYTES = 1_000_000;

  /** Characters of a name that is not ours in an answer. */
  private static final int SHOWN = 40;

  private static final Pattern CODE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_. -]{0,63}");

  private Input() {}

  /** The body as a JSON object; 413 above 1 MB, 400 when it is none. Empty counts as {@code {}}. */
  static JsonNode object(Context context) throws IOException {
    byte[] bytes = bytes(context);
    JsonNode node =
        bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
    if (node == null || !node.isObject()) {
      throw Refusal.invalid("body", Sentence.of("web.object"));
    }
    return node;
  }

  /** The body as UTF-8 text; bytes that are none are refused. */
  static String utf8(Context context) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes(context)))
          .toString();
    } catch (CharacterCodingException e) {
      throw Refusal.invalid("body", Sentence.of("web.utf8"));
    }
  }

  private static byte[] bytes(Context context) throws IOException {
    if (context.req().getContentLengthLong() > MOST_BYTES) {
      throw tooLarge(MOST_BYTES);
    }
    byte[] bytes = context.req().getInputStream().readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw tooLarge(MOST_BYTES);
    }
    return bytes;
  }

  static Refusal tooLarge(long most) {
    return new Refusal(413, "too_large", Sentence.of("web.bytes", most), Map.of("maxBytes", most));
  }

  /**
   * Refuses fields that nobody reads, by name and with those that are read: a misspelt one would
   * otherwise do nothing in silence.
   */
  static void only(JsonNode object, Set<String> known) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        String field = shown(name);
        throw new Refusal(
            400,
            "unknown_field",
            Sentence.of("web.unknown-field", field, String.join(", ", new TreeSet<>(known))),
            Map.of("field", field));
      }
    }
  }

  /** A name from outside, short and printable. */
  private static String shown(String name) {
    StringBuilder safe = new StringBuilder();
    name.codePoints()
        .limit(SHOWN)
        .map(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.SURROGATE,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      '?';
                  default -> c;
                })
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }

  /** A required short text on one line. */
  static String line(JsonNode object, String field, int most) {
    JsonNode node = object.get(field);
    if (node == null || !node.isTextual() || node.textValue().isEmpty()) {
      throw Refusal.invalid(field, Sentence.of("web.text"));
    }
    return oneLine(field, node.textValue(), most);
  }

  /** An optional text; missing and null count as empty. Line ends and tabs may stand in it. */
  static String longText(JsonNode object, String field, int most) {
    JsonNode node = object.get(field);
    if (node == null || node.isNull()) {
      return "";
    }
    if (!node.isTextual()) {
      throw Refusal.invalid(field, Sentence.of("web.text"));
    }
    return checked(field, node.textValue(), most, true);
  }

  /** An optional short text on one line; missing and null count as empty. */
  static String optionalLine(JsonNode object, String field, int most) {
    String text = longText(object, field, most);
    return oneLine(field, text, most);
  }

  /** As above; empty counts as missing. */
  static Optional<String> optionalText(JsonNode object, String field, int most) {
    return Optional.of(optionalLine(object, field, most)).filter(text -> !text.isEmpty());
  }

  static String oneLine(String field, String text, int most) {
    return checked(field, text, most, false);
  }

  private static String checked(String field, String text, int most, boolean lines) {
    if (text.codePointCount(0, text.length()) > most) {
      throw Refusal.invalid(field, Sentence.of("web.characters", most));
    }
    boolean bad =
        text.codePoints()
            .anyMatch(
                c ->
                    Character.getType(c) == Character.SURROGATE
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || Character.isISOControl(c)
                            && !(lines && (c == '\n' || c == '\r' || c == '\t')));
    if (bad) {
      throw Refusal.invalid(field, Sentence.of("web.control"));
    }
    return text;
  }

  static Optional<Instant> instant(JsonNode object, String field) {
    JsonNode node = object.get(field);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw Refusal.invalid(field, Sentence.of("web.instant"));
    }
    return Optional.of(instant(field, node.textValue()));
  }

  /** Of the query. */
  static Optional<Instant> instant(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name)).map(text -> instant(name, text));
  }

  /** Years 2000 to 2999 only: what lies outside is a mistake, and no date of MySQL's. */
  static Instant instant(String field, String text) {
    try {
      Instant at = Instant.parse(text);
      if (at.isBefore(Instant.parse("2000-01-01T00:00:00Z"))
          || !at.isBefore(Instant.parse("3000-01-01T00:00:00Z"))) {
        throw Refusal.invalid(field, Sentence.of("web.millennium"));
      }
      return at;
    } catch (DateTimeParseException e) {
      throw Refusal.invalid(field, Sentence.of("web.instant"));
    }
  }

  /** Codes and their values: texts, whole numbers and yes/no, as texts. */
  static Map<String, String> answers(JsonNode object) {
    if (object.size() > 100) {
      throw Refusal.invalid("body", Sentence.of("web.answers"));
    }
    Map<String, String> answers = new LinkedHashMap<>();
    object
        .fields()
        .forEachRemaining(
            field -> {
              String code = oneLine("code", field.getKey(), 83);
              JsonNode value = field.getValue();
              if (value.isTextual()) {
                answers.put(code, checked(code, value.textValue(), 2000, true));
              } else if (value.isIntegralNumber() && value.canConvertToInt()) {
                answers.put(code, value.asText());
              } else if (value.isBoolean()) {
                answers.put(code, value.booleanValue() ? "yes" : "no");
              } else {
                throw Refusal.invalid("answers", Sentence.of("web.answer"));
              }
            });
    return answers;
  }

  static CallId callId(Context context) {
    String text = context.pathParam("id");
    if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
      throw Refusal.notFound(Sentence.of("web.no-call"));
    }
    return new CallId(text);
  }

  static String code(Context context) {
    String text = context.pathParam("code");
    if (!CODE.matcher(text).matches()) {
      throw Refusal.notFound(Sentence.of("web.no-campaign"));
    }
    return text;
  }

  static boolean flag(Context context, String name, boolean standard) {
    String text = context.queryParam(name);
    if (text == null) {
      return standard;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case String other -> throw Refusal.invalid(name, Sentence.of("web.flag"));
    };
  }

  static int number(Context context, String name, int standard, int least, int most) {
    String text = context.queryParam(name);
    if (text == null) {
      return standard;
    }
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > most) {
      throw Refusal.invalid(name, Sentence.of("web.number", least, most));
    }
    return Integer.parseInt(text);
  }
}
