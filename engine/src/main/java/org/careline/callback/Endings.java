package org.careline.callback;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careline.telephony.NoChannel;

/**
 * What a call came to that nobody answered: one table, whose first row that fits decides. Where a
 * person has answered, or has heard the announcement, he decides instead. Announcements of Chinese
 * networks come as early media (183), followed by 480 or 487 as if nobody had taken the call: what
 * the switch alone cannot tell from ringing is <em>no answer (unverified)</em>, and ring-back
 * music, which is early media too, is no answer. Printed in docs/endings.md. Pure.
 */
public final class Endings {
  private static final int RANG_TO_THE_END = 3;
  private static final int BUSY = 5;
  private static final int RANG = 1;

  /**
   * What the switch has said.
   *
   * @param cause of the hang-up of the site's leg (Q.850); empty = it never had one
   * @param dialStatus DIALSTATUS
   * @param reason of the originate's failure; its busy and congestion are not reliable, that it
   *     rang to the end is
   * @param earlyMedia something was to be heard before the end
   */
  public record Signs(
      Optional<Integer> cause,
      Optional<String> dialStatus,
      Optional<Integer> reason,
      boolean earlyMedia) {
    /** Our own limit ended it, not the network: the switch says NOANSWER for a 480 too. */
    boolean rangToTheEnd() {
      return reason.equals(Optional.of(RANG_TO_THE_END));
    }
  }

  /** Who put an end to it. */
  private enum By {
    ANYBODY,
    /** It rang, or sounded, as long as we let it. */
    OUR_LIMIT,
    NETWORK
  }

  private enum Heard {
    ANYTHING,
    EARLY_MEDIA
  }

  /**
   * @param causes empty = any, also none
   * @param statuses empty = any, also none
   * @param source where it is written
   */
  private record Row(
      Set<Integer> causes,
      Set<String> statuses,
      Set<Integer> reasons,
      Heard heard,
      By by,
      Disposition disposition,
      String sip,
      String source) {
    boolean fits(Signs signs) {
      return (causes.isEmpty() || causes.contains(signs.cause().orElse(0)))
          && (statuses.isEmpty() || statuses.contains(signs.dialStatus().orElse("-")))
          && (reasons.isEmpty() || reasons.contains(signs.reason().orElse(-1)))
          && (heard == Heard.ANYTHING || signs.earlyMedia())
          && switch (by) {
            case ANYBODY -> true;
            case OUR_LIMIT -> signs.rangToTheEnd();
            case NETWORK -> !signs.rangToTheEnd();
          };
    }
  }

