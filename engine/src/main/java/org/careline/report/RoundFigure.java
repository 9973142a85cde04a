package org.careline.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * A figure of a round with its formula and what it is of. The names of the components are keys of
 * the JSON. Immutable.
 *
 * @param unit {@code share}, or {@code ratio} where it is no part of anything
 * @param value n / of; of fewer than {@value RoundReport#SMALL} answers no share says anything, and
 *     it is null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RoundFigure(
    String id,
    String unit,
    int n,
    int of,
    Double value,
    String textEn,
    String textZh,
    String ofEn,
    String ofZh,
    String formulaEn,
    String formulaZh) {
  /** Never the default locale's file: whoever asks for English gets English everywhere. */
  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  static RoundFigure share(String id, RoundReport.Share share) {
    Double value = share.of() < RoundReport.SMALL ? null : (double) share.n() / share.of();
    return of(id, "share", share.n(), share.of(), value);
  }

  /**
   * @param value null where there is nothing to divide by
   */
  static RoundFigure ratio(String id, int n, int of, Double value) {
    return of(id, "ratio", n, of, value);
  }

  private static RoundFigure of(String id, String unit, int n, int of, Double value) {
    ResourceBundle english = bundle(Locale.ENGLISH);
    ResourceBundle chinese = bundle(Locale.CHINESE);
    return new RoundFigure(
        id,
        unit,
        n,
        of,
        value,
        english.getString(id),
        chinese.getString(id),
        english.getString(id + ".of"),
        chinese.getString(id + ".of"),
        english.getString(id + ".formula"),
        chinese.getString(id + ".formula"));
  }

  static ResourceBundle bundle(Locale language) {
    return ResourceBundle.getBundle("org.careline.report.RoundFigures", language, NO_FALLBACK);
  }
}
