package org.careline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.careline.customer.ReferenceData;
import org.careline.customer.ReferenceData.Line;
import org.careline.line.LineForm;
import org.careline.line.LineHours;
import org.careline.line.LineStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the lines at the start and after each change for what callers would notice first: a
 * prompt that is no more (a recording was taken away), a calendar that does not know the next
 * weeks. Each is logged once, until it changes. Called on one thread at a time.
 */
final class LineCheck {
  private static final Logger log = LoggerFactory.getLogger(LineCheck.class);

  /** The State Council announces a year in November: from then on there is time to enter it. */
  private static final Duration AHEAD = Duration.ofDays(30);

  private final Supplier<Map<String, Set<String>>> prompts;
  private final InstantSource clock;
  private Set<String> known = Set.of();
  private volatile Set<String> unplayable = Set.of();

  /**
   * @param prompts as {@link LineStore}
   */
  LineCheck(Supplier<Map<String, Set<String>>> prompts, InstantSource clock) {
    this.prompts = prompts;
    this.clock = clock;
  }

  /** Codes of the lines of which callers would not hear a prompt, as of the last look. */
  Set<String> unplayable() {
    return unplayable;
  }

  /** What is wrong with the lines, in order. Reads a folder. */
  Set<String> findings(ReferenceData data) {
    Set<String> findings = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    Map<String, Set<String>> playable = prompts.get();
    for (Line line : data.lines()) {
      LineStore.missing(form(line), playable)
          .ifPresent(
              missing -> {
                silent.add(line.code());
                findings.add(
                    "line "
                        + line.code()
                        + ": "
                        + missing.getMessage()
                        + "; put the recording back and run careline prompts, or change the line");
              });
      ends(line.settings().hours())
          .ifPresent(
              year ->
                  findings.add(
                      "line "
                          + line.code()
                          + ": its calendar "
                          + line.settings().hours().calendar().code()
                          + " knows no holidays of "
                          + year
                          + ": enter them on the page Lines"));
    }
    unplayable = silent;
    return findings;
  }

  /** Logs what has come since the last look. */
  synchronized void look(ReferenceData data) {
    Set<String> now = findings(data);
    Set<String> fresh = new TreeSet<>(now);
    fresh.removeAll(known);
    fresh.forEach(log::error);
    known = new HashSet<>(now);
  }

  private Optional<Integer> ends(LineHours hours) {
    if (hours.roundTheClock() || hours.calendar().code().isEmpty()) {
      return Optional.empty();
    }
    for (Instant at : new Instant[] {clock.instant(), clock.instant().plus(AHEAD)}) {
      int year = at.atZone(hours.zone()).getYear();
      if (!hours.calendar().years().contains(year)) {
        return Optional.of(year);
      }
    }
    return Optional.empty();
  }

  private static LineForm form(Line line) {
    return new LineForm(
        line.code(),
        line.number(),
        line.nameEn(),
        line.nameZh(),
        line.language(),
        line.greeting(),
        line.ringTimeout(),
        line.wrapUp(),
        line.settings());
  }
}
