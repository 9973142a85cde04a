package org.careline.callback;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One round of a campaign; its list of sites and its rules are frozen when it is opened.
 *
 * @param periodFrom the fault question is asked for this period, both days included
 * @param closing no new attempts; closes when those in the air are settled
 * @param paused no new attempts until it is resumed
 * @param closesAt it closes by itself then, whatever is left; empty = when nothing is left
 * @param sites looked up when it is opened
 */
public record Round(
    long id,
    long campaignId,
    int number,
    Status status,
    Instant opensAt,
    Optional<Instant> openedAt,
    Optional<Instant> closedAt,
    LocalDate periodFrom,
    LocalDate periodTo,
    Optional<String> rules,
    int sitesLoaded,
    boolean closing,
    boolean paused,
    Optional<Instant> closesAt,
    Origin origin,
    RoundSelection sites) {

  /** A round goes through these in order and never back. */
  public enum Status {
    SCHEDULED,
    OPEN,
    CLOSED;

    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The status as people are told it: {@code closing} while it ends. */
  public String state() {
    return closing && status == Status.OPEN ? "closing" : status.id();
  }

  /** What opened it: a person, the calendar, sites that were due by themselves, or events. */
  public enum Origin {
    HAND,
    CALENDAR,
    DUE,
    EVENT;

    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Origin of(String id) {
      return valueOf(id.toUpperCase(java.util.Locale.ROOT));
    }

    /** It has all that fits and waits for rounds that have some of it; others go around them. */
    boolean whole() {
      return this == HAND || this == CALENDAR;
    }
  }
}
