package org.careline.customer;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.Trunk;

/**
 * Says who is calling. Carriers deliver a caller's number in different headers and forms, so the
 * rules are those of the trunk the call came by: order of headers, home area code, words for
 * withheld, own numbers. Answers from memory; thread-safe as the book is.
 */
public final class Recogniser {
  private static final int MAX_RAW = 128;
  private static final int MAX_DIGITS = 40;

  private final Map<String, Trunk> trunks = new HashMap<>();
  private final Trunk other;
  private final NumberOwner.Book book;

  /**
   * @param trunks at least one; the first one's rules hold for endpoints that are not in the list
   */
  public Recogniser(List<Trunk> trunks, NumberOwner.Book book) {
    trunks.forEach(trunk -> this.trunks.put(trunk.endpoint(), trunk));
    this.other = trunks.getFirst();
    this.book = book;
  }

  /**
   * Recognises a caller; never throws for what strangers wrote.
   *
   * @param endpoint the trunk's endpoint
   * @param headers text of the headers by their names in lower case; absent ones left out
   */
  public Recognition recognise(String endpoint, Map<String, String> headers) {
    Trunk trunk = trunks.getOrDefault(endpoint, other);
    String raw = "";
    String source = "";
    boolean withheld = true;
    for (CallerHeader header : trunk.callerHeaders()) {
      String text = headers.get(header.toString().toLowerCase(Locale.ROOT));
      if (text == null) {
        continue;
      }
      for (CallerHeaderText.Address address : CallerHeaderText.addresses(text)) {
        String user = address.user();
        boolean hides = address.hidden() || hides(trunk, user);
        if (!hides) {
          Optional<PhoneNumber> number = number(trunk, user);
          if (number.isPresent()) {
            return known(printable(user), number.get(), header.toString());
          }
        }
        withheld &= hides;
        if (raw.isEmpty()) {
          raw = printable(user);
          source = header.toString();
        }
      }
    }
    return new Recognition(
        raw, Optional.empty(), withheld, Optional.empty(), Recognition.STANDARD, false, source);
  }

  private Recognition known(String raw, PhoneNumber number, String source) {
    NumberOwner.Entry entry = book.find(number.e164()).orElse(null);
    Optional<NumberOwner> owner =
        entry instanceof NumberOwner.Known known ? Optional.of(known.owner()) : Optional.empty();
    return new Recognition(
        raw,
        Optional.of(number),
        false,
        owner,
        owner.map(NumberOwner::tierCode).orElse(Recognition.STANDARD),
        entry instanceof NumberOwner.Shared,
        source);
  }

  private static boolean hides(Trunk trunk, String user) {
    return user.isBlank()
        || user.matches("\\+?0+")
        || trunk.landingNumbers().contains(user)
        || trunk.withheld().stream().anyMatch(user::equalsIgnoreCase);
  }

  private static Optional<PhoneNumber> number(Trunk trunk, String user) {
    if (user.length() > MAX_DIGITS || !user.matches("\\+?[0-9().-]+")) {
      return Optional.empty();
    }
    Optional<PhoneNumber> whole = read(trunk, user);
    if (whole.isPresent() || user.startsWith("+")) {
      return whole;
    }
    return withoutPrefix(trunk, user.replaceAll("[^0-9]", ""));
  }

  /** Some carriers put the number that was called, or just 400, before the caller's. */
  private static Optional<PhoneNumber> withoutPrefix(Trunk trunk, String digits) {
    for (String landing : trunk.landingNumbers()) {
      if (digits.startsWith(landing)) {
        Optional<PhoneNumber> rest = read(trunk, digits.substring(landing.length()));
        if (rest.isPresent()) {
          return rest;
        }
      }
    }
    if (!digits.matches("[48]00.*")) {
      return Optional.empty();
    }
    Optional<PhoneNumber> afterWhole =
        digits.length() >= 20 ? read(trunk, digits.substring(10)) : Optional.empty();
    return afterWhole.isPresent() ? afterWhole : read(trunk, digits.substring(3));
  }

  private static Optional<PhoneNumber> read(Trunk trunk, String digits) {
    return NumberReader.read(digits, trunk.homeAreaCode()) instanceof NumberReader.Valid valid
        ? Optional.of(PhoneNumber.of(valid.number().e164()))
        : Optional.empty();
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7E]", "?");
    return clean.substring(0, Math.min(MAX_RAW, clean.length()));
  }
}
