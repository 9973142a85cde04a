package org.careline.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What will become of a site in the staged round: how it takes the call and what it would answer.
 * The numbers are those of the first real round: of 108 sites of one chain 100 completed, 6 were
 * not reached and 2 refused; 27 of the 100 had had a fault, 11 of these were unresolved, 85 of the
 * 100 were satisfied; of the 92 sites of the other chain 85, 6, 1; 19, 8, 73. Immutable.
 */
public record Destiny(
    Contact contact, boolean fault, boolean solved, boolean hiddenDanger, int satisfaction) {

  /** How the site takes the call. */
  public enum Contact {
    ANSWERS,
    REFUSES,
    BUSY,
    NO_ANSWER
  }

  /** Staged results of one chain. */
  public record Stage(
      int completed, int notReached, int refused, int faults, int unresolved, int satisfied) {
    public int sites() {
      return completed + notReached + refused;
    }
  }

  public static final Stage RJ = new Stage(100, 6, 2, 27, 11, 85);
  public static final Stage MT = new Stage(85, 6, 1, 19, 8, 73);

  /** The destinies of a chain's sites, mixed, the same at every call. */
  public static List<Destiny> of(Stage stage) {
    List<Destiny> destinies = new ArrayList<>(stage.sites());
    for (int i = 0; i < stage.completed(); i++) {
      boolean fault = i < stage.faults();
      boolean satisfied = i >= stage.completed() - stage.satisfied();
      destinies.add(
          new Destiny(
              Contact.ANSWERS,
              fault,
              fault && i >= stage.unresolved(),
              i % 11 == 3,
              satisfied ? 4 + i % 2 : 1 + i % 3));
    }
    for (int i = 0; i < stage.notReached(); i++) {
      destinies.add(
          new Destiny(i % 2 == 0 ? Contact.NO_ANSWER : Contact.BUSY, false, false, false, 0));
    }
    for (int i = 0; i < stage.refused(); i++) {
      destinies.add(new Destiny(Contact.REFUSES, false, false, false, 0));
    }
    Collections.shuffle(destinies, new Random(stage.sites()));
    return Collections.unmodifiableList(destinies);
  }
}
