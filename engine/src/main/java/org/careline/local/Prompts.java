package org.careline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careline.config.Configuration;
import org.careline.language.Sentence;
import org.careline.line.LineSettingsParser;

/**
 * What callers may be played: a folder with {@code <language>/<name>.wav}, filled from the texts of
 * the product (spoken by {@link PromptVoice}) and from the recordings of the administrator, which
 * win and may have further names. Stateless.
 */
public final class Prompts {
  /** A prompt that is there, {@code recorded} by a person or spoken by the machine. */
  public record Prompt(String language, String name, boolean recorded, boolean changed) {}

  private static final String WAV = ".wav";

  /**
   * In each language's folder: name and what its file was made of, so that nothing is made twice.
   */
  private static final String LIST = ".made";

  private Prompts() {}

  /** Where the switch finds them. */
  public static Path folder(Configuration configuration, Path home) {
    return configuration.prompts().folder().orElse(home.resolve("prompts")).toAbsolutePath();
  }

  /**
   * Makes the folder complete: speaks what is new, takes over what was recorded, drops what is no
   * more. Blocks: some seconds at first, milliseconds when nothing has changed.
   *
   * @throws CannotStart with each recording that is not fit and what to do
   */
  public static List<Prompt> prepare(
      Path folder, Configuration.Prompts configured, Consumer<String> progress) {
    Map<String, Map<String, String>> texts = texts().languages();
    Map<String, Map<String, Path>> recorded = recorded(configured);
    Set<PromptVoice.Line> spoken = new LinkedHashSet<>();
    texts.forEach(
        (language, names) ->
            names.forEach(
                (name, text) -> {
                  if (!recorded.get(language).containsKey(name)) {
                    spoken.add(new PromptVoice.Line(language, text));
                  }
                }));
    PromptVoice.speak(spoken, progress);
    List<Prompt> prompts = new ArrayList<>();
    for (String language : PromptTexts.LANGUAGES) {
      Map<String, Source> sources = new TreeMap<>();
      texts
          .get(language)
          .forEach(
              (name, text) -> sources.put(name, Source.of(new PromptVoice.Line(language, text))));
      recorded.get(language).forEach((name, file) -> sources.put(name, Source.of(file)));
      // sounds without words, the same in all languages
      Set<String> words = Set.copyOf(sources.keySet());
      in(Checkout.folder().resolve("dialplans/prompts"))
          .forEach((name, file) -> sources.putIfAbsent(name, Source.of(file)));
      fill(folder.resolve(language), language, sources).stream()
          .filter(prompt -> words.contains(prompt.name()))
          .forEach(prompts::add);
    }
    return prompts;
  }

  /**
   * The names there are in each language, as the folder is now; empty = not known, nobody has made
   * the folder yet. Reads a folder.
   */
  public static Map<String, Set<String>> names(Configuration configuration, Path home) {
    Path folder = folder(configuration, home);
    Map<String, Set<String>> names = new HashMap<>();
    for (String language : PromptTexts.LANGUAGES) {
      names.put(language, in(folder.resolve(language)).keySet());
    }
    return names.values().stream().allMatch(Set::isEmpty) ? Map.of() : names;
  }

  /**
   * Names of the prompts that a machine speaks, in each language.
   *
   * @throws CannotStart as {@link #prepare}
   */
  public static Map<String, Set<String>> synthetic(Configuration.Prompts configured) {
    Map<String, Map<String, Path>> recorded = recorded(configured);
    Map<String, Set<String>> names = new TreeMap<>();
    texts()
        .languages()
        .forEach(
            (language, texts) -> {
              Set<String> left = new TreeSet<>(texts.keySet());
              left.removeAll(recorded.get(language).keySet());
              names.put(language, left);
            });
    return names;
  }

  private static PromptTexts texts() {
    return PromptTexts.read(Checkout.folder().resolve("dialplans/prompts"));
  }

  /** Language to name to file; every recording is looked at, all that is wrong is told at once. */
  private static Map<String, Map<String, Path>> recorded(Configuration.Prompts configured) {
    Map<String, Map<String, Path>> all = new HashMap<>();
    List<Sentence> wrong = new ArrayList<>();
    for (String language : PromptTexts.LANGUAGES) {
      Map<String, Path> files =
          configured.recorded().map(folder -> in(folder.resolve(language))).orElse(Map.of());
      files.forEach(
          (name, file) -> {
            if (!name.matches(LineSettingsParser.PROMPT)) {
              wrong.add(Sentence.of("prompts.name", file));
            } else {
              PhoneSound.flaw(file)
                  .ifPresent(flaw -> wrong.add(Sentence.of("prompts.recording", file, flaw)));
            }
          });
      all.put(language, files);
    }
    configured
        .recorded()
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(folder -> wrong.add(Sentence.of("prompts.no-folder", folder)));
    if (!wrong.isEmpty()) {
      throw new CannotStart(Sentence.joined("\n", wrong));
    }
    return all;
  }

  private static Map<String, Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(WAV))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replaceFirst("\\.wav$", ""),
                  file -> file,
                  (one, other) -> one,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException("the prompts in " + folder + " cannot be listed", e);
    }
  }

  /** What a prompt's file is made of; the same key = the same sound. */
  private record Source(Path file, String key, boolean recorded) {
    static Source of(PromptVoice.Line line) {
      return new Source(PromptVoice.file(line), "spoken " + line.key(), false);
    }

    static Source of(Path file) {
      try {
        return new Source(
            file,
            "recorded %d %d %s"
                .formatted(
                    Files.size(file), Files.getLastModifiedTime(file).toMillis(), file.toString()),
            true);
      } catch (IOException e) {
        throw new CannotStart(Sentence.of("prompts.unreadable", file, FileTrouble.of(e)), e);
      }
    }
  }

  private static List<Prompt> fill(Path folder, String language, Map<String, Source> sources) {
    List<Prompt> prompts = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      Map<String, String> before = made(folder);
      for (Map.Entry<String, Source> entry : sources.entrySet()) {
        Source source = entry.getValue();
        Path file = folder.resolve(entry.getKey() + WAV);
        boolean fresh =
            !source.key().equals(before.get(entry.getKey())) || !Files.isRegularFile(file);
        if (fresh) {
          Path beside = folder.resolve(entry.getKey() + ".new");
          Files.copy(source.file(), beside, StandardCopyOption.REPLACE_EXISTING);
          Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        }
        prompts.add(new Prompt(language, entry.getKey(), source.recorded(), fresh));
      }
      for (Map.Entry<String, Path> left : in(folder).entrySet()) {
        if (!sources.containsKey(left.getKey())) {
          Files.delete(left.getValue());
        }
      }
      Files.write(
          folder.resolve(LIST),
          sources.entrySet().stream()
              .map(entry -> entry.getKey() + "\t" + entry.getValue().key())
              .toList());
      return prompts;
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", folder, FileTrouble.of(e)), e);
    }
  }

  private static Map<String, String> made(Path folder) throws IOException {
    Path list = folder.resolve(LIST);
    if (!Files.exists(list)) {
      return Map.of();
    }
    return Files.readAllLines(list).stream()
        .filter(line -> line.contains("\t"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('\t')),
                line -> line.substring(line.indexOf('\t') + 1),
                (one, other) -> other));
  }
}
