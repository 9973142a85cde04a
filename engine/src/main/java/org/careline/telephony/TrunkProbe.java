package org.careline.telephony;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.careline.call.CallId;

/** Rings a number outside once, to see what a trunk sends. Thread-safe. */
public interface TrunkProbe {
  /**
   * What the switch knows of a call just placed.
   *
   * @param state as the switch calls it, for example Ringing or Up; empty = it has ended
   * @param headers From, P-Asserted-Identity and To as sent; empty = it ended before they could be
   *     read
   */
  record Sent(String state, Map<String, String> headers) {
    public Sent {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * Places the call and looks at it; whoever answers hears three seconds of silence.
   *
   * @param call a new id of ours
   * @param endpoint of the trunk
   * @param destination digits as the trunk wants them
   * @param shown digits that the callee sees
   * @param ring ends when it was not answered for so long
   * @return what was sent, after 1 to 4 s; fails when the switch refuses or is away
   */
  CompletableFuture<Sent> place(
      CallId call, String endpoint, String destination, String shown, Duration ring);
}
