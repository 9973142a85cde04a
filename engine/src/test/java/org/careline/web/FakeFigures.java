package org.careline.web;

import java.io.IOException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.careline.agent.AgentNumber;
import org.careline.language.Sentence;
import org.careline.report.hotline.AgentFigure;
import org.careline.report.hotline.AgentFigures;
import org.careline.report.hotline.Amount;
import org.careline.report.hotline.Contest;
import org.careline.report.hotline.Grouping;
import org.careline.report.hotline.HotlineFigure;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.Identities;
import org.careline.report.hotline.LiveMoment;
import org.careline.report.hotline.MatterFigure;
import org.careline.report.hotline.MatterFigures;
import org.careline.report.hotline.Target;

/** Figures, scripted: one of each, and what was asked for goes into {@code orders}. */
record FakeFigures(List<String> orders) implements Desks.FigureDesk {
  private static final Instant AT = FakeDesks.AT;

  /** A queue log from here on breaks off in its first line. */
  static final Instant BROKEN = Instant.parse("2020-01-01T00:00:00Z");

  static final Instant BROKEN_LATE = Instant.parse("2020-01-02T00:00:00Z");

  private static <F> Map<String, Amount> values(F[] figures, Function<F, String> id) {
    Map<String, Amount> values = new LinkedHashMap<>();
    for (F figure : figures) {
      values.put(id.apply(figure), new Amount(0.5, 1.0, 2L, 0L, 0L));
    }
    return values;
  }

  @Override
  public Instant today() {
    return AT.minus(Duration.ofHours(8));
  }

  @Override
  public ZoneId zone() {
    return ZoneId.of("Asia/Shanghai");
  }

  @Override
  public HotlineFigures.Report hotline(
      Instant from, Instant to, Grouping grouping, Optional<Duration> within) {
    orders.add("hotline " + grouping.dimensions() + " " + grouping.interval() + " " + within);
    Map<String, Amount> values = values(HotlineFigure.values(), HotlineFigure::id);
    return new HotlineFigures.Report(
        from,
        to,
        AT,
        Duration.ofSeconds(5),
        10,
        Map.of("main/gold", Target.DEFAULT),
        List.of(HotlineFigure.SERVICE_LEVEL.explained()),
        List.of(
            new HotlineFigures.Row(
                grouping.interval() == null ? null : from,
                grouping.dimensions().stream().map(dimension -> "=1+1").toList(),
                values)),
        values,
        new Identities().both());
  }

  @Override
  public MatterFigures.Report matters(Instant from, Instant to, List<MatterFigures.By> by) {
    orders.add("matters " + by);
    Map<String, Amount> values = values(MatterFigure.values(), MatterFigure::id);
    return new MatterFigures.Report(
        from,
        to,
        AT,
        10,
        by,
        List.of(MatterFigure.UNRESOLVED.explained(), MatterFigure.FCR.explained()),
        List.of(new MatterFigures.Row(by.stream().map(each -> "=1+1").toList(), values)),
        values);
  }

  @Override
  public LiveMoment live() {
    return new LiveMoment(
        AT,
        1,
        2,
        30.5,
        1,
        Map.of("ready", 2),
        List.of(new LiveMoment.Place("main", "gold", 2, 30.5, 1)));
  }

  @Override
  public AgentFigures.Report agents(
      Instant from, Instant to, Optional<AgentNumber> agent, Grouping.Interval interval) {
    orders.add("agents " + agent.map(AgentNumber::value).orElse("all"));
    return new AgentFigures.Report(
        from,
        to,
        AT,
        List.of(AgentFigure.RONA.explained()),
        List.of(
            new AgentFigures.Row(
                null,
                "8001",
                "@Li",
                values(AgentFigure.values(), AgentFigure::id),
                Map.of("break", 60.0))),
        values(AgentFigure.values(), AgentFigure::id),
        List.of(new AgentFigures.NoSurvey("8001", "@Li", 3)));
  }

  private static Contest contest(String decision) {
    boolean open = decision == null;
    return new Contest(
        7,
        "8001",
        "rona",
        "leg:c-1:1",
        "c-1",
        AT,
        "the phone did not ring",
        "li",
        AT,
        decision,
        open ? "" : "heard the recording",
        open ? null : "boss",
        open ? null : AT);
  }

  @Override
  public AgentFigures.Newest rows(Instant from, Instant to, AgentNumber agent, AgentFigure figure) {
    return new AgentFigures.Newest(
        List.of(
            new AgentFigures.Behind(
                "leg:c-1:1",
                "offer",
                "c-1",
                AT,
                null,
                AT,
                "missed",
                null,
                null,
                null,
                null,
                null,
                null,
                1,
                contest(null))),
        false);
  }

  @Override
  public Contest contest(
      AgentNumber agent, AgentFigure figure, String row, String text, String login) {
    orders.add("contest " + agent + " " + figure.id() + " " + row + " " + login);
    return contest(null);
  }

  @Override
  public List<Contest> contests(Optional<AgentNumber> agent, boolean openOnly) {
    orders.add("contests " + agent.map(AgentNumber::value).orElse("all") + " " + openOnly);
    return List.of(contest(Contest.ACCEPTED));
  }

  @Override
  public Contest decide(long id, boolean accepted, String reason, String login) {
    if (id != 7) {
      throw Refusal.notFound(Sentence.of("figures.no-contest"));
    }
    orders.add("decide " + id + " " + accepted + " " + login);
    return contest(accepted ? Contest.ACCEPTED : Contest.REFUSED);
  }

  @Override
  public void queueLog(Instant from, Instant to, UnaryOperator<String> numbers, Appendable out)
      throws IOException {
    if (from.equals(BROKEN_LATE)) {
      out.append(
          ("1772352000|c-1|main|NONE|ENTERQUEUE||" + numbers.apply("+8613800138000") + "|1\n")
              .repeat(10_000));
      throw new IllegalStateException(new SQLTransientConnectionException("away"));
    }
    if (from.equals(BROKEN)) {
      out.append("1772352000|c-1|main|NONE|ENTER");
      throw new IllegalStateException(new SQLTransientConnectionException("away"));
    }
    out.append("1772352000|c-1|main|NONE|ENTERQUEUE||" + numbers.apply("+8613800138000") + "|1\n");
  }
}
