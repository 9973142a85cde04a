package org.careline.asterisk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One question of the dialplan, as Asterisk's AGI speaks it: a block of {@code agi_name: value}
 * lines, then commands from us, each with one answer line. Everything is bounded: the length of a
 * line, the number of lines and the time of the whole conversation. Confined to one thread.
 *
 * <p>Own code instead of the library's server: that one reads lines of any length, waits three
 * hours for one and maps the script's name to a class.
 */
final class AgiConversation {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_LINES = 80;

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

  /** Both must be checked by the caller: they are written between quotes as they are. */
  void setVariable(String name, String value) throws IOException {
    command("SET VARIABLE " + name + " \"" + value + "\"");
  }

  /**
   * The value of a dialplan expression such as {@code ${PJSIP_HEADER(read,From)}}; null where it is
   * empty. The expression must be a constant of ours.
   */
  String evaluate(String expression) throws IOException {
    String answer = command("GET FULL VARIABLE \"" + expression + "\"");
    int open = answer.indexOf('(');
    int close = answer.lastIndexOf(')');
    if (!answer.startsWith("200 result=1") || open < 0 || close <= open + 1) {
      return null;
    }
    return answer.substring(open + 1, close);
  }

  private String command(String text) throws IOException {
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
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
