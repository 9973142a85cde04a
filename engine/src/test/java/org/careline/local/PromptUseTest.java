package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.careline.line.LineSettings.Choice;
import org.junit.jupiter.api.Test;

/** Whoever records a prompt wants it heard: each one in the texts has a place that plays it. */
class PromptUseTest {
  /**
   * Lines name these themselves; they are in the examples, and the greeting in the demonstration.
   */
  private static final Pattern OF_LINES = Pattern.compile("greeting|recording-notice|after-hours");

  /** Digits and numbers are put together from what is counted. */
  private static final Pattern COUNTED =
      Pattern.compile("(digit-[0-9]|number-([0-9]|[1-5][0-9]|60))");

  @Test
  void everyPromptIsPlayedSomewhere() throws IOException {
    String places = text("engine/src/main/java", ".java") + text("dialplans/careline", ".conf");
    String examples = text("config/examples", ".yaml");
    // put together from a word: the choices of a menu, the days of a week
    Set<String> named = new TreeSet<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      named.add("call-" + day.name().toLowerCase(Locale.ROOT));
    }
    for (Choice choice : Choice.values()) {
      named.add("menu-" + choice.word().replace('_', '-'));
    }
    Path texts = Checkout.folder().resolve("dialplans/prompts");
    PromptTexts.read(texts)
        .languages()
        .forEach(
            (language, prompts) ->
                assertThat(prompts.keySet())
                    .as(language)
                    .allMatch(
                        name ->
                            COUNTED.matcher(name).matches()
                                || named.contains(name)
                                || OF_LINES.matcher(name).matches() && examples.contains(name)
                                || places.contains('"' + name + '"')
                                || places.contains("/" + name + ")")
                                || places.contains("/" + name + ","))
                    .containsAll(named));
  }

  private static String text(String folder, String ending) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Checkout.folder().resolve(folder))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(ending)).toList();
      for (Path file : sources) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
