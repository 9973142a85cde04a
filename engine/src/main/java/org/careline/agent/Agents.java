package org.careline.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.careline.agent.AgentDirectory.Profile;
import org.careline.agent.Presence.Step;
import org.careline.call.Journal;
import org.careline.telephony.Telephony;
import org.careline.telephony.TelephonyEvent;
import org.careline.telephony.TelephonyEvent.ChannelEnded;
import org.careline.telephony.TelephonyEvent.ChannelStarted;
import org.careline.telephony.TelephonyEvent.ContactChanged;
import org.careline.telephony.TelephonyEvent.LinkDown;
import org.careline.telephony.TelephonyEvent.LinkUp;

/**
 * All agents and what they are doing. Keeps the facts, lets {@link Presence#of} decide, and tells
 * each change to the journal, the fallback queue and those who watch. An agent belongs to at most
 * one work at a time: {@link #reserve} is the way in.
 *
 * <p>Confined to the mailbox; so are those who watch.
 */
public final class Agents {

  /** How a reservation ended without a talk. */
  public enum Release {
    /** Nothing to do with the agent: he may be ready again. */
    NOT_NEEDED,
    /** He did not take it: not ready (missed). */
    MISSED,
    /** His phone could not be rung: not ready (connection lost). */
    UNREACHABLE
  }

  /** An agent who can be given work now. */
  public record Free(AgentNumber number, int grade, Set<String> skills, Instant idleSince) {}

  /** What the journal keeps of a change. */
  record Change(String presence, String reason, boolean wishReady, String work) {}

  private static final String META = "wish.";

  /** Consoles beat each 2 s. */
  private static final Duration HEARTBEAT_MISSED = Duration.ofMillis(2900);

  /** A cancel waits for the phone's first answer, and may come to it behind the next call. */
  private static final Duration PHONE_FREES = Duration.ofSeconds(1);

  private final Map<AgentNumber, Agent> agents = new HashMap<>();
  private final List<Consumer<AgentNumber>> watchers = new ArrayList<>();
  private final AgentDirectory directory;
  private final Journal journal;
  private final Telephony telephony;
  private final BiConsumer<Duration, Runnable> timer;
  private final InstantSource clock;
  private final Duration heartbeatLife;
  private Supplier<List<Free>> spare = this::ready;
  private BiPredicate<AgentNumber, Work> wrapUpHeld = (agent, work) -> false;
  private boolean linkUp;

  /** The fallback queue rings nobody: this engine is taking over from it. */
  private boolean takingOver;

  /** As last told to the switch; null = not yet. */
  private List<AgentNumber> standIns = List.of();

  /**
   * @param timer runs a task on the mailbox after a delay
   * @param heartbeatLife a console whose last heartbeat is older is not there
   */
  public Agents(
      AgentDirectory directory,
      Journal journal,
      Telephony telephony,
      BiConsumer<Duration, Runnable> timer,
      InstantSource clock,
      Duration heartbeatLife) {
    this.directory = directory;
    this.journal = journal;
    this.telephony = telephony;
    this.timer = timer;
    this.clock = clock;
    this.heartbeatLife = heartbeatLife;
  }

  /** Told of each change after it has happened. */
  public void watch(Consumer<AgentNumber> watcher) {
    watchers.add(watcher);
  }

  /** Looks for consoles that fell silent and agents who are new or gone; call it each second. */
  public void tick() {
    directory.all().forEach(profile -> agent(profile.number()));
    List.copyOf(agents.values()).forEach(this::update);
  }

  // --- what consoles say

  /** He has signed in: not ready until he says so. */
  public void signedIn(AgentNumber number) {
    Agent agent = agent(number);
    agent.signedIn = true;
    agent.heartbeat = clock.instant();
    wish(agent, Wish.notReady(Reason.LOGIN));
    update(agent);
  }

  /** He has signed out; work that goes on is finished first. */
  public void signedOut(AgentNumber number) {
    Agent agent = agent(number);
    agent.signedIn = false;
    wish(agent, Wish.notReady(Reason.LOGIN));
    update(agent);
  }

