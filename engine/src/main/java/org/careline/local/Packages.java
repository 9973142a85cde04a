package org.careline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careline.language.Sentence;

/**
 * The unpacked Debian packages of Asterisk and MySQL, or of espeak-ng. Their programs run through
 * the loader and the libraries that came with them, so the host's own do not matter. Immutable.
 */
public record Packages(Path root, Path libraries, Path loader) {
  private static final Duration FETCH = Duration.ofMinutes(20);

  /**
   * Fetches and unpacks what is not there yet (minutes at most, seconds usually).
   *
   * @throws CannotStart with the script's reason
   */
  public static Packages ensure() {
    return ensure(line -> {});
  }

  /** As above; what the script says meanwhile is handed over line by line. */
  public static Packages ensure(Consumer<String> progress) {
    return ensure(List.of(), progress);
  }

  /** The packages of espeak-ng, which have a folder of their own; as above. */
  public static Packages speech(Consumer<String> progress) {
    return ensure(List.of("speech"), progress);
  }

  /** Where fetched packages are kept, and what is made from them once for all instances. */
  public static Path cache() {
    String named = System.getenv().getOrDefault("CARELINE_CACHE", "");
    return named.isBlank()
        ? Path.of(System.getenv().getOrDefault("HOME", "/"), ".cache/careline")
        : Path.of(named).toAbsolutePath();
  }

  private static Packages ensure(List<String> arguments, Consumer<String> progress) {
    // A line is handed on when the next one comes: the last one may be the reason we throw.
    AtomicReference<String> last = new AtomicReference<>("");
    Command run =
        Command.run(
            Stream.concat(
                    Stream.of(Checkout.folder().resolve("scripts/lib/packages").toString()),
                    arguments.stream())
                .toList(),
            // The script's lines are for the person.
            Map.of("CARELINE_LANG", Locale.getDefault().getLanguage()),
            FETCH,
            line -> {
              String before = last.getAndSet(line);
              if (!before.isEmpty()) {
                progress.accept(before);
              }
            });
    if (!run.succeeded()) {
      throw new CannotStart(Sentence.plain(last.get().replaceFirst("^careline: ", "")));
    }
    if (!last.get().isEmpty()) {
      progress.accept(last.get());
    }
    return at(Path.of(run.output().strip()));
  }

  /** The packages unpacked in {@code root}. */
  public static Packages at(Path root) {
    try (Stream<Path> folders = Files.list(root.resolve("usr/lib"))) {
      for (Path folder :
          folders.filter(path -> path.toString().endsWith("-linux-gnu")).sorted().toList()) {
        try (Stream<Path> loaders = Files.list(folder)) {
          List<Path> found =
              loaders
                  .filter(path -> path.getFileName().toString().matches("ld-linux.*\\.so\\.[0-9]+"))
                  .toList();
          if (!found.isEmpty()) {
            return new Packages(root, folder, found.getFirst());
          }
        }
      }
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.packages-unreadable", root, FileTrouble.of(e)), e);
    }
    throw new CannotStart(Sentence.of("start.no-loader", root));
  }

  /** The command line of espeak-ng, of {@link #speech}. Its sound libraries lie a folder deeper. */
  List<String> speechCommand(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("--path=" + libraries));
    all.addAll(arguments);
    List<String> command = command("usr/bin/espeak-ng", all);
    command.set(2, libraries + ":" + libraries.resolve("pulseaudio"));
    return command;
  }

  /** The command line that runs a program of the packages, for example usr/sbin/mysqld. */
  List<String> command(String program, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                loader.toString(),
                "--library-path",
                libraries.toString(),
                "--argv0",
                Path.of(program).getFileName().toString(),
                root.resolve(program).toString()));
    command.addAll(arguments);
    return command;
  }
}
