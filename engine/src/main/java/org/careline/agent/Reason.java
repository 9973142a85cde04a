package org.careline.agent;

/** Why an agent is not ready; keys of database and interface, never translated. */
public final class Reason {
  public static final String BREAK = "break";
  public static final String TRAINING = "training";
  public static final String MEETING = "meeting";

  /** His phone rang and he did not take the call. */
  public static final String MISSED = "missed";

  /** Phone or console cannot be reached. */
  public static final String CONNECTION_LOST = "connection_lost";

  /** He has just signed in. */
  public static final String LOGIN = "login";

  public static final String SUPERVISOR = "supervisor";

  private Reason() {}
}
