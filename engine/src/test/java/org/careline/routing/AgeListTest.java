package org.careline.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.careline.call.CallId;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AgeListTest {
  private static final Instant T0 = Instant.parse("2026-03-02T08:00:00Z");
  private static final Terms TERMS =
      new Terms("t", 1, 1, Terms.graded(1, Optional.empty(), Duration.ZERO));

  @RepeatedTest(20)
  void isAsASortedListWouldBe(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    AgeList list = new AgeList();
    List<WaitingCaller> plain = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      if (plain.isEmpty() || random.nextInt(100) < 55) {
        WaitingCaller caller = caller(i, random.nextInt(3) == 0 ? random.nextInt(i + 1) : i);
        list.put(caller);
        plain.add(caller);
        plain.sort(Discipline.BY_AGE);
      } else {
        int at =
            switch (random.nextInt(3)) {
              case 0 -> 0;
              case 1 -> plain.size() - 1;
              default -> random.nextInt(plain.size());
            };
        list.take(plain.remove(at));
      }
      assertThat(list).isEqualTo(plain);
    }
  }

  /** All from the front of a very long line: not one of them moves the others. */
  @Test
  void theFirstOfALongLineGoesAtOnce() {
    AgeList list = new AgeList();
    List<WaitingCaller> callers = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      callers.add(caller(i, i));
      list.put(callers.getLast());
    }
    long began = System.nanoTime();
    callers.forEach(list::take);
    double seconds = (System.nanoTime() - began) / 1e9;
    assertThat(list).isEmpty();
    // by moving the rest each time it would be minutes
    assertThat(seconds).isLessThan(10);
  }

  private static WaitingCaller caller(int number, int second) {
    return new WaitingCaller(new CallId("" + number), TERMS, T0.plusSeconds(second));
  }
}
