package org.careline.asterisk;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.asteriskjava.manager.action.HangupAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.action.MixMonitorMuteAction;
import org.asteriskjava.manager.action.OriginateAction;
import org.asteriskjava.manager.action.RedirectAction;
import org.asteriskjava.manager.action.SetVarAction;
import org.careline.asterisk.Values.Refused;
import org.careline.call.CallId;
import org.careline.telephony.TalkControl;
import org.careline.telephony.Telephony.Accepted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders about talks as redirects of Asterisk's manager interface, into the contexts {@code
 * careline-hold}, {@code -held}, {@code -joined}, {@code -consult} and {@code -conference}. Orders
 * of one session are carried out in their order, so a variable is there before the redirect that
 * needs it. Thread-safe.
 */
public final class AsteriskTalk implements TalkControl {
  private static final Logger log = LoggerFactory.getLogger(AsteriskTalk.class);
  private static final Accepted TAKEN = new Accepted(true, "");
  private static final int AGAIN_MILLIS = 120;
  private static final int MOST_TIMES = 5;
  private static final String CALL = "CARELINE_CALL";
  private static final String WITH = "CARELINE_WITH";
  private static final String LEG = "CARELINE_LEG";
  private static final String PAUSED = "CARELINE_PAUSED";

  private final AmiLink link;
  private final String trunk;
  private final AsteriskTelephony.Shown shown;

  /**
   * @param trunk the endpoint by which outside numbers are dialled
   * @param shown says what number they see
   */
  AsteriskTalk(AmiLink link, String trunk, AsteriskTelephony.Shown shown) {
    this.link = link;
    this.trunk = Values.id(trunk);
    this.shown = shown;
  }

  @Override
  public CompletableFuture<Accepted> hold(String channel, String leg) {
    return checked(
        () -> {
          together(channel, leg);
          return redirect(() -> two(channel, "careline-hold", "s", leg, "careline-held", "s"));
        });
  }

  @Override
  public CompletableFuture<Accepted> join(String leg, String channel, boolean quiet) {
    return checked(
        () -> {
          together(channel, leg);
          variable(leg, PAUSED, quiet ? "1" : "");
          return redirect(() -> new RedirectAction(leg, "careline-joined", "s", 1));
        });
  }

  @Override
  public CompletableFuture<Accepted> rejoin(String channel, String leg, boolean quiet) {
    return checked(
        () -> {
          together(channel, leg);
          variable(leg, PAUSED, quiet ? "1" : "");
          return redirect(() -> two(channel, "careline-hold", "s", leg, "careline-joined", "s"));
        });
  }

  @Override
  public CompletableFuture<Accepted> consult(
      CallId call, int n, Party party, String channel, String leg, Duration ring) {
    return checked(
        () -> {
          OriginateAction originate = originate(call, n, party, ring);
          originate.setContext("careline-consult");
          originate.setVariables(
              Map.of(
                  CALL,
                  call.value(),
                  "CARELINE_CALLER",
                  Values.channel(channel),
                  WITH,
                  Values.channel(leg)));
          // he hears that it rings; nothing else can be heard on his leg now
          return redirect(() -> new RedirectAction(leg, "careline-held", "ring", 1))
              .thenCompose(ready -> ready.taken() ? order(originate) : unchanged(ready));
        });
  }

  @Override
  public CompletableFuture<Accepted> forward(
      CallId call, int n, Outside outside, String channel, Duration ring) {
    return checked(
        () -> {
          OriginateAction originate = originate(call, n, outside, ring);
          originate.setContext("careline-joined");
          originate.setVariables(Map.of(CALL, call.value(), WITH, Values.channel(channel)));
          variable(channel, LEG, "");
          return redirect(() -> new RedirectAction(channel, "careline-hold", "s", 1))
              .thenCompose(held -> held.taken() ? order(originate) : unchanged(held));
        });
  }

