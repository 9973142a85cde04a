package org.careline.report.hotline;

import java.util.Locale;
import java.util.ResourceBundle;

/**
 * A figure's name and formula for people, from Figures.properties: {@code <id>} and {@code
 * <id>.formula}. Immutable.
 */
public record Explained(
    String id, String unit, String textEn, String textZh, String formulaEn, String formulaZh) {
  /** Never the default locale's file: whoever asks for English gets English everywhere. */
  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  /**
   * @param key of its texts
   */
  static Explained of(String id, String key, Unit unit) {
    ResourceBundle english = bundle(Locale.ENGLISH);
    ResourceBundle chinese = bundle(Locale.CHINESE);
    String formula = key + ".formula";
    return new Explained(
        id,
        unit.key(),
        english.getString(key),
        chinese.getString(key),
        english.getString(formula),
        chinese.getString(formula));
  }

  private static ResourceBundle bundle(Locale language) {
    return ResourceBundle.getBundle("org.careline.report.hotline.Figures", language, NO_FALLBACK);
  }
}
