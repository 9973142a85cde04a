package org.careline.customer;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;

/** Numbers of contacts: as rows have them, in pairs of columns, and as they are stored. */
final class Phones {
  private Phones() {}

  /** A number of a contact, by its place in the order of trial, from 1. */
  record Phone(long contactId, int position, PhoneNumber number) {}

  /** Reads the form in which a column keeps a number. */
  static Optional<PhoneNumber> number(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int extension = text.indexOf(";ext=");
    return Optional.of(
        extension < 0
            ? PhoneNumber.of(text)
            : new PhoneNumber(text.substring(0, extension), text.substring(extension + 5)));
  }

  /** The number of columns {@code phoneN} and {@code extN}. */
  static Optional<PhoneNumber> number(String phone, String extension) {
    return number(phone)
        .map(number -> extension.isEmpty() ? number : new PhoneNumber(number.e164(), extension));
  }

  /** Brings an extension that stands in the number to its own column. */
  static void pair(FileRow row, int place, FileKind.Problems problems) {
    String phone = "phone" + place;
    String ext = "ext" + place;
    Optional<PhoneNumber> read = number(row.get(phone));
    if (read.isEmpty()) {
      if (row.has(ext)) {
        problems.add(ext, Sentence.of("import.extension-alone", phone));
      }
      return;
    }
    PhoneNumber number = read.get();
    if (row.has(ext) && number.kind() == PhoneNumber.Kind.MOBILE) {
      problems.add(ext, Sentence.of("number.mobile-extension"));
    } else if (row.has(ext)
        && !number.extension().isEmpty()
        && !number.extension().equals(row.get(ext))) {
      problems.add(ext, Sentence.of("import.other-extension", number.extension(), phone));
    } else {
      row.values().put(phone, number.e164());
      row.values().put(ext, row.has(ext) ? row.get(ext) : number.extension());
    }
  }

  /** Puts numbers in their places; where one stands already it keeps since when it is known. */
  static void put(Batches batches, List<Phone> phones, String file) throws SQLException {
    batches.run(
        "INSERT INTO phone (contact_id, e164, extension, position, source_file, known_at)"
            + " VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3)) AS fresh ON DUPLICATE KEY UPDATE"
            + " source_file = IF(phone.e164 = fresh.e164, phone.source_file, fresh.source_file),"
            + " known_at = IF(phone.e164 = fresh.e164, phone.known_at, fresh.known_at),"
            + " e164 = fresh.e164, extension = fresh.extension",
        phones,
        (insert, phone, i) -> {
          insert.setLong(1, phone.contactId());
          insert.setString(2, phone.number().e164());
          insert.setString(3, phone.number().extension());
          insert.setInt(4, phone.position());
          insert.setString(5, file);
        });
  }

  /** Takes contacts that answer for no site any more away, with their numbers. */
  static void sweep(Batches batches, List<Long> contacts) throws SQLException {
    List<Long> gone = new ArrayList<>();
    batches.each(
        "SELECT c.id FROM contact c LEFT JOIN site_contact sc ON sc.contact_id = c.id"
            + " WHERE c.id IN (%s) AND sc.contact_id IS NULL",
        contacts, row -> gone.add(row.getLong(1)));
    batches.run(
        "DELETE FROM phone WHERE contact_id = ?", gone, (delete, id, i) -> delete.setLong(1, id));
    batches.run("DELETE FROM contact WHERE id = ?", gone, (delete, id, i) -> delete.setLong(1, id));
  }
}
