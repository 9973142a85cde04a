package org.careline.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.language.Sentence;

/**
 * Sends a file, or the one range asked for (RFC 9110, 14). Several ranges at once, or one that is
 * not understood, give the whole file, as the RFC allows.
 */
record ByteRange(long first, long last) {
  private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /** Empty = send everything. A range outside the file is a 416. */
  static Optional<ByteRange> parse(String header, long size) {
    Matcher match = header == null ? null : ONE.matcher(header.strip());
    if (match == null || !match.matches()) {
      return Optional.empty();
    }
    String from = match.group(1);
    String to = match.group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return Optional.empty();
    }
    long first = from.isEmpty() ? Math.max(0, size - Long.parseLong(to)) : Long.parseLong(from);
    long last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    if (!from.isEmpty() && !to.isEmpty() && Long.parseLong(to) < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw new Refusal(
          416, "range_not_satisfiable", Sentence.of("web.range"), Map.of("size", size));
    }
    return Optional.of(new ByteRange(first, last));
  }

  static void send(Context context, Path file, String type, String name) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      context.header("Accept-Ranges", "bytes");
      context.header("Cache-Control", "private, no-store");
      Optional<ByteRange> asked = parse(context.header("Range"), size);
      ByteRange range = asked.orElse(new ByteRange(0, size - 1));
      if (asked.isPresent()) {
        context.status(206);
        context.header("Content-Range", "bytes " + range.first + "-" + range.last + "/" + size);
      }
      context.contentType(type);
      context.header("Content-Disposition", "inline; filename=\"" + name + "\"");
      long length = range.last - range.first + 1;
      context.res().setContentLengthLong(length);
      context.disableCompression();
      copy(channel, range.first, length, context.res().getOutputStream());
    }
  }

  private static void copy(FileChannel from, long position, long length, OutputStream to)
      throws IOException {
    WritableByteChannel out = Channels.newChannel(to);
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    long left = length;
    long at = position;
    while (left > 0) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      int read = from.read(buffer, at);
      if (read < 0) {
        throw new IOException("the file became shorter while it was sent");
      }
      buffer.flip();
      out.write(buffer);
      at += read;
      left -= read;
    }
  }
}
