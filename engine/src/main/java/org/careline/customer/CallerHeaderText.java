package org.careline.customer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes the user parts out of a header such as {@code "Name" <sip:02158881234@host>;party=calling}.
 * The text was written by strangers; nothing but the user part leaves this class, and what is not
 * an address gives nothing. Pure.
 */
final class CallerHeaderText {
  private static final int MAX = 512;

  private CallerHeaderText() {}

  /**
   * @param user of the address, without parameters and password; may be empty
   * @param hidden the header itself says that the number is not to be shown
   */
  record Address(String user, boolean hidden) {}

  /** The addresses of the header in their order; a bare number counts as an address. */
  static List<Address> addresses(String header) {
    List<Address> found = new ArrayList<>();
    for (String part : split(header.length() > MAX ? header.substring(0, MAX) : header)) {
      Address address = address(part.strip());
      if (address != null) {
        found.add(address);
      }
    }
    return found;
  }

  /** At commas outside quotes and angle brackets. */
  private static List<String> split(String header) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    boolean bracket = false;
    int from = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"' && !bracket) {
        quoted = !quoted;
      } else if (!quoted && c == '<') {
        bracket = true;
      } else if (!quoted && c == '>') {
        bracket = false;
      } else if (!quoted && !bracket && c == ',') {
        parts.add(header.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(header.substring(from));
    return parts;
  }

  private static Address address(String part) {
    int open = bracketOutsideQuotes(part);
    String uri;
    String parameters = "";
    if (open >= 0) {
      int close = part.indexOf('>', open);
      if (close < 0) {
        return null;
      }
      uri = part.substring(open + 1, close);
      parameters = part.substring(close + 1);
    } else {
      int semicolon = part.indexOf(';');
      uri = semicolon < 0 ? part : part.substring(0, semicolon);
      parameters = semicolon < 0 ? "" : part.substring(semicolon);
    }
    String user = user(uri.strip());
    if (user == null) {
      return null;
    }
    String flags = parameters.toLowerCase(Locale.ROOT).replace(" ", "");
    boolean hidden = flags.contains(";privacy=full") || flags.contains(";privacy=uri");
    return new Address(user, hidden);
  }

  private static int bracketOutsideQuotes(String part) {
    boolean quoted = false;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '<') {
        return i;
      }
    }
    return -1;
  }

  private static String user(String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    if (lower.startsWith("tel:")) {
      return withoutParameters(uri.substring(4));
    }
    if (lower.startsWith("sip:") || lower.startsWith("sips:")) {
      String rest = uri.substring(uri.indexOf(':') + 1);
      int at = rest.indexOf('@');
      String user = withoutParameters(at < 0 ? "" : rest.substring(0, at));
      int password = user.indexOf(':');
      return password < 0 ? user : user.substring(0, password);
    }
    return uri.matches("\\+?[0-9][0-9().-]*|[A-Za-z]*") ? uri : null;
  }

  private static String withoutParameters(String text) {
    int semicolon = text.indexOf(';');
    return semicolon < 0 ? text : text.substring(0, semicolon);
  }
}
