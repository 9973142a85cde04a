package org.careline.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.careline.language.Sentence;

/** A place in a JSON text being read, which can say where it is. Not shared. */
record Reading(String place, JsonNode node) {

  /** An object with these keys and no others; absent counts as empty. */
  static Reading of(String place, JsonNode node, Set<String> known) {
    Reading reading = new Reading(place, node);
    reading.only(known);
    return reading;
  }

  InvalidSettings wrong(Sentence what) {
    return new InvalidSettings(place, what);
  }

  boolean absent() {
    return node.isMissingNode() || node.isNull();
  }

  Reading at(String key) {
    return new Reading(place + "." + key, node.path(key));
  }

  void only(Set<String> known) {
    object();
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw wrong(Sentence.of("rules.key", key));
              }
            });
  }

  void object() {
    if (!absent() && !node.isObject()) {
      throw wrong(Sentence.of("rules.object"));
    }
  }

  /** The items of a list; none when it is absent. */
  List<Reading> items(int most) {
    if (!absent() && (!node.isArray() || node.size() > most)) {
      throw wrong(Sentence.of("line.list", most));
    }
    List<Reading> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new Reading(place + "[" + i + "]", node.get(i)));
    }
    return items;
  }

  /** A text; a short number without quotes in YAML arrives as a number and counts as its text. */
  String string() {
    if (!node.isTextual() && !node.isInt()) {
      throw wrong(Sentence.of("web.text"));
    }
    return node.asText();
  }

  String text(String key, String otherwise, String pattern, String expected) {
    Reading at = at(key);
    if (at.absent()) {
      return otherwise;
    }
    if (!at.string().matches(pattern)) {
      throw at.wrong(Sentence.of(expected));
    }
    return at.string();
  }

  boolean flag(String key, boolean otherwise) {
    Reading at = at(key);
    if (at.absent()) {
      return otherwise;
    }
    if (!at.node.isBoolean()) {
      throw at.wrong(Sentence.of("rules.flag"));
    }
    return at.node.asBoolean();
  }

  int number(String key, int otherwise, int least, int most) {
    Reading at = at(key);
    if (at.absent() && otherwise >= least) {
      return otherwise;
    }
    if (!at.node.isInt() || at.node.asInt() < least || at.node.asInt() > most) {
      throw at.wrong(Sentence.of("web.number", least, most));
    }
    return at.node.asInt();
  }

  <E extends Enum<E>> E word(String key, E[] values, E otherwise) {
    Reading at = at(key);
    if (at.absent()) {
      return otherwise;
    }
    // YAML reads a bare off as a word, but people know it as false
    String word = at.node.isBoolean() && !at.node.asBoolean() ? "off" : at.string();
    return LineSettings.named(values, word)
        .orElseThrow(() -> at.wrong(Sentence.of("line.words", LineSettingsParser.words(values))));
  }

  Duration duration(String key, Duration otherwise, Duration least, Duration most) {
    Reading at = at(key);
    if (at.absent()) {
      return otherwise;
    }
    String text = at.string();
    if (!text.matches("[0-9]{1,7} ?[smhd]")) {
      throw at.wrong(Sentence.of("line.duration", text));
    }
    long value = Long.parseLong(text.replaceAll("[^0-9]", ""));
    Duration duration =
        switch (text.charAt(text.length() - 1)) {
          case 's' -> Duration.ofSeconds(value);
          case 'm' -> Duration.ofMinutes(value);
          case 'h' -> Duration.ofHours(value);
          default -> Duration.ofDays(value);
        };
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw at.wrong(Sentence.of("line.duration-range", written(least), written(most)));
    }
    return duration;
  }

  /** In the largest unit that holds it exactly. */
  static String written(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0 && seconds > 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
