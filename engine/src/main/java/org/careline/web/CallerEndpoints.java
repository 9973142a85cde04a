package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.call.CallId;
import org.careline.customer.Blocklist;
import org.careline.customer.KnownNumber;
import org.careline.customer.NumberBook;
import org.careline.customer.NumberOwner;
import org.careline.language.Sentence;

/** Whose numbers these are, who is not served, and the search for sites. */
final class CallerEndpoints {
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> SEARCHERS = EnumSet.allOf(Role.class);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final int CODE = 64;
  private static final int NUMBER = 64;
  private static final int NOTE = 200;

  private final Desks.CallDesk calls;
  private final CallAccess access;
  private final Desks.People people;

  CallerEndpoints(Desks.CallDesk calls, CallAccess access, Desks.People people) {
    this.calls = calls;
    this.access = access;
    this.people = people;
  }

  /**
   * @param site null = the whole customer's
   * @param call the call in which an agent bound it, null = none
   * @param boundBy login; of a contact's number the file it came with
   * @param boundAt null = not known, of contacts' numbers only
   */
  record NumberView(
      long id,
      String number,
      String customer,
      String customerName,
      String site,
      String siteName,
      String source,
      String call,
      String note,
      String boundBy,
      Instant boundAt) {

    static NumberView of(KnownNumber known) {
      return new NumberView(
          known.id(),
          Masking.mask(known.e164()),
          known.customer().code(),
          known.customer().name(),
          known.site().map(NumberOwner.Site::code).orElse(null),
          known.site().map(NumberOwner.Site::name).orElse(null),
          known.source().key(),
          known.call().orElse(null),
          known.note(),
          known.boundBy(),
          known.boundAt());
    }
  }

