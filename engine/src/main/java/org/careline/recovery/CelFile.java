package org.careline.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a growing text file line by line across restarts and rotation. A place names the file by
 * the file system's own key and an offset, so that a renamed file is read to its end before its
 * successor. A line without its end is left for the next time. Confined to one thread.
 */
final class CelFile {
  private static final Logger LOG = LoggerFactory.getLogger(CelFile.class);
  private static final int CHUNK = 1 << 16;
  private static final int MAX_LINE = 1 << 16;

  /**
   * Where reading goes on.
   *
   * @param file the file system's key of the file; empty = whatever is there
   */
  record Place(String file, long offset) {
    static final Place START = new Place("", 0);

    static Place parse(String text) {
      int space = text.indexOf(' ');
      return new Place(text.substring(space + 1), Long.parseLong(text.substring(0, space)));
    }

    String text() {
      return offset + " " + file;
    }
  }

  private final Path path;
  private Place place;

  CelFile(Path path, Place place) {
    this.path = path;
    this.place = place;
  }

  Place place() {
    return place;
  }

  /**
   * Reads what is new.
   *
   * @param lines given each whole line and the place where it begins
   */
  void poll(BiConsumer<String, Place> lines) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    String current = key(path);
    if (place.file().isEmpty()) {
      place = new Place(current, 0);
    }
    if (!place.file().equals(current)) {
      Optional<Path> rotated = rotated();
      if (rotated.isPresent()) {
        read(rotated.get(), lines);
      } else {
        LOG.warn("{}: the file read so far is gone, its last lines with it", path);
      }
      place = new Place(current, 0);
    }
    read(path, lines);
  }

  private void read(Path file, BiConsumer<String, Place> lines) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (place.offset() > channel.size() || !afterLineEnd(channel)) {
        LOG.warn("{} was cut, reading it from its beginning", file);
        place = new Place(place.file(), 0);
      }
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK + MAX_LINE);
      while (true) {
        buffer.clear();
        int read = channel.read(buffer, place.offset());
        if (read <= 0) {
          return;
        }
        int start = 0;
        byte[] bytes = buffer.array();
        for (int i = 0; i < read; i++) {
          if (bytes[i] == '\n') {
            String line = new String(bytes, start, i - start, StandardCharsets.UTF_8);
            lines.accept(line, place);
            place = new Place(place.file(), place.offset() + i + 1 - start);
            start = i + 1;
          }
        }
        if (start == 0) {
          if (read < bytes.length) {
            return; // the end of the line is not written yet
          }
          place = new Place(place.file(), place.offset() + read); // no line of ours is so long
        }
      }
    }
  }

  private boolean afterLineEnd(FileChannel channel) throws IOException {
    if (place.offset() == 0) {
      return true;
    }
    ByteBuffer one = ByteBuffer.allocate(1);
    return channel.read(one, place.offset() - 1) == 1 && one.get(0) == '\n';
  }

  private Optional<Path> rotated() throws IOException {
    try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file) && key(file).equals(place.file())) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static String key(Path file) throws IOException {
    return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }
}
