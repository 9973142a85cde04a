package org.careline.asterisk;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.asteriskjava.manager.action.GetVarAction;
import org.asteriskjava.manager.action.OriginateAction;
import org.careline.call.CallId;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.careline.telephony.TrunkProbe;

/**
 * Asks Asterisk what it has written into the INVITE of a call: the addresses of its dialog, which
 * are From and To. P-Asserted-Identity has the same address as From, if the endpoint sends it at
 * all. Thread-safe.
 */
public final class AsteriskTrunkProbe implements TrunkProbe {
  private static final int LOOK_EVERY_MILLIS = 100;
  private static final int LOOKS = 25;
  private static final int THEN_MILLIS = 1200;

  private final AmiLink link;

  public AsteriskTrunkProbe(AmiLink link) {
    this.link = link;
  }

  @Override
  public CompletableFuture<Sent> place(
      CallId call, String endpoint, String destination, String shown, Duration ring) {
    OriginateAction originate = new OriginateAction();
    originate.setChannel("PJSIP/" + Values.number(destination) + "@" + Values.id(endpoint));
    originate.setChannelId(Values.id(call.value()));
    originate.setContext("careline-check");
    originate.setExten("s");
    originate.setPriority(1);
    originate.setCallerId("<" + Values.digits(shown) + ">");
    originate.setTimeout(Values.ringSeconds(ring) * 1000);
    originate.setAsync(true);
    return link.send(originate)
        .thenCompose(
            answer -> {
              if ("Error".equalsIgnoreCase(answer.getResponse())) {
                throw new SwitchUnavailable("the switch refuses: " + answer.getMessage(), null);
              }
              return look(call.value(), endpoint, LOOKS);
            });
  }

  private CompletableFuture<Sent> look(String channel, String endpoint, int more) {
    return value(channel, "CHANNEL(pjsip,local_uri)")
        .thenCompose(
            from -> {
              if (from.isPresent()) {
                return headers(channel, endpoint, from.get());
              }
              return more == 0
                  ? CompletableFuture.completedFuture(new Sent("", Map.of()))
                  : later(LOOK_EVERY_MILLIS, () -> look(channel, endpoint, more - 1));
            });
  }

  private CompletableFuture<Sent> headers(String channel, String endpoint, String from) {
    return value(channel, "CHANNEL(pjsip,remote_uri)")
        .thenCombine(
            value(null, "PJSIP_ENDPOINT(" + Values.id(endpoint) + ",send_pai)"),
            (to, pai) -> {
              Map<String, String> headers = new LinkedHashMap<>();
              headers.put("From", from);
              if (pai.filter(sends -> sends.matches("(?i)yes|true")).isPresent()) {
                headers.put("P-Asserted-Identity", from);
              }
              to.ifPresent(address -> headers.put("To", address));
              return headers;
            })
        .thenCompose(
            headers ->
                later(THEN_MILLIS, () -> value(channel, "CHANNEL(state)"))
                    .thenApply(state -> new Sent(state.orElse(""), headers)));
  }

  /** Empty when the channel is gone or has no such value. */
  private CompletableFuture<Optional<String>> value(String channel, String expression) {
    return link.send(new GetVarAction(channel, expression))
        .thenApply(
            answer ->
                Optional.ofNullable(answer.getAttribute("Value")).filter(text -> !text.isBlank()));
  }

  private static <T> CompletableFuture<T> later(int millis, Supplier<CompletableFuture<T>> then) {
    return CompletableFuture.completedFuture(millis)
        .thenComposeAsync(
            waited -> then.get(), CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }
}