  private OriginateAction originate(CallId call, int n, Party party, Duration ring) {
    OriginateAction originate = new OriginateAction();
    originate.setChannelId(Values.id(TalkControl.consultLeg(call, n)));
    switch (party) {
      case Colleague colleague -> originate.setChannel("PJSIP/" + colleague.agent().endpoint());
      case Outside outside -> {
        originate.setChannel("PJSIP/" + Values.number(outside.destination()) + "@" + trunk);
        String number = Values.digits(shown.on(trunk, outside.shownNumber()));
        if (!number.isEmpty()) {
          originate.setCallerId("<" + number + ">");
        }
      }
    }
    originate.setExten("s");
    originate.setPriority(1);
    originate.setAccount(call.value());
    originate.setTimeout(Values.ringSeconds(ring) * 1000);
    originate.setAsync(true);
    return originate;
  }

  @Override
  public CompletableFuture<Accepted> conference(
      String channel, String leg, String third, boolean quiet) {
    return checked(
        () -> {
          Values.channel(channel);
          variable(Values.channel(leg), PAUSED, quiet ? "1" : "");
          return redirect(
                  () ->
                      two(
                          leg,
                          "careline-conference",
                          "agent",
                          Values.channel(third),
                          "careline-conference",
                          "third"))
              .thenCompose(
                  there ->
                      there.taken()
                          ? redirect(
                              () -> new RedirectAction(channel, "careline-conference", "caller", 1))
                          : unchanged(there));
        });
  }

  @Override
  public CompletableFuture<Accepted> mute(String leg, boolean muted) {
    return checked(
        () -> {
          variable(Values.channel(leg), PAUSED, muted ? "1" : "");
          return order(new MixMonitorMuteAction(leg, "both", muted ? 1 : 0))
              .thenApply(
                  answer -> {
                    if (!answer.taken()) {
                      variable(leg, PAUSED, muted ? "" : "1");
                    }
                    return answer;
                  });
        });
  }

  @Override
  public CompletableFuture<Accepted> hangUp(String channelOrId) {
    return checked(() -> order(new HangupAction(Values.channel(channelOrId))));
  }

  /** Each knows the other, so that the dialplan can go on alone. */
  private void together(String channel, String leg) {
    variable(Values.channel(leg), WITH, Values.channel(channel));
    variable(channel, LEG, leg);
  }

  private static RedirectAction two(
      String first,
      String firstContext,
      String firstExten,
      String second,
      String secondContext,
      String secondExten) {
    RedirectAction redirect = new RedirectAction(first, firstContext, firstExten, 1);
    redirect.setExtraChannel(second);
    redirect.setExtraContext(secondContext);
    redirect.setExtraExten(secondExten);
    redirect.setExtraPriority(1);
    return redirect;
  }

  private void variable(String channel, String name, String value) {
    link.send(new SetVarAction(channel, name, value)).exceptionally(e -> null);
  }

  /**
   * A channel that is just being moved into a bridge or out of it is taken for one that is not up;
   * a moment later Asterisk knows better.
   */
  private CompletableFuture<Accepted> redirect(Supplier<RedirectAction> action, int more) {
    return order(action.get())
        .thenCompose(
            answer ->
                answer.taken() || more == 0 || !answer.reason().contains("not up")
                    ? unchanged(answer)
                    : unchanged(answer)
                        .thenComposeAsync(
                            again -> redirect(action, more - 1),
                            CompletableFuture.delayedExecutor(
                                AGAIN_MILLIS, TimeUnit.MILLISECONDS)));
  }

  private CompletableFuture<Accepted> redirect(Supplier<RedirectAction> action) {
    return redirect(action, MOST_TIMES);
  }

  private CompletableFuture<Accepted> order(ManagerAction action) {
    return link.send(action)
        .thenApply(
            response ->
                "Error".equalsIgnoreCase(response.getResponse())
                    ? new Accepted(false, String.valueOf(response.getMessage()))
                    : TAKEN);
  }

  private static CompletableFuture<Accepted> unchanged(Accepted answer) {
    return CompletableFuture.completedFuture(answer);
  }

  /** A wrong order is an answer, not a failure: it certainly has not been carried out. */
  private static CompletableFuture<Accepted> checked(
      Supplier<CompletableFuture<Accepted>> ordering) {
    try {
      return ordering.get();
    } catch (Refused e) {
      log.warn("an order was refused: {}", e.getMessage());
      return CompletableFuture.completedFuture(new Accepted(false, e.getMessage()));
    }
  }
}
