package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.call.Outcome;
import org.careline.language.Sentence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Living and past calls. An agent reaches only calls that were offered to him or that he calls back
 * now; another's call is not told apart from none. Numbers are masked for everybody.
 */
final class CallEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(CallEndpoints.class);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final int LINE = 64;
  private static final Duration LONGEST_SPAN = Duration.ofDays(366);

  private final Desks.CallDesk calls;
  private final CallAccess access;
  private final InstantSource clock;

  CallEndpoints(Desks.CallDesk calls, CallAccess access, InstantSource clock) {
    this.calls = calls;
    this.access = access;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, "/api/v1/calls/live", Role.ANY, this::live),
        Route.of(HandlerType.GET, "/api/v1/calls", DESK, this::list),
        Route.of(HandlerType.GET, "/api/v1/calls/{id}", DESK, this::story),
        Route.of(HandlerType.GET, "/api/v1/calls/{id}/card", DESK, this::card),
        Route.of(HandlerType.GET, "/api/v1/calls/{id}/recording", DESK, this::recording),
        Route.of(HandlerType.POST, "/api/v1/calls/{id}/hang-up", DESK, this::hangUp));
  }

  private void live(Context context, Route.Caller who) {
    context.json(calls.live().stream().map(Views.LiveCall::masked).toList());
  }

  private void list(Context context, Route.Caller who) {
    Instant to = Input.instant(context, "to").orElseGet(clock::instant);
    Instant from = Input.instant(context, "from").orElseGet(() -> to.minus(Duration.ofDays(1)));
    if (from.isAfter(to) || Duration.between(from, to).compareTo(LONGEST_SPAN) > 0) {
      throw Refusal.invalid("from", Sentence.of("web.from"));
    }
    int limit = Input.number(context, "limit", 50, 1, 500);
    Optional<String> cursor = Optional.ofNullable(context.queryParam("cursor"));
    cursor.ifPresent(CallEndpoints::checkCursor);
    boolean all = who.principal().seesAll();
    CallFilter filter =
        new CallFilter(
            all ? Optional.empty() : Optional.of(who.principal().requireAgent().value()),
            Optional.ofNullable(context.queryParam("line"))
                .map(line -> Input.oneLine("line", line, LINE)),
            Optional.ofNullable(context.queryParam("number")).map(text -> number(text, all)),
            Optional.ofNullable(context.queryParam("outcome"))
                .map(
                    text ->
                        Outcome.of(text)
                            .orElseThrow(
                                () -> Refusal.invalid("outcome", Sentence.of("web.outcome")))));
    Views.CallPage page = calls.list(from, to, limit, cursor, filter);
    context.json(
        new Views.CallPage(page.calls().stream().map(Views.CallRow::masked).toList(), page.next()));
  }

  /**
   * More than a masked number shows must not be found by trying; who sees all calls may look for a
   * number he knows.
   */
  private static String number(String text, boolean whole) {
    String digits = text.replaceAll("[ -]", "");
    if (!digits.matches(whole ? "[0-9]{1,4}|\\+?[0-9]{7,20}" : "[0-9]{1,4}")) {
      throw Refusal.invalid("number", Sentence.of(whole ? "web.number-or-end" : "web.last-digits"));
    }
    return digits;
  }

  private static void checkCursor(String cursor) {
    if (!cursor.matches("[A-Za-z0-9._:-]{1,128}")) {
      throw Refusal.invalid("cursor", Sentence.of("web.cursor"));
    }
  }

  private Views.CallStory allowed(Context context, Route.Caller who) {
    return access.story(Input.callId(context), who);
  }

  private void story(Context context, Route.Caller who) {
    Views.CallStory story = allowed(context, who);
    ObjectNode answer = Json.MAPPER.valueToTree(story.call().masked());
    answer.put("recognition", story.recognition());
    answer.put("recorded", recorded(new CallId(story.call().id())).isPresent());
    JsonNode shown = Masking.maskInside(Json.MAPPER.valueToTree(story.events()));
    answer.set("events", shown);
    answer.set(
        "story", Json.MAPPER.valueToTree(StoryText.of(shown, calls.names(), Speech.of(context))));
    context.json(answer);
  }

  private void card(Context context, Route.Caller who) {
    allowed(context, who);
    Views.Card card =
        calls
            .card(Input.callId(context))
            .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-call")));
    context.json(card.masked());
  }

  /** Each listening leaves a line in the log: recordings are personal data. */
  private void recording(Context context, Route.Caller who) throws IOException {
    Views.CallStory story = allowed(context, who);
    CallId id = new CallId(story.call().id());
    Path file = recorded(id).orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-recording")));
    LOG.info("recording of {} given to {}", id, who.principal().login());
    ByteRange.send(context, file, "audio/wav", id + ".wav");
  }

  private Optional<Path> recorded(CallId id) {
    return calls.recording(id).filter(Files::isRegularFile);
  }

  private void hangUp(Context context, Route.Caller who) {
    Views.CallStory story = allowed(context, who);
    Principal principal = who.principal();
    if (!principal.seesAll()
        && !principal.requireAgent().value().equals(story.call().agentNumber())) {
      throw Refusal.conflict("not_your_call", Sentence.of("web.not-your-call"));
    }
    if (story.call().outcome() != null) {
      throw Refusal.conflict("call_ended", Sentence.of("web.call-ended"));
    }
    calls.hangUp(new CallId(story.call().id()));
    context.status(204);
  }
}
