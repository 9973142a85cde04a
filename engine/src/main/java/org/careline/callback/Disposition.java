package org.careline.callback;

import java.util.Optional;

/**
 * What came of an attempt. The AAPOR code belongs to the meaning and is not configurable; delays
 * and maxima are, see {@link CampaignRules}.
 */
public enum Disposition {
  COMPLETED("1.1", true),
  PARTIAL("1.2", true),
  REFUSED_THIS_ROUND("2.11", true),
  REFUSED_FOR_GOOD("2.11", true),
  APPOINTMENT("2.12", true),
  ANSWERING_MACHINE("2.22", false),
  RESPONSIBLE_PERSON_ABSENT("2.21", true),
  /** The contact was spoken to about other sites, and there was no time for this one. */
  NOT_ASKED("2.12", true),
  LANGUAGE("2.33", true),
  REFERRED("2.12", true),
  VOICE_ASSISTANT("2.22", false),
  BUSY("3.12", false),
  NO_ANSWER("3.13", false),
  NO_ANSWER_UNVERIFIED("3.13", false),
  TECHNICAL("3.16", false),
  SWITCHED_OFF("3.13", false),
  OUT_OF_SERVICE("3.13", false),
  TEMPORARILY_UNREACHABLE("3.13", false),
  FAX("4.20", false),
  NUMBER_NOT_EXISTING("4.31", false),
  WRONG_NUMBER("4.51", true),
  SITE_MOVED("4.52", true),
  SITE_CLOSED("4.53", true),
  TEMPORARILY_CLOSED("4.54", true),
  NOT_YET_OPENED("4.55", true),
  DEVICE_REMOVED("4.50", true),
  HEADQUARTERS_FORBIDS("2.11", true);

  private final String aapor;
  private final boolean contacted;

  Disposition(String aapor, boolean contacted) {
    this.aapor = aapor;
    this.contacted = contacted;
  }

  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String aapor() {
    return aapor;
  }

  /** Whether a person was spoken to. */
  public boolean contacted() {
    return contacted;
  }

  /** What an agent may have heard without anybody answering: an announcement, or ringing. */
  boolean heardUnanswered() {
    return switch (this) {
      case BUSY,
          NO_ANSWER,
          NO_ANSWER_UNVERIFIED,
          TECHNICAL,
          SWITCHED_OFF,
          OUT_OF_SERVICE,
          TEMPORARILY_UNREACHABLE,
          FAX,
          NUMBER_NOT_EXISTING ->
          true;
      case COMPLETED,
          PARTIAL,
          REFUSED_THIS_ROUND,
          REFUSED_FOR_GOOD,
          APPOINTMENT,
          ANSWERING_MACHINE,
          RESPONSIBLE_PERSON_ABSENT,
          LANGUAGE,
          REFERRED,
          VOICE_ASSISTANT,
          WRONG_NUMBER,
          SITE_MOVED,
          SITE_CLOSED,
          TEMPORARILY_CLOSED,
          NOT_YET_OPENED,
          DEVICE_REMOVED,
          HEADQUARTERS_FORBIDS,
          NOT_ASKED ->
          false;
    };
  }

  /** Whether it could have ended otherwise at another hour; a dead number could not. */
  boolean tellsOfTheHour() {
    return switch (this) {
      case TECHNICAL, FAX, OUT_OF_SERVICE, NUMBER_NOT_EXISTING, WRONG_NUMBER -> false;
      case COMPLETED,
          PARTIAL,
          REFUSED_THIS_ROUND,
          REFUSED_FOR_GOOD,
          APPOINTMENT,
          ANSWERING_MACHINE,
          RESPONSIBLE_PERSON_ABSENT,
          NOT_ASKED,
          LANGUAGE,
          REFERRED,
          VOICE_ASSISTANT,
          BUSY,
          NO_ANSWER,
          NO_ANSWER_UNVERIFIED,
          SWITCHED_OFF,
          TEMPORARILY_UNREACHABLE,
          SITE_MOVED,
          SITE_CLOSED,
          TEMPORARILY_CLOSED,
          NOT_YET_OPENED,
          DEVICE_REMOVED,
          HEADQUARTERS_FORBIDS ->
          true;
    };
  }

  public static Optional<Disposition> of(String id) {
    for (Disposition disposition : values()) {
      if (disposition.id().equals(id)) {
        return Optional.of(disposition);
      }
    }
    return Optional.empty();
  }
}
