package org.careline.hotline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.LiveCall;

/**
 * Who was offered each living call and did not take it, in their order. Confined to the mailbox.
 */
final class Asked {
  private static final class Offers {
    final List<AgentNumber> failed = new ArrayList<>();
    AgentNumber ringing;
  }

  private final Map<CallId, Offers> calls = new HashMap<>();

  void on(LiveCall call) {
    if (call.state() instanceof CallState.Ended) {
      calls.remove(call.id());
    } else if (call.state() instanceof CallState.Offered offered) {
      calls.computeIfAbsent(call.id(), none -> new Offers()).ringing = offered.to();
    } else {
      Offers offers = calls.get(call.id());
      if (offers != null && offers.ringing != null) {
        if (call.state().agent().isEmpty() && !offers.failed.contains(offers.ringing)) {
          offers.failed.add(offers.ringing);
        }
        offers.ringing = null;
      }
    }
  }

  List<AgentNumber> of(CallId id) {
    Offers offers = calls.get(id);
    return offers == null ? List.of() : List.copyOf(offers.failed);
  }
}
