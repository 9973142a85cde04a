package org.careline.questionnaire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which questions are put to a site that has given these answers, and which answers stand. The only
 * place that knows: saving, completing, the dry run and the console's screen go by it. Immutable.
 *
 * @param asked in the order of the questionnaire, a section of devices device by device
 * @param standing the answers to questions that are asked
 * @param fallenAway keys of given answers whose questions are not asked (any more)
 * @param missing required questions that are asked and have no answer; empty = the form is complete
 */
public record Branching(
    Set<AnswerKey> asked,
    Map<AnswerKey, String> standing,
    Set<AnswerKey> fallenAway,
    List<AnswerKey> missing) {

  private static final List<Devices.Device> SITE =
      List.of(new Devices.Device(AnswerKey.SITE, "", false));

  /**
   * One pass from the first question to the last: a question leans on earlier ones only, and on
   * their answers only where they are asked themselves, so an old answer left behind opens nothing.
   *
   * @param devices of the site; a device is asked what its model is to be asked
   */
  public static Branching of(
      Questionnaire questionnaire, Devices devices, Map<AnswerKey, String> given) {
    Set<AnswerKey> asked = new LinkedHashSet<>();
    Map<AnswerKey, String> standing = new LinkedHashMap<>();
    List<AnswerKey> missing = new ArrayList<>();
    Map<String, String> ofSite = new HashMap<>();
    for (Section section : questionnaire.sections()) {
      if (section.onlyWhen().isPresent() && !section.onlyWhen().get().holds(ofSite::get)) {
        continue;
      }
      for (Devices.Device device : section.perDevice() ? devices.list() : SITE) {
        if (!device.in(section.models())) {
          continue;
        }
        Map<String, String> here = section.perDevice() ? new HashMap<>() : ofSite;
        Function<String, String> answers = code -> here.getOrDefault(code, ofSite.get(code));
        for (Question question : section.questions()) {
          boolean holds = question.onlyWhen().map(when -> when.holds(answers)).orElse(true);
          if (!holds || !device.in(question.models())) {
            continue;
          }
          AnswerKey key = new AnswerKey(question.code(), device.id());
          asked.add(key);
          String value = given.get(key);
          if (value != null) {
            here.put(question.code(), value);
            standing.put(key, value);
          } else if (question.required()) {
            missing.add(key);
          }
        }
      }
    }
    Set<AnswerKey> fallenAway = new LinkedHashSet<>(given.keySet());
    fallenAway.removeAll(standing.keySet());
    return new Branching(asked, standing, fallenAway, missing);
  }
}
