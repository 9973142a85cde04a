package org.careline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/lib/packages with small packages of our own and an archive nobody can reach. */
class PackagesScriptTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "sh",
          "uname",
          "cat",
          "cut",
          "mkdir",
          "rm",
          "mv",
          "ln",
          "ls",
          "df",
          "awk",
          "sed",
          "grep",
          "head",
          "tail",
          "basename",
          "dirname",
          "sha256sum",
          "flock",
          "tar",
          "xz",
          "gzip",
          "zstd",
          "dpkg-deb",
          "dpkg",
          "apt-get",
          "apt-config",
          "id",
          "env",
          "readlink",
          "tr",
          "sleep");

  @TempDir Path folder;
  private Path cache;
  private Path tools;

  @BeforeEach
  void prepare() throws IOException {
    cache = folder.resolve("the cache");
    tools = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Path program = program(tool);
      if (program != null) {
        Files.createSymbolicLink(tools.resolve(tool), program);
      }
    }
  }

  @Test
  void unpacksKeptPackagesWithoutNetworkAndOnlyOnce() throws Exception {
    keep("one", "two");
    Files.delete(tools.resolve("apt-get"));
    Command first = run(Map.of());
    assertThat(first.errors()).contains("unpacking into");
    assertThat(first.exitCode()).isZero();
    assertThat(first.output()).isEqualTo(cache.resolve("root") + "\n");
    assertThat(cache.resolve("root/opt/one")).hasContent("one");
    assertThat(cache.resolve("root/opt/two")).hasContent("two");

    Files.delete(tools.resolve("dpkg-deb"));
    Command second = run(Map.of());
    assertThat(second.exitCode()).isZero();
    assertThat(second.errors()).isEmpty();
    assertThat(second.output()).isEqualTo(first.output());
  }

  @Test
  void unpacksAgainWhenThePackagesAreOthers() throws Exception {
    keep("one");
    assertThat(run(Map.of()).exitCode()).isZero();
    keep("one", "two");
    assertThat(run(Map.of()).exitCode()).isZero();
    assertThat(cache.resolve("root/opt/two")).hasContent("two");
  }

  @Test
  void doesNotUnpackWhatHasChangedOnDisk() throws Exception {
    keep("one");
    Files.writeString(cache.resolve("debs/one.deb"), "something else");
    Command run = run(Map.of());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("one.deb: FAILED does not match").contains("fetching again");
    assertThat(lastLine(run)).startsWith("careline: no network: ");
    assertThat(cache.resolve("root")).doesNotExist();
  }

  @Test
  void tellsInOneLineThatTheFirstRunNeedsTheNetwork() throws Exception {
    Command run = run(Map.of());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(lastLine(run))
        .startsWith("careline: no network: the package list from http://127.0.0.1:9/debian failed");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void namesTheWayForMachinesWithoutApt() throws Exception {
    Files.delete(tools.resolve("apt-get"));
    assertThat(lastLine(run(Map.of())))
        .isEqualTo(
            "careline: apt-get is missing (not a Debian or Ubuntu machine): use the container way,"
                + " docs/container.md");
    Files.delete(tools.resolve("dpkg-deb"));
    assertThat(lastLine(run(Map.of()))).startsWith("careline: dpkg-deb is missing");
    pretend("uname", "echo Darwin");
    assertThat(lastLine(run(Map.of()))).startsWith("careline: this is Darwin");
  }

  @Test
  void tellsThatTheDiskIsFull() throws Exception {
    keep("one");
    pretend("df", "printf 'Filesystem 1M Used Available Use Mounted\\ndisk 100 90 10 90%% /\\n'");
    assertThat(lastLine(run(Map.of())))
        .isEqualTo("careline: disk full: %s has 10 MB free, 1100 MB are needed".formatted(cache));
  }

  @Test
  void speaksChineseToWhoReadsChinese() throws Exception {
    Map<String, String> chinese = Map.of("CARELINE_LANG", "zh");
    assertThat(lastLine(run(chinese)))
        .startsWith("careline: 没有网络：从 http://127.0.0.1:9/debian 获取软件包列表失败；首次运行需要联网一次（");
    keep("one");
    String df = "printf 'Filesystem 1M Used Available Use Mounted\\ndisk 100 90 %s 90%%%% /\\n'";
    pretend("df", df.formatted("10"));
    assertThat(lastLine(run(Map.of("LANG", "zh_CN.UTF-8"))))
        .isEqualTo("careline: 磁盘已满：%s 剩余 10 MB，需要 1100 MB，请清理后重试".formatted(cache));
    pretend("df", df.formatted("9000"));
    pretend("dpkg-deb", "echo 'dpkg-deb: error: it is broken' >&2; exit 2");
    assertThat(lastLine(run(chinese)))
        .isEqualTo("careline: 解包 one.deb 失败：dpkg-deb: error: it is broken");
    Files.delete(tools.resolve("dpkg-deb"));
    assertThat(lastLine(run(Map.of("LANG", "zh_CN.UTF-8", "CARELINE_LANG", "en"))))
        .startsWith("careline: dpkg-deb is missing");
  }

  @Test
  void tellsThatTheDiskBecameFullMeanwhile() throws Exception {
    keep("one");
    pretend("dpkg-deb", "echo 'tar: opt: write: No space left on device' >&2; exit 2");
    assertThat(lastLine(run(Map.of()))).isEqualTo("careline: disk full: no space left in " + cache);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void tellsThatTheCacheCannotBeWritten() throws Exception {
    Files.writeString(cache, "a file where the folder should be");
    assertThat(lastLine(run(Map.of()))).startsWith("careline: cannot create the package cache");
  }

  @Test
  void twoRunsDoNotDisturbEachOther() throws Exception {
    keep("one", "two");
    pretend(
        "dpkg-deb",
        "echo $$ >> '%s'; exec '%s' \"$@\""
            .formatted(folder.resolve("calls"), program("dpkg-deb")));
    CompletableFuture<Command> other = CompletableFuture.supplyAsync(() -> run(Map.of()));
    Command mine = run(Map.of());
    assertThat(mine.exitCode()).as(mine.errors()).isZero();
    assertThat(other.join().exitCode()).as(other.join().errors()).isZero();
    assertThat(Files.readAllLines(folder.resolve("calls"))).as("unpacked once").hasSize(2);
  }

  private Command run(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", tools.toString());
    environment.put("CARELINE_LANG", "");
    environment.put("LC_ALL", "");
    environment.put("LC_MESSAGES", "");
    environment.put("LANG", "C");
    environment.put("CARELINE_CACHE", cache.toString());
    environment.put("CARELINE_DEBIAN_MIRROR", "http://127.0.0.1:9/debian");
    environment.putAll(more);
    Path script = Checkout.folder().resolve("scripts/lib/packages");
    return Command.run(List.of("/bin/bash", script.toString()), environment, Duration.ofMinutes(1));
  }

  /** Puts small packages with their checksums where fetched ones are kept. */
  private void keep(String... names) throws Exception {
    Path debs = Files.createDirectories(cache.resolve("debs"));
    StringBuilder sums = new StringBuilder();
    for (String name : names) {
      Path tree = folder.resolve("tree-" + name);
      Files.createDirectories(tree.resolve("DEBIAN"));
      Files.createDirectories(tree.resolve("opt"));
      Files.createDirectories(tree.resolve("usr/share/asterisk/sounds"));
      Files.writeString(
          tree.resolve("DEBIAN/control"),
          "Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: test <t@example.org>\nDescription: test\n"
              .formatted(name));
      Files.writeString(tree.resolve("opt/" + name), name);
      Path deb = debs.resolve(name + ".deb");
      Command made =
          Command.run(
              List.of("dpkg-deb", "-b", tree.toString(), deb.toString()),
              Map.of(),
              Duration.ofSeconds(30));
      assertThat(made.exitCode()).as(made.errors()).isZero();
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(deb));
      sums.append(HexFormat.of().formatHex(sum)).append("  ").append(name).append(".deb\n");
    }
    Files.writeString(debs.resolve("SHA256SUMS"), sums);
  }

  private void pretend(String tool, String body) throws IOException {
    Path program = tools.resolve(tool);
    Files.deleteIfExists(program);
    Files.writeString(program, "#!/bin/bash\n" + body + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(path -> path.getFileName().toString().startsWith("work.")).toList();
    }
  }

  private static String lastLine(Command run) {
    assertThat(run.exitCode()).isEqualTo(1);
    return run.errors().strip().lines().reduce((first, second) -> second).orElse("");
  }

  private static Path program(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
