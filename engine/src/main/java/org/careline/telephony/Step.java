package org.careline.telephony;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.careline.agent.AgentNumber;

/**
 * What the dialplan does next with a caller. A step that plays or reads comes back with another
 * question and the {@code stage} it was given, a word of ours by which the answerer knows what was
 * asked: so nothing of a dialogue is kept by anybody but the dialplan. Immutable.
 *
 * <p>Prompts are names (a-z, 0-9, dash, underscore; at most {@value #MOST_PROMPTS} in a step),
 * played one after the other in the language of {@link In}. One without a file is silence.
 */
public sealed interface Step {
  int MOST_PROMPTS = 24;

  /**
   * Rings an agent who has been set aside for this caller; not answered = waitroom. When the agent
   * ends the talk, {@link Admissions#route} is asked with stage {@link Heard#AFTER_TALK}.
   *
   * @param announceIn language in which both sides hear the agent's number when he answers
   */
  record Connect(AgentNumber agent, Duration ring, Optional<String> announceIn) implements Step {
    public Connect {
      ringTime(ring);
    }

    /** Without an announcement. */
    public Connect(AgentNumber agent, Duration ring) {
      this(agent, ring, Optional.empty());
    }
  }

  /** Answers and plays; what is typed meanwhile is dropped. */
  record Say(List<String> prompts, String stage) implements Step {
    public Say {
      prompts = names(prompts);
      word(stage);
    }
  }

  /**
   * Answers, plays and reads digits, which interrupt the prompts; # ends them.
   *
   * @param most digits, 1 to 20
   * @param patience after the prompts, and after each digit; 1 to 30 s
   */
  record Read(List<String> prompts, String stage, int most, Duration patience) implements Step {
    public Read {
      prompts = names(prompts);
      word(stage);
      if (most < 1 || most > 20) {
        throw new IllegalArgumentException("1 to 20 digits are read: " + most);
      }
      if (patience.toSeconds() < 1 || patience.toSeconds() > 30) {
        throw new IllegalArgumentException("patience is 1 to 30 s: " + patience);
      }
    }
  }

  /** The waitroom, until the engine offers him. */
  record Wait() implements Step {}

  /**
   * Answers, plays and records what he says, until he presses a key, falls silent or hangs up.
   *
   * @param most 5 s to 10 min
   */
  record Record(String prompt, String stage, Duration most) implements Step {
    public Record {
      names(List.of(prompt));
      word(stage);
      if (most.toSeconds() < 5 || most.toSeconds() > 600) {
        throw new IllegalArgumentException("a message is 5 s to 10 min long: " + most);
      }
    }
  }

  /** Answers, plays and hangs up. */
  record Bye(List<String> prompts) implements Step {
    public Bye {
      prompts = names(prompts);
    }
  }

  /** The agents that the switch itself knows as ready. */
  record Fallback() implements Step {}

  /** Hangs up: before an answer without one, after a talk at once. */
  record Refuse() implements Step {}

  /**
   * A step whose prompts are spoken in this language, which also holds for the steps after it.
   *
   * @param language a folder of prompts: zh or en
   */
  record In(String language, Step step) implements Step {
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,8}");

    public In {
      if (!LANGUAGE.matcher(language).matches() || step instanceof In) {
        throw new IllegalArgumentException("not a language and a step");
      }
    }
  }

  private static List<String> names(List<String> prompts) {
    if (prompts.isEmpty() || prompts.size() > MOST_PROMPTS) {
      throw new IllegalArgumentException("1 to " + MOST_PROMPTS + " prompts: " + prompts.size());
    }
    for (String prompt : prompts) {
      if (!Names.PROMPT.matcher(prompt).matches()) {
        throw new IllegalArgumentException("not the name of a prompt");
      }
    }
    return List.copyOf(prompts);
  }

  private static void word(String stage) {
    if (!Names.STAGE.matcher(stage).matches()) {
      throw new IllegalArgumentException("a stage is a short word");
    }
  }

  private static void ringTime(Duration ring) {
    if (ring.isNegative() || ring.toSeconds() < 1 || ring.toSeconds() > 120) {
      throw new IllegalArgumentException("ring time is 1 to 120 s: " + ring);
    }
  }

  /** What may be a name. */
  final class Names {
    private static final Pattern PROMPT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9.-]{0,63}");

    private Names() {}

    /** Stages come back as text of a channel. */
    static boolean stage(String text) {
      return STAGE.matcher(text).matches();
    }
  }
}
