package org.careline.callback;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/**
 * An attempt as its agent sees it. Immutable.
 *
 * @param state {@link AttemptState#seen}
 * @param form as it was when the attempt began
 * @param answers as they stand now, by {@link org.careline.questionnaire.AnswerKey} in text form
 * @param sites all it is for, the one with {@code site}, {@code form} and {@code answers} first
 * @param call the hotline's call it is asked in; empty = rung by us
 */
public record AttemptView(
    CallId id,
    AgentNumber agent,
    String state,
    Campaign.Mode mode,
    String e164,
    String extension,
    ClaimedSite site,
    SiteForm form,
    Map<String, String> answers,
    List<Of> sites,
    Optional<CallId> call) {

  /**
   * A site the attempt is for.
   *
   * @param disposition what it came to; empty = open
   */
  public record Of(
      ClaimedSite site,
      SiteForm form,
      Map<String, String> answers,
      Optional<Disposition> disposition) {
    public Of {
      answers = Map.copyOf(answers);
    }

    static Of of(LiveSite live) {
      Map<String, String> answers = new HashMap<>();
      live.answers.forEach((key, value) -> answers.put(key.toString(), value));
      return new Of(live.site, live.form, answers, live.disposition);
    }
  }

  public AttemptView {
    answers = Map.copyOf(answers);
    sites = List.copyOf(sites);
  }

  static AttemptView of(LiveAttempt live) {
    List<Of> sites = live.sites.stream().map(Of::of).toList();
    return new AttemptView(
        live.id,
        live.agent,
        live.state.seen(),
        live.mode,
        live.e164,
        live.extension,
        live.site,
        sites.getFirst().form(),
        sites.getFirst().answers(),
        sites,
        live.call);
  }
}
