package org.careline;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.customer.ReferenceData;
import org.careline.telephony.Phones;
import org.careline.telephony.Telephony.Accepted;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the agents' desk phones known to the switch whenever it is there or an agent has changed,
 * and takes away those of agents who left, also of those who left while no engine ran. Thread-safe.
 */
final class DeskPhones {
  private static final Logger log = LoggerFactory.getLogger(DeskPhones.class);

  private final Supplier<List<ReferenceData.Agent>> agents;
  private final BooleanSupplier upToDate;
  private final Phones phones;
  private final Map<AgentNumber, String> given = new ConcurrentHashMap<>();

  private boolean tidied = true;

  /**
   * @param agents the active ones
   * @param upToDate they come from the database; by an old copy nobody's phone is taken away
   */
  DeskPhones(Supplier<List<ReferenceData.Agent>> agents, BooleanSupplier upToDate, Phones phones) {
    this.agents = agents;
    this.upToDate = upToDate;
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
    tidied &= !all;
    List<ReferenceData.Agent> active = agents.get();
    Set<AgentNumber> left = new HashSet<>(given.keySet());
    for (ReferenceData.Agent agent : active) {
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
    if (!tidied && upToDate.getAsBoolean()) {
      tidied = true;
      tidy(active);
    }
  }

  private void tidy(List<ReferenceData.Agent> active) {
    Set<AgentNumber> known =
        active.stream().map(ReferenceData.Agent::number).collect(Collectors.toSet());
    phones
        .keepOnly(known, Set.copyOf(given.keySet()))
        .whenComplete(
            (gone, e) -> {
              if (e != null) {
                log.warn(
                    "phones of agents who left may still be in the switch: {}", e.getMessage());
                again();
              } else if (!gone.isEmpty()) {
                log.info("phones of agents who left were taken out of the switch: {}", gone);
                // who got his phone in this very moment gets it again
                if (given.keySet().removeAll(gone)) {
                  give();
                }
              }
            });
  }

  private synchronized void again() {
    tidied = false;
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
