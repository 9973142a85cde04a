package org.careline.customer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.config.Nearest;
import org.careline.language.Sentence;

/** The columns of a file of sites, in their customary order, with their limits. */
public enum SiteColumn {
  CHAIN_CODE(true, 64, false),
  CHAIN_NAME(false, 200, false),
  SITE_CODE(true, 64, false),
  SITE_NAME(true, 200, false),
  TIER(false, 32, false),
  TRADE(false, 64, false),
  REGION_CODE(false, 64, false),
  PROVINCE(false, 64, false),
  CITY(false, 64, false),
  ADDRESS(false, 400, true),
  CONTACT_NAME(false, 128, false),
  CONTACT_ROLE(false, 64, false),
  PHONE1(true, 64, false),
  EXT1(false, 8, false),
  PHONE2(false, 64, false),
  DEVICE_MODEL(false, 128, false),
  DEVICE_SERIAL(false, 128, false),
  INSTALL_DATE(false, 10, false),
  ACCOUNT_MANAGER(false, 64, false),
  REMARK(false, 1000, true),
  DO_NOT_CALL(false, 5, false);

  /** Put before the columns of a file of rejects; ignored when such a file is imported. */
  static final List<String> REJECT_COLUMNS = List.of("line", "column", "reason");

  final boolean required;

  /** In characters. */
  final int maxLength;

  final boolean severalLines;

  SiteColumn(boolean required, int maxLength, boolean severalLines) {
    this.required = required;
    this.maxLength = maxLength;
    this.severalLines = severalLines;
  }

  /** As it stands in the head of the file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(SiteColumn::key).toList();
  }

  private static Optional<SiteColumn> of(String key) {
    return Arrays.stream(values()).filter(column -> column.key().equals(key)).findFirst();
  }

  /**
   * Finds the place of each column in the head of a file; the order is free, columns that are not
   * required may be missing.
   *
   * @throws ImportRefused naming every column that is unknown, twice or missing
   */
  static Map<SiteColumn, Integer> places(List<String> head) {
    Map<SiteColumn, Integer> places = new EnumMap<>(SiteColumn.class);
    List<Sentence> problems = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      String key = head.get(i).strip().toLowerCase(Locale.ROOT);
      Optional<SiteColumn> column = of(key);
      if (column.isPresent()) {
        if (places.putIfAbsent(column.get(), i) != null) {
          problems.add(Sentence.of("import.column-twice", key));
        }
      } else if (!REJECT_COLUMNS.contains(key)) {
        problems.add(
            Nearest.of(key, keys())
                .map(near -> Sentence.of("import.column-unknown", shown(key), near))
                .orElseGet(
                    () ->
                        Sentence.of(
                            "import.column-unknown-far", shown(key), String.join(",", keys()))));
      }
    }
    if (places.isEmpty()) {
      throw new ImportRefused(
          Sentence.of("import.line", 1, Sentence.of("import.head", String.join(",", keys()))));
    }
    Arrays.stream(values())
        .filter(column -> column.required && !places.containsKey(column))
        .forEach(column -> problems.add(Sentence.of("import.column-missing", column.key())));
    if (!places.containsKey(DEVICE_MODEL)
        && (places.containsKey(DEVICE_SERIAL) || places.containsKey(INSTALL_DATE))) {
      problems.add(Sentence.of("import.column-device"));
    }
    if (!problems.isEmpty()) {
      throw new ImportRefused(Sentence.of("import.line", 1, Sentence.joined(" ", problems)));
    }
    return places;
  }

  /** Columns the file does not have: what is stored there stays. */
  static Set<SiteColumn> absent(Map<SiteColumn, Integer> places) {
    Set<SiteColumn> absent = java.util.EnumSet.allOf(SiteColumn.class);
    absent.removeAll(places.keySet());
    return absent;
  }

  private static String shown(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return "'" + clean.substring(0, Math.min(40, clean.length())) + "'";
  }
}
