package org.careline;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.customer.ReferenceData;
import org.careline.telephony.Phones;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the agents' desk phones known to the switch whenever it is there or an agent has changed,
 * and takes away those of agents who left. Thread-safe.
 */
final class DeskPhones {
  private static final Logger log = LoggerFactory.getLogger(DeskPhones.class);

  private final Supplier<List<ReferenceData.Agent>> agents;
  private final Phones phones;
  private final Map<AgentNumber, String> given = new ConcurrentHashMap<>();

  /**
   * @param agents the active ones
   */
  DeskPhones(Supplier<List<ReferenceData.Agent>> agents, Phones phones) {
    this.agents = agents;
    this.phones = phones;
  }

  void on(TelephonyEvent event) {
    if (event instanceof TelephonyEvent.LinkUp) {
      give(true);
    }
  }

  void give() {
    give(false);
  }

  private synchronized void give(boolean all) {
    Set<AgentNumber> left = new HashSet<>(given.keySet());
    for (ReferenceData.Agent agent : agents.get()) {
      agent
          .deskPhone()
          .ifPresent(
              address -> {
                left.remove(agent.number());
                if (!address.equals(given.put(agent.number(), address)) || all) {
                  told(agent.number(), address, "known to", phones.desk(agent.number(), address));
                }
              });
    }
    for (AgentNumber number : left) {
      String address = given.remove(number);
      told(number, address, "gone from", phones.remove(number));
    }
  }

  private void told(
      AgentNumber agent, String address, String what, CompletableFuture<Accepted> order) {
    order.whenComplete(
        (accepted, e) -> {
          if (e != null || !accepted.taken()) {
            given.remove(agent, address);
            log.warn(
                "the desk phone of agent {} is not {} the switch: {}",
                agent,
                what,
                e != null ? e.getMessage() : accepted.reason());
          }
        });
  }
}
