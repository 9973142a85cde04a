package org.careline.telephony;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.careline.call.CallId;
import org.careline.telephony.Telephony.Accepted;

/**
 * Speaks to a caller who waits, over his music; his place in the queue is not touched. As {@link
 * Telephony}: returns at once, a failed future means unknown, thread-safe, never throws.
 */
public interface Whispers {

  /**
   * Plays prompts one after the other. The announcement is a channel of its own with the id {@link
   * #leg}; while it lives a second one for the same call is refused by the switch. It ends by
   * itself, with the caller, or by {@link Telephony#hangUp} of its id.
   *
   * @param channel the caller's
   */
  CompletableFuture<Accepted> whisper(CallId call, String channel, Words words);

  /**
   * The announcement's channel id. It ends in a letter, because Asterisk refuses an id that is the
   * beginning of a living one.
   */
  static String leg(CallId call) {
    return "whisper-" + call + "-w";
  }

  /**
   * @param language zh or en
   * @param prompts names of prompts, 1 to 12
   */
  record Words(String language, List<String> prompts) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    public Words {
      prompts = List.copyOf(prompts);
      if (!language.matches("zh|en")
          || prompts.isEmpty()
          || prompts.size() > 12
          || !prompts.stream().allMatch(name -> NAME.matcher(name).matches())) {
        throw new IllegalArgumentException("not the names of prompts");
      }
    }
  }
}
