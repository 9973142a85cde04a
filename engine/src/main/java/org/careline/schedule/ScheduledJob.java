package org.careline.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;

/**
 * Runs a named task, with the round's id where there is one. Quartz keeps only names and ids: the
 * rows are the truth.
 */
@DisallowConcurrentExecution
public final class ScheduledJob implements Job {
  static final String TASK = "task";
  static final String ROUND = "round";

  private final RoundScheduler.Tasks tasks;

  ScheduledJob(RoundScheduler.Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public void execute(JobExecutionContext context) throws JobExecutionException {
    String task = context.getMergedJobDataMap().getString(TASK);
    try {
      switch (task) {
        case "open" -> tasks.open(Long.parseLong(context.getMergedJobDataMap().getString(ROUND)));
        case "sweep" -> tasks.sweep();
        case "close" -> tasks.closeFinished();
        case "plan" -> tasks.plan();
        default -> throw new IllegalStateException("unknown task " + task);
      }
    } catch (Exception e) {
      throw new JobExecutionException("task " + task + " failed: " + e.getMessage(), e, false);
    }
  }
}
