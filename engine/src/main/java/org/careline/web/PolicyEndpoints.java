package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.language.Sentence;

/** How lines treat their callers: policies, tiers, account managers, leave calendar. */
final class PolicyEndpoints {
  private static final Set<Role> BOSSES = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);

  /** Who edits or looks at lines chooses among them. */
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);

  private static final String POLICIES = "/api/v1/policies";
  private static final String TIERS = "/api/v1/tiers";
  private static final String MANAGERS = "/api/v1/account-managers";
  private static final String LEAVES = "/api/v1/leaves";

  private final Desks.PolicyDesk desk;

  PolicyEndpoints(Desks.PolicyDesk desk) {
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET, POLICIES, READERS, (context, who) -> context.json(desk.policies())),
        Route.of(HandlerType.POST, POLICIES, BOSSES, this::create),
        Route.of(HandlerType.POST, POLICIES + "/check", BOSSES, this::check),
        Route.of(
            HandlerType.GET,
            POLICIES + "/vocabulary",
            BOSSES,
            (context, who) -> context.json(desk.vocabulary())),
        Route.of(HandlerType.GET, POLICIES + "/{code}", BOSSES, this::policy),
        Route.of(HandlerType.PUT, POLICIES + "/{code}", BOSSES, this::save),
        Route.of(HandlerType.GET, TIERS, Role.ANY, (context, who) -> context.json(desk.tiers())),
        Route.of(
            HandlerType.POST,
            TIERS,
            BOSSES,
            (context, who) -> {
              JsonNode body = Input.object(context);
              tier(context, body, Input.line(body, "code", 32), false);
              context.status(201);
            }),
        Route.of(
            HandlerType.PUT,
            TIERS + "/{code}",
            BOSSES,
            (context, who) ->
                tier(context, Input.object(context), context.pathParam("code"), true)),
        Route.of(
            HandlerType.DELETE,
            TIERS + "/{code}",
            BOSSES,
            (context, who) -> {
              desk.removeTier(context.pathParam("code"));
              context.status(204);
            }),
        Route.of(
            HandlerType.GET, MANAGERS, BOSSES, (context, who) -> context.json(desk.managers())),
        Route.of(HandlerType.PUT, MANAGERS + "/{name}", BOSSES, this::manager),
        Route.of(
            HandlerType.DELETE,
            MANAGERS + "/{name}",
            BOSSES,
            (context, who) -> {
              desk.removeManager(context.pathParam("name"));
              context.status(204);
            }),
        Route.of(HandlerType.GET, LEAVES, BOSSES, (context, who) -> context.json(desk.leaves())),
        Route.of(HandlerType.POST, LEAVES, BOSSES, this::leave),
        Route.of(
            HandlerType.DELETE,
            LEAVES + "/{id}",
            BOSSES,
            (context, who) -> {
              String id = context.pathParam("id");
              if (!id.matches("[0-9]{1,18}")) {
                throw Refusal.notFound(Sentence.of("policy.no-leave"));
              }
              desk.removeLeave(Long.parseLong(id));
              context.status(204);
            }));
  }

  private void policy(Context context, Route.Caller who) {
    String code = context.pathParam("code");
    Optional<Integer> version =
        Optional.ofNullable(context.queryParam("version"))
            .map(text -> Input.number(context, "version", 1, 1, 999_999_999));
    context.json(
        desk.policy(code, version)
            .orElseThrow(() -> Refusal.notFound(Sentence.of("policy.none", shown(code)))));
  }

  private void create(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("code", "document"));
    context.status(201);
    context.json(
        desk.save(
            Input.line(body, "code", 32),
            0,
            document(body),
            who.principal().login(),
            Speech.of(context)));
  }

  private void save(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "document"));
    JsonNode version = body.path("version");
    if (!version.isInt() || version.intValue() < 1) {
      throw Refusal.invalid("version", Sentence.of("policy.whole", 1, 999_999_999));
    }
    context.json(
        desk.save(
            context.pathParam("code"),
            version.intValue(),
            document(body),
            who.principal().login(),
            Speech.of(context)));
  }

  private void check(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("document"));
    context.json(Map.of("problems", desk.check("check", document(body), Speech.of(context))));
  }

  private static JsonNode document(JsonNode body) {
    JsonNode document = body.path("document");
    if (!document.isObject()) {
      throw Refusal.invalid("document", Sentence.of("policy.object"));
    }
    return document;
  }

  private void tier(Context context, JsonNode body, String code, boolean there) {
    Input.only(body, Set.of("code", "nameEn", "nameZh", "rank", "weight", "minGrade"));
    JsonNode weight = body.path("weight");
    if (!weight.isNumber()) {
      throw Refusal.invalid("weight", Sentence.of("policy.weight"));
    }
    PolicyViews.TierView tier =
        new PolicyViews.TierView(
            code,
            Input.line(body, "nameEn", 64),
            Input.line(body, "nameZh", 64),
            whole(body, "rank", 100_000),
            weight.doubleValue(),
            whole(body, "minGrade", 5));
    desk.saveTier(tier, there);
    context.json(tier);
  }

  private static int whole(JsonNode body, String field, int most) {
    JsonNode node = body.path(field);
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > most) {
      throw Refusal.invalid(field, Sentence.of("policy.whole", 1, most));
    }
    return node.intValue();
  }

  private void manager(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("login", "deputy", "mobile"));
    desk.saveManager(
        new PolicyViews.ManagerView(
            Input.oneLine("name", context.pathParam("name"), 64),
            true,
            Input.optionalText(body, "login", 64).orElse(null),
            Input.optionalText(body, "deputy", 64).orElse(null),
            Input.optionalText(body, "mobile", 32).orElse(null)));
    context.status(204);
  }

  private void leave(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("login", "from", "to", "deputy"));
    context.status(201);
    context.json(
        desk.addLeave(
            new PolicyViews.LeaveView(
                0,
                Input.line(body, "login", 64),
                at(body, "from"),
                at(body, "to"),
                Input.optionalText(body, "deputy", 64).orElse(null))));
  }

  private static Instant at(JsonNode body, String field) {
    return Input.instant(body, field)
        .orElseThrow(() -> Refusal.invalid(field, Sentence.of("web.instant")));
  }

  private static String shown(String text) {
    return text.length() > 32 ? text.substring(0, 32) : text;
  }
}
