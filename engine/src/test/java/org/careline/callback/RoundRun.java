package org.careline.callback;

import static java.util.stream.Collectors.toSet;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Journal;
import org.careline.callback.AttemptRepository.Insertion;
import org.careline.database.Database;
import org.careline.database.JournalWriter;
import org.careline.recovery.Evidence;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;

/**
 * A whole round through the real services on real MySQL, in virtual time: claim, row before order,
 * machine, form, journal, appliers, retry, close. Only the switch and the agents are played.
 */
final class RoundRun implements AutoCloseable {
  static final long EPOCH = 1;

  /** What a site does when it is rung for the n-th time, and what the agent writes down then. */
  record Fate(int cause, Optional<Disposition> form, Map<String, String> answers) {
    static Fate unanswered(int cause) {
      return new Fate(cause, Optional.empty(), Map.of());
    }

    static Fate answered(Disposition disposition, Map<String, String> answers) {
      return new Fate(16, Optional.of(disposition), answers);
    }
  }

  interface Script {
    Fate of(String siteCode, int attempt);
  }

  final VirtualCallbacks world;
  final Attempts attempts;
  final Forms forms;
  final DueSites due;
  final AttemptRepository repository;
  final List<ClaimedSite> dialled = new ArrayList<>();
  final List<Instant> dialledAt = new ArrayList<>();
  private final Database database;
  private final Journal journal;
  private final JournalWriter writer;
  private final SiteForms siteForms;
  private final SameContact sameContact;

  /** Run after each turn, when MySQL has all of it. */
  Runnable afterwards = () -> {};

  /** Run after each site of a call. */
  Consumer<CallId> between = id -> {};

  /** Null = the switch's events come once and in time, and no engine dies but by the script. */
  Random chaos;

  private long epoch = EPOCH;

  /** What really becomes of the call that is on the wire, for who looks into the switch's files. */
  private Evidence truth;

  private final Ulid ids;

  RoundRun(Database database, Path folder, Instant now) {
    this(database, folder, now, "8001");
  }

  RoundRun(Database database, Path folder, Instant now, String... agents) {
    this.database = database;
    this.world = new VirtualCallbacks(now, agents);
    InstantSource clock = () -> world.now;
    this.journal = new Journal(folder.resolve("journal.db"), clock);
    journal.epoch(EPOCH);
    this.writer =
        new JournalWriter(
            journal, database.dataSource(), AttemptAppliers.all(), InstantSource.system());
    writer.start();
    this.due = new DueSites(database.dataSource(), "engine", Duration.ofSeconds(30));
    this.repository = new AttemptRepository(database.dataSource(), "engine");
    this.siteForms = new SiteForms(database.jdbi());
    this.sameContact = new SameContact(due);
    this.ids = new Ulid(clock);
    this.attempts =
        new Attempts(
            world,
            world,
            journal,
            (id, committed, refused) -> (placed(id) ? committed : refused).run(),
            world::after,
            clock,
            e164 -> Optional.of(e164.substring(1)),
            new CallbackListener() {
              @Override
              public void workChanged(AgentNumber agent) {}

              @Override
              public void roundChanged(long roundId) {}
            });
    this.forms = new Forms(attempts, clock, danger -> CompletableFuture.completedFuture(null));
  }

  private boolean placed(CallId id) {
    try {
      return repository.placing(id, world.now, epoch);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Works until nothing is left, jumping to the next due time. */
  void play(long roundId, Script script) throws Exception {
    RoundCloser closer = new RoundCloser(database.jdbi(), () -> world.now);
    for (int turn = 0; turn < 10_000; turn++) {
      List<Long> claimed = due.claim(List.of(1, 2, 100), 10, world.now, epoch);
      Set<Long> taken = new HashSet<>();
      for (ClaimedSite site : due.details(claimed)) {
        if (!taken.contains(site.roundSiteId())) {
          taken.addAll(attempt(site, Set.copyOf(claimed), script));
        }
      }
      drain();
      leasesEnd();
      afterwards.run();
      closer.closeFinished();
      Optional<Instant> next =
          database
              .jdbi()
              .withHandle(
                  h ->
                      h.createQuery(
                              "SELECT MIN(next_call_at) FROM round_site"
                                  + " WHERE round_id = :round AND status = 0")
                          .bind("round", roundId)
                          .mapTo(Instant.class)
                          .findOne());
      if (next.isEmpty()) {
        return;
      }
      if (next.get().isAfter(world.now)) {
        world.pass(Duration.between(world.now, next.get()));
      }
    }
    throw new AssertionError("the round does not end");
  }

  /** Of what was claimed by an engine that died: leases go by the database's clock. */
  private void leasesEnd() throws SQLException {
    if (chaos != null) {
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "UPDATE round_site SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"
                          + " WHERE status = 1"));
      due.sweep();
    }
  }

