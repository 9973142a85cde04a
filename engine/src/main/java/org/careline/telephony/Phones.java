package org.careline.telephony;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.careline.agent.AgentNumber;
import org.careline.telephony.Telephony.Accepted;

/**
 * Gives agents their phones in the switch and takes them away. Needs the second, narrower user of
 * the switch. Futures complete within 5 s; a failed one means unknown: do it again. Thread-safe.
 */
public interface Phones {

  /**
   * Makes or renews the agent's browser softphone with a fresh random secret; the old one is void
   * at the next REGISTER, a call going on is not touched.
   */
  CompletableFuture<BrowserPhone> browser(AgentNumber agent);

  /**
   * Makes the agent's desk phone.
   *
   * @param address {@code sip:<user>@<host>:<port>}, letters, digits, dot and dash only; anything
   *     else is refused
   */
  CompletableFuture<Accepted> desk(AgentNumber agent, String address);

  /** Voids the browser secret (logout): a random one nobody knows takes its place. */
  CompletableFuture<Accepted> revoke(AgentNumber agent);

  /** Takes the agent's phone out of the switch; a call going on is not touched. Harmless twice. */
  CompletableFuture<Accepted> remove(AgentNumber agent);

  /**
   * Takes away what is left in the switch from agents who changed while nobody was here to tell it:
   * the phones of all others than {@code known}, and the desk phones of all others than {@code
   * desks}. Phones of other names are not touched.
   *
   * @return whose phones were taken away
   */
  CompletableFuture<Set<AgentNumber>> keepOnly(Set<AgentNumber> known, Set<AgentNumber> desks);

  /** {@code toString} hides the secret. */
  record BrowserPhone(String user, String secret) {
    @Override
    public String toString() {
      return "BrowserPhone[" + user + "]";
    }
  }
}
