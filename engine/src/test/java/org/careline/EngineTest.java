package org.careline;

import static org.assertj.core.api.Assertions.assertThat;

import org.careline.call.Applier;
import org.junit.jupiter.api.Test;

class EngineTest {
  /** Two of one kind, and the engine does not start. */
  @Test
  void eachKindOfTheJournalHasOneApplier() {
    assertThat(Engine.appliers()).extracting(Applier::kind).doesNotHaveDuplicates().isNotEmpty();
  }
}