  private Set<Long> attempt(ClaimedSite site, Set<Long> claimed, Script script) throws Exception {
    CallId id = ids.next();
    AgentNumber agent = attempts.reserve(site, id, 0).orElseThrow();
    List<ClaimedSite> others = sameContact.claim(site, claimed, world.now, epoch);
    Insertion insertion = repository.insert(site, others, id, agent, world.now, epoch);
    Set<Long> taken =
        insertion instanceof Insertion.Committed committed
            ? committed.sites().stream().map(ClaimedSite::roundSiteId).collect(toSet())
            : Set.of();
    sameContact.release(others, claimed, taken, epoch);
    if (insertion instanceof Insertion.Committed committed) {
      play(committed, script);
    } else {
      attempts.release(agent, id);
    }
    return taken;
  }

  private void begin(Insertion.Committed committed) {
    List<LiveSite> sites = new ArrayList<>();
    for (ClaimedSite each : committed.sites()) {
      LiveSite live = new LiveSite(each, siteForms.of(each));
      live.history = committed.histories().get(each.roundSiteId());
      sites.add(live);
    }
    attempts.begin(committed.attempt(), sites);
  }

  /** The next due site is rung and answers; empty = nobody may ring it now. */
  Optional<CallId> answered() throws Exception {
    List<ClaimedSite> sites = due.details(due.claim(List.of(1, 2, 100), 1, world.now, EPOCH));
    if (sites.isEmpty()) {
      return Optional.empty();
    }
    ClaimedSite site = sites.getFirst();
    CallId id = ids.next();
    Optional<AgentNumber> agent = attempts.reserve(site, id, 0);
    if (agent.isEmpty()) {
      due.giveBack(site.roundSiteId(), world.now.plusSeconds(5), EPOCH);
      return Optional.empty();
    }
    Insertion insertion = repository.insert(site, id, agent.get(), world.now, EPOCH);
    if (!(insertion instanceof Insertion.Committed committed)) {
      attempts.release(agent.get(), id);
      return Optional.empty();
    }
    begin(committed);
    String leg = Telephony.agentLeg(id, 1);
    event(new TelephonyEvent.ChannelAnswered(world.now, leg, "PJSIP/a-1", id.value()));
    world.pass(Duration.ofMillis(500));
    event(new TelephonyEvent.ChannelAnswered(world.now, id.value(), "PJSIP/trunk-1", id.value()));
    return Optional.of(id);
  }

