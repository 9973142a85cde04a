package org.careline.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.callback.AttemptJournal.Settling;
import org.careline.language.Sentence;
import org.careline.telephony.Outbound;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All attempts that go on: hands events to {@link AttemptTransitions} and does what it wants done.
 * No database here: what must be committed before dialling goes to {@link Placing}, what follows to
 * the journal. Confined to the mailbox.
 */
public final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int REMEMBERED = 1000;

  /** A row is closed so long after its attempt at most, or its last entry was lost. */
  private static final Duration SETTLES = Duration.ofMinutes(1);

  /** So long what is played before an answer is listened to: announcements end before. */
  private static final Duration EARLY_MEDIA = Duration.ofSeconds(30);

  /** So long an agent may think about what he has heard. */
  private static final Duration HEARD = Duration.ofSeconds(60);

  /** Asks the database, elsewhere, for the permission to ring a site, and reports back. */
  public interface Placing {
    /** Exactly one of the two is run later, on the mailbox. */
    void ask(CallId id, Runnable committed, Runnable refused);

    /** The same, keeping by which trunk it leaves and with which number. */
    default void ask(CallId id, Outbound.Leaving leaving, Runnable committed, Runnable refused) {
      ask(id, committed, refused);
    }

    /**
     * Whether a permission that was given holds a while later. Exactly one of the two is run later,
     * on the mailbox.
     */
    default void still(CallId id, Runnable holds, Runnable ended) {
      holds.run();
    }
  }

  /**
   * Kept for a while, so that a form sent twice is understood, and a row that stays open is closed.
   *
   * @param closing what the engine has written down as its end; empty = a form has ended it
   */
  private record End(
      AgentNumber agent,
      String last,
      Map<String, String> bySite,
      Instant at,
      Optional<AttemptEffect> closing) {
    static End of(
        LiveAttempt attempt, AttemptEvent event, Instant at, List<AttemptEffect> effects) {
      Map<String, String> bySite = new HashMap<>();
      for (LiveSite each : attempt.sites) {
        each.disposition.ifPresent(came -> bySite.put(each.site.siteCode(), came.id()));
      }
      return new End(
          attempt.agent,
          event instanceof AttemptEvent.FormDone done ? done.disposition().id() : "",
          bySite,
          at,
          effects.stream()
              .filter(
                  effect ->
                      effect instanceof AttemptEffect.Settle
                          || effect instanceof AttemptEffect.NotPlaced)
              .findFirst());
    }
  }

  private final Map<String, LiveAttempt> live = new HashMap<>();
  private final Map<String, End> settled =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, End> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Telephony telephony;
  private final AgentPool agents;
  private final AttemptJournal journal;
  private final Placing placing;
  private final BiConsumer<Duration, Runnable> timer;
  private final InstantSource clock;
  private final Function<String, Optional<String>> destination;
  private final CallbackListener listener;

  /**
   * @param timer runs a task on the mailbox after a delay
   * @param destination digits for the trunk of an E.164 number; empty = must not be dialled
   */
  public Attempts(
      Telephony telephony,
      AgentPool agents,
      org.careline.call.Journal journal,
      Placing placing,
      BiConsumer<Duration, Runnable> timer,
      InstantSource clock,
      Function<String, Optional<String>> destination,
      CallbackListener listener) {
    this.telephony = telephony;
    this.agents = agents;
    this.journal = new AttemptJournal(journal);
    this.placing = placing;
    this.timer = timer;
    this.clock = clock;
    this.destination = destination;
    this.listener = listener;
  }

  // --- beginning

  /**
   * Sets an agent aside for the attempt, the longest idle who may serve the site, and a channel of
   * the trunk; for an appointment who is wanted or stands in for him, and somebody else only before
   * it is too late.
   */
  Optional<AgentNumber> reserve(ClaimedSite site, CallId id, int keep) {
    List<AgentNumber> ready = agents.ready(1);
    if (ready.size() <= keep || !telephony.outbound().keep(id.value())) {
      return Optional.empty();
    }
    Optional<AgentNumber> found = reserve(site, id, ready);
    if (found.isEmpty()) {
      telephony.outbound().free(id.value());
    }
    return found;
  }

  private Optional<AgentNumber> reserve(ClaimedSite site, CallId id, List<AgentNumber> ready) {
    Optional<Appointment> promised = site.appointment().filter(each -> each.agent().isPresent());
    if (promised.isPresent()) {
      AgentNumber wanted = promised.get().agent().get();
      AgentNumber keeps = agents.standIn(wanted).orElse(wanted);
      if (ready.contains(keeps) && agents.reserve(keeps, id.value())) {
        return Optional.of(keeps);
      }
      Instant anybody = promised.get().at().plus(Appointment.FOR_WHO_IS_WANTED);
      if (clock.instant().isBefore(anybody)) {
        return Optional.empty();
      }
    }
    return agents.ready(site.minGrade()).stream()
        .filter(agent -> agents.reserve(agent, id.value()))
        .findFirst();
  }

  /** Why the site cannot be rung whatever the hour: its campaign's number must not be shown. */
  Optional<Sentence> unshowable(ClaimedSite site) {
    return telephony.outbound().leaving(site.shownNumber(), true).refused();
  }

  void release(AgentNumber agent, CallId id) {
    telephony.outbound().free(id.value());
    agents.release(agent, id.value(), AgentPool.How.NOT_NEEDED);
  }

  /**
   * The row is committed: from here on events decide.
   *
   * @param sites all the attempt is for, the one it was begun for first
   */
  void begin(Attempt attempt, List<LiveSite> sites) {
    LiveAttempt begun = new LiveAttempt(attempt, sites, new AttemptState.Inserted(attempt.mode()));
    live.put(attempt.id().value(), begun);
    on(attempt.id().value(), new AttemptEvent.Begun(clock.instant()));
    listener.roundChanged(begun.site.roundId());
  }

  /**
   * A site rings itself, and is asked in that call.
   *
   * @param living whether the call still goes on
   */
  public void beginRungBack(RingBacks.Begun begun, Predicate<CallId> living) {
    List<LiveSite> sites =
        begun.sites().stream().map(each -> new LiveSite(each.site(), each.form())).toList();
    Attempt attempt = begun.attempt();
    CallId call = attempt.call().orElseThrow();
    LiveAttempt asked =
        new LiveAttempt(
            attempt, sites, new AttemptState.Talking(attempt.answeredAt().orElseThrow()));
    live.put(attempt.id().value(), asked);
    if (!living.test(call)) {
      on(attempt.id().value(), new AttemptEvent.SiteGone(clock.instant(), 0));
    }
    listener.workChanged(asked.agent);
    listener.roundChanged(asked.site.roundId());
  }

  /** What a site that rings itself is asked in its call. */
  public Optional<AttemptView> ofCall(CallId call) {
    return rungBack(call).map(AttemptView::of);
  }

  /** What an agent was asking in a call of the hotline that is over: its form still waits. */
  public Optional<AttemptView> leftOver(AgentNumber agent) {
    return live.values().stream()
        .filter(each -> each.call.isPresent() && each.agent.equals(agent))
        .filter(each -> each.state instanceof AttemptState.Ended)
        .max(java.util.Comparator.comparing(each -> each.id.value()))
        .map(AttemptView::of);
  }

  private Optional<LiveAttempt> rungBack(CallId call) {
    return live.values().stream().filter(each -> each.call.equals(Optional.of(call))).findFirst();
  }

  /**
   * The grades of the agents for whom an attempt may begin now, highest first: the most demanding
   * sites are looked for first, and nobody is idle because only others could serve what is due.
   */
  List<Integer> room(int keep, int channels) {
    List<Integer> grades = agents.readyGrades();
    return grades.stream()
        .sorted(java.util.Comparator.reverseOrder())
        .limit(Math.max(0, Math.min(grades.size() - keep, most(channels))))
        .toList();
  }

  private int most(int channels) {
    return Math.min(channels - inTheAir(), telephony.outbound().room());
  }

  /** Attempts whose site may be ringing or speaking, or will be as soon as its agent answers. */
  public int inTheAir() {
    return (int)
        live.values().stream()
            .filter(each -> each.call.isEmpty())
            .filter(each -> !(each.state instanceof AttemptState.Ended))
            .count();
  }

  /** After a takeover: brings back a row that was open. */
  void restore(Attempt attempt, List<LiveSite> sites) {
    String id = attempt.id().value();
    Instant now = clock.instant();
    End end = settled.get(id);
    if (end != null && end.at().isBefore(now.minus(SETTLES))) {
      // what was written down about its end has not closed the row: once more, under this lease
      end.closing().ifPresent(effect -> close(attempt.id(), end, effect));
    }
    if (live.containsKey(id) || end != null) {
      return;
    }
    if (attempt.call().isPresent()) {
      // whether its call lives is not asked: the form waits as if it did not
      LiveAttempt asked =
          new LiveAttempt(attempt, sites, new AttemptState.Ended(attempt.answeredAt().orElse(now)));
      live.put(id, asked);
      arm(asked, AttemptEvent.Timer.FORM);
      listener.workChanged(asked.agent);
      return;
    }
    if (attempt.placedAt().isEmpty()) {
      // his agent may hold a line nobody will ever speak on
      telephony.hangUp(Telephony.agentLeg(attempt.id(), 1));
      journal.notPlaced(attempt.id(), now, false);
      return;
    }
    boolean ended = attempt.state().equals("ended");
    AttemptState state =
        ended
            ? new AttemptState.Ended(attempt.answeredAt().orElse(now))
            : new AttemptState.Unknown();
    LiveAttempt restored = new LiveAttempt(attempt, sites, state);
    live.put(id, restored);
    agents.restore(restored.agent, id, ended);
    if (ended) {
      agents.wrapUp(restored.agent, id, restored.site.rules().form());
      arm(restored, AttemptEvent.Timer.FORM);
    } else {
      telephony.outbound().adopt(id);
      journal.note(attempt.id(), state, now, 0, Optional.empty());
    }
    listener.workChanged(restored.agent);
  }

  private void close(CallId id, End end, AttemptEffect closing) {
    LOG.warn("attempt {} is over and its row still open: it is closed again", id);
    if (closing instanceof AttemptEffect.Settle settle) {
      boolean some = !end.bySite().isEmpty();
      settle(id, settle, some ? Disposition.NOT_ASKED : settle.disposition());
    } else if (closing instanceof AttemptEffect.NotPlaced not) {
      journal.notPlaced(id, not.at(), not.proven());
    }
  }

  /** Another engine leads: it takes these over. Living calls are left alone. */
  void standDown() {
    Collection<LiveAttempt> before = List.copyOf(live.values());
    live.clear();
    for (LiveAttempt each : before) {
      if (each.call.isEmpty()) {
        telephony.outbound().free(each.id.value());
        agents.release(each.agent, each.id.value(), AgentPool.How.NOT_NEEDED);
      }
      listener.workChanged(each.agent);
    }
  }

  // --- what happens

  /** The events of the switch, in their order. */
  public void on(TelephonyEvent event) {
    LegEvents.of(event).ifPresent(heard -> on(heard.id(), heard.event()));
    if (event instanceof TelephonyEvent.ChannelEnded ended) {
      rungBack(new CallId(ended.uniqueId()))
          .ifPresent(
              asked -> on(asked.id.value(), new AttemptEvent.SiteGone(ended.at(), ended.cause())));
    }
    if (event instanceof TelephonyEvent.ChannelEnded ended
        && Telephony.attemptOfAgentLeg(ended.uniqueId()) != null) {
      // also when the attempt is settled: the recording ends with this leg
      listener.legsOver(new CallId(Telephony.attemptOfAgentLeg(ended.uniqueId())));
    }
  }

  /** Unknown ids are other people's channels. */
  void on(String id, AttemptEvent event) {
    LiveAttempt attempt = live.get(id);
    if (attempt == null) {
      return;
    }
    AttemptTransitions.Step step = AttemptTransitions.next(attempt.state, event);
    boolean changed = !step.next().equals(attempt.state);
    attempt.state = step.next();
    if (step.next() instanceof AttemptState.Talking talking) {
      attempt.answeredAt = Optional.of(talking.answeredAt());
    }
    if (step.next() instanceof AttemptState.Settled) {
      live.remove(id);
      telephony.outbound().free(id);
      settled.putIfAbsent(id, End.of(attempt, event, clock.instant(), step.effects()));
    }
    for (AttemptEffect effect : step.effects()) {
      perform(attempt, effect);
    }
    if (changed) {
      LOG.debug("attempt {}: {} -> {}", id, event, step.next());
      listener.workChanged(attempt.agent);
      if (step.next() instanceof AttemptState.Settled) {
        listener.roundChanged(attempt.site.roundId());
      }
    }
  }

  /** Legs and agent of a call of the hotline are not ours. */
  private static boolean touchesCall(AttemptEffect effect) {
    return switch (effect) {
      case AttemptEffect.RingAgent e -> true;
      case AttemptEffect.CommitPlacing e -> true;
      case AttemptEffect.DialSite e -> true;
      case AttemptEffect.Listen e -> true;
      case AttemptEffect.HangUpSite e -> true;
      case AttemptEffect.HangUpAgent e -> true;
      case AttemptEffect.AgentTalks e -> true;
      case AttemptEffect.AgentWrapsUp e -> true;
      case AttemptEffect.AgentFree e -> true;
      case AttemptEffect.Note e -> false;
      case AttemptEffect.Settle e -> false;
      case AttemptEffect.NotPlaced e -> false;
      case AttemptEffect.Arm e -> false;
    };
  }

  private void perform(LiveAttempt attempt, AttemptEffect effect) {
    if (attempt.call.isPresent() && touchesCall(effect)) {
      return;
    }
    CallId id = attempt.id;
    switch (effect) {
      case AttemptEffect.RingAgent ring ->
          telephony.callAgent(id, 1, attempt.agent, attempt.site.rules().agentRing());
      case AttemptEffect.CommitPlacing commit -> commit(attempt);
      case AttemptEffect.DialSite dial -> dial(attempt, dial.agentChannel());
      case AttemptEffect.Listen listen -> listen(attempt, listen.agentChannel());
      case AttemptEffect.HangUpSite hangUp -> telephony.hangUp(id.value());
      case AttemptEffect.HangUpAgent hangUp -> telephony.hangUp(Telephony.agentLeg(id, 1));
      case AttemptEffect.Note note ->
          journal.note(id, note.state(), note.at(), note.cause(), note.dialStatus());
      case AttemptEffect.Settle settle -> settle(id, settle, withoutForm(attempt, settle));
      case AttemptEffect.NotPlaced not -> journal.notPlaced(id, not.at(), not.proven());
      case AttemptEffect.AgentTalks talks -> agents.talks(attempt.agent, id.value());
      case AttemptEffect.AgentWrapsUp wrapsUp ->
          agents.wrapUp(attempt.agent, id.value(), attempt.site.rules().form());
      case AttemptEffect.AgentFree free -> agents.release(attempt.agent, id.value(), free.how());
      case AttemptEffect.Arm arm -> arm(attempt, arm.timer());
    }
  }

  private void settle(CallId id, AttemptEffect.Settle settle, Disposition disposition) {
    journal.settled(
        id,
        new Settling(
            null,
            disposition.id(),
            "",
            null,
            settle.at(),
            settle.cause(),
            settle.dialStatus().orElse(null),
            AttemptJournal.ENGINE,
            null,
            null,
            null,
            settle.rang()));
  }

  /** Whoever was asked about some of his sites was spoken to about none of the others. */
  private static Disposition withoutForm(LiveAttempt attempt, AttemptEffect.Settle settle) {
    boolean some = attempt.sites.stream().anyMatch(each -> !each.open());
    return some ? Disposition.NOT_ASKED : settle.disposition();
  }

  /** The agent's phone takes a while to answer: the window may have closed meanwhile. */
  private void commit(LiveAttempt attempt) {
    CallId id = attempt.id;
    Runnable refused = () -> on(id.value(), new AttemptEvent.PlacingRefused(clock.instant()));
    Outbound.Leaving leaving = telephony.outbound().leaving(attempt.site.shownNumber(), true);
    if (leaving.refused().isEmpty() && attempt.permitted(clock.instant())) {
      placing.ask(
          id,
          leaving,
          () -> on(id.value(), new AttemptEvent.PlacingCommitted(clock.instant())),
          refused);
    } else {
      timer.accept(Duration.ZERO, refused);
    }
  }

  private void dial(LiveAttempt attempt, String agentChannel) {
    String id = attempt.id.value();
    Optional<String> digits = destination.apply(attempt.e164);
    if (digits.isEmpty()) {
      on(id, new AttemptEvent.OrderRefused(clock.instant()));
      return;
    }
    telephony
        .dialSite(
            attempt.id,
            digits.get(),
            attempt.site.shownNumber(),
            agentChannel,
            attempt.site.rules().ring(),
            () -> still(attempt))
        .whenComplete(
            (accepted, failure) -> {
              // a failure means unknown: events or evidence will tell
              if (failure != null || accepted.taken()) {
                // it rings from now on: until now it may have waited for its turn
                arm(attempt, AttemptEvent.Timer.RING);
              } else {
                LOG.warn("attempt {} was not dialled: {}", id, accepted.reason());
                timer.accept(
                    Duration.ZERO,
                    () ->
                        on(
                            id,
                            accepted.held()
                                ? new AttemptEvent.FoundNever(clock.instant())
                                : new AttemptEvent.OrderRefused(clock.instant())));
              }
            });
  }

  /** An order that has waited for its turn: whether what permitted it still does. */
  private CompletableFuture<Boolean> still(LiveAttempt attempt) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    placing.still(
        attempt.id,
        () -> answer.complete(attempt.permitted(clock.instant())),
        () -> answer.complete(false));
    return answer;
  }

  /** In preview: he may say what he has heard. */
  private void listen(LiveAttempt attempt, String agentChannel) {
    if (attempt.mode != Campaign.Mode.PREVIEW) {
      return;
    }
    telephony
        .listen(attempt.id, agentChannel)
        .whenComplete(
            (accepted, failure) -> {
              if (failure == null && accepted.taken()) {
                timer.accept(
                    Duration.ZERO,
                    () ->
                        on(attempt.id.value(), new AttemptEvent.EarlyMedia(clock.instant(), true)));
              }
            });
  }

  private void arm(LiveAttempt attempt, AttemptEvent.Timer which) {
    CampaignRules rules = attempt.site.rules();
    Duration after =
        switch (which) {
          case PREVIEW -> rules.preview();
          case AGENT_RING -> rules.agentRing().plus(GRACE);
          case RING -> rules.ring().plus(GRACE);
          case END -> Duration.ofSeconds(1);
          case EARLY_MEDIA -> EARLY_MEDIA;
          case HEARD -> HEARD;
          case FORM -> rules.form();
        };
    String id = attempt.id.value();
    timer.accept(after, () -> on(id, new AttemptEvent.Expired(clock.instant(), which)));
  }

  // --- the agent's hand

  /** Preview: rings the agent's phone, then the site. Throws {@link FormRefused}. */
  public void dial(CallId id) {
    LiveAttempt attempt = find(id);
    if (!attempt.permitted(clock.instant())) {
      throw new FormRefused("window_closed", Sentence.of("form.window-closed"));
    }
    on(id.value(), new AttemptEvent.DialPressed(clock.instant()));
  }

  /** Ends the talk or the ringing; before dialling it passes the site over. */
  public void hangUp(CallId id) {
    find(id);
    on(id.value(), new AttemptEvent.HangUpPressed(clock.instant()));
  }

  /**
   * Sends keys to the site during the talk: an extension behind a switchboard. Completes when the
   * switch has sent the last one; fails when it has not.
   *
   * @param keys 0-9 * #
   */
  public CompletableFuture<Void> keys(CallId id, String keys) {
    if (!(find(id).state instanceof AttemptState.Talking)) {
      throw new FormRefused("not_answered", Sentence.of("form.not-answered"));
    }
    return telephony
        .sendDigits(id.value(), keys)
        .thenAccept(
            accepted -> {
              if (!accepted.taken()) {
                throw new IllegalStateException(accepted.reason());
              }
            });
  }

  /** What the agent has before him; empty when he has no attempt. */
  public Optional<AttemptView> work(AgentNumber agent) {
    return live.values().stream()
        .filter(each -> each.agent.equals(agent) && each.call.isEmpty())
        .max(java.util.Comparator.comparing(each -> each.id.value()))
        .map(AttemptView::of);
  }

  public Optional<AttemptView> view(CallId id) {
    return Optional.ofNullable(live.get(id.value())).map(AttemptView::of);
  }

  /** Whose attempt it is, or was a moment ago; empty = no such attempt. */
  public Optional<AgentNumber> agentOf(CallId id) {
    LiveAttempt attempt = live.get(id.value());
    return attempt == null
        ? Optional.ofNullable(settled.get(id.value())).map(End::agent)
        : Optional.of(attempt.agent);
  }

  LiveAttempt find(CallId id) {
    LiveAttempt attempt = live.get(id.value());
    if (attempt == null) {
      throw settled.containsKey(id.value())
          ? new FormRefused("already_settled", Sentence.of("form.already-settled"))
          : new FormRefused("no_attempt", Sentence.of("form.no-attempt"));
    }
    return attempt;
  }

  /**
   * The disposition an agent's form ended with; empty text when the engine settled it.
   *
   * @param site code; empty = the form that ended the attempt
   */
  Optional<String> settledWith(CallId id, Optional<String> site) {
    return Optional.ofNullable(settled.get(id.value()))
        .map(end -> site.map(code -> end.bySite().getOrDefault(code, "")).orElse(end.last()));
  }

  /** One of several sites has come to its end; the call goes on with the others. */
  void siteDone(LiveAttempt attempt) {
    listener.workChanged(attempt.agent);
    listener.roundChanged(attempt.site.roundId());
  }

  AttemptJournal journal() {
    return journal;
  }
}
