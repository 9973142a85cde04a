package org.careline.web;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.careline.agent.AgentNumber;
import org.careline.call.Mailbox;
import org.careline.hotline.Hotline;
import org.careline.report.hotline.AgentFigure;
import org.careline.report.hotline.AgentFigures;
import org.careline.report.hotline.Contest;
import org.careline.report.hotline.Contests;
import org.careline.report.hotline.Grouping;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.LiveMoment;
import org.careline.report.hotline.MatterFigures;
import org.careline.report.hotline.QueueLog;
import org.jdbi.v3.core.Jdbi;

/** Figures for the console: from MySQL, and of this moment from the mailbox. Thread-safe. */
public final class HotlineFigureDesk implements Desks.FigureDesk {
  private final Mailbox mailbox;
  private final Hotline hotline;
  private final HotlineFigures figures;
  private final AgentFigures agents;
  private final Contests contests;
  private final QueueLog queueLog;
  private final InstantSource clock;

  public HotlineFigureDesk(
      Mailbox mailbox, Hotline hotline, HotlineFigures figures, Jdbi jdbi, InstantSource clock) {
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.figures = figures;
    this.contests = new Contests(jdbi, clock);
    this.agents = new AgentFigures(jdbi, contests, figures.zone(), clock);
    this.queueLog = new QueueLog(jdbi);
    this.clock = clock;
  }

  @Override
  public Instant today() {
    return figures.today();
  }

  @Override
  public ZoneId zone() {
    return figures.zone();
  }

  @Override
  public HotlineFigures.Report hotline(
      Instant from, Instant to, Grouping grouping, Optional<Duration> within) throws Exception {
    return figures.report(from, to, grouping, within);
  }

  @Override
  public MatterFigures.Report matters(Instant from, Instant to, List<MatterFigures.By> by)
      throws Exception {
    return figures.ofMatters().report(from, to, by);
  }

  @Override
  public LiveMoment live() {
    return mailbox.ask(
        HotlineCalls.ANSWER,
        () -> LiveMoment.of(clock.instant(), hotline.calls().live(), hotline.agents().all()));
  }

  @Override
  public AgentFigures.Report agents(
      Instant from, Instant to, Optional<AgentNumber> agent, Grouping.Interval interval) {
    return agents.report(from, to, agent, interval);
  }

  @Override
  public AgentFigures.Newest rows(Instant from, Instant to, AgentNumber agent, AgentFigure figure) {
    return agents.rows(from, to, agent, figure);
  }

  @Override
  public Contest contest(
      AgentNumber agent, AgentFigure figure, String row, String text, String login) {
    return contests.raise(agent, figure, row, text, login);
  }

  @Override
  public List<Contest> contests(Optional<AgentNumber> agent, boolean openOnly) {
    return contests.list(agent, openOnly);
  }

  @Override
  public Contest decide(long id, boolean accepted, String reason, String login) {
    return contests.decide(id, accepted, reason, login);
  }

  @Override
  public void queueLog(Instant from, Instant to, UnaryOperator<String> numbers, Appendable out)
      throws IOException {
    queueLog.write(from, to, numbers, out);
  }
}
