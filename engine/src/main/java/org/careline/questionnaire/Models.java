package org.careline.questionnaire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Of which devices something is asked, by their models. A pattern is a model, where {@code *}
 * stands for any letters, also none; letter case and blanks do not count. Immutable.
 *
 * @param patterns any of them; empty = all devices
 */
public record Models(List<String> patterns) {
  public static final Models ALL = new Models(List.of());
  static final int MOST = 50;
  static final int LONGEST = 128;

  /** Patterns with very many stars are not followed to their end. */
  private static final int MOST_STEPS = 20_000;

  public Models {
    patterns = List.copyOf(patterns);
  }

  public boolean all() {
    return patterns.isEmpty();
  }

  /** Whether a device of this model is meant. */
  public boolean fit(String model) {
    if (all()) {
      return true;
    }
    State state = State.begin(this);
    for (char letter : plain(model).toCharArray()) {
      state = state.next(letter);
    }
    return state.accepts();
  }

  /**
   * Also where the serial number stands behind the model, of a device of which no more is known.
   */
  boolean fitNamed(String name) {
    return fit(name) || new Models(patterns.stream().map(each -> each + "*").toList()).fit(name);
  }

  /** Without blanks of any width, as the browser leaves them out too, and in small letters. */
  static String plain(String text) {
    return text.replaceAll("(?U)[\\s\\uFEFF]+", "").toLowerCase(Locale.ROOT);
  }

  /** A model that all of them mean; empty = no device can be meant by all. */
  static Optional<String> meet(List<Models> all) {
    List<Models> some = all.stream().filter(each -> !each.all()).distinct().toList();
    Set<Character> letters = new TreeSet<>();
    for (Models models : some) {
      for (String pattern : models.patterns()) {
        plain(pattern).chars().filter(c -> c != '*').forEach(c -> letters.add((char) c));
      }
    }
    record Step(List<State> states, String model) {}
    Deque<Step> open = new ArrayDeque<>();
    open.add(new Step(some.stream().map(State::begin).toList(), ""));
    Set<List<State>> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Step step = open.poll();
      if (step.states().stream().allMatch(State::accepts)) {
        return Optional.of(step.model());
      }
      if (seen.size() > MOST_STEPS) {
        // too many to say: nobody is kept from publishing for it
        return Optional.of(step.model());
      }
      for (char letter : letters) {
        List<State> next = step.states().stream().map(state -> state.next(letter)).toList();
        if (next.stream().noneMatch(State::dead) && seen.add(next)) {
          open.add(new Step(next, step.model() + letter));
        }
      }
    }
    return Optional.empty();
  }

  /** How far each pattern has come with the letters so far. */
  private record State(List<String> patterns, List<BitSet> places) {
    static State begin(Models models) {
      List<String> patterns = models.patterns().stream().map(Models::plain).toList();
      List<BitSet> places = new ArrayList<>();
      for (String pattern : patterns) {
        BitSet at = new BitSet();
        at.set(0);
        places.add(over(pattern, at));
      }
      return new State(patterns, places);
    }

    /** A star may stand for nothing. */
    private static BitSet over(String pattern, BitSet at) {
      for (int i = at.nextSetBit(0); i >= 0 && i < pattern.length(); i = at.nextSetBit(i + 1)) {
        if (pattern.charAt(i) == '*') {
          at.set(i + 1);
        }
      }
      return at;
    }

    State next(char letter) {
      List<BitSet> next = new ArrayList<>();
      for (int p = 0; p < patterns.size(); p++) {
        String pattern = patterns.get(p);
        BitSet at = new BitSet();
        BitSet now = places.get(p);
        for (int i = now.nextSetBit(0); i >= 0 && i < pattern.length(); i = now.nextSetBit(i + 1)) {
          if (pattern.charAt(i) == '*') {
            at.set(i);
          } else if (pattern.charAt(i) == letter) {
            at.set(i + 1);
          }
        }
        next.add(over(pattern, at));
      }
      return new State(patterns, next);
    }

    boolean accepts() {
      for (int p = 0; p < patterns.size(); p++) {
        if (places.get(p).get(patterns.get(p).length())) {
          return true;
        }
      }
      return false;
    }

    boolean dead() {
      return places.stream().allMatch(BitSet::isEmpty);
    }
  }
}
