package org.careline.web;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careline.agent.AgentNumber;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.call.CallRepository;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.customer.NumberOwner;
import org.careline.hotline.Hotline;
import org.careline.hotline.Rules;
import org.careline.language.Sentence;

/**
 * Calls for the console: living ones from the mailbox, past ones from MySQL. With MySQL away a
 * living call still has its short story and can be ended. Thread-safe.
 */
public final class HotlineCalls implements Desks.CallDesk {
  static final Duration ANSWER = Duration.ofSeconds(1);

  private final Mailbox mailbox;
  private final Hotline hotline;
  private final CallRepository repository;
  private final SiteCards cards;

  public HotlineCalls(
      Mailbox mailbox, Hotline hotline, CallRepository repository, SiteCards cards) {
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.repository = repository;
    this.cards = cards;
  }

  /** All living calls and those of them who wait, in their order, seen at one moment. */
  private record Moment(
      List<LiveCall> all, List<LiveCall> order, Map<CallId, Duration> remaining) {}

  @Override
  public List<Views.LiveCall> live() {
    Moment now = mailbox.ask(ANSWER, this::moment);
    Set<CallId> order = now.order().stream().map(LiveCall::id).collect(Collectors.toSet());
    List<Views.LiveCall> views = new ArrayList<>();
    for (LiveCall call : now.all()) {
      if (!order.contains(call.id())) {
        views.add(view(call, null, null));
      }
    }
    for (int i = 0; i < now.order().size(); i++) {
      LiveCall call = now.order().get(i);
      Duration left = now.remaining().get(call.id());
      views.add(view(call, i + 1, left == null ? null : left.toSeconds()));
    }
    return views;
  }

  private Moment moment() {
    List<LiveCall> order = hotline.dispatcher().order();
    Map<CallId, Duration> remaining = new HashMap<>();
    order.forEach(
        call ->
            hotline.forecast().remaining(call.id()).ifPresent(d -> remaining.put(call.id(), d)));
    return new Moment(hotline.calls().live(), order, remaining);
  }

  private static Views.LiveCall view(LiveCall call, Integer position, Long expectedWait) {
    Caller caller = call.caller();
    return new Views.LiveCall(
        call.id().value(),
        caller.lineCode(),
        caller.e164(),
        caller.customerName(),
        caller.siteName(),
        caller.tierCode(),
        call.state().kind(),
        call.since(),
        position,
        call.state().agent().map(AgentNumber::value).orElse(null),
        expectedWait);
  }

  private Optional<LiveCall> living(CallId id) {
    return mailbox.ask(ANSWER, () -> hotline.calls().find(id));
  }

  /**
   * The row of a living call may be milliseconds behind: its agent is taken from the living one.
   */
  @Override
  public Optional<Views.CallStory> story(CallId id) {
    Optional<LiveCall> living = living(id);
    Optional<CallRepository.Story> stored;
    try {
      stored = repository.story(id);
    } catch (RuntimeException away) {
      if (living.isEmpty()) {
        throw away;
      }
      stored = Optional.empty();
    }
    if (stored.isEmpty()) {
      return living.map(
          call -> new Views.CallStory(row(call), said(call.caller()), List.of(), List.of()));
    }
    CallRepository.Story story = stored.get();
    Set<String> agents = new TreeSet<>(story.agents());
    living.flatMap(call -> call.state().agent()).ifPresent(agent -> agents.add(agent.value()));
    return Optional.of(
        new Views.CallStory(
            living.map(HotlineCalls::row).orElseGet(() -> row(story.call())),
            said(story.call()),
            story.events().stream()
                .map(
                    event ->
                        new Views.CallEvent(
                            event.at(), event.kind(), event.detail(), event.replayed()))
                .toList(),
            List.copyOf(agents)));
  }

  @Override
  public StoryText.Names names() {
    Rules rules = mailbox.ask(ANSWER, () -> hotline.dispatcher().rules());
    return new StoryText.Names() {
      @Override
      public String agent(String number) {
        return number.matches("[0-9]{3,8}") ? rules.agentName(new AgentNumber(number)) : number;
      }

      @Override
      public String tier(String code, Locale language) {
        return rules.tierName(code, language);
      }
    };
  }

  private static String said(Caller caller) {
    return said(caller.e164(), caller.customerCode(), caller.siteCode());
  }

  private static String said(CallRepository.Row row) {
    return said(row.callerE164(), row.customerCode(), row.siteCode());
  }

