package org.careline.telephony;

/**
 * Tells the dialplan that a leading engine is alive: the global CARELINE_BEAT. Only the leader
 * calls it, once per second, and only after adoption. Older than 4 s means: the switch helps
 * itself. Returns at once; a beat that cannot be sent is lost, the next one follows. Thread-safe.
 */
public interface Heartbeat {
  void beat();
}
