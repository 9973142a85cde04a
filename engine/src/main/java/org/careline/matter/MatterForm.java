package org.careline.matter;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.careline.customer.NumberReader;
import org.careline.customer.PhoneNumber;
import org.careline.language.Sentence;

/**
 * What a person writes about a matter. Immutable.
 *
 * @param customer code; empty = none known
 * @param site code within the customer; empty = none known
 * @param deviceId one of the site's devices
 * @param device as told, when it is none of the known ones
 * @param number of who told us, as E.164; empty = not known
 * @param openedAt when it was told; empty = now, or as it was
 */
public record MatterForm(
    String kind,
    Optional<String> customer,
    Optional<String> site,
    Optional<Long> deviceId,
    String device,
    Optional<String> number,
    String faultCode,
    String description,
    Optional<Instant> openedAt) {
  static final int DEVICE = 260;
  static final int FAULT_CODE = 32;
  static final int DESCRIPTION = 2000;

  /**
   * @throws MatterRefused when something of it is not as it must be
   */
  public MatterForm {
    openedAt = openedAt.map(at -> at.truncatedTo(ChronoUnit.MILLIS));
    if (site.isPresent() && customer.isEmpty()) {
      throw MatterRefused.invalid(Sentence.of("matter.site-alone"));
    }
    oneLine("device", device, DEVICE);
    oneLine("faultCode", faultCode, FAULT_CODE);
    text("description", description, DESCRIPTION);
    number = number.map(MatterForm::e164);
    if (customer.isEmpty() && number.isEmpty()) {
      throw MatterRefused.invalid(Sentence.of("matter.nobody"));
    }
    if (deviceId.isPresent() && site.isEmpty()) {
      throw MatterRefused.invalid(Sentence.of("matter.device-alone"));
    }
  }

  private static String e164(String text) {
    return switch (NumberReader.read(text)) {
      case NumberReader.Valid valid -> PhoneNumber.of(valid.number().e164()).e164();
      case NumberReader.Invalid invalid -> throw MatterRefused.invalid(invalid.reason());
    };
  }

  static void oneLine(String field, String text, int most) {
    text(field, text, most);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw MatterRefused.invalid(Sentence.of("matter.one-line", field));
    }
  }

  static void text(String field, String text, int most) {
    if (text.codePointCount(0, text.length()) > most) {
      throw MatterRefused.invalid(Sentence.of("matter.long", field, most));
    }
    if (text.codePoints()
        .anyMatch(
            c ->
                Character.getType(c) == Character.SURROGATE
                    || c >= 0x202A && c <= 0x202E
                    || Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
      throw MatterRefused.invalid(Sentence.of("matter.control", field));
    }
  }
}
