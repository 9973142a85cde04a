package org.careline.callback;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.careline.questionnaire.AnswerKey;

/** A site an attempt that goes on is for, in memory. Confined to the mailbox. */
final class LiveSite {
  final ClaimedSite site;
  final SiteForm form;

  /** As they stand now. */
  final Map<AnswerKey, String> answers;

  /** What it came to; empty while that is open. */
  Optional<Disposition> disposition;

  /** The calls that count, this one left out. */
  History history = History.NONE;

  /** Somebody has been told of a danger, or is being told; false again when that has failed. */
  volatile boolean escalated;

  LiveSite(ClaimedSite site, SiteForm form) {
    this(site, form, Optional.empty());
  }

  LiveSite(ClaimedSite site, SiteForm form, Optional<Disposition> disposition) {
    this.site = site;
    this.form = form;
    this.answers = new HashMap<>(form.answers());
    this.disposition = disposition;
  }

  boolean open() {
    return disposition.isEmpty();
  }
}
