package org.careline.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.careline.language.Sentence;

/** Configuration files with {@code @NAME@} in place of what differs between instances. */
public final class Template {
  private static final Pattern PLACEHOLDER = Pattern.compile("@([A-Z][A-Z0-9_]*)@");

  private Template() {}

  /**
   * Puts the values in.
   *
   * @throws CannotStart when a placeholder has no value
   */
  public static String render(String name, String text, Map<String, String> values) {
    Set<String> unknown = new TreeSet<>();
    String rendered = PLACEHOLDER.matcher(text).replaceAll(found -> value(found, values, unknown));
    if (!unknown.isEmpty()) {
      throw new CannotStart(
          Sentence.of(
              "start.placeholder",
              name,
              String.join(", ", unknown.stream().map(key -> "@" + key + "@").toList()),
              String.join(", ", new TreeSet<>(values.keySet()))));
    }
    return rendered;
  }

  private static String value(MatchResult found, Map<String, String> values, Set<String> unknown) {
    String value = values.get(found.group(1));
    if (value == null) {
      unknown.add(found.group(1));
      return "";
    }
    return Matcher.quoteReplacement(value);
  }

  /** Renders every *.conf of a folder into another one, readable by the owner only. */
  public static void renderFolder(Path templates, Path target, Map<String, String> values) {
    renderFolder(templates, "*.conf", target, values);
  }

  /**
   * Renders those files of a folder whose names match, for example {@code *.conf}; gives what was
   * written.
   */
  public static List<Path> renderFolder(
      Path templates, String names, Path target, Map<String, String> values) {
    List<Path> written = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(templates, names)) {
      List<Path> all = StreamSupport.stream(files.spliterator(), false).sorted().toList();
      if (all.isEmpty()) {
        throw new CannotStart(Sentence.of("start.no-templates", names, templates));
      }
      Folders.make(target);
      for (Path file : all) {
        String name = file.getFileName().toString();
        String text = render(file.toString(), Files.readString(file), values);
        Path rendered = target.resolve(name);
        Files.deleteIfExists(rendered);
        Files.createFile(
            rendered,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(rendered, text);
        written.add(rendered);
      }
      return written;
    } catch (NoSuchFileException e) {
      throw new CannotStart(Sentence.of("start.no-file", templates), e);
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.cannot-write", target, FileTrouble.of(e)), e);
    }
  }
}
