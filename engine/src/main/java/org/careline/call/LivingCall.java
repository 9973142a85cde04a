package org.careline.call;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.careline.agent.AgentNumber;
import org.careline.agent.Work;
import org.careline.call.CallState.Arrived;
import org.careline.call.CallState.Offered;

/** What is known of one living call. Confined to the mailbox. */
final class LivingCall {
  final CallId id;
  final Instant arrivedAt;
  final CallLegs legs = new CallLegs();
  String channel;
  Caller caller;
  Handling handling;
  CallState state;
  Instant notBefore = Instant.MIN;

  /** Counts offers: tells the timer of an old one from the present one. */
  int offer;

  /** Whose phones did not ring for him although they could be reached. */
  final Set<AgentNumber> notRung = new HashSet<>();

  boolean dialSeen;
  boolean phoneRings;

  /** Somebody outside is rung for him and has not answered: no bridge is with that one. */
  boolean ringsOutside;

  EndedBy leftFirst;
  boolean orderedEnd;
  boolean refused;

  /** The agent has paused the recording; it ends with his talk. */
  boolean paused;

  LivingCall(CallId id, String channel, Caller caller, Handling handling, Instant arrivedAt) {
    this.id = id;
    this.channel = channel;
    this.caller = caller;
    this.handling = handling;
    this.arrivedAt = arrivedAt;
    this.state = new Arrived(arrivedAt);
  }

  void known(Calls.Known known) {
    caller = known.caller();
    handling = known.handling();
  }

  Work work() {
    return Work.call(id.value());
  }

  boolean ringsFor(int thisOffer, AgentNumber agent) {
    return offer == thisOffer && state instanceof Offered offered && offered.to().equals(agent);
  }

  LiveCall view() {
    return new LiveCall(
        id, channel, caller, handling, arrivedAt, state, notBefore, legs.lastAnswered());
  }
}
