package org.careline.telephony;

import java.time.Duration;
import java.util.regex.Pattern;
import org.careline.agent.AgentNumber;

/** What the dialplan does next with a caller. Immutable. */
public sealed interface Step {

  /** Rings an agent who has been set aside for this caller; not answered = waitroom. */
  record Connect(AgentNumber agent, Duration ring) implements Step {
    public Connect {
      if (ring.isNegative() || ring.toSeconds() < 1 || ring.toSeconds() > 120) {
        throw new IllegalArgumentException("ring time is 1 to 120 s: " + ring);
      }
    }
  }

  /** Answers, plays a prompt and then asks {@link Admissions#route}. */
  record Greet(String prompt) implements Step {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    public Greet {
      if (!NAME.matcher(prompt).matches()) {
        throw new IllegalArgumentException("not the name of a prompt");
      }
    }
  }

  /** The waitroom, until the engine offers him. */
  record Wait() implements Step {}

  /** The agents that the switch itself knows as ready. */
  record Fallback() implements Step {}

  /** Hangs up without answering. */
  record Refuse() implements Step {}
}
