package org.careline.asterisk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One question of the dialplan, as Asterisk's AGI speaks it: a block of {@code agi_name: value}
 * lines, then commands from us, each with one answer line. Everything is bounded: the length of a
 * line, the number of lines and the time of the whole conversation. Confined to one thread.
 *
 * <p>Own code instead of the library's server: that one reads lines of any length, waits three
 * hours for one and maps the script's name to a class.
 */
final class AgiConversation {
  private static final int LONGEST_LINE = 16_384;
  private static final int MOST_LINES = 80;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final long deadline;

  AgiConversation(Socket socket, Duration atMost) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 8192);
    this.out = socket.getOutputStream();
    this.deadline = System.nanoTime() + atMost.toNanos();
  }

  /** Reads the opening block; keys without {@code agi_}. */
  Map<String, String> opening() throws IOException {
    Map<String, String> values = new HashMap<>();
    for (int lines = 0; lines < MOST_LINES; lines++) {
      String line = line();
      if (line.isEmpty()) {
        return values;
      }
      int colon = line.indexOf(':');
      if (!line.startsWith("agi_") || colon < 0) {
        throw new IOException("not the opening of an AGI conversation");
      }
      values.putIfAbsent(line.substring(4, colon), line.substring(colon + 1).strip());
    }
    throw new IOException("more than " + MOST_LINES + " lines");
  }

  /**
   * The values of dialplan expressions such as {@code ${PJSIP_HEADER(read,From)}}, in their order;
   * empty where there is none. One round trip for all: what stands between two values is drawn anew
   * each time, so that no stranger can write it into his header.
   *
   * @param expressions constants of ours, at least one
   */
  List<String> evaluate(List<String> expressions) throws IOException {
    byte[] drawn = new byte[16];
    RANDOM.nextBytes(drawn);
    String between = "|" + HexFormat.of().formatHex(drawn) + "|";
    send("GET FULL VARIABLE \"" + String.join(between, expressions) + "\"\n");
    String answer = accepted();
    int open = answer.indexOf('(');
    int close = answer.lastIndexOf(')');
    String text =
        answer.startsWith("200 result=1") && open >= 0 && close > open
            ? answer.substring(open + 1, close)
            : "";
    List<String> values = new ArrayList<>(List.of(text.split(Pattern.quote(between), -1)));
    while (values.size() < expressions.size()) {
      values.add("");
    }
    return values;
  }

  /**
   * The last words: sets the variables in their order and returns when the switch has taken them
   * all. They go out together with the end of our side, so that the switch works them off without
   * waiting for us in between. Names and values must be checked by the caller: they are written
   * between quotes as they are.
   */
  void finish(Map<String, String> variables) throws IOException {
    StringBuilder words = new StringBuilder();
    variables.forEach(
        (name, value) ->
            words.append("SET VARIABLE ").append(name).append(" \"").append(value).append("\"\n"));
    send(words.toString());
    socket.shutdownOutput();
    for (int i = 0; i < variables.size(); i++) {
      accepted();
    }
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private String accepted() throws IOException {
    String answer = line();
    if (answer.equals("HANGUP")) {
      answer = line();
    }
    if (!answer.startsWith("200")) {
      throw new IOException("the switch did not take the answer: " + answer.length() + " bytes");
    }
    return answer;
  }

  private String line() throws IOException {
    byte[] bytes = new byte[256];
    int length = 0;
    while (true) {
      int next = read();
      if (next == '\n') {
        return new String(bytes, 0, length, StandardCharsets.UTF_8).stripTrailing();
      }
      if (next < 0) {
        throw new IOException("the connection ended in the middle");
      }
      if (length == LONGEST_LINE) {
        throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, length * 2);
      }
      bytes[length++] = (byte) next;
    }
  }

  private int read() throws IOException {
    if (in.available() == 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("the conversation took too long");
      }
      socket.setSoTimeout((int) left);
    }
    return in.read();
  }
}
