package org.careline.customer;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.config.Nearest;
import org.careline.language.Sentence;

/**
 * Judges the rows of one file, in their order. It remembers the sites and chains it has seen, to
 * find what stands twice or contradicts itself. Confined to one thread.
 */
final class SiteRowReader {
  private final Map<SiteColumn, Integer> places;
  private final int width;
  private final Set<String> tiers;
  private final Map<String, Long> sites = new HashMap<>();
  private final Map<String, ChainName> chains = new HashMap<>();

  private record ChainName(String name, long line) {}

  /** Good or not. */
  sealed interface Outcome {}

  record Good(SiteRow row) implements Outcome {}

  record Bad(ImportResult.Reject reject) implements Outcome {}

  private record Problem(SiteColumn column, Sentence reason) {}

  SiteRowReader(List<String> head, Set<String> tiers) {
    this.places = SiteColumn.places(head);
    this.width = head.size();
    this.tiers = tiers;
  }

  Set<SiteColumn> absent() {
    return SiteColumn.absent(places);
  }

  Outcome read(long line, List<String> cells) {
    if (cells.size() != width) {
      return new Bad(
          new ImportResult.Reject(line, "", Sentence.of("import.cells", cells.size(), width)));
    }
    List<Problem> problems = new ArrayList<>();
    Map<SiteColumn, String> texts = new EnumMap<>(SiteColumn.class);
    for (SiteColumn column : SiteColumn.values()) {
      Integer place = places.get(column);
      String text = place == null ? "" : SafeCell.decode(cells.get(place).strip());
      texts.put(column, text);
      textProblem(column, text).ifPresent(reason -> problems.add(new Problem(column, reason)));
    }
    SiteRow row = problems.isEmpty() ? row(line, texts, problems) : null;
    if (problems.isEmpty()) {
      remember(row, problems);
    }
    return problems.isEmpty() ? new Good(row) : new Bad(reject(line, problems));
  }

  private static ImportResult.Reject reject(long line, List<Problem> problems) {
    Problem first = problems.getFirst();
    Sentence reason = first.reason();
    for (Problem other : problems.subList(1, problems.size())) {
      reason = Sentence.of("import.also", reason, other.column().key(), other.reason());
    }
    return new ImportResult.Reject(line, first.column().key(), reason);
  }

