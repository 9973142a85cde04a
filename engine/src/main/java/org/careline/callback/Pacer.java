package org.careline.callback;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.Mailbox;
import org.careline.thread.Beat;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings due sites and ready agents together: never more attempts than agents set aside for them,
 * never more than the trunk's channels, and nothing without a confirmed lease and the switch. Every
 * attempt's row is committed before anybody's phone is rung. Works on the thread {@code pacer}.
 */
public final class Pacer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);
  private static final Duration DECISION = Duration.ofSeconds(2);
  private static final Duration TIERS_LIVE = Duration.ofSeconds(2);

  /** A site nobody can serve now lets others go first for so long. */
  private static final Duration STEP_ASIDE = Duration.ofSeconds(5);

  /** A site whose campaign's number must not be shown is looked at again after so long. */
  private static final Duration NO_NUMBER = Duration.ofMinutes(10);

  /**
   * @param every pause between two looks
   * @param batch sites taken at once
   * @param channels most attempts in the air, whatever the trunk has left for them
   * @param keep ready agents that stay for callers
   */
  public record Limits(Duration every, int batch, int channels, int keep) {}

  private final DueSites due;
  private final AttemptRepository repository;
  private final SiteForms forms;
  private final SameContact sameContact;
  private final Attempts attempts;
  private final AttemptRecovery recovery;
  private final Mailbox mailbox;
  private final BooleanSupplier mayDial;
  private final LongSupplier epoch;
  private final InstantSource clock;
  private final Limits limits;
  private final Ulid ids;
  private final Beat turns;
  private List<Integer> tiers = List.of();
  private Map<Integer, Integer> grades = Map.of();
  private Instant tiersAt = Instant.MIN;

  /** The epoch under which what was left open has been taken over; 0 = none. */
  private volatile long takenOver;

  public Pacer(
      DueSites due,
      AttemptRepository repository,
      Jdbi jdbi,
      Attempts attempts,
      AttemptRecovery recovery,
      Mailbox mailbox,
      BooleanSupplier mayDial,
      LongSupplier epoch,
      InstantSource clock,
      Limits limits) {
    this.due = due;
    this.repository = repository;
    this.forms = new SiteForms(jdbi);
    this.sameContact = new SameContact(due);
    this.attempts = attempts;
    this.recovery = recovery;
    this.mailbox = mailbox;
    this.mayDial = mayDial;
    this.epoch = epoch;
    this.clock = clock;
    this.limits = limits;
    this.ids = new Ulid(clock);
    this.turns = Beat.every("pacer", limits.every(), this::beat);
  }

  public void start() {
    turns.start();
  }

  /** Another engine leads from now on, or nobody. */
  public void leadershipLost() {
    takenOver = 0;
    recovery.standDown();
  }

  /** One look; package-private for tests. */
  void beat() throws SQLException {
    if (!mayDial.getAsBoolean()) {
      return;
    }
    long now = epoch.getAsLong();
    if (takenOver != now) {
      recovery.takeOver(now);
      takenOver = now;
    }
    List<Integer> room =
        mailbox.ask(DECISION, () -> attempts.room(limits.keep(), limits.channels()));
    int left = limits.batch();
    for (int i = 0; i < room.size() && left > 0; ) {
      int grade = room.get(i);
      int agents = (int) room.stream().filter(each -> each == grade).count();
      i += agents;
      List<Integer> servable = servable(grade);
      List<Long> claimed =
          servable.isEmpty()
              ? List.of()
              : due.claim(servable, Math.min(agents, left), instant(), now);
      left -= claimed.size();
      Set<Long> taken = new HashSet<>();
      for (ClaimedSite site : due.details(claimed)) {
        if (!taken.contains(site.roundSiteId())) {
          taken.addAll(place(site, Set.copyOf(claimed), now));
        }
      }
    }
  }

  /** Tiers with due sites that an agent of the grade may serve, most urgent first. */
  private List<Integer> servable(int grade) throws SQLException {
    Instant at = clock.instant();
    if (tiersAt.isBefore(at.minus(TIERS_LIVE))) {
      tiers = due.tiers();
      grades = due.grades();
      tiersAt = at;
    }
    return tiers.stream().filter(tier -> grades.getOrDefault(tier, 1) <= grade).toList();
  }

  /**
   * @param claimed in this look
   * @return the sites an attempt has been begun for
   */
  private Set<Long> place(ClaimedSite site, Set<Long> claimed, long leaseEpoch)
      throws SQLException {
    Instant now = instant();
    Optional<Instant> opening =
        CallingRules.nextPermitted(site.calling().callable(), now, History.NONE);
    if (opening.isEmpty() || opening.get().isAfter(now)) {
      due.giveBack(site.roundSiteId(), opening.orElse(now.plus(Duration.ofDays(3650))), leaseEpoch);
      return Set.of();
    }
    if (attempts.unshowable(site).isPresent()) {
      due.giveBack(site.roundSiteId(), now.plus(NO_NUMBER), leaseEpoch);
      return Set.of();
    }
    if (due.inCall(site)) {
      // what that call leaves of his sites is asked about together
      due.giveBack(site.roundSiteId(), now.plus(STEP_ASIDE), leaseEpoch);
      return Set.of();
    }
    List<ClaimedSite> others = sameContact.claim(site, claimed, now, leaseEpoch);
    Set<Long> begun = Set.of();
    try {
      begun = begin(site, others, now, leaseEpoch);
    } finally {
      sameContact.release(others, claimed, begun, leaseEpoch);
    }
    return begun;
  }

  private Set<Long> begin(ClaimedSite site, List<ClaimedSite> others, Instant now, long leaseEpoch)
      throws SQLException {
    Map<Long, LiveSite> live = new HashMap<>();
    live.put(site.roundSiteId(), new LiveSite(site, forms.of(site)));
    for (ClaimedSite other : others) {
      live.put(other.roundSiteId(), new LiveSite(other, forms.of(other)));
    }
    CallId id = ids.next();
    Optional<AgentNumber> agent =
        mailbox.ask(DECISION, () -> attempts.reserve(site, id, limits.keep()));
    if (agent.isEmpty()) {
      due.giveBack(site.roundSiteId(), now.plus(STEP_ASIDE), leaseEpoch);
      return Set.of();
    }
    Set<Long> begun = Set.of();
    try {
      AttemptRepository.Insertion insertion =
          repository.insert(site, others, id, agent.get(), now, leaseEpoch);
      if (insertion instanceof AttemptRepository.Insertion.Committed committed) {
        List<LiveSite> sites =
            committed.sites().stream().map(each -> live.get(each.roundSiteId())).toList();
        sites.forEach(each -> each.history = committed.histories().get(each.site.roundSiteId()));
        mailbox.execute(() -> attempts.begin(committed.attempt(), sites));
        begun =
            committed.sites().stream().map(ClaimedSite::roundSiteId).collect(Collectors.toSet());
      } else {
        LOG.debug("site {} of round {}: {}", site.siteCode(), site.roundId(), insertion);
      }
    } finally {
      if (begun.isEmpty()) {
        mailbox.execute(() -> attempts.release(agent.get(), id));
      }
    }
    return begun;
  }

  private Instant instant() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Ends after the present look, at most 5 s. What goes on goes on. */
  @Override
  public void close() {
    turns.close();
  }
}
