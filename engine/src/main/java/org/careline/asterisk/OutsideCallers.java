package org.careline.asterisk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.asteriskjava.manager.action.OriginateAction;
import org.asteriskjava.manager.action.PlayDtmfAction;
import org.careline.telephony.Telephony.Accepted;

/**
 * Lets callers of the outside world ring a line: for demonstrations and tests, never for the
 * product's own calls. Thread-safe.
 */
public final class OutsideCallers implements AutoCloseable {
  private static final Duration RINGS = Duration.ofSeconds(120);

  private final AmiLink link;

  /** Connects to the outside Asterisk's manager on loopback; returns at once. */
  public OutsideCallers(int port, String secret, InstantSource clock) {
    link =
        new AmiLink(
            new AmiLink.Login("127.0.0.1", port, "outside", secret),
            AmiLink.Timing.usual(),
            clock,
            event -> {});
    link.start();
  }

  /** True while the outside Asterisk listens to us. */
  public boolean connected() {
    return link.session() > 0;
  }

  /**
   * One caller.
   *
   * @param line digits he dials
   * @param from digits shown as his number; "anonymous" = withheld
   * @param talk he hangs up this long after he was answered
   */
  public CompletableFuture<Accepted> call(String line, String from, Duration talk) {
    return call(line, from, "", talk);
  }

  /**
   * One caller who types.
   *
   * @param keys typed from the answer on: 0-9, * and #, with w for a pause of half a second
   * @param talk he hangs up this long after the last key
   */
  public CompletableFuture<Accepted> call(String line, String from, String keys, Duration talk) {
    if (!keys.matches("[0-9*#w]{0,64}")) {
      throw new IllegalArgumentException("not keys");
    }
    OriginateAction call = new OriginateAction();
    call.setChannel("PJSIP/" + Values.digits(line) + "@line");
    call.setCallerId(from.equals("anonymous") ? from : Values.number(from));
    call.setAccount("caller");
    call.setContext("caller");
    call.setExten("s");
    call.setPriority(1);
    call.setTimeout(RINGS.toMillis());
    call.setAsync(true);
    call.setVariables(Map.of("TALK", String.valueOf(Math.max(1, talk.toSeconds())), "KEYS", keys));
    return link.send(call)
        .thenApply(
            answer ->
                new Accepted(
                    !"Error".equalsIgnoreCase(answer.getResponse()),
                    String.valueOf(answer.getMessage())));
  }

  /** One of the callers types a key, 0-9, * or #. */
  public CompletableFuture<Accepted> type(String channel, String key) {
    PlayDtmfAction play = new PlayDtmfAction(Values.channel(channel), Values.keys(key));
    return link.send(play)
        .thenApply(
            answer ->
                new Accepted(
                    !"Error".equalsIgnoreCase(answer.getResponse()),
                    String.valueOf(answer.getMessage())));
  }

  @Override
  public void close() {
    link.close();
  }
}
