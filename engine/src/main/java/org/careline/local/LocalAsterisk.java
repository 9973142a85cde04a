package org.careline.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.language.Sentence;

/**
 * An Asterisk of our own: configuration rendered from a folder of templates into {@code
 * <home>/etc}, everything it writes below {@code <home>}. Thread-safe once started.
 *
 * <p>Placeholders it fills itself: ROOT, MODULES, DATA (of the packages), ETC, VAR, DB, KEYS,
 * SPOOL, RUN, LOG, MUSIC, RECORDINGS (of the instance). All others come from the caller; the
 * caller's win.
 */
public final class LocalAsterisk implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  // glibc gives every thread an arena of its own and never gives memory back: two are enough.
  private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");
  // A socket's path has at most 107 characters.
  private static final int LONGEST_RUN_FOLDER = 90;

  private final Packages packages;
  private final Path home;
  private final ChildProcess process;

  private LocalAsterisk(Packages packages, Path home, ChildProcess process) {
    this.packages = packages;
    this.home = home;
    this.process = process;
  }

  /**
   * Starts it and returns when it is fully booted. Blocks for about half a second.
   *
   * @param name how it is called in messages, for example "Asterisk"
   * @throws CannotStart when a placeholder is unknown or Asterisk ends
   */
  public static LocalAsterisk start(
      String name, Packages packages, Path home, Path templates, Map<String, String> placeholders) {
    Path here = home.toAbsolutePath().normalize();
    Folders.requirePlain(here);
    Folders.requirePlain(packages.root());
    Map<String, String> values = new HashMap<>();
    values.put("ROOT", packages.root().toString());
    values.put("MODULES", packages.libraries().resolve("asterisk/modules").toString());
    values.put("DATA", packages.root().resolve("usr/share/asterisk").toString());
    values.put("ETC", here.resolve("etc").toString());
    values.put("VAR", here.resolve("var").toString());
    values.put("DB", here.resolve("db").toString());
    values.put("KEYS", here.resolve("keys").toString());
    values.put("SPOOL", here.resolve("spool").toString());
    values.put("LOG", here.resolve("log").toString());
    values.put("MUSIC", here.resolve("music").toString());
    values.put("RECORDINGS", here.resolve("recordings").toString());
    values.put("RUN", runFolder(here).toString());
    values.putAll(placeholders);
    makeFolders(values);
    Path log = Path.of(values.get("LOG")).resolve("console.log");
    Template.renderFolder(templates, here.resolve("etc"), values);
    ChildProcess process =
        ChildProcess.start(name, command(packages, here, List.of("-f")), here, ENVIRONMENT, log);
    LocalAsterisk asterisk = new LocalAsterisk(packages, here, process);
    try {
      asterisk.awaitBoot(name, log);
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    return asterisk;
  }

  /**
   * Runs one command of Asterisk's console, for example "core show channels", and gives what it
   * prints.
   *
   * @throws IllegalStateException when Asterisk does not answer within 10 s
   */
  public String cli(String command) {
    Command run = tryCli(command);
    if (!run.succeeded()) {
      throw new IllegalStateException(
          "Asterisk did not answer '" + command + "': " + (run.output() + run.errors()).strip());
    }
    return run.output();
  }

  public Path home() {
    return home;
  }

  public ChildProcess process() {
    return process;
  }

  /** Ends it; living calls end with it. */
  @Override
  public void close() {
    process.stop(STOP);
  }

  private Command tryCli(String command) {
    return Command.run(command(packages, home, List.of("-rx", command)), ENVIRONMENT, ANSWER);
  }

  private static List<String> command(Packages packages, Path home, List<String> more) {
    List<String> command =
        packages.command(
            "usr/sbin/asterisk", List.of("-C", home.resolve("etc/asterisk.conf").toString()));
    command.addAll(more);
    return command;
  }

  private void awaitBoot(String name, Path log) {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      if (process.awaitExit(Duration.ofMillis(50))) {
        throw new CannotStart(Sentence.of("start.ended", name, lastLine(log)));
      }
      if (tryCli("core waitfullybooted").output().contains("fully booted")) {
        return;
      }
    }
    throw new CannotStart(Sentence.of("start.late", name, START.toSeconds(), log));
  }

  private static void makeFolders(Map<String, String> values) {
    for (String name : List.of("ETC", "VAR", "DB", "SPOOL", "LOG", "MUSIC", "RECORDINGS", "RUN")) {
      Folders.make(Path.of(values.get(name)));
    }
    Folders.make(Path.of(values.get("KEYS")).resolve("keys"));
    // Without these every CDR or CEL row is lost with an error.
    for (String part : List.of("cdr-custom", "cel-custom", "cdr-csv")) {
      Folders.make(Path.of(values.get("LOG")).resolve(part));
    }
    Sounds.writeMusic(Path.of(values.get("MUSIC")));
  }

  private static Path runFolder(Path home) {
    Path usual = home.resolve("run");
    if (usual.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_RUN_FOLDER) {
      return usual;
    }
    try {
      Path elsewhere = Files.createTempDirectory("careline-run");
      elsewhere.toFile().deleteOnExit();
      return elsewhere;
    } catch (IOException e) {
      throw new CannotStart(Sentence.of("start.no-socket", FileTrouble.of(e)), e);
    }
  }

  private static Sentence lastLine(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      for (String line : lines.reversed()) {
        if (line.contains("ERROR")) {
          return Sentence.plain(line.strip());
        }
      }
      return lines.isEmpty()
          ? Sentence.of("start.see", log)
          : Sentence.of("start.last-line", lines.getLast().strip(), log);
    } catch (IOException e) {
      return Sentence.of("start.see", log);
    }
  }
}
