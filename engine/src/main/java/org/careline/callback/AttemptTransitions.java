package org.careline.callback;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.callback.AgentPool.How;
import org.careline.callback.AttemptEffect.*;
import org.careline.callback.AttemptEvent.*;
import org.careline.callback.AttemptState.*;
import org.careline.callback.Campaign.Mode;

/** The whole life of an attempt as one pure function; see the drawing at {@link AttemptState}. */
public final class AttemptTransitions {
  private static final Optional<String> NONE = Optional.empty();

  private AttemptTransitions() {}

  /** Where it goes and what is to be done; a step to the same state may still want something. */
  public record Step(AttemptState next, List<AttemptEffect> effects) {}

  /** Events that do not fit change nothing: they are late or doubled. */
  public static Step next(AttemptState state, AttemptEvent event) {
    return switch (state) {
      case Inserted inserted -> inserted(inserted, event);
      case AgentRinging ringing -> ringing(ringing, event);
      case Placing placing -> placing(placing, event);
      case Dialling dialling -> dialling(dialling, event);
      case Talking talking -> talking(talking, event);
      case Heard heard -> heard(heard, event);
      case Ended ended -> ended(ended, event);
      case Unknown unknown -> unknown(unknown, event);
      case Settled settled -> stay(settled);
    };
  }

