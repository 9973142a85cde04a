package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.callback.SiteFacts.Device;
import org.careline.callback.SiteFacts.Known;
import org.careline.callback.SiteFacts.Source;
import org.careline.callback.SiteFacts.Told;
import org.junit.jupiter.api.Test;

/** What counts as a fault of a site and of its devices. */
class SiteFactsTest {
  private static final String NO = "no";
  private static final String YES = "yes";

  private static Told told(String fault, String solved) {
    return new Told(fault, solved, null, null, null, null, null, null);
  }

  private static Told shows(String code, String onPhone) {
    return new Told(null, null, onPhone, null, code, null, null, null);
  }

  /**
   * @param answers of the site, then of devices 1, 2, ...; null = none
   */
  private static SiteFacts site(String bin, Known known, int devices, Told... answers) {
    Map<Long, Told> told = new HashMap<>();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] != null) {
        told.put((long) i, answers[i]);
      }
    }
    List<Device> list = new java.util.ArrayList<>();
    for (int i = 1; i <= devices; i++) {
      list.add(new Device(i, "M" + i, devices == 1 ? known : Known.NOTHING));
    }
    return new SiteFacts(1, "S", "", bin, Optional.empty(), told, list, known);
  }

  private static List<FaultState> states(SiteFacts site) {
    List<FaultState> states = new java.util.ArrayList<>();
    states.add(site.state());
    site.devices().forEach(device -> states.add(site.state(device)));
    return states;
  }

  @Test
  void theSiteSpeaksForItsDevices() {
    assertThat(states(site("completed", Known.NOTHING, 2, told(NO, null))))
        .as("none of them has a fault")
        .containsExactly(FaultState.NONE, FaultState.NONE, FaultState.NONE);
    assertThat(states(site("completed", Known.NOTHING, 1, told(YES, NO))))
        .as("it can only be this one")
        .containsExactly(FaultState.UNRESOLVED, FaultState.UNRESOLVED);
    assertThat(states(site("completed", Known.NOTHING, 2, told(YES, YES))))
        .as("nobody said which")
        .containsExactly(FaultState.RESOLVED, FaultState.NOT_HEARD, FaultState.NOT_HEARD);
    assertThat(states(site("completed", Known.NOTHING, 2, told(YES, NO), null, shows("E1", NO))))
        .as("the second one was named")
        .containsExactly(FaultState.UNRESOLVED, FaultState.NONE, FaultState.UNRESOLVED);
    assertThat(states(site("partial", Known.NOTHING, 1, told(YES, null))))
        .as("nobody said that it is solved")
        .containsExactly(FaultState.UNRESOLVED, FaultState.UNRESOLVED);
    assertThat(states(site("not_reached", Known.OPEN, 1)))
        .containsExactly(FaultState.NOT_HEARD, FaultState.NOT_HEARD);
  }

  @Test
  void theWorstDeviceIsTheSites() {
    SiteFacts mixed =
        site("completed", Known.NOTHING, 3, null, told(NO, null), told(YES, YES), told(YES, NO));
    assertThat(states(mixed))
        .containsExactly(
            FaultState.UNRESOLVED, FaultState.NONE, FaultState.RESOLVED, FaultState.UNRESOLVED);
    assertThat(states(site("completed", Known.NOTHING, 2, null, told(YES, YES), null)))
        .as("the other one was not asked about")
        .containsExactly(FaultState.RESOLVED, FaultState.RESOLVED, FaultState.NOT_HEARD);
    assertThat(states(site("completed", Known.NOTHING, 2, told(YES, YES), told(YES, NO))))
        .as("what was said of the device stands against what was said of all")
        .containsExactly(FaultState.UNRESOLVED, FaultState.UNRESOLVED, FaultState.NONE);
  }

  @Test
  void theHotlineKnowsWhatTheSiteForgets() {
    SiteFacts forgot = site("completed", Known.OPEN, 1, told(NO, null));
    assertThat(forgot.source()).contains(Source.HOTLINE);
    assertThat(forgot.state()).isEqualTo(FaultState.UNRESOLVED);
    SiteFacts both = site("completed", Known.OPEN, 1, told(YES, YES));
    assertThat(both.source()).contains(Source.BOTH);
    assertThat(both.state()).as("its own word is the younger one").isEqualTo(FaultState.RESOLVED);
    SiteFacts record = site("answered_by_record", Known.DONE, 1);
    assertThat(states(record)).containsExactly(FaultState.RESOLVED, FaultState.RESOLVED);
    assertThat(record.source()).contains(Source.HOTLINE);
    assertThat(states(site("answered_by_record", Known.NOTHING, 1)))
        .as("it was served and had no fault")
        .containsExactly(FaultState.NONE, FaultState.NONE);
  }

  @Test
  void solvedOnThePhoneIsSolved() {
    SiteFacts site = site("completed", Known.NOTHING, 2, told(YES, null), shows("E1", YES));
    assertThat(states(site))
        .containsExactly(FaultState.RESOLVED, FaultState.RESOLVED, FaultState.NONE);
    assertThat(site.solvedOnPhone()).isTrue();
    assertThat(site.solvedOnPhone(site.devices().getFirst())).isTrue();
    assertThat(site.solvedOnPhone(site.devices().getLast())).isFalse();
  }
}