  private void play(Insertion.Committed committed, Script script) throws Exception {
    CallId id = committed.attempt().id();
    begin(committed);
    if (committed.attempt().mode() == Campaign.Mode.PREVIEW) {
      world.pass(Duration.ofMillis(200));
      attempts.dial(id);
    }
    String leg = Telephony.agentLeg(id, 1);
    truth = new Evidence.NeverSeen();
    mayDie();
    event(new TelephonyEvent.ChannelAnswered(world.now, leg, "PJSIP/a8001-1", id.value()));
    if (!world.dialled.containsKey(id.value())) {
      if (chaos == null) {
        throw new AssertionError("not dialled: " + id);
      }
      world.pass(Duration.ofMinutes(2));
      return;
    }
    truth = new Evidence.Living(Optional.empty());
    for (ClaimedSite each : committed.sites()) {
      dialled.add(each);
      dialledAt.add(world.now);
    }
    Fate fate = script.of(committed.sites().getFirst().siteCode(), committed.attempt().seq());
    mayDie();
    world.pass(Duration.ofMillis(500));
    if (fate.form().isEmpty()) {
      truth = new Evidence.Ended(world.now, Optional.empty(), world.now, fate.cause());
      event(
          new TelephonyEvent.ChannelEnded(
              world.now, id.value(), "PJSIP/trunk-1", id.value(), fate.cause()));
      event(new TelephonyEvent.OriginateEnded(world.now, id.value(), false, 0));
      reconcile(id);
    } else {
      Instant answered = world.now;
      truth = new Evidence.Living(Optional.of(answered));
      event(new TelephonyEvent.ChannelAnswered(world.now, id.value(), "PJSIP/trunk-1", id.value()));
      mayDie();
      reconcile(id);
      world.pass(Duration.ofSeconds(2));
      for (ClaimedSite each : committed.sites()) {
        Optional<String> code = Optional.of(each.siteCode());
        Fate of =
            each == committed.sites().getFirst()
                ? fate
                : script.of(each.siteCode(), committed.attempt().seq());
        for (Map.Entry<String, String> answer : of.answers().entrySet()) {
          forms
              .answers(id, code, "agent8001", Map.of(answer.getKey(), answer.getValue()))
              .get(5, TimeUnit.SECONDS);
        }
        if (each == committed.sites().getLast()) {
          truth = new Evidence.Ended(answered, Optional.of(answered), world.now, fate.cause());
          event(
              new TelephonyEvent.ChannelEnded(
                  world.now, id.value(), "PJSIP/trunk-1", id.value(), fate.cause()));
        }
        // the console sends it twice; nothing for a site there was no time for
        for (int i = 0; i < 2 && of.form().isPresent(); i++) {
          forms
              .disposition(id, code, "agent8001", of.form().get(), "note", Optional.empty())
              .get(5, TimeUnit.SECONDS);
        }
        between.accept(id);
      }
      mayDie();
      reconcile(id);
      if (attempts.view(id).isPresent()) {
        world.pass(Duration.ofMinutes(16));
      }
    }
    event(new TelephonyEvent.ChannelEnded(world.now, leg, "PJSIP/a8001-1", id.value(), 16));
    world.pass(Duration.ofMillis(100));
  }

  /** The engine dies and comes back while calls live on. */
  void restart() {
    try {
      drain();
      attempts.standDown();
      AttemptRecovery recovery =
          new AttemptRecovery(
              repository, due, database.jdbi(), attempts, Runnable::run, () -> world.now);
      epoch++;
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "INSERT INTO lease (name, holder, epoch, expires_at)"
                          + " VALUES ('leader', 'engine', ?, UTC_TIMESTAMP(3))"
                          + " ON DUPLICATE KEY UPDATE epoch = VALUES(epoch)",
                      epoch));
      journal.epoch(epoch);
      recovery.takeOver(epoch);
      for (String id : recovery.open(world.now.plusSeconds(1))) {
        recovery.evidence(id, truth);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void mayDie() {
    if (chaos != null && chaos.nextInt(15) == 0) {
      restart();
    }
  }

  /** As each minute: what nobody told is looked up. */
  private void reconcile(CallId id) throws Exception {
    if (chaos == null || attempts.view(id).isEmpty()) {
      return;
    }
    drain();
    new AttemptRecovery(repository, due, database.jdbi(), attempts, Runnable::run, () -> world.now)
        .evidence(id.value(), truth);
  }

  /** Lost, doubled, or said again much later. */
  private void event(TelephonyEvent event) {
    switch (chaos == null ? 9 : chaos.nextInt(10)) {
      case 0 -> {}
      case 1 -> {
        attempts.on(event);
        attempts.on(event);
      }
      case 2 -> {
        attempts.on(event);
        world.after(Duration.ofSeconds(1 + chaos.nextInt(1200)), () -> attempts.on(event));
      }
      default -> attempts.on(event);
    }
  }

  /** Until MySQL has all of it. */
  void drain() throws Exception {
    journal.flush().get(5, TimeUnit.SECONDS);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> writer.lag().entries() == 0);
    if (journal.health().setAside() > 0) {
      throw new AssertionError("entries were set aside: " + journal.health());
    }
  }

  @Override
  public void close() {
    writer.close();
    journal.close();
  }
}