  public void heartbeat(AgentNumber number) {
    Agent agent = agent(number);
    agent.heartbeat = clock.instant();
    agent.consoleGone = false;
    agent.signedIn = true;
    update(agent);
  }

  /** His console's connection has ended; a page that is loaded again connects anew at once. */
  public void consoleGone(AgentNumber number) {
    agent(number).consoleGone = true;
  }

  /** His console has ended its connection, or missed a heartbeat. */
  public boolean consoleSilent(AgentNumber number) {
    Agent agent = agent(number);
    return agent.consoleGone
        || Duration.between(agent.heartbeat, clock.instant()).compareTo(HEARTBEAT_MISSED) > 0;
  }

  /** What he wants from now on; during work it takes effect after it. */
  public void wish(AgentNumber number, Wish wish) {
    wish(number, wish, true);
  }

  /**
   * @param himself it is his own wish: he is signed in
   */
  public void wish(AgentNumber number, Wish wish, boolean himself) {
    Agent agent = agent(number);
    agent.signedIn |= himself;
    wish(agent, wish);
    update(agent);
  }

  /** Ends after-call work early; nothing happens when there is none. */
  public void endWrapUp(AgentNumber number) {
    Agent agent = agent(number);
    if (agent.step instanceof Step.Wrapping) {
      agent.step = new Step.Idle();
      update(agent);
    }
  }

  // --- what the switch says

  public void on(TelephonyEvent event) {
    switch (event) {
      case ContactChanged contact ->
          AgentNumber.ofEndpoint(contact.endpoint())
              .ifPresent(number -> reachable(number, contact));
      case ChannelStarted started ->
          AgentNumber.ofChannel(started.channel())
              .ifPresent(number -> channel(number, started.uniqueId(), true));
      case ChannelEnded ended ->
          AgentNumber.ofChannel(ended.channel())
              .ifPresent(number -> channel(number, ended.uniqueId(), false));
      case LinkUp up -> link(true);
      case LinkDown down -> link(false);
      case TelephonyEvent.ChannelAnswered other -> {}
      case TelephonyEvent.DialStarted other -> {}
      case TelephonyEvent.DialEnded other -> {}
      case TelephonyEvent.Bridged other -> {}
      case TelephonyEvent.Unbridged other -> {}
      case TelephonyEvent.QueueJoined other -> {}
      case TelephonyEvent.QueueLeft other -> {}
      case TelephonyEvent.PhoneHeld other -> {}
      case TelephonyEvent.DialProgress other -> {}
      case TelephonyEvent.ChannelRinging other -> {}
      case TelephonyEvent.OriginateEnded other -> {}
    }
  }

  /**
   * Adoption: which phones can be reached and which channels agents have, and nothing else. The
   * fallback queue rings nobody until {@link #takenOver}. Work is brought back by {@link #restore}.
   *
   * @param channels unique ids of the living channels, by agent
   */
  public void adopt(
      Set<AgentNumber> reachable, Map<AgentNumber, ? extends Collection<String>> channels) {
    linkUp = true;
    takingOver = true;
    reachable.forEach(this::agent);
    channels.keySet().forEach(this::agent);
    for (Agent agent : List.copyOf(agents.values())) {
      agent.reachable = reachable.contains(agent.number);
      agent.unregistered = false;
      agent.channels.clear();
      Collection<String> living = channels.get(agent.number);
      if (living != null) {
        agent.channels.addAll(living);
      }
      agent.mirrored = null;
      update(agent);
    }
    // told anew: what the switch still has may be of an engine before
    standIns = null;
    tellStandIns();
  }

  public boolean takingOver() {
    return takingOver;
  }

  /** Nobody waits in the fallback queue any more: it is told who is ready, for the next time. */
  public void takenOver() {
    takingOver = false;
    List.copyOf(agents.values()).forEach(this::update);
    tellStandIns();
  }

  /** Whom the fallback queue may ring should this engine die before it has handed back to it. */
  private void tellStandIns() {
    List<AgentNumber> now =
        takingOver
            ? agents.values().stream()
                .filter(agent -> Presence.standsIn(facts(agent)))
                .map(agent -> agent.number)
                .sorted(Comparator.comparing(AgentNumber::value))
                .toList()
            : List.of();
    if (linkUp && !now.equals(standIns)) {
      standIns = now;
      telephony.standIns(now);
    }
  }

