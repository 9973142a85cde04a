package org.careline.web;

import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.agent.AgentView;
import org.careline.agent.Presence;
import org.careline.agent.Wish;
import org.careline.agent.Work;
import org.careline.call.CallId;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.hotline.Hotline;
import org.careline.hotline.TalkRefused;
import org.careline.hotline.Talks;
import org.careline.hotline.WrapUps;

/**
 * Agents for the console, from the mailbox: presence, wish, and what each works on. Thread-safe.
 */
public final class HotlineAgents implements Desks.AgentDesk {
  private final Mailbox mailbox;
  private final Hotline hotline;
  private final SiteCards cards;
  private final AttemptWorks attempts;

  /** The forms of attempts, from memory: asked several times a second. */
  @FunctionalInterface
  public interface AttemptWorks {
    Optional<Views.AttemptWork> of(CallId attempt);

    /** What a round asks in a call of the hotline. */
    default Optional<Views.AttemptWork> ofCall(CallId call) {
      return Optional.empty();
    }

    /** What he was asking in a call that is over, and has given no result for. */
    default Optional<Views.AttemptWork> leftOver(AgentNumber agent) {
      return Optional.empty();
    }

    /** The same of calls for tasks; none where there are no tasks. */
    default Optional<TaskViews.TaskWork> task(CallId call) {
      return Optional.empty();
    }

    /** Both, each from where it is known. */
    static AttemptWorks of(AttemptWorks attempts, CallTasks tasks) {
      return new AttemptWorks() {
        @Override
        public Optional<Views.AttemptWork> of(CallId attempt) {
          return attempts.of(attempt);
        }

        @Override
        public Optional<Views.AttemptWork> ofCall(CallId call) {
          return attempts.ofCall(call);
        }

        @Override
        public Optional<Views.AttemptWork> leftOver(AgentNumber agent) {
          return attempts.leftOver(agent);
        }

        @Override
        public Optional<TaskViews.TaskWork> task(CallId call) {
          return tasks.work(call);
        }
      };
    }
  }

  public HotlineAgents(Mailbox mailbox, Hotline hotline, SiteCards cards, AttemptWorks attempts) {
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.cards = cards;
    this.attempts = attempts;
  }

  @Override
  public List<Views.AgentView> all() {
    return mailbox.ask(HotlineCalls.ANSWER, () -> hotline.agents().all()).stream()
        .map(HotlineAgents::view)
        .toList();
  }

  private static Views.AgentView view(AgentView agent) {
    return new Views.AgentView(
        agent.number().value(),
        agent.name(),
        agent.presence().key(),
        agent.presence().why(),
        agent.since(),
        agent.until().orElse(null),
        agent.presence().doing().map(Work::id).orElse(null),
        agent.reachable());
  }

  @Override
  public void wish(AgentNumber agent, boolean ready, String reason) {
    Wish wish = ready ? Wish.READY : Wish.notReady(reason);
    mailbox.ask(HotlineCalls.ANSWER, () -> tell(() -> hotline.agents().wish(agent, wish)));
  }

  @Override
  public void endWrapUp(AgentNumber agent) {
    try {
      mailbox.ask(HotlineCalls.ANSWER, () -> tell(() -> hotline.wrapUps().end(agent)));
    } catch (TalkRefused refused) {
      throw HotlineTalks.refusal(refused);
    }
  }

  /** Done when it is answered: what the console reads next already shows it. */
  private static boolean tell(Runnable order) {
    order.run();
    return true;
  }

  @Override
  public void heartbeat(AgentNumber agent) {
    mailbox.execute(() -> hotline.agents().heartbeat(agent));
  }

  @Override
  public void consoleGone(AgentNumber agent) {
    mailbox.execute(() -> hotline.agents().consoleGone(agent));
  }

  @Override
  public void signedIn(AgentNumber agent) {
    mailbox.execute(() -> hotline.agents().signedIn(agent));
  }

  @Override
  public void signedOut(AgentNumber agent) {
    mailbox.execute(() -> hotline.agents().signedOut(agent));
  }

  private record Doing(
      Presence presence,
      Optional<LiveCall> call,
      Optional<Talks.View> talk,
      Optional<WrapUps.View> wrapUp) {}

  /**
   * The state of a call's work is the agent's presence ({@code offered, on_call, after_call_work}):
   * after-call work goes on when the call is over.
   */
  @Override
  public Optional<Views.Work> work(AgentNumber agent) {
    Doing doing = mailbox.ask(HotlineCalls.ANSWER, () -> doing(agent));
    Optional<Work> work = doing.presence().doing();
    if (work.isEmpty()) {
      return attempts.leftOver(agent).map(form -> form);
    }
    CallId id = new CallId(work.get().id());
    return switch (work.get().kind()) {
      case CALL ->
          Optional.of(
              new Views.CallWork(
                  id.value(),
                  doing.presence().key(),
                  doing
                      .call()
                      .map(call -> cards.now(id, call.caller()))
                      .or(() -> cards.last(id))
                      .orElse(null),
                  doing
                      .talk()
                      .filter(talk -> doing.call().flatMap(c -> c.state().agent()).isPresent())
                      .map(talk -> talk(talk, doing.call().orElseThrow(), agent))
                      .orElse(null),
                  doing
                      .wrapUp()
                      .map(wrap -> new Views.WrapUp(wrap.dispositionNeeded(), wrap.extendable()))
                      .orElse(null),
                  attempts.ofCall(id).orElse(null)));
      case ATTEMPT -> attempts.of(id).map(form -> form);
      case TASK -> attempts.task(id).map(form -> form);
    };
  }

  private Doing doing(AgentNumber agent) {
    Presence presence = hotline.agents().presence(agent);
    Optional<CallId> id =
        presence
            .doing()
            .filter(work -> work.kind() == Work.Kind.CALL)
            .map(work -> new CallId(work.id()));
    return new Doing(
        presence,
        id.flatMap(hotline.calls()::find),
        id.flatMap(hotline.talks()::view),
        hotline.wrapUps().view(agent));
  }

  /** Whom he consults stays his business: the consulted one only sees that he is asked. */
  private static Views.Talk talk(Talks.View talk, LiveCall call, AgentNumber agent) {
    return new Views.Talk(
        talk.phase(),
        call.state().agent().equals(Optional.of(agent)),
        talk.phoneHolds(),
        talk.paused(),
        talk.consulted(),
        talk.answered());
  }
}
