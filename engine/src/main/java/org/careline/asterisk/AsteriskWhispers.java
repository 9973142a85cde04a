package org.careline.asterisk;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.asteriskjava.manager.action.OriginateAction;
import org.careline.asterisk.Values.Refused;
import org.careline.call.CallId;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.Whispers;

/**
 * Whispers by ChanSpy: a Local channel plays the prompts, its other half listens in on the caller
 * and speaks to him alone. Thread-safe.
 */
public final class AsteriskWhispers implements Whispers {
  /** Quiet, whisper, and the pair ends with the caller's channel (E: at its end, S: without it). */
  private static final String OPTIONS = "qwES";

  private static final long ANSWER_MILLIS = 3000;

  private final AmiLink link;

  public AsteriskWhispers(AmiLink link) {
    this.link = link;
  }

  @Override
  public CompletableFuture<Accepted> whisper(CallId call, String channel, Words words) {
    OriginateAction originate = new OriginateAction();
    try {
      originate.setChannel("Local/s@careline-announce/n");
      originate.setChannelId(Values.id(Whispers.leg(call)));
      originate.setApplication("ChanSpy");
      originate.setData(Values.channel(channel) + "," + OPTIONS);
    } catch (Refused e) {
      return CompletableFuture.completedFuture(new Accepted(false, e.getMessage()));
    }
    originate.setVariables(
        Map.of(
            "CARELINE_SAY",
            String.join("&", words.prompts()),
            "CARELINE_LANGUAGE",
            words.language()));
    originate.setTimeout(ANSWER_MILLIS);
    originate.setAsync(true);
    return link.send(originate)
        .thenApply(
            answer ->
                "Error".equalsIgnoreCase(answer.getResponse())
                    ? new Accepted(false, String.valueOf(answer.getMessage()))
                    : new Accepted(true, ""));
  }
}