  // --- work

  /** Those who can be given work now, longest idle first. */
  public List<Free> ready() {
    List<Free> free = new ArrayList<>();
    for (Agent agent : agents.values()) {
      if (agent.presence instanceof Presence.Ready) {
        directory
            .find(agent.number)
            .ifPresent(
                p -> free.add(new Free(agent.number, p.grade(), p.skills(), agent.idleSince())));
      }
    }
    free.sort(Comparator.comparing(Free::idleSince).thenComparing(agent -> agent.number().value()));
    return free;
  }

  /** Him, if he can be given work now. */
  public Optional<Free> free(AgentNumber number) {
    Agent agent = agents.get(number);
    return agent != null && agent.presence instanceof Presence.Ready
        ? directory
            .find(number)
            .map(p -> new Free(number, p.grade(), p.skills(), agent.idleSince()))
        : Optional.empty();
  }

  /** He cannot become ready by himself: no console of his is signed in. */
  public boolean absent(AgentNumber number) {
    Agent agent = agents.get(number);
    return agent == null || agent.presence instanceof Presence.LoggedOut;
  }

  /** Those who take one work after the other: ready now, or after the one they have. */
  public List<Free> onDuty() {
    List<Free> found = new ArrayList<>();
    for (Agent agent : agents.values()) {
      boolean working =
          agent.wish.ready()
              && switch (agent.presence) {
                case Presence.Ready presence -> true;
                case Presence.Offered presence -> true;
                case Presence.OnCall presence -> true;
                case Presence.AfterCallWork presence -> true;
                case Presence.NotReady presence -> false;
                case Presence.LoggedOut presence -> false;
              };
      if (working) {
        directory
            .find(agent.number)
            .ifPresent(
                p -> found.add(new Free(agent.number, p.grade(), p.skills(), agent.idleSince())));
      }
    }
    return found;
  }

  /**
   * Those of the ready ones whom nobody on the line needs, longest idle first: other work than a
   * waiting call must choose among these.
   */
  public List<Free> spare() {
    return spare.get();
  }

  /** Callers come first: who knows them says which ready agents they leave. */
  public void spareBy(Supplier<List<Free>> rule) {
    this.spare = rule;
  }

  /** Sets a ready agent aside for a work; false when he is not ready at this moment. */
  public boolean reserve(AgentNumber number, Work work) {
    Agent agent = agent(number);
    // the facts of this moment: a silent console may not have been noticed yet
    if (!(Presence.of(facts(agent)) instanceof Presence.Ready)) {
      update(agent);
      return false;
    }
    agent.step = new Step.Ringing(work);
    update(agent);
    return true;
  }

  /**
   * The agent talks in this work. True also when he was not set aside for it: the switch knows who
   * talks.
   */
  public void talks(AgentNumber number, Work work) {
    Agent agent = agent(number);
    agent.step = new Step.Talking(work);
    update(agent);
  }

  /** Ends a reservation or a talk without after-call work; ignored when the work is not his. */
  public void release(AgentNumber number, Work work, Release how) {
    Agent agent = agent(number);
    if (!belongs(agent, work)) {
      return;
    }
    agent.step = new Step.Idle();
    switch (how) {
      case NOT_NEEDED -> {
        if (!agent.excused) {
          agent.freedAt = clock.instant();
        }
        agent.excused = false;
      }
      case MISSED -> wish(agent, Wish.notReady(Reason.MISSED));
      case UNREACHABLE -> {
        if (agent.wish.ready()) {
          wish(agent, Wish.notReady(Reason.CONNECTION_LOST));
        }
      }
    }
    update(agent);
  }

  /**
   * Whether his phone was ringing for somebody an instant ago: it may say busy until it has heard
   * that this is over. True once for each time it rang: a phone that says busy again is busy.
   */
  public boolean excused(AgentNumber number) {
    Agent agent = agents.get(number);
    if (agent == null || !agent.freedAt.plus(PHONE_FREES).isAfter(clock.instant())) {
      return false;
    }
    agent.freedAt = Instant.EPOCH;
    agent.excused = true;
    return true;
  }

