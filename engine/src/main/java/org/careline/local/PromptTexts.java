package org.careline.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.careline.language.Sentence;
import org.careline.line.LineSettingsParser;

/**
 * The texts of all prompts the product plays: {@code <language>.txt} in one folder, a prompt a line
 * ({@code name = text}), {@code #} begins a comment. All languages have the same names. Immutable.
 *
 * @param languages language to name to text, in the order of the file
 */
record PromptTexts(Map<String, Map<String, String>> languages) {
  static final List<String> LANGUAGES = List.of("zh", "en");

  /**
   * @throws CannotStart with file and line of what is wrong
   */
  static PromptTexts read(Path folder) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    for (String language : LANGUAGES) {
      all.put(language, one(folder.resolve(language + ".txt")));
    }
    TreeSet<String> first = new TreeSet<>(all.get(LANGUAGES.getFirst()).keySet());
    all.forEach(
        (language, texts) -> {
          TreeSet<String> lacking = new TreeSet<>(first);
          lacking.removeAll(texts.keySet());
          TreeSet<String> extra = new TreeSet<>(texts.keySet());
          extra.removeAll(first);
          lacking.addAll(extra);
          if (!lacking.isEmpty()) {
            throw new CannotStart(
                Sentence.of("prompts.one-language", folder, String.join(", ", lacking)));
          }
        });
    return new PromptTexts(all);
  }

  private static Map<String, String> one(Path file) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> lines;
    try {
      lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("prompts.unreadable", file, FileTrouble.of(e)), e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int sign = line.indexOf('=');
      String name = sign < 0 ? "" : line.substring(0, sign).strip();
      String text = line.substring(sign + 1).strip();
      if (!name.matches(LineSettingsParser.PROMPT) || text.isEmpty()) {
        throw new CannotStart(Sentence.of("prompts.line", file, i + 1));
      }
      if (texts.putIfAbsent(name, text) != null) {
        throw new CannotStart(Sentence.of("prompts.twice", file, i + 1, name));
      }
    }
    return texts;
  }
}
