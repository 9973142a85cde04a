package org.careline.hotline;

import java.util.HashMap;
import java.util.Map;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/** How far a talk is with being held, moved or shared. Confined to the mailbox. */
final class Talk {
  /** The caller's side: with his agent, in the music, coming back, or with two. */
  enum Phase {
    TALKING,
    HELD,
    /** The order to join has gone out; the bridge will tell. */
    JOINING,
    /** He hears music, his agent rings or talks with somebody. */
    CONSULTING,
    /** The order to hand him over has gone out. */
    COMPLETING,
    CONFERENCE,
    /** His agent has left, a number outside rings for him. */
    FORWARDED
  }

  final CallId id;

  /** Names of the living legs of agents in this call. */
  final Map<AgentNumber, String> legs = new HashMap<>();

  Phase phase = Phase.TALKING;

  /** Null = nobody is consulted. */
  Consulted consulted;

  /** The call is with nobody until a number outside answers, or nothing comes of it. */
  boolean ringsOutside;

  boolean paused;

  /** The agent holds at his own phone. */
  boolean phoneHolds;

  /** The order whose bridge was there before the switch's answer to it. */
  int bridgedBy = -1;

  /** Counts orders: tells the belt of an old one from the present one. */
  int orders;

  int consults;

  /** Counts pauses of the recording and their ends. */
  int pauses;

  Talk(CallId id) {
    this.id = id;
  }

  /** Who is rung or asked meanwhile. */
  static final class Consulted {
    final int n;
    final String legId;
    final TalkTarget target;
    String channel;
    boolean answered;
    boolean cancelled;

    Consulted(int n, String legId, TalkTarget target) {
      this.n = n;
      this.legId = legId;
      this.target = target;
    }
  }
}
