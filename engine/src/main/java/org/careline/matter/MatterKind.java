package org.careline.matter;

import java.util.Optional;
import org.careline.language.Sentence;

/**
 * A kind of matters; kinds form a tree of two levels. Immutable.
 *
 * @param parent empty = of the first level
 * @param byPhone a call can settle it: it counts for first call resolution
 * @param active false = not offered any more; matters that have it keep it
 */
public record MatterKind(
    String code,
    Optional<String> parent,
    String nameEn,
    String nameZh,
    boolean byPhone,
    int position,
    boolean active) {
  private static final int LONGEST_NAME = 64;
  private static final int LAST_POSITION = 1000;

  /**
   * @throws MatterRefused when something of it is not as it must be
   */
  public MatterKind {
    if (!code.matches("[a-z0-9][a-z0-9-]{0,47}")) {
      throw MatterRefused.invalid(Sentence.of("matter.kind-code"));
    }
    requireName(nameEn);
    requireName(nameZh);
    if (position < 0 || position > LAST_POSITION) {
      throw MatterRefused.invalid(Sentence.of("matter.position", LAST_POSITION));
    }
    if (parent.filter(code::equals).isPresent()) {
      throw MatterRefused.invalid(Sentence.of("matter.own-parent", code));
    }
  }

  private static void requireName(String name) {
    if (name.isBlank()
        || name.codePointCount(0, name.length()) > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw MatterRefused.invalid(Sentence.of("matter.kind-name", LONGEST_NAME));
    }
  }
}
