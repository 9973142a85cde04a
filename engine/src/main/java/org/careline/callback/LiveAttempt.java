package org.careline.callback;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;

/** An attempt that goes on, in memory. Confined to the mailbox. */
final class LiveAttempt {
  final CallId id;

  /** The one it was begun for: its campaign's rules are the attempt's. */
  final ClaimedSite site;

  /** All it is for, {@link #site} first. */
  final List<LiveSite> sites;

  final String e164;
  final String extension;
  final AgentNumber agent;
  final Campaign.Mode mode;

  /** The hotline's call it is asked in; empty = it is rung by us. */
  final Optional<CallId> call;

  AttemptState state;
  Optional<Instant> answeredAt;

  LiveAttempt(Attempt attempt, List<LiveSite> sites, AttemptState state) {
    this.id = attempt.id();
    this.site = sites.getFirst().site;
    this.sites = List.copyOf(sites);
    this.e164 = attempt.e164();
    this.extension = attempt.extension();
    this.agent = attempt.agent().orElseThrow();
    this.mode = attempt.mode();
    this.call = attempt.call();
    this.state = state;
    this.answeredAt = attempt.answeredAt();
  }

  /** Those that have come to nothing yet. */
  List<LiveSite> open() {
    return sites.stream().filter(LiveSite::open).toList();
  }

  /** Whether each site that is still to be asked about may be rung now. */
  boolean permitted(Instant now) {
    return open().stream().allMatch(each -> CallingRules.open(each.site.calling(), now));
  }

  Optional<LiveSite> site(String code) {
    return sites.stream().filter(each -> each.site.siteCode().equals(code)).findFirst();
  }

  /** Nobody has answered, but the agent has heard, or hears, what is played instead. */
  boolean onlyHeard() {
    return state instanceof AttemptState.Heard
        || state instanceof AttemptState.Dialling dialling && dialling.listening();
  }
}
