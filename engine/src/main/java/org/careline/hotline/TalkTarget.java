package org.careline.hotline;

import org.careline.agent.AgentNumber;
import org.careline.call.Handling;
import org.careline.telephony.TalkControl;

/** To whom a caller is handed, or who is consulted about him. Immutable. */
public sealed interface TalkTarget {

  /** As the story names him. */
  String shown();

  record ToAgent(AgentNumber agent) implements TalkTarget {
    @Override
    public String shown() {
      return agent.value();
    }
  }

  /**
   * The queue of a line.
   *
   * @param number at which it is dialled
   * @param language of its words
   * @param handling how that line wants it
   */
  record ToLine(String code, String number, String language, Handling handling)
      implements TalkTarget {
    @Override
    public String shown() {
      return code;
    }
  }

  /** A number outside that may be dialled. */
  record ToNumber(String e164, TalkControl.Outside party) implements TalkTarget {
    @Override
    public String shown() {
      return e164;
    }
  }
}
