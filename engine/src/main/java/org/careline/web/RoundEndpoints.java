package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.callback.RoundSelection;
import org.careline.language.Sentence;

/** Campaigns and their rounds. */
final class RoundEndpoints {
  private static final Set<Role> PLANNERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final String ROUNDS = "/api/v1/campaigns/{code}/rounds";

  private final Desks.RoundDesk rounds;

  RoundEndpoints(Desks.RoundDesk rounds) {
    this.rounds = rounds;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            "/api/v1/campaigns",
            PLANNERS,
            (context, who) -> context.json(rounds.campaigns())),
        Route.of(
            HandlerType.GET,
            "/api/v1/campaigns/{code}/appointments",
            PLANNERS,
            (context, who) ->
                context.json(
                    rounds.appointments(
                        Input.code(context),
                        Optional.of(Input.number(context, "round", 0, 0, 1_000_000))
                            .filter(round -> round > 0),
                        Input.instant(context, "from"),
                        Input.instant(context, "until")))),
        Route.of(HandlerType.POST, ROUNDS, PLANNERS, this::open),
        Route.of(
            HandlerType.GET,
            ROUNDS + "/current",
            PLANNERS,
            (context, who) ->
                context.json(
                    rounds
                        .current(Input.code(context), number(context))
                        .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-round"))))),
        Route.of(
            HandlerType.POST,
            ROUNDS + "/current/close",
            PLANNERS,
            (context, who) -> {
              rounds.close(Input.code(context), number(context));
              context.status(204);
            }),
        Route.of(
            HandlerType.POST,
            ROUNDS + "/current/pause",
            PLANNERS,
            (context, who) -> {
              rounds.pause(Input.code(context), number(context));
              context.status(204);
            }),
        Route.of(
            HandlerType.POST,
            ROUNDS + "/current/resume",
            PLANNERS,
            (context, who) -> {
              rounds.resume(Input.code(context), number(context));
              context.status(204);
            }),
        Route.of(HandlerType.POST, ROUNDS + "/current/extend", PLANNERS, this::extend),
        Route.of(
            HandlerType.GET,
            ROUNDS + "/current/report",
            PLANNERS,
            (context, who) ->
                context.json(
                    rounds
                        .report(Input.code(context))
                        .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-round"))))));
  }

  /** Absent = the newest. */
  private static Optional<Integer> number(Context context) {
    return context.queryParam("round") == null
        ? Optional.empty()
        : Optional.of(Input.number(context, "round", 0, 1, 999_999_999));
  }

  private void open(Context context, Route.Caller who) throws Exception {
    String campaign = Input.code(context);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("opensAt", "closesAt", "sites"));
    context.status(201);
    context.json(
        rounds.open(
            campaign,
            Input.instant(body, "opensAt"),
            Input.instant(body, "closesAt"),
            selection(body.path("sites"))));
  }

  private static RoundSelection selection(JsonNode sites) {
    if (sites.isMissingNode() || sites.isNull()) {
      return new RoundSelection.All();
    }
    if (!sites.isObject()) {
      throw Refusal.invalid("sites", Sentence.of("web.object"));
    }
    Input.only(sites, Set.of("regions", "trades", "tiers", "sites"));
    RoundSelection.Some some =
        new RoundSelection.Some(
            codes(sites, "regions"),
            codes(sites, "trades"),
            codes(sites, "tiers"),
            codes(sites, "sites"));
    if (some.empty()) {
      throw Refusal.invalid("sites", Sentence.of("round.nothing-chosen"));
    }
    return some;
  }

  private static List<String> codes(JsonNode sites, String name) {
    List<String> codes = new ArrayList<>();
    JsonNode given = sites.path(name);
    if (!given.isMissingNode() && !given.isArray()) {
      throw Refusal.invalid("sites." + name, Sentence.of("cadence.list"));
    }
    if (given.size() > RoundSelection.MOST_CODES) {
      throw Refusal.invalid(
          "sites." + name, Sentence.of("round.too-many", RoundSelection.MOST_CODES));
    }
    for (JsonNode each : given) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw Refusal.invalid("sites." + name, Sentence.of("web.text"));
      }
      codes.add(Input.oneLine("sites." + name, each.textValue(), 64));
    }
    return codes;
  }

  private void extend(Context context, Route.Caller who) throws Exception {
    String campaign = Input.code(context);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("closesAt"));
    rounds.extend(campaign, number(context), Input.instant(body, "closesAt"));
    context.status(204);
  }
}