  private static Optional<Sentence> textProblem(SiteColumn column, String text) {
    if (text.isEmpty()) {
      return column.required ? Optional.of(Sentence.of("import.is-empty")) : Optional.empty();
    }
    int length = text.codePointCount(0, text.length());
    if (length > column.maxLength) {
      return Optional.of(Sentence.of("import.characters", length, column.maxLength));
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || c == '\t') {
        if (!column.severalLines) {
          return Optional.of(
              c == '\t' ? Sentence.of("import.tab") : Sentence.of("import.line-break"));
        }
      } else if (Character.isISOControl(c) || c >= '\u202A' && c <= '\u202E') {
        return Optional.of(Sentence.of("import.control", String.format("U+%04X", (int) c)));
      }
    }
    if ((column == SiteColumn.CHAIN_CODE || column == SiteColumn.SITE_CODE)
        && "=+-@".indexOf(text.charAt(0)) >= 0) {
      return Optional.of(Sentence.of("import.code", text.charAt(0)));
    }
    return Optional.empty();
  }

  private SiteRow row(long line, Map<SiteColumn, String> texts, List<Problem> problems) {
    String tier = texts.get(SiteColumn.TIER);
    if (!tier.isEmpty() && !tiers.contains(tier)) {
      problems.add(
          new Problem(
              SiteColumn.TIER,
              Nearest.of(tier, tiers)
                  .map(near -> Sentence.of("import.tier", near))
                  .orElseGet(() -> Sentence.of("import.tier-far", Nearest.list(tiers)))));
    }
    Optional<PhoneNumber> phone1 = phone(SiteColumn.PHONE1, texts, problems);
    Optional<PhoneNumber> phone2 = phone(SiteColumn.PHONE2, texts, problems);
    phone1 = extension(phone1, texts.get(SiteColumn.EXT1), problems);
    if (phone1.isPresent() && phone1.equals(phone2)) {
      problems.add(new Problem(SiteColumn.PHONE2, Sentence.of("import.same-phone")));
    }
    Optional<LocalDate> installed = date(texts.get(SiteColumn.INSTALL_DATE), problems);
    String model = texts.get(SiteColumn.DEVICE_MODEL);
    if (model.isEmpty()) {
      if (!texts.get(SiteColumn.DEVICE_SERIAL).isEmpty()) {
        problems.add(new Problem(SiteColumn.DEVICE_SERIAL, Sentence.of("import.no-model")));
      } else if (installed.isPresent()) {
        problems.add(new Problem(SiteColumn.INSTALL_DATE, Sentence.of("import.no-model")));
      }
    }
    boolean doNotCall = yes(texts.get(SiteColumn.DO_NOT_CALL), problems);
    if (!problems.isEmpty()) {
      return null;
    }
    SiteData data =
        new SiteData(
            texts.get(SiteColumn.SITE_NAME),
            tier.isEmpty() ? Recognition.STANDARD : tier,
            texts.get(SiteColumn.TRADE),
            texts.get(SiteColumn.REGION_CODE),
            texts.get(SiteColumn.PROVINCE),
            texts.get(SiteColumn.CITY),
            texts.get(SiteColumn.ADDRESS),
            texts.get(SiteColumn.CONTACT_NAME),
            texts.get(SiteColumn.CONTACT_ROLE),
            phone1.orElseThrow(),
            phone2,
            model,
            texts.get(SiteColumn.DEVICE_SERIAL),
            installed,
            texts.get(SiteColumn.ACCOUNT_MANAGER),
            texts.get(SiteColumn.REMARK),
            doNotCall);
    return new SiteRow(
        line,
        texts.get(SiteColumn.CHAIN_CODE),
        texts.get(SiteColumn.CHAIN_NAME),
        texts.get(SiteColumn.SITE_CODE),
        data);
  }

  private static Optional<PhoneNumber> phone(
      SiteColumn column, Map<SiteColumn, String> texts, List<Problem> problems) {
    String text = texts.get(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (NumberReader.read(text)) {
      case NumberReader.Invalid invalid -> {
        problems.add(new Problem(column, Sentence.of("import.number", invalid.reason())));
        yield Optional.empty();
      }
      case NumberReader.Valid valid -> {
        if (valid.number().kind() == PhoneNumber.Kind.SHORT) {
          problems.add(new Problem(column, Sentence.of("import.short")));
        }
        yield Optional.of(valid.number());
      }
    };
  }

  private static Optional<PhoneNumber> extension(
      Optional<PhoneNumber> phone, String text, List<Problem> problems) {
    if (text.isEmpty() || phone.isEmpty()) {
      return phone;
    }
    PhoneNumber number = phone.get();
    Sentence reason = null;
    if (!text.matches("[0-9]{1,8}")) {
      reason = Sentence.of("import.extension");
    } else if (number.kind() == PhoneNumber.Kind.MOBILE) {
      reason = Sentence.of("number.mobile-extension");
    } else if (!number.extension().isEmpty() && !number.extension().equals(text)) {
      reason = Sentence.of("import.other-extension", number.extension());
    }
    if (reason != null) {
      problems.add(new Problem(SiteColumn.EXT1, reason));
      return phone;
    }
    return Optional.of(new PhoneNumber(number.e164(), text));
  }

  private static Optional<LocalDate> date(String text, List<Problem> problems) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 1950 && date.getYear() <= 2200) {
        return Optional.of(date);
      }
    } catch (DateTimeParseException notIso) {
      // Told below.
    }
    problems.add(new Problem(SiteColumn.INSTALL_DATE, Sentence.of("import.date")));
    return Optional.empty();
  }

  private static boolean yes(String text, List<Problem> problems) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "1", "true", "是" -> true;
      case "", "no", "0", "false", "否" -> false;
      default -> {
        problems.add(new Problem(SiteColumn.DO_NOT_CALL, Sentence.of("import.yes-no")));
        yield false;
      }
    };
  }

  /** Only good rows count as seen: when the first of two is rejected, the second one goes in. */
  private void remember(SiteRow row, List<Problem> problems) {
    String key = row.chainCode() + '\n' + row.siteCode();
    Long first = sites.get(key);
    if (first != null) {
      problems.add(new Problem(SiteColumn.SITE_CODE, Sentence.of("import.site-twice", first)));
      return;
    }
    if (!row.chainName().isEmpty()) {
      ChainName known = chains.get(row.chainCode());
      if (known != null && !known.name().equals(row.chainName())) {
        problems.add(
            new Problem(SiteColumn.CHAIN_NAME, Sentence.of("import.chain-name", known.line())));
        return;
      }
      chains.putIfAbsent(row.chainCode(), new ChainName(row.chainName(), row.line()));
    }
    sites.put(key, row.line());
  }
}