  /**
   * @param until null = for good
   */
  record BlockedView(
      long id,
      String number,
      String reason,
      Instant until,
      String blockedBy,
      Instant blockedAt,
      boolean over) {
    static BlockedView of(Blocklist.Blocked blocked) {
      return new BlockedView(
          blocked.id(),
          Masking.mask(blocked.number()),
          blocked.reason(),
          blocked.until().orElse(null),
          blocked.blockedBy(),
          blocked.blockedAt(),
          blocked.over());
    }
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, "/api/v1/sites", SEARCHERS, this::sites),
        Route.of(HandlerType.POST, "/api/v1/calls/{id}/bind", DESK, this::bindCall),
        Route.of(HandlerType.POST, "/api/v1/calls/{id}/block", LEAD, this::blockCall),
        Route.of(HandlerType.GET, "/api/v1/calls/{id}/numbers", DESK, this::ofCall),
        Route.of(HandlerType.GET, "/api/v1/numbers", LEAD, this::numbers),
        Route.of(HandlerType.POST, "/api/v1/numbers", LEAD, this::bind),
        Route.of(HandlerType.DELETE, "/api/v1/numbers/{number}", DESK, this::unbind),
        Route.of(HandlerType.GET, "/api/v1/blocklist", LEAD, this::blocklist),
        Route.of(HandlerType.PUT, "/api/v1/blocklist/{number}", LEAD, this::block),
        Route.of(HandlerType.DELETE, "/api/v1/blocklist/{number}", LEAD, this::free));
  }

  private void sites(Context context, Route.Caller who) {
    String text = Optional.ofNullable(context.queryParam("q")).orElse("");
    context.json(
        people
            .sites()
            .find(Input.oneLine("q", text, CODE), Input.number(context, "limit", 20, 1, 100)));
  }

  /** The number of this call belongs to that site from now on. */
  private void bindCall(Context context, Route.Caller who) throws Exception {
    Views.CallStory story = access.story(Input.callId(context), who);
    CallId id = new CallId(story.call().id());
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("customerCode", "siteCode", "note"));
    if (story.call().callerNumber() == null) {
      throw Refusal.conflict("number_withheld", Sentence.of("callers.withheld"));
    }
    KnownNumber known =
        people
            .numbers()
            .bind(
                new NumberBook.Wish(
                    story.call().callerNumber(),
                    Input.line(body, "customerCode", CODE),
                    Input.optionalText(body, "siteCode", CODE),
                    KnownNumber.Source.CALL,
                    Optional.of(id.value()),
                    Input.optionalLine(body, "note", NOTE)),
                who.principal().login());
    calls.known(id, new NumberOwner(known.customer(), known.site(), known.customer().tierCode()));
    context.status(201);
    context.json(NumberView.of(known));
  }

  /** Where its number is bound to, and what else is bound to whom it is from. */
  private void ofCall(Context context, Route.Caller who) {
    CallId id = Input.callId(context);
    Views.CallStory story = access.story(id, who);
    String number = story.call().callerNumber();
    Set<KnownNumber> bound = new LinkedHashSet<>();
    if (number != null) {
      bound.addAll(people.numbers().of(number));
    }
    calls
        .card(id)
        .filter(card -> card.customer() != null)
        .ifPresent(
            card -> {
              String customer = card.customer().code();
              Optional<String> site = Optional.ofNullable(card.site()).map(Views.SiteView::code);
              bound.addAll(people.numbers().ofOwner(customer, site));
              site.ifPresent(code -> bound.addAll(people.numbers().ofContacts(customer, code)));
            });
    context.json(bound.stream().map(NumberView::of).toList());
  }

  private void numbers(Context context, Route.Caller who) {
    Optional<String> customer =
        Optional.ofNullable(context.queryParam("customer"))
            .map(code -> Input.oneLine("customer", code, CODE));
    context.json(
        people.numbers().list(customer, Input.number(context, "limit", 200, 1, 1000)).stream()
            .map(NumberView::of)
            .toList());
  }

  private void bind(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("number", "customerCode", "siteCode", "note"));
    KnownNumber known =
        people
            .numbers()
            .bind(
                new NumberBook.Wish(
                    Input.line(body, "number", NUMBER),
                    Input.line(body, "customerCode", CODE),
                    Input.optionalText(body, "siteCode", CODE),
                    KnownNumber.Source.HAND,
                    Optional.empty(),
                    Input.optionalLine(body, "note", NOTE)),
                who.principal().login());
    context.status(201);
    context.json(NumberView.of(known));
  }

  /** An agent takes off only what he has bound himself. */
  private void unbind(Context context, Route.Caller who) throws Exception {
    long id = id(context);
    KnownNumber known =
        people
            .numbers()
            .find(id)
            .orElseThrow(() -> Refusal.notFound(Sentence.of("callers.not-bound")));
    if (!who.principal().seesAll() && !known.boundBy().equals(who.principal().login())) {
      throw Refusal.forbidden("not_yours", Sentence.of("callers.not-yours", known.boundBy()));
    }
    people.numbers().unbind(id);
    context.status(204);
  }

  private void blocklist(Context context, Route.Caller who) {
    context.json(
        people.blocklist().list(Input.number(context, "limit", 500, 1, 5000)).stream()
            .map(BlockedView::of)
            .toList());
  }

  private void block(Context context, Route.Caller who) throws Exception {
    block(context, who, Input.oneLine("number", context.pathParam("number"), NUMBER));
  }

  /** Whom nobody has seen the number of. */
  private void blockCall(Context context, Route.Caller who) throws Exception {
    String number = access.story(Input.callId(context), who).call().callerNumber();
    if (number == null) {
      throw Refusal.conflict("number_withheld", Sentence.of("callers.withheld"));
    }
    block(context, who, number);
  }

  private void block(Context context, Route.Caller who, String number) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("reason", "until"));
    people
        .blocklist()
        .block(
            number,
            Input.line(body, "reason", NOTE),
            Input.instant(body, "until"),
            who.principal().login());
    context.status(204);
  }

  private void free(Context context, Route.Caller who) throws Exception {
    people.blocklist().free(id(context));
    context.status(204);
  }

  /** Of an entry: those who see the list do not see the numbers. */
  private static long id(Context context) {
    String text = context.pathParam("number");
    if (!text.matches("[0-9]{1,18}")) {
      throw Refusal.notFound(Sentence.of("callers.not-bound"));
    }
    return Long.parseLong(text);
  }
}