  /** Keys, not sentences: number_withheld, number_unknown, customer, site. */
  private static String said(String number, String customer, String site) {
    if (number == null) {
      return "number_withheld";
    }
    if (customer == null) {
      return "number_unknown";
    }
    return site == null ? "customer" : "site";
  }

  private static Views.CallRow row(LiveCall call) {
    Caller caller = call.caller();
    Optional<CallState.Answer> answer = call.state().place().flatMap(CallState.Place::answered);
    return new Views.CallRow(
        call.id().value(),
        caller.lineCode(),
        caller.dialled(),
        caller.e164(),
        caller.customerName(),
        caller.siteName(),
        caller.tierCode(),
        call.arrivedAt(),
        call.joinedAt().orElse(null),
        answer.map(CallState.Answer::at).orElse(null),
        null,
        null,
        null,
        call.state()
            .agent()
            .or(() -> answer.map(CallState.Answer::agent))
            .map(AgentNumber::value)
            .orElse(null),
        null,
        null,
        false);
  }

  private static Views.CallRow row(CallRepository.Row row) {
    return new Views.CallRow(
        row.id(),
        row.lineCode(),
        row.dialled(),
        row.callerE164(),
        row.customerName(),
        row.siteName(),
        row.tierCode(),
        row.arrivedAt(),
        row.joinedAt(),
        row.answeredAt(),
        row.endedAt(),
        row.outcome(),
        row.endedBy(),
        row.agentNumber(),
        row.waitMs(),
        row.talkMs(),
        row.recording() != null);
  }

  @Override
  public Views.CallPage list(
      Instant from, Instant to, int limit, Optional<String> cursor, CallFilter filter) {
    CallRepository.Page page;
    try {
      page = repository.list(from, to, limit, cursor, filter);
    } catch (IllegalArgumentException notOurs) {
      throw Refusal.invalid("cursor", Sentence.of("web.cursor"));
    }
    return new Views.CallPage(page.calls().stream().map(HotlineCalls::row).toList(), page.next());
  }

  @Override
  public Optional<Views.Card> card(CallId id) {
    Optional<Views.Card> known =
        living(id).map(call -> cards.now(id, call.caller())).or(() -> cards.last(id));
    return known.isPresent() ? known : repository.find(id).map(row -> cards.whole(id, caller(row)));
  }

  private static Caller caller(CallRepository.Row row) {
    return new Caller(
        row.dialled(),
        row.lineCode(),
        row.callerRaw(),
        row.callerE164(),
        row.customerId(),
        row.customerCode(),
        row.customerName(),
        row.siteId(),
        row.siteCode(),
        row.siteName(),
        row.tierCode());
  }

  @Override
  public Optional<Path> recording(CallId id) {
    return hotline.recordings().find(id);
  }

  /** Also in the work after the call, when only its row is left: what was routed stays. */
  @Override
  public void known(CallId id, NumberOwner owner) {
    boolean lives =
        mailbox.ask(
            ANSWER,
            () -> {
              Optional<LiveCall> call = hotline.calls().find(id);
              call.ifPresent(
                  living ->
                      hotline
                          .calls()
                          .recognised(
                              id,
                              new Calls.Known(
                                  known(living.caller(), owner).knownBy(Caller.BY_AGENT),
                                  living.handling())));
              return call.isPresent();
            });
    if (!lives) {
      repository.known(
          id, owner.customer().id(), owner.site().map(NumberOwner.Site::id), Caller.BY_AGENT);
      repository.find(id).ifPresent(row -> cards.now(id, caller(row)));
    }
  }

  private static Caller known(Caller caller, NumberOwner owner) {
    Optional<NumberOwner.Site> site = owner.site();
    return new Caller(
        caller.dialled(),
        caller.lineCode(),
        caller.raw(),
        caller.e164(),
        owner.customer().id(),
        owner.customer().code(),
        owner.customer().name(),
        site.map(NumberOwner.Site::id).orElse(null),
        site.map(NumberOwner.Site::code).orElse(null),
        site.map(NumberOwner.Site::name).orElse(null),
        owner.tierCode(),
        caller.language(),
        caller.menuChoice(),
        caller.skill(),
        caller.handedTo(),
        caller.knownBy());
  }

  @Override
  public void hangUp(CallId id) {
    mailbox.execute(() -> hotline.calls().hangUp(id));
  }
}
