package org.careline.web;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.careline.language.Sentence;

/**
 * The console's files, read from {@code /console/} of the class path at the start and kept in
 * memory with their gzip form. Only names that were read can be asked for: there is no path to
 * traverse and no folder to list. A path of no file gives index.html (the console has its own
 * routes), one that looks like a file gives 404. Immutable.
 */
final class ConsoleFiles {
  private static final String ROOT = "console/";
  private static final Pattern HASHED = Pattern.compile("assets/.*-[A-Za-z0-9_-]{8,}\\.[a-z0-9]+");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("woff", "font/woff"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final Map<String, Entry> files;

  private record Entry(byte[] plain, byte[] gzip, String type, String tag, boolean lasting) {}

  private ConsoleFiles(Map<String, Entry> files) {
    this.files = Map.copyOf(files);
  }

  /** From the class path; empty when the console was not built. */
  static ConsoleFiles load(ClassLoader loader) {
    URL index = loader.getResource(ROOT + "index.html");
    if (index == null) {
      return new ConsoleFiles(Map.of());
    }
    try {
      return of(index.openConnection() instanceof JarURLConnection jar ? jar(jar) : folder(index));
    } catch (IOException e) {
      throw new UncheckedIOException("the console's files cannot be read", e);
    }
  }

  static ConsoleFiles of(Map<String, byte[]> contents) {
    Map<String, Entry> files = new HashMap<>();
    contents.forEach((name, bytes) -> files.put(name, entry(name, bytes)));
    return new ConsoleFiles(files);
  }

  private static Map<String, byte[]> jar(JarURLConnection connection) throws IOException {
    connection.setUseCaches(false);
    Map<String, byte[]> contents = new HashMap<>();
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : List.copyOf(jar.stream().toList())) {
        if (!entry.isDirectory() && entry.getName().startsWith(ROOT)) {
          try (InputStream in = jar.getInputStream(entry)) {
            contents.put(entry.getName().substring(ROOT.length()), in.readAllBytes());
          }
        }
      }
    }
    return contents;
  }

  private static Map<String, byte[]> folder(URL index) throws IOException {
    Map<String, byte[]> contents = new HashMap<>();
    try {
      Path root = Path.of(new URI(index.toString())).getParent();
      try (Stream<Path> walk = Files.walk(root)) {
        for (Path file : walk.filter(Files::isRegularFile).toList()) {
          contents.put(
              root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    return contents;
  }

  private static Entry entry(String name, byte[] plain) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    byte[] gzip = null;
    if (plain.length > 1000 && !ending.matches("png|woff2?|mp3|ico")) {
      gzip = gzip(plain);
      if (gzip.length > plain.length * 9 / 10) {
        gzip = null;
      }
    }
    CRC32 sum = new CRC32();
    sum.update(plain);
    String tag = "\"" + Long.toHexString(sum.getValue()) + "-" + plain.length + "\"";
    return new Entry(plain, gzip, type, tag, HASHED.matcher(name).matches());
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Answers a GET outside /api. */
  void serve(Context context) {
    String path = context.path();
    String name = path.startsWith("/") ? path.substring(1) : path;
    Entry file = files.get(name.isEmpty() ? "index.html" : name);
    if (file == null && !name.substring(name.lastIndexOf('/') + 1).contains(".")) {
      file = files.get("index.html");
    }
    if (file == null) {
      throw Refusal.notFound(Sentence.of("web.no-page"));
    }
    context.header("ETag", file.tag);
    context.header(
        "Cache-Control", file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
    context.header("Vary", "Accept-Encoding");
    if (file.tag.equals(context.header("If-None-Match"))) {
      context.status(304);
      return;
    }
    context.contentType(file.type);
    String accepted = context.header("Accept-Encoding");
    if (file.gzip != null && accepted != null && accepted.contains("gzip")) {
      context.header("Content-Encoding", "gzip");
      context.result(file.gzip);
    } else {
      context.result(file.plain);
    }
  }
}
