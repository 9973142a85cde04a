package org.careline.hotline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.careline.agent.AgentNumber;
import org.careline.agent.Agents;
import org.careline.agent.Presence;
import org.careline.agent.Work;
import org.careline.call.CallId;
import org.careline.call.Calls;
import org.careline.call.DispositionApplier;
import org.careline.call.Journal;
import org.careline.call.LiveCall;
import org.careline.call.Turns;
import org.careline.line.LineSettings;

/**
 * After-call work of hotline calls: how far it may be extended, and what a call came to. Where the
 * line forces it, an agent is not ready again before he has said so, at most for the line's longest
 * after-call work, unless a supervisor lets him.
 *
 * <p>Confined to the mailbox.
 */
public final class WrapUps {
  /** Calls an agent may still say something about. */
  private static final int REMEMBERED = 5000;

  private final Map<AgentNumber, Wrapping> wrapping = new HashMap<>();
  private final Map<CallId, Set<AgentNumber>> talkers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, Set<AgentNumber>> eldest) {
          if (size() <= REMEMBERED) {
            return false;
          }
          eldest.getValue().forEach(agent -> said.remove(new Key(eldest.getKey(), agent)));
          return true;
        }
      };
  private final Map<CallId, String> lines = new HashMap<>();

  /** Said, or let off. */
  private final Set<Key> said = new HashSet<>();

  private final Agents agents;
  private final Journal journal;
  private final Turns turns;
  private final InstantSource clock;
  private Function<String, LineSettings> settings = code -> LineSettings.DEFAULT;

  private record Key(CallId call, AgentNumber agent) {}

  /** One agent's after-call work of one call. */
  private record Wrapping(Work work, Instant since, String line) {}

  public WrapUps(Calls calls, Agents agents, Journal journal, Turns turns, InstantSource clock) {
    this.agents = agents;
    this.journal = journal;
    this.turns = turns;
    this.clock = clock;
    calls.watch(this::seen);
    agents.watch(this::changed);
    agents.wrapUpHeldBy(this::held);
  }

  /** Settings of a line by its code; the code is null or unknown for lines that are gone. */
  public void settingsBy(Function<String, LineSettings> rule) {
    settings = rule;
  }

  /** What the console shows. Immutable. */
  public record View(boolean dispositionNeeded, boolean extendable) {}

  public Optional<View> view(AgentNumber agent) {
    Wrapping own = wrapping.get(agent);
    return own == null
        ? Optional.empty()
        : Optional.of(new View(held(agent, own.work()), extended(agent, own).isPresent()));
  }

  /**
   * More time, by the line's step, at most up to its maximum.
   *
   * @throws TalkRefused when he has no after-call work of a call, or has had the maximum
   */
  public void extend(AgentNumber agent) {
    Wrapping own = wrapping.get(agent);
    if (own == null) {
      throw new TalkRefused("talk.no-wrap-up");
    }
    Instant until =
        extended(agent, own)
            .orElseThrow(
                () ->
                    new TalkRefused(
                        "talk.wrap-up-max", settings.apply(own.line()).wrapUp().max().toSeconds()));
    agents.wrapUpUntil(agent, own.work(), until);
  }

  private Optional<Instant> extended(AgentNumber agent, Wrapping own) {
    LineSettings.WrapUp limits = settings.apply(own.line()).wrapUp();
    Instant now = clock.instant();
    Instant until = agents.view(agent).until().filter(now::isBefore).orElse(now);
    Instant most = own.since().plus(limits.max());
    Instant next = until.plus(limits.extension());
    Instant allowed = next.isAfter(most) ? most : next;
    return Duration.between(until, allowed).toMillis() >= 1000
        ? Optional.of(allowed)
        : Optional.empty();
  }

  /**
   * What the call came to. It counts once it is on disk: what could not be written down has not
   * been said.
   *
   * @return done when it is on disk, in the mailbox
   * @throws TalkRefused when he has not talked in it, or not lately
   */
  public CompletableFuture<Long> disposition(CallId call, AgentNumber agent, String code) {
    if (!talkers.getOrDefault(call, Set.of()).contains(agent)) {
      throw new TalkRefused("talk.not-your-call");
    }
    return journal
        .appendDurably(
            DispositionApplier.KIND, call.value(), new DispositionApplier.Said(code, agent.value()))
        .thenApplyAsync(
            kept -> {
              said.add(new Key(call, agent));
              agents.look(agent);
              return kept;
            },
            turns);
  }

  /** He wants to be ready again before the time is over. */
  public void end(AgentNumber agent) {
    Wrapping own = wrapping.get(agent);
    if (own != null && held(agent, own.work())) {
      throw new TalkRefused("talk.disposition-first");
    }
    agents.endWrapUp(agent);
  }

  /** A supervisor lets him go, whatever is missing. */
  public void release(AgentNumber agent) {
    Wrapping own = wrapping.get(agent);
    if (own != null) {
      said.add(new Key(new CallId(own.work().id()), agent));
    }
    agents.endWrapUp(agent);
  }

  private boolean held(AgentNumber agent, Work work) {
    if (work.kind() != Work.Kind.CALL) {
      return false;
    }
    CallId call = new CallId(work.id());
    Wrapping known = wrapping.get(agent);
    // asked in the instant in which it begins, nobody has told us of it
    Wrapping own =
        known != null && known.work().equals(work)
            ? known
            : new Wrapping(work, clock.instant(), lines.get(call));
    LineSettings line = settings.apply(own.line());
    return line.disposition() == LineSettings.Disposition.FORCED
        && !said.contains(new Key(call, agent))
        && clock.instant().isBefore(own.since().plus(line.wrapUp().max()));
  }

  private void seen(LiveCall call) {
    if (call.caller().servedLine() != null) {
      lines.put(call.id(), call.caller().servedLine());
    }
    call.state()
        .place()
        .flatMap(place -> call.state().agent())
        .ifPresent(agent -> talkers.computeIfAbsent(call.id(), id -> new HashSet<>()).add(agent));
    if (lines.size() > 2 * REMEMBERED) {
      lines.keySet().retainAll(talkers.keySet());
    }
  }

  private void changed(AgentNumber agent) {
    Presence presence = agents.presence(agent);
    if (!(presence instanceof Presence.AfterCallWork after)
        || after.work().kind() != Work.Kind.CALL) {
      Wrapping over = wrapping.remove(agent);
      if (over != null) {
        said.remove(new Key(new CallId(over.work().id()), agent));
      }
      return;
    }
    Wrapping known = wrapping.get(agent);
    if (known == null || !known.work().equals(after.work())) {
      CallId call = new CallId(after.work().id());
      talkers.computeIfAbsent(call, id -> new HashSet<>()).add(agent);
      wrapping.put(agent, new Wrapping(after.work(), clock.instant(), lines.get(call)));
    }
  }
}
