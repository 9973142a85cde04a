package org.careline.web;

import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.language.Sentence;

/** For an engine that runs no callbacks: no attempt is anybody's. */
public final class NoAttempts implements Desks.AttemptDesk {
  @Override
  public Optional<AgentNumber> agentOf(CallId attempt) {
    return Optional.empty();
  }

  @Override
  public void dial(CallId attempt) {
    throw Refusal.notFound(Sentence.of("web.no-attempt"));
  }

  @Override
  public void hangUp(CallId attempt) {
    throw Refusal.notFound(Sentence.of("web.no-attempt"));
  }

  @Override
  public void keys(CallId attempt, String keys) {
    throw Refusal.notFound(Sentence.of("web.no-attempt"));
  }

  @Override
  public void answers(
      CallId attempt, Optional<String> site, String login, Map<String, String> answers) {
    throw Refusal.notFound(Sentence.of("web.no-attempt"));
  }

  @Override
  public void disposition(CallId attempt, String login, Views.DispositionForm form) {
    throw Refusal.notFound(Sentence.of("web.no-attempt"));
  }
}