  private static final List<Row> TABLE =
      List.of(
          cause(
              NoChannel.CAUSES,
              Disposition.TECHNICAL,
              "503",
              "Q.850: no circuit (34), equipment congestion (42), circuit not available (44)."
                  + " Nothing rang: no channel was free, counted per trunk, costs the site no attempt."
                  + " It rang, or something was to be heard: an attempt as any other"),
          cause(
              Set.of(1, 22, 28),
              Disposition.NUMBER_NOT_EXISTING,
              "404, 410, 484, 485, 604",
              "Q.850: unallocated (1), number changed (22), invalid format (28)."
                  + " The number is dead on the second day of it, or when a person has heard it"),
          cause(
              Set.of(17, 21),
              Disposition.BUSY,
              "486, 600, 603, 403",
              "Q.850: user busy (17), call rejected (21)"),
          cause(
              Set.of(20, 27),
              Disposition.TEMPORARILY_UNREACHABLE,
              "502, or Reason: Q.850",
              "Q.850: subscriber absent (20), destination out of order (27)"),
          new Row(
              Set.of(16, 18, 19, 31, 102, 127),
              Set.of(),
              Set.of(),
              Heard.EARLY_MEDIA,
              By.NETWORK,
              Disposition.NO_ANSWER_UNVERIFIED,
              "183, then 480, 487, 408, 504",
              "Something was played and the network ended the call: an announcement that none of us"
                  + " has heard"),
          cause(Set.of(18), Disposition.NO_ANSWER, "408", "Q.850: no user responding"),
          new Row(
              Set.of(19),
              Set.of(),
              Set.of(),
              Heard.ANYTHING,
              By.OUR_LIMIT,
              Disposition.NO_ANSWER,
              "180 or 183, then our CANCEL",
              "It rang, or music was played, as long as we let it: an announcement would have ended"
                  + " sooner"),
          cause(
              Set.of(19),
              Disposition.NO_ANSWER_UNVERIFIED,
              "480",
              "Q.850: no answer; but 480 is also what follows an announcement"),
          cause(
              Set.of(3, 38, 41, 47, 50, 58, 66, 102, 111, 127),
              Disposition.TECHNICAL,
              "420, 500, 501, 488, 504, 487, 4xx",
              "Q.850: no route (3), network out of order (38), temporary failure (41), resources (47),"
                  + " facility (50, 66), bearer (58), timer (102), protocol (111), interworking (127)"),
          status(Set.of("BUSY"), Disposition.BUSY, "Asterisk DIALSTATUS"),
          status(Set.of("NOANSWER", "CANCEL"), Disposition.NO_ANSWER, "Asterisk DIALSTATUS"),
          status(
              Set.of("CONGESTION", "CHANUNAVAIL", "INVALIDARGS"),
              Disposition.TECHNICAL,
              "Asterisk DIALSTATUS; without a cause also: no channel was free"),
          reason(Set.of(BUSY), Disposition.BUSY, "Asterisk OriginateResponse 5: busy"),
          reason(
              Set.of(RANG, RANG_TO_THE_END),
              Disposition.NO_ANSWER,
              "Asterisk OriginateResponse 1, 3: rang, rang to the end"),
          reason(
              Set.of(0, 4, 8),
              Disposition.TECHNICAL,
              "Asterisk OriginateResponse 0, 4, 8: no channel"));

  private Endings() {}

  private static Row cause(
      Set<Integer> causes, Disposition disposition, String sip, String source) {
    return new Row(
        causes, Set.of(), Set.of(), Heard.ANYTHING, By.ANYBODY, disposition, sip, source);
  }

  private static Row status(Set<String> statuses, Disposition disposition, String source) {
    return new Row(
        Set.of(), statuses, Set.of(), Heard.ANYTHING, By.ANYBODY, disposition, "-", source);
  }

  private static Row reason(Set<Integer> reasons, Disposition disposition, String source) {
    return new Row(
        Set.of(), Set.of(), reasons, Heard.ANYTHING, By.ANYBODY, disposition, "-", source);
  }

  /** What it came to; without any sign nobody has verified that it rang. */
  public static Disposition of(Signs signs) {
    return TABLE.stream()
        .filter(row -> row.fits(signs))
        .findFirst()
        .map(Row::disposition)
        .orElse(
            signs.dialStatus().isPresent() || signs.reason().isPresent()
                ? Disposition.TECHNICAL
                : Disposition.NO_ANSWER_UNVERIFIED);
  }

  /** The table as it stands in the documents. */
  public static String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("| SIP | cause | dial status | heard | ended by | disposition | source |");
    lines.add("|---|---|---|---|---|---|---|");
    for (Row row : TABLE) {
      lines.add(
          String.join(
              " | ",
              "| " + row.sip(),
              row.causes().isEmpty() ? "none of these" : words(row.causes()),
              row.statuses().isEmpty()
                  ? row.reasons().isEmpty() ? "any" : "none"
                  : words(row.statuses()),
              row.heard() == Heard.ANYTHING ? "any" : "early media",
              switch (row.by()) {
                case ANYBODY -> "any";
                case OUR_LIMIT -> "our limit";
                case NETWORK -> "the network";
              },
              "`" + row.disposition().id() + "`",
              row.source() + " |"));
    }
    lines.add(
        "| - | none | none | any | any | `no_answer_unverified` | nothing is known of its end |");
    return String.join("\n", lines) + "\n";
  }

  private static String words(Set<?> values) {
    return new TreeSet<Object>(values)
        .stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
