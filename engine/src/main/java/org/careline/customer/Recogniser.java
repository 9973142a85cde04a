package org.careline.customer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.Trunk;

/**
 * Says who is calling. Carriers deliver a caller's number in different headers and forms, so the
 * rules are those of the trunk the call came by: order of headers, home area code, prefixes, words
 * for withheld, own numbers. Answers from memory; thread-safe as the book is.
 */
public final class Recogniser {
  private static final int MAX_RAW = 128;
  private static final int MAX_DIGITS = 40;

  /** A whole 400 number and a local one behind it; shorter is the prefix 400 alone. */
  private static final int LONG_WITH_PREFIX = 17;

  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed();

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
        raw,
        Optional.empty(),
        withheld,
        Optional.empty(),
        Recognition.STANDARD,
        List.of(),
        false,
        source);
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
        entry instanceof NumberOwner.Shared shared ? shared.candidates() : List.of(),
        book.blocked(number.e164()),
        source);
  }

  private boolean hides(Trunk trunk, String user) {
    return user.isBlank()
        || user.matches("\\+?0+")
        || own(trunk, user)
        || trunk.withheld().stream().anyMatch(user::equalsIgnoreCase);
  }

  /** The number that was called instead of the caller's, in any of the forms carriers use. */
  private boolean own(Trunk trunk, String user) {
    String digits = bare(user.replaceAll("[^0-9]", ""));
    return ours(trunk).stream()
        .anyMatch(ours -> ours.equals(user) || !digits.isEmpty() && bare(ours).equals(digits));
  }

  /** Without the country's code and the 0 before an area code. */
  private static String bare(String digits) {
    String rest = digits;
    if (rest.startsWith("0086")) {
      rest = rest.substring(4);
    } else if (rest.startsWith("86") && rest.length() > 10) {
      rest = rest.substring(2);
    }
    return rest.startsWith("0") ? rest.substring(1) : rest;
  }

  private Set<String> ours(Trunk trunk) {
    Set<String> ours = new HashSet<>(book.ownNumbers());
    ours.addAll(trunk.landingNumbers());
    return ours;
  }

  private Optional<PhoneNumber> number(Trunk trunk, String user) {
    if (user.length() > MAX_DIGITS || !user.matches("\\+?[0-9().-]+")) {
      return Optional.empty();
    }
    Optional<PhoneNumber> whole = read(trunk, user);
    if (whole.isPresent() || user.startsWith("+")) {
      return whole;
    }
    return withoutPrefix(trunk, user.replaceAll("[^0-9]", ""));
  }

  /**
   * Some carriers put the number that was called, or just 400, before the caller's; what else they
   * put there, the trunk's configuration says. What is configured is tried first, longest first.
   */
  private Optional<PhoneNumber> withoutPrefix(Trunk trunk, String digits) {
    List<String> prefixes =
        Stream.concat(
                trunk.prefixes().stream().sorted(LONGEST_FIRST),
                ours(trunk).stream().sorted(LONGEST_FIRST))
            .toList();
    for (String prefix : prefixes) {
      if (digits.startsWith(prefix)) {
        Optional<PhoneNumber> rest = read(trunk, digits.substring(prefix.length()));
        if (rest.isPresent()) {
          return rest;
        }
      }
    }
    if (!digits.matches("[48]00.*")) {
      return Optional.empty();
    }
    Optional<PhoneNumber> afterWhole =
        digits.length() >= LONG_WITH_PREFIX ? read(trunk, digits.substring(10)) : Optional.empty();
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
