package org.careline.report.hotline;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.call.LiveCall;
import org.careline.database.Database;

/** Writes calls, offers and states as the engine does, for tests of the figures. */
final class Rows {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private final Database database;

  Rows(Database database) {
    this.database = database;
  }

  /** One call to be written. */
  final class Call {
    private final String id;
    private String line = "main";
    private String tier = "gold";
    private String skill;
    private String number = "+8613800138000";
    private final Instant arrived;
    private Instant joined;
    private Instant answered;
    private Instant ended;
    private String outcome;
    private String endedBy = "caller";
    private String agent;
    private long hold;
    private long talked;
    private boolean surveyOffered;
    private Integer survey;
    private int legs;

    private Call(String id, Instant arrived) {
      this.id = id;
      this.arrived = arrived;
      execute(
          "INSERT INTO call_record (id, tier_code, arrived_at, epoch) VALUES (?, ?, ?, 1)",
          id,
          tier,
          arrived);
    }

    Call of(String newLine, String newTier) {
      line = newLine;
      tier = newTier;
      return this;
    }

    Call skill(String newSkill) {
      skill = newSkill;
      return this;
    }

    Call withheld() {
      number = null;
      return this;
    }

    /** What said first who he is: number, code, agent. */
    Call knownBy(String who) {
      execute("UPDATE call_record SET customer_id = 7, known_by = ? WHERE id = ?", who, id);
      return this;
    }

    Call joins(double afterSeconds) {
      joined = after(arrived, afterSeconds);
      return this;
    }

    /** An offer that nobody took; seconds from the joining. */
    Call missed(String who, double after, double ring, String result) {
      leg(who, after(joined, after), null, after(joined, after + ring), result, null, 0);
      return this;
    }

    /** Rung for {@code ring} s, answered {@code wait} s after the joining. */
    Call answered(String who, double wait, double ring, double talk, String by) {
      Instant at = after(joined, wait);
      if (answered == null) {
        answered = at;
        agent = who;
      }
      leg(who, after(joined, wait - ring), at, after(at, talk), "answered", by, hold);
      ended = after(at, talk);
      talked += (long) (talk * 1000);
      endedBy = by;
      outcome = "answered";
      return this;
    }

    Call held(double seconds) {
      hold = (long) (seconds * 1000);
      return this;
    }

    Call surveyed(Integer score) {
      surveyOffered = true;
      survey = score;
      return this;
    }

    /** Ends so long after the joining, or after the arrival without one. */
    Call ends(String how, double after) {
      outcome = how;
      ended = after(joined == null ? arrived : joined, after);
      return this;
    }

    /** As the outcome's applier does it. */
    String write() {
      Instant waitedUntil = answered == null ? ended : answered;
      execute(
          "UPDATE call_record SET line_code = ?, tier_code = ?, skill = ?, caller_e164 = ?,"
              + " dialled = '4001', joined_at = ?, answered_at = ?, ended_at = ?, ended_by = ?,"
              + " agent_number = ?, wait_ms = ?, talk_ms = ?, hold_ms = ?, survey_offered = ?,"
              + " survey_score = ?, outcome = ? WHERE id = ?",
          line,
          tier,
          skill,
          number,
          joined,
          answered,
          ended,
          endedBy,
          agent,
          joined == null || waitedUntil == null
              ? null
              : waitedUntil.toEpochMilli() - joined.toEpochMilli(),
          answered == null ? null : talked,
          answered == null ? null : hold,
          surveyOffered,
          survey,
          outcome,
          id);
      return id;
    }

    private void leg(
        String who,
        Instant offered,
        Instant at,
        Instant over,
        String result,
        String by,
        long holdMs) {
      legs++;
      execute(
          "INSERT INTO call_leg (call_id, n, agent_number, offered_at, answered_at, ended_at,"
              + " result, hold_ms, ended_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          id,
          legs,
          who,
          offered,
          at,
          over,
          result,
          holdMs,
          by);
    }
  }

  Call call(String id, Instant arrived) {
    return new Call(id, arrived);
  }

  static Instant after(Instant at, double seconds) {
    return at.plusMillis((long) (seconds * 1000));
  }

  void execute(String sql, Object... values) {
    database.jdbi().useHandle(handle -> handle.execute(sql, values));
  }

  HotlineFigures figures(InstantSource clock, LiveCall... living) {
    return new HotlineFigures(
        new CallRows(database.dataSource()),
        () -> List.of(living),
        Target.Book.always(Target.DEFAULT),
        java.time.Duration.ofSeconds(5),
        ZONE,
        clock);
  }

  static Grouping by(Grouping.Interval interval, Grouping.Dimension... dimensions) {
    return new Grouping(Set.of(dimensions), interval, ZONE);
  }

  static Double value(java.util.Map<String, Amount> values, HotlineFigure figure) {
    return values.get(figure.id()).value();
  }

  static Optional<HotlineFigures.Row> row(HotlineFigures.Report report, String... key) {
    return report.rows().stream().filter(row -> row.key().equals(List.of(key))).findFirst();
  }
}
