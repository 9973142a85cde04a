package org.careline.customer;

import java.sql.Connection;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careline.language.Sentence;

/** Contacts, one a row, with the sites they answer for and their numbers in the order of trial. */
final class ContactsFile extends FileKind {
  static final String SITES_OF = "site_codes";
  static final String CODE = "contact_code";
  static final int NUMBERS = 4;

  ContactsFile() {
    super(
        "contacts",
        Stream.of(
                Stream.of(
                    FileColumn.ofCode(CHAIN).needed(),
                    FileColumn.of(SITES_OF, 8000, ContactsFile::codes).needed(),
                    FileColumn.ofCode(CODE),
                    FileColumn.text("contact_name", 128),
                    FileColumn.text("contact_role", 64)),
                Stream.iterate(1, i -> i <= NUMBERS, i -> i + 1)
                    .flatMap(
                        i ->
                            Stream.of(
                                i == 1
                                    ? FileColumn.of("phone1", 64, FileColumn::phone).needed()
                                    : FileColumn.of("phone" + i, 64, FileColumn::phone),
                                FileColumn.of("ext" + i, 8, FileColumn::extension))))
            .flatMap(columns -> columns)
            .toList());
  }

  /** Sorted, each once, between semicolons. */
  static String codes(String text) {
    Collection<String> codes = new TreeSet<>();
    for (String code : text.split("[;；]")) {
      String bare = FileColumn.code(code.strip());
      if (bare.codePointCount(0, bare.length()) > 64) {
        throw new FileColumn.Wrong(
            Sentence.of("import.characters", bare.codePointCount(0, bare.length()), 64));
      }
      if (!bare.isEmpty()) {
        codes.add(bare);
      }
    }
    if (codes.isEmpty()) {
      throw new FileColumn.Wrong(Sentence.of("import.is-empty"));
    }
    return String.join(";", codes);
  }

  static List<String> sites(Map<String, String> values) {
    return Arrays.asList(values.get(SITES_OF).split(";"));
  }

  @Override
  void check(FileRow row, LocalDate today, Problems problems) {
    boolean gap = false;
    for (int i = 1; i <= NUMBERS; i++) {
      Phones.pair(row, i, problems);
      if (!row.has("phone" + i)) {
        gap = true;
      } else if (gap) {
        problems.add("phone" + i, Sentence.of("import.phone-gap", "phone" + (i - 1)));
      }
      for (int j = 1; j < i; j++) {
        if (row.has("phone" + i)
            && row.get("phone" + i).equals(row.get("phone" + j))
            && row.get("ext" + i).equals(row.get("ext" + j))) {
          problems.add("phone" + i, Sentence.of("import.same-number", "phone" + j));
        }
      }
    }
  }

  @Override
  String identity(FileRow row) {
    return row.get(CHAIN)
        + '\n'
        + (row.has(CODE)
            ? row.get(CODE)
            : '\n' + row.get("contact_name") + '\n' + row.get("phone1") + row.get("ext1"));
  }

  @Override
  String identityColumn() {
    return "contact_name";
  }

  @Override
  Sentence twice(long line) {
    return Sentence.of("import.contact-twice", line);
  }

  @Override
  String name(Map<String, String> values) {
    return values.get(CHAIN) + " " + values.get("contact_name") + " " + values.get("phone1");
  }

  @Override
  RowStore store(Connection connection, boolean dryRun, ChangeHistory.By by) {
    return new ContactStore(connection, by);
  }
}
