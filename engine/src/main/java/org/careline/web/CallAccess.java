package org.careline.web;

import org.careline.call.CallId;
import org.careline.language.Sentence;

/**
 * Which calls a user may know of. An agent those that were offered to him, and the one he calls
 * back for a task while that is his work. Thread-safe.
 */
record CallAccess(Desks.CallDesk calls, Desks.AgentDesk agents) {
  /**
   * The story, when this caller may know of it.
   *
   * @throws Refusal as if there were no such call, when he may not
   */
  Views.CallStory story(CallId id, Route.Caller who) {
    Views.CallStory story = calls.story(id).orElseThrow(CallAccess::none);
    Principal principal = who.principal();
    if (!principal.seesAll()) {
      String own = principal.requireAgent().value();
      if (!own.equals(story.call().agentNumber())
          && !story.agents().contains(own)
          && !callsBack(id, who)) {
        throw none();
      }
    }
    return story;
  }

  private boolean callsBack(CallId id, Route.Caller who) {
    return agents
        .work(who.principal().requireAgent())
        .filter(
            work -> work instanceof TaskViews.TaskWork task && id.value().equals(task.fromCallId()))
        .isPresent();
  }

  private static Refusal none() {
    return Refusal.notFound(Sentence.of("web.no-call"));
  }
}