  /**
   * His talk is over, he has work to do after it, at most so long; ignored when it is not his. Zero
   * = none, unless something {@link #wrapUpHeldBy holds} it.
   */
  public void wrapUp(AgentNumber number, Work work, Duration atMost) {
    Agent agent = agent(number);
    if (!belongs(agent, work) || agent.step instanceof Step.Wrapping) {
      return;
    }
    agent.step = new Step.Wrapping(work, clock.instant().plus(atMost));
    if (atMost.isPositive()) {
      timer.accept(atMost, () -> update(agent));
    }
    update(agent);
  }

  /** Another end for after-call work that goes on; ignored when it is not his. */
  public void wrapUpUntil(AgentNumber number, Work work, Instant until) {
    Agent agent = agent(number);
    if (agent.step instanceof Step.Wrapping wrapping && wrapping.work().equals(work)) {
      agent.step = new Step.Wrapping(work, until);
      timer.accept(Duration.between(clock.instant(), until), () -> update(agent));
      update(agent);
    }
  }

  /** After-call work does not end by itself while this says so. */
  public void wrapUpHeldBy(BiPredicate<AgentNumber, Work> rule) {
    wrapUpHeld = rule;
  }

  /** What held his after-call work may be gone. */
  public void look(AgentNumber number) {
    update(agent(number));
  }

  /** Adoption: gives back a work that was found alive, whatever the agent's facts are. */
  public void restore(AgentNumber number, Work work, boolean talking) {
    Agent agent = agent(number);
    agent.step = talking ? new Step.Talking(work) : new Step.Ringing(work);
    update(agent);
  }

  // --- questions

  /** Everybody in the directory, by number. */
  public List<AgentView> all() {
    return directory.all().stream()
        .map(profile -> view(agent(profile.number()), profile.name()))
        .sorted(Comparator.comparing(view -> view.number().value()))
        .toList();
  }

  public AgentView view(AgentNumber number) {
    return view(agent(number), directory.find(number).map(Profile::name).orElse(""));
  }

  public boolean known(AgentNumber number) {
    return directory.find(number).isPresent();
  }

  public Presence presence(AgentNumber number) {
    return agent(number).presence;
  }

  public boolean reachable(AgentNumber number) {
    return linkUp && agent(number).reachable;
  }

  /** His phone has taken itself away, or its registration has run out. */
  public boolean unregistered(AgentNumber number) {
    return agent(number).unregistered;
  }

  /** True for one whose phone lives in his browser: when it is gone, his voice is gone. */
  public boolean browserPhone(AgentNumber number) {
    return directory.find(number).map(profile -> !profile.deskPhone()).orElse(false);
  }

  public int readyCount() {
    return (int) agents.values().stream().filter(a -> a.presence instanceof Presence.Ready).count();
  }

  private static AgentView view(Agent agent, String name) {
    return new AgentView(
        agent.number,
        name,
        agent.presence,
        agent.wish,
        agent.since,
        agent.presence instanceof Presence.AfterCallWork wrapping
            ? Optional.of(wrapping.until())
            : Optional.empty(),
        agent.reachable);
  }

  // --- inside

  private void reachable(AgentNumber number, ContactChanged contact) {
    Agent agent = agent(number);
    agent.reachable = contact.reachable();
    agent.unregistered = contact.removed();
    update(agent);
  }

  private void channel(AgentNumber number, String id, boolean started) {
    Agent agent = agent(number);
    if (started) {
      agent.channels.add(id);
    } else {
      agent.channels.remove(id);
    }
    update(agent);
  }

  private void link(boolean up) {
    linkUp = up;
    List.copyOf(agents.values()).forEach(this::update);
  }

  /** A known agent, or a new one with the wish he had in an earlier life of the engine. */
  private Agent agent(AgentNumber number) {
    Agent known = agents.get(number);
    if (known != null) {
      return known;
    }
    Agent agent = new Agent(number, clock.instant());
    journal.meta(META + number).ifPresent(text -> agent.wish = Wish.parse(text));
    agents.put(number, agent);
    return agent;
  }

