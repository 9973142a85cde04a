package org.careline.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.careline.thread.Beat;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few clock-like jobs, in Quartz's clustered store on the shared pool: rounds are planned by
 * their cadence and opened at their time, expired claims freed, finished rounds closed. Every few
 * seconds the triggers are made to agree with the rows, so that a round planned by another process
 * is found. Without MySQL it waits for it on its own thread {@code round-schedule}; the engine does
 * not. Thread-safe.
 */
public final class RoundScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoundScheduler.class);
  private static final String ROUNDS = "rounds";
  private static final String SWEEPS = "sweeps";

  /** What the jobs do. Called on Quartz's threads; may block on MySQL; may be repeated. */
  public interface Tasks {
    /** Ids of the rounds to be opened, with their time. */
    Map<Long, Instant> scheduled() throws Exception;

    void open(long roundId) throws Exception;

    void sweep() throws Exception;

    void closeFinished() throws Exception;

    /** Writes the rounds whose time has come by their cadence. */
    default void plan() throws Exception {}
  }

  /**
   * @param synchronise pause between two comparisons of triggers and rows
   * @param sweep pause between two sweeps
   * @param plan pause between two looks at the cadences
   */
  public record Pace(Duration synchronise, Duration sweep, Duration plan) {
    public static final Pace USUAL =
        new Pace(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(30));

    /** Looks at the cadences as often as it sweeps. */
    public Pace(Duration synchronise, Duration sweep) {
      this(synchronise, sweep, sweep);
    }
  }

  private static final String CLUSTER = "careline";

  private final DataSource source;
  private final Tasks tasks;
  private final Pace pace;
  private final Beat turns;
  private Scheduler scheduler; // confined to the thread, read by close after its end

  public RoundScheduler(DataSource source, Tasks tasks, Pace pace) {
    this.source = source;
    this.tasks = tasks;
    this.pace = pace;
    this.turns = Beat.every("round-schedule", pace.synchronise(), this::turn);
  }

  public void start() {
    turns.start();
  }

  private void turn() throws Exception {
    if (scheduler == null) {
      scheduler = begin();
    }
    synchronise();
  }

  private Scheduler begin() throws SchedulerException, SQLException {
    try (Connection connection = source.getConnection()) {
      // the tables are there, or the next look comes
      connection.createStatement().executeQuery("SELECT 1 FROM QRTZ_LOCKS LIMIT 1").close();
    }
    String name = "careline-" + System.identityHashCode(this);
    DBConnectionManager.getInstance().addConnectionProvider(name, new SharedPool(source));
    Properties p = new Properties();
    p.put("org.quartz.scheduler.instanceName", CLUSTER);
    p.put("org.quartz.scheduler.instanceId", UUID.randomUUID().toString());
    p.put("org.quartz.scheduler.skipUpdateCheck", "true");
    p.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    p.put("org.quartz.threadPool.threadCount", "2");
    p.put("org.quartz.threadPool.makeThreadsDaemons", "true");
    p.put("org.quartz.threadPool.threadNamePrefix", "quartz");
    p.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    p.put(
        "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    p.put("org.quartz.jobStore.dataSource", name);
    p.put("org.quartz.jobStore.useProperties", "true");
    p.put("org.quartz.jobStore.isClustered", "true");
    p.put("org.quartz.jobStore.clusterCheckinInterval", "2000");
    p.put("org.quartz.jobStore.misfireThreshold", "1500");
    Scheduler made = own(p);
    try {
      made.setJobFactory((bundle, in) -> new ScheduledJob(tasks));
      repeat(made, "sweep", pace.sweep());
      repeat(made, "close", pace.sweep());
      repeat(made, "plan", pace.plan());
      made.start();
      LOG.info("the schedule runs");
      return made;
    } catch (SchedulerException e) {
      made.shutdown(false);
      throw e;
    }
  }

  /** Quartz gives a second one of the cluster's name in this process the first one's scheduler. */
  private static Scheduler own(Properties settings) throws SchedulerException {
    synchronized (RoundScheduler.class) {
      SchedulerRepository known = SchedulerRepository.getInstance();
      known.remove(CLUSTER);
      Scheduler made = new StdSchedulerFactory(settings).getScheduler();
      known.remove(CLUSTER);
      return made;
    }
  }

  private static void repeat(Scheduler made, String task, Duration pause)
      throws SchedulerException {
    JobDetail job = job(new JobKey(task, SWEEPS), task);
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(task, SWEEPS)
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule()
                    .withIntervalInMilliseconds(pause.toMillis())
                    .repeatForever()
                    // missed sweeps are not made up for
                    .withMisfireHandlingInstructionNextWithRemainingCount())
            .build();
    made.scheduleJob(job, java.util.Set.of(trigger), true);
  }

  private static JobDetail job(JobKey key, String task) {
    return JobBuilder.newJob(ScheduledJob.class)
        .withIdentity(key)
        .usingJobData(ScheduledJob.TASK, task)
        .requestRecovery()
        .build();
  }

  /** A trigger for each scheduled round; one whose time has passed fires at once, and again. */
  private void synchronise() throws Exception {
    Map<Long, Instant> scheduled = tasks.scheduled();
    for (Map.Entry<Long, Instant> round : scheduled.entrySet()) {
      TriggerKey key = new TriggerKey("open-" + round.getKey(), ROUNDS);
      Trigger known = scheduler.getTrigger(key);
      if (known != null && known.getStartTime().toInstant().equals(round.getValue())) {
        continue;
      }
      JobDetail job =
          JobBuilder.newJob(ScheduledJob.class)
              .withIdentity("open-" + round.getKey(), ROUNDS)
              .usingJobData(ScheduledJob.TASK, "open")
              .usingJobData(ScheduledJob.ROUND, Long.toString(round.getKey()))
              .requestRecovery()
              .build();
      Trigger trigger =
          TriggerBuilder.newTrigger()
              .withIdentity(key)
              .startAt(Date.from(round.getValue()))
              .withSchedule(
                  SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
              .build();
      scheduler.scheduleJob(job, java.util.Set.of(trigger), true);
    }
  }

  @Override
  public void close() {
    turns.close();
    try {
      if (scheduler != null) {
        scheduler.shutdown(false);
      }
    } catch (SchedulerException e) {
      LOG.warn("the schedule did not end in order: {}", e.getMessage());
    }
  }

  /** The pool belongs to the engine: Quartz neither opens nor closes it. */
  private record SharedPool(DataSource source) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }
}
