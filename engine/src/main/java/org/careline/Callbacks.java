package org.careline;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.call.Mailbox;
import org.careline.call.Recordings;
import org.careline.callback.AttemptRecovery;
import org.careline.callback.AttemptRepository;
import org.careline.callback.Attempts;
import org.careline.callback.CallbackListener;
import org.careline.callback.Danger;
import org.careline.callback.DueSites;
import org.careline.callback.Forms;
import org.careline.callback.HotlineAgents;
import org.careline.callback.Pacer;
import org.careline.callback.PlacingDesk;
import org.careline.callback.RingBacks;
import org.careline.config.Configuration;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.PhoneNumber;
import org.careline.database.Database;
import org.careline.database.Leader;
import org.careline.schedule.RoundScheduler;
import org.careline.schedule.RoundTasks;
import org.careline.telephony.Telephony;
import org.careline.telephony.TrunkShare;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proactive half of the engine, put together. Closed in reverse. */
final class Callbacks implements Leader.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Attempts attempts;
  private final Forms forms;
  private final RingBacks ringBacks;
  private final AttemptRecovery recovery;
  private final Pacer pacer;
  private final RoundScheduler scheduler;
  private final Changes changes = new Changes();

  /**
   * @param agents confined to the mailbox
   * @param escalate tells somebody of a danger
   * @param standIn who takes the appointments of an agent who is away
   * @param serving this engine leads, has adopted what lives, and has the switch
   */
  Callbacks(
      Configuration configuration,
      Database database,
      Journal journal,
      Leader leader,
      Mailbox mailbox,
      Telephony telephony,
      Agents agents,
      Recordings recordings,
      BooleanSupplier serving,
      Function<Danger, CompletableFuture<?>> escalate,
      Function<AgentNumber, Optional<AgentNumber>> standIn,
      InstantSource clock) {
    changes.recordings = recordings;
    Configuration.Callback settings = configuration.callback();
    Configuration.Trunk trunk = configuration.trunks().getFirst();
    AllowedDestinations allowed = new AllowedDestinations(settings.allowedPrefixes());
    BooleanSupplier mayDial =
        () -> serving.getAsBoolean() && leader.confirmed() && leader.clockAgrees();
    DueSites due = new DueSites(database.dataSource(), journal.instance(), settings.claimLease());
    AttemptRepository repository = new AttemptRepository(database.dataSource(), journal.instance());
    PlacingDesk placing =
        part(new PlacingDesk(repository, mailbox::execute, mayDial, leader::epoch, clock));
    attempts =
        new Attempts(
            telephony,
            new HotlineAgents(agents, standIn),
            journal,
            placing,
            mailbox::schedule,
            clock,
            e164 -> destination(e164, trunk, allowed),
            changes);
    forms = new Forms(attempts, clock, escalate);
    ringBacks = new RingBacks(database.dataSource(), database.jdbi(), due, leader::epoch, clock);
    recovery =
        new AttemptRecovery(repository, due, database.jdbi(), attempts, mailbox::execute, clock);
    pacer =
        part(
            new Pacer(
                due,
                repository,
                database.jdbi(),
                attempts,
                recovery,
                mailbox,
                mayDial,
                leader::epoch,
                clock,
                new Pacer.Limits(
                    settings.claimEvery(),
                    settings.claimBatch(),
                    TrunkShare.outbound(trunk.channels(), trunk.reserveInbound()),
                    0)));
    scheduler =
        part(
            new RoundScheduler(
                database.dataSource(),
                new RoundTasks(database.jdbi(), due, clock),
                RoundScheduler.Pace.USUAL));
  }

  /** Digits for the trunk; empty when the number must not be dialled. */
  static Optional<String> destination(
      String e164, Configuration.Trunk trunk, AllowedDestinations allowed) {
    PhoneNumber number = PhoneNumber.of(e164);
    Optional<AllowedDestinations.Why> refusal = allowed.refusal(number);
    refusal.ifPresent(
        why -> log.warn("{} is not dialled over {}: {}", number.masked(), trunk.name(), why.id()));
    return refusal.isPresent() ? Optional.empty() : Optional.of(number.dialled(trunk.dialForm()));
  }

  void start() {
    pacer.start();
    scheduler.start();
  }

  RingBacks ringBacks() {
    return ringBacks;
  }

  Attempts attempts() {
    return attempts;
  }

  Forms forms() {
    return forms;
  }

  AttemptRecovery recovery() {
    return recovery;
  }

  /** Who is told of changes; before that nobody is. */
  void watch(CallbackListener listener) {
    changes.listener = listener;
  }

  @Override
  public void onGained(long epoch) {}

  @Override
  public void onLost(String reason) {
    pacer.leadershipLost();
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  /** A listener that comes later. */
  private static final class Changes implements CallbackListener {
    private volatile CallbackListener listener;
    private volatile Recordings recordings;

    @Override
    public void legsOver(CallId attempt) {
      recordings.finish(attempt);
    }

    @Override
    public void workChanged(AgentNumber agent) {
      CallbackListener present = listener;
      if (present != null) {
        present.workChanged(agent);
      }
    }

    @Override
    public void roundChanged(long roundId) {
      CallbackListener present = listener;
      if (present != null) {
        present.roundChanged(roundId);
      }
    }
  }
}
