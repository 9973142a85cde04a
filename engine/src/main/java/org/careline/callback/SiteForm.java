package org.careline.callback;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.questionnaire.AnswerKey;
import org.careline.questionnaire.Devices;
import org.careline.questionnaire.FaultBook;
import org.careline.questionnaire.Questionnaire;

/**
 * What the agent fills in: the questions, what the site has answered in this round, and beside it
 * what it said in the last one. Immutable.
 *
 * @param devices of the site, in the order in which they are asked about
 * @param faults what to ask and do about faults of these devices, and what means danger
 */
public record SiteForm(
    Questionnaire questionnaire,
    List<Device> devices,
    Map<AnswerKey, String> answers,
    Optional<Before> before,
    FaultBook faults) {

  /**
   * @param gone an import has taken it off the site; its model is what people called it
   */
  public record Device(long id, String model, String serial, boolean gone) {
    /** Model and serial, as people call it. */
    public String name() {
      return serial.isEmpty() ? model : model + " " + serial;
    }
  }

  /**
   * The last round of the campaign in which the site answered.
   *
   * @param answers by {@link AnswerKey} in text form
   * @param reworded meanings that were asked in other words then: not to be compared
   */
  public record Before(
      int round,
      LocalDate periodFrom,
      LocalDate periodTo,
      Map<String, String> answers,
      Set<String> reworded) {
    public Before {
      answers = Map.copyOf(answers);
      reworded = Set.copyOf(reworded);
    }
  }

  public SiteForm {
    devices = List.copyOf(devices);
    answers = Map.copyOf(answers);
  }

  /** As the questionnaire asks about them. */
  public Devices asked() {
    return new Devices(
        devices.stream()
            .map(each -> new Devices.Device(each.id(), each.model(), each.gone()))
            .toList());
  }
}