  private static Step inserted(Inserted state, AttemptEvent event) {
    return switch (event) {
      case Begun begun ->
          state.mode() == Mode.PREVIEW
              ? step(state, new Arm(Timer.PREVIEW))
              : ringAgent(begun.at());
      case DialPressed pressed -> ringAgent(pressed.at());
      case HangUpPressed pressed -> notPlaced(pressed.at(), How.NOT_NEEDED);
      case Expired expired ->
          expired.timer() == Timer.PREVIEW ? notPlaced(expired.at(), How.MISSED) : stay(state);
      case FoundNever other -> stay(state);
      case AgentAnswered other -> stay(state);
      case AgentGone other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case SiteGone other -> stay(state);
      case OriginateFailed other -> stay(state);
      case FormDone other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundEnded other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  private static Step ringing(AgentRinging state, AttemptEvent event) {
    return switch (event) {
      case AgentAnswered answered ->
          step(new Placing(answered.channel(), false), new CommitPlacing());
      case AgentGone gone -> notPlaced(gone.at(), How.MISSED);
      case Expired expired ->
          expired.timer() == Timer.AGENT_RING
              ? notPlaced(expired.at(), How.MISSED, new HangUpAgent())
              : stay(state);
      case HangUpPressed pressed -> notPlaced(pressed.at(), How.NOT_NEEDED, new HangUpAgent());
      case FoundNever other -> stay(state);
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case SiteGone other -> stay(state);
      case OriginateFailed other -> stay(state);
      case FormDone other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundEnded other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  /**
   * While the commit runs nothing is ordered: afterwards it is permitted, and still wanted, or not.
   */
  private static Step placing(Placing state, AttemptEvent event) {
    return switch (event) {
      case PlacingCommitted committed ->
          state.abandoned()
              ? never(committed.at())
              : step(
                  Dialling.on(Optional.of(state.agentChannel())),
                  new DialSite(state.agentChannel()));
      // no order was sent, even where the permission was committed and only its answer was lost
      case PlacingRefused refused -> never(refused.at());
      case HangUpPressed pressed -> step(new Placing(state.agentChannel(), true));
      case AgentGone gone -> step(new Placing(state.agentChannel(), true));
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case SiteGone other -> stay(state);
      case OriginateFailed other -> stay(state);
      case Expired other -> stay(state);
      case FormDone other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundEnded other -> stay(state);
      case FoundNever other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  private static Step dialling(Dialling state, AttemptEvent event) {
    return switch (event) {
      case SiteAnswered answered -> talk(answered.at());
      case SiteDialEnded ended -> step(state.status(ended.status()));
      case SiteRinging ringing -> step(state.rings());
      case EarlyMedia early -> early(state, early.byTheAgent());
      case SiteGone gone -> half(state, state.gone(gone.cause()), gone.at());
      case OriginateFailed failed -> half(state, state.failed(failed.reason()), failed.at());
      case OrderRefused refused ->
          settle(Disposition.TECHNICAL, refused.at(), 0, state.dialStatus(), false);
      case HangUpPressed pressed ->
          step(state.aborted(Disposition.NO_ANSWER_UNVERIFIED), new HangUpSite());
      case AgentGone gone -> step(state.aborted(Disposition.TECHNICAL), new HangUpSite());
      case Expired expired -> late(state, expired);
      case FoundLiving found ->
          found.answeredAt().map(AttemptTransitions::talk).orElseGet(() -> stay(state));
      case FoundEnded found -> foundEnded(found, state.dialStatus());
      case FoundNever found -> never(found.at());
      case FoundNothing found -> lost(found.at(), state.dialStatus());
      case FormDone done ->
          state.listening()
              ? step(
                  new Settled(), new HangUpSite(), new HangUpAgent(), new AgentFree(How.NOT_NEEDED))
              : stay(state);
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
    };
  }

  private static Step talking(Talking state, AttemptEvent event) {
    return switch (event) {
      case SiteGone gone -> form(state.answeredAt(), gone.at(), gone.cause());
      case FoundEnded found -> form(state.answeredAt(), found.at(), found.cause());
      case HangUpPressed pressed -> step(state, new HangUpSite());
      case AgentGone gone -> step(state, new HangUpSite());
      case FormDone done ->
          step(new Settled(), new HangUpSite(), new HangUpAgent(), new AgentFree(How.NOT_NEEDED));
      case FoundNever found -> form(state.answeredAt(), found.at(), 0);
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case OriginateFailed other -> stay(state);
      case Expired other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  /** Whatever else the switch says of it now, the agent has heard it. */
  private static Step heard(Heard state, AttemptEvent event) {
    return switch (event) {
      case FormDone done -> step(new Settled(), new AgentFree(How.NOT_NEEDED));
      case Expired expired ->
          expired.timer() == Timer.HEARD
              ? settle(state.otherwise(), state.endedAt(), state.cause(), state.dialStatus(), true)
              : stay(state);
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case HangUpPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case AgentGone other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case SiteGone other -> stay(state);
      case OriginateFailed other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundEnded other -> stay(state);
      case FoundNever other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  private static Step ended(Ended state, AttemptEvent event) {
    return switch (event) {
      case FormDone done -> step(new Settled(), new AgentFree(How.NOT_NEEDED));
      case Expired expired ->
          expired.timer() == Timer.FORM
              ? settle(Disposition.TECHNICAL, expired.at(), 0, NONE, true)
              : stay(state);
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case HangUpPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case AgentGone other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteAnswered other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case SiteGone other -> stay(state);
      case OriginateFailed other -> stay(state);
      case FoundLiving other -> stay(state);
      case FoundEnded other -> stay(state);
      case FoundNever other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  /** Late events of the switch are evidence too; time is not. */
  private static Step unknown(Unknown state, AttemptEvent event) {
    return switch (event) {
      case SiteAnswered answered -> talk(answered.at());
      case SiteGone gone -> dialling(Dialling.found(), gone);
      case OriginateFailed failed -> dialling(Dialling.found(), failed);
      case FoundLiving found ->
          found
              .answeredAt()
              .map(AttemptTransitions::talk)
              .orElseGet(() -> step(Dialling.found(), new Arm(Timer.RING)));
      case FoundEnded found -> foundEnded(found, NONE);
      case FoundNever found -> never(found.at());
      case HangUpPressed pressed -> step(state, new HangUpSite());
      case FormDone done ->
          step(new Settled(), new HangUpSite(), new HangUpAgent(), new AgentFree(How.NOT_NEEDED));
      case Begun other -> stay(state);
      case DialPressed other -> stay(state);
      case AgentAnswered other -> stay(state);
      case AgentGone other -> stay(state);
      case PlacingCommitted other -> stay(state);
      case PlacingRefused other -> stay(state);
      case OrderRefused other -> stay(state);
      case SiteDialEnded other -> stay(state);
      case SiteRinging other -> stay(state);
      case EarlyMedia other -> stay(state);
      case Expired other -> stay(state);
      case FoundNothing other -> stay(state);
    };
  }

  private static Step ringAgent(Instant at) {
    AttemptState next = new AgentRinging();
    return step(next, new RingAgent(), new Note(next, at, 0, NONE), new Arm(Timer.AGENT_RING));
  }

  private static Step talk(Instant at) {
    AttemptState next = new Talking(at);
    return step(next, new Note(next, at, 0, NONE), new AgentTalks());
  }

  private static Step form(Instant answeredAt, Instant at, int cause) {
    AttemptState next = new Ended(answeredAt);
    return step(
        next,
        new HangUpAgent(),
        new Note(next, at, cause, NONE),
        new AgentWrapsUp(),
        new Arm(Timer.FORM));
  }

  /** Early media sounds on for its time, unless an end has begun. */
  private static Step early(Dialling before, boolean byTheAgent) {
    Dialling after = before.heard(byTheAgent);
    if (after.listening() && !before.listening()) {
      return step(after, new Arm(Timer.EARLY_MEDIA));
    }
    return before.earlyMedia()
        ? step(after)
        : before.agentChannel().map(agent -> step(after, new Listen(agent))).orElse(step(after));
  }

  /** The first of the two ends waits a moment for the second. */
  private static Step half(Dialling before, Dialling after, Instant at) {
    if (after.cause().isPresent() && after.reason().isPresent()) {
      return missed(after, at);
    }
    return before.equals(after) ? stay(before) : step(after, new Arm(Timer.END));
  }

  private static Step late(Dialling state, Expired expired) {
    boolean ending = state.cause().isPresent() || state.reason().isPresent();
    return switch (expired.timer()) {
      case END -> ending ? missed(state, expired.at()) : stay(state);
      case EARLY_MEDIA ->
          ending ? stay(state) : step(state.aborted(Disposition.NO_ANSWER), new HangUpSite());
      case RING -> ending ? stay(state) : lost(expired.at(), state.dialStatus());
      case PREVIEW, AGENT_RING, HEARD, FORM -> stay(state);
    };
  }

  private static Step missed(Dialling state, Instant at) {
    Disposition disposition = state.aborted().orElseGet(() -> Endings.of(state.signs()));
    int cause = state.cause().orElse(0);
    if (state.listening()) {
      AttemptState next = new Heard(disposition, at, cause, state.dialStatus());
      return step(next, new HangUpAgent(), new AgentWrapsUp(), new Arm(Timer.HEARD));
    }
    return settle(disposition, at, cause, state.dialStatus(), state.rang());
  }

  /** The file of ended calls does not say whether it rang: it may have. */
  private static Step foundEnded(FoundEnded found, Optional<String> dialStatus) {
    return found
        .answeredAt()
        .map(answeredAt -> form(answeredAt, found.at(), found.cause()))
        .orElseGet(
            () ->
                settle(
                    Endings.of(
                        new Endings.Signs(
                            Optional.of(found.cause()), dialStatus, Optional.empty(), false)),
                    found.at(),
                    found.cause(),
                    dialStatus,
                    true));
  }

  private static Step settle(
      Disposition disposition, Instant at, int cause, Optional<String> dialStatus, boolean rang) {
    return step(
        new Settled(),
        new Settle(disposition, at, cause, dialStatus, rang),
        new HangUpAgent(),
        new AgentFree(How.NOT_NEEDED));
  }

  private static Step lost(Instant at, Optional<String> dialStatus) {
    AttemptState next = new Unknown();
    return step(next, new Note(next, at, 0, dialStatus));
  }

  private static Step never(Instant at) {
    return step(
        new Settled(), new NotPlaced(at, true), new HangUpAgent(), new AgentFree(How.NOT_NEEDED));
  }

  private static Step notPlaced(Instant at, How how, AttemptEffect... more) {
    List<AttemptEffect> effects = new java.util.ArrayList<>(List.of(more));
    effects.add(new NotPlaced(at, false));
    effects.add(new AgentFree(how));
    return new Step(new Settled(), List.copyOf(effects));
  }

  private static Step stay(AttemptState state) {
    return new Step(state, List.of());
  }

  private static Step step(AttemptState next, AttemptEffect... effects) {
    return new Step(next, List.of(effects));
  }
}
