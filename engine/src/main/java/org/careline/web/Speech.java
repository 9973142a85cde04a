package org.careline.web;

import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * In which language a client is answered: the one his request asks for (the console sends what its
 * user has chosen there), else that of his account, else English. Stateless.
 */
final class Speech {
  private static final String ACCOUNT = "careline.language";

  /** What a browser sends is far shorter. */
  private static final int LONGEST = 200;

  private Speech() {}

  /** The session behind the request is known from here on. */
  static void known(Context context, Principal principal) {
    context.attribute(ACCOUNT, principal.language());
  }

  static Locale of(Context context) {
    return wished(context.header("Accept-Language"))
        .or(() -> Optional.<String>ofNullable(context.attribute(ACCOUNT)).flatMap(Speech::named))
        .orElse(Locale.ENGLISH);
  }

  /**
   * The first language in the header that we speak.
   *
   * @param header may be null; one that is malformed counts as absent
   */
  static Optional<Locale> wished(String header) {
    if (header == null || header.length() > LONGEST) {
      return Optional.empty();
    }
    List<Locale.LanguageRange> ranges;
    try {
      ranges = Locale.LanguageRange.parse(header);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    return ranges.stream()
        .filter(range -> range.getWeight() > 0)
        .flatMap(range -> named(range.getRange().split("-", 2)[0]).stream())
        .findFirst();
  }

  private static Optional<Locale> named(String language) {
    return switch (language) {
      case "zh" -> Optional.of(Locale.SIMPLIFIED_CHINESE);
      case "en" -> Optional.of(Locale.ENGLISH);
      default -> Optional.empty();
    };
  }
}