  private void wish(Agent agent, Wish wish) {
    if (!agent.wish.equals(wish)) {
      agent.wish = wish;
      journal.meta(META + agent.number, wish.text());
    }
  }

  private static boolean belongs(Agent agent, Work work) {
    return switch (agent.step) {
      case Step.Idle idle -> false;
      case Step.Ringing ringing -> ringing.work().equals(work);
      case Step.Talking talking -> talking.work().equals(work);
      case Step.Wrapping wrapping -> wrapping.work().equals(work);
    };
  }

  private Presence.Facts facts(Agent agent) {
    boolean known = directory.find(agent.number).isPresent();
    boolean console =
        agent.heartbeat.isAfter(Instant.MIN)
            && Duration.between(agent.heartbeat, clock.instant()).compareTo(heartbeatLife) < 0;
    return new Presence.Facts(
        known && agent.signedIn,
        agent.wish,
        linkUp && agent.reachable,
        console,
        !agent.channels.isEmpty(),
        agent.step);
  }

  /** Lets the facts decide and tells what has changed. */
  private void update(Agent agent) {
    Instant now = clock.instant();
    if (agent.step instanceof Step.Wrapping wrapping
        && !now.isBefore(wrapping.until())
        && !wrapUpHeld.test(agent.number, wrapping.work())) {
      agent.step = new Step.Idle();
    }
    Presence.Facts facts = facts(agent);
    mirror(agent, !takingOver && Presence.servesFallback(facts));
    if (takingOver && standIns != null) {
      tellStandIns();
    }
    Presence next = Presence.of(facts);
    if (next.equals(agent.presence)) {
      return;
    }
    if (agent.presence instanceof Presence.AfterCallWork before
        && next instanceof Presence.AfterCallWork after
        && before.work().equals(after.work())) {
      // only its end has moved
      agent.presence = next;
      watchers.forEach(watcher -> watcher.accept(agent.number));
      return;
    }
    agent.is(next, now);
    journal.append(
        "agent",
        agent.number.value(),
        new Change(
            next.key(), next.why(), agent.wish.ready(), next.doing().map(Work::id).orElse(null)));
    watchers.forEach(watcher -> watcher.accept(agent.number));
  }

  private void mirror(Agent agent, boolean serves) {
    if (!linkUp || agent.mirrored != null && agent.mirrored == serves) {
      return;
    }
    agent.mirrored = serves;
    telephony
        .mirror(agent.number, serves)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                // unknown: told anew by the next tick
                timer.accept(Duration.ofSeconds(1), () -> agent.mirrored = null);
              }
            });
  }

  /** Facts about one agent. Confined to the mailbox. */
  private static final class Agent {
    final AgentNumber number;
    final Set<String> channels = new HashSet<>();
    boolean signedIn;
    boolean reachable;
    boolean unregistered;
    Wish wish = Wish.notReady(Reason.LOGIN);
    Instant heartbeat = Instant.MIN;
    Step step = new Step.Idle();
    Presence presence = new Presence.LoggedOut();
    Instant since;

    /** The end of his last talk, after-call work or absence: an offer without answer is no work. */
    Instant readySince;

    /** Since he was ready last. */
    boolean worked = true;

    /** When he was last not needed although his phone rang, or was about to. */
    Instant freedAt = Instant.EPOCH;

    /**
     * The offer that is to be released now was answered by a busy tone, which was not his fault.
     */
    boolean excused;

    Boolean mirrored;
    boolean consoleGone;

    Agent(AgentNumber number, Instant now) {
      this.number = number;
      this.since = now;
      this.readySince = now;
    }

    void is(Presence next, Instant now) {
      if (next instanceof Presence.Ready) {
        readySince = worked ? now : readySince;
        worked = false;
      } else {
        worked |= !(next instanceof Presence.Offered) && !stopsRinging(next);
      }
      presence = next;
      since = now;
    }

    /** An offer came to nothing, and the leg that rang is not quite gone. */
    private boolean stopsRinging(Presence next) {
      return presence instanceof Presence.Offered
          && next instanceof Presence.OnCall call
          && call.work().isEmpty();
    }

    Instant idleSince() {
      return presence instanceof Presence.Ready ? readySince : since;
    }
  }
}
