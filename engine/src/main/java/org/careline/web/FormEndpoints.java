package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.customer.ImportResult;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;

/** Questionnaires and their drafts, fault cards, and what sites have answered. */
final class FormEndpoints {
  private static final Set<Role> AUTHORS = EnumSet.of(Role.SCHEDULER, Role.ADMIN);
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final String QUESTIONNAIRES = "/api/v1/questionnaires";
  private static final String ONE = QUESTIONNAIRES + "/{code}";
  private static final String CARDS = "/api/v1/fault-cards";
  private static final String ANSWERS = "/api/v1/campaigns/{code}/rounds/{number}/answers";
  private static final int MOST_DEVICES = 5;

  private final Desks.FormDesk desk;

  FormEndpoints(Desks.FormDesk desk) {
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            QUESTIONNAIRES,
            READERS,
            (context, who) -> context.json(desk.questionnaires())),
        Route.of(HandlerType.POST, QUESTIONNAIRES + "/trial", AUTHORS, this::tryOut),
        Route.of(HandlerType.GET, ONE, READERS, this::questionnaire),
        Route.of(HandlerType.PUT, ONE + "/draft", AUTHORS, this::saveDraft),
        Route.of(HandlerType.DELETE, ONE + "/draft", AUTHORS, this::dropDraft),
        Route.of(
            HandlerType.GET,
            ONE + "/draft/difference",
            READERS,
            (context, who) -> context.json(desk.difference(code(context)))),
        Route.of(HandlerType.POST, ONE + "/draft/rebase", AUTHORS, this::rebase),
        Route.of(HandlerType.POST, ONE + "/publish", AUTHORS, this::publish),
        Route.of(HandlerType.GET, CARDS, Role.ANY, (context, who) -> context.json(desk.faults())),
        Route.of(HandlerType.POST, CARDS, AUTHORS, this::newCard),
        Route.of(HandlerType.PUT, CARDS + "/{id}", AUTHORS, this::changeCard),
        Route.of(HandlerType.DELETE, CARDS + "/{id}", AUTHORS, this::removeCard),
        Route.of(HandlerType.GET, "/api/v1/exports/fault-cards", READERS, this::export),
        Route.of(HandlerType.POST, "/api/v1/imports/fault-cards", AUTHORS, this::read),
        Route.of(HandlerType.PUT, "/api/v1/danger-words", AUTHORS, this::dangerWords),
        Route.of(HandlerType.GET, ANSWERS, READERS, this::answers),
        Route.of(HandlerType.POST, ANSWERS + "/corrections", READERS, this::correct));
  }

  private static String code(Context context) {
    String code = context.pathParam("code");
    if (!code.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
      throw Refusal.notFound(Sentence.of("questionnaire.code"));
    }
    return code;
  }

  private void questionnaire(Context context, Route.Caller who) {
    Optional<Integer> version =
        Optional.ofNullable(context.queryParam("version"))
            .map(text -> Input.number(context, "version", 1, 1, 999_999_999));
    context.json(desk.questionnaire(code(context), version, Speech.of(context)));
  }

  private void saveDraft(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("revision", "from", "document"));
    context.json(
        desk.saveDraft(
            code(context),
            revision(body),
            body.has("from") ? Optional.of(whole(body, "from", 0, 999_999_999)) : Optional.empty(),
            document(body),
            who.principal().login(),
            Speech.of(context)));
  }

  private void dropDraft(Context context, Route.Caller who) {
    desk.dropDraft(
        code(context),
        Input.number(context, "revision", 0, 0, 999_999_999),
        who.principal().login());
    context.status(204);
  }

  private void rebase(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("revision", "onto"));
    context.json(
        desk.rebase(
            code(context),
            revision(body),
            whole(body, "onto", 1, 999_999_999),
            who.principal().login(),
            Speech.of(context)));
  }

  private void publish(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("revision"));
    context.json(
        desk.publish(code(context), revision(body), who.principal().login(), Speech.of(context)));
  }

  private void tryOut(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("code", "document", "devices", "models", "answers"));
    JsonNode given = body.path("answers");
    if (!given.isMissingNode() && !given.isObject()) {
      throw Refusal.invalid("answers", Sentence.of("web.object"));
    }
    context.json(
        desk.tryOut(
            Input.line(body, "code", 64),
            document(body),
            models(body),
            given.isObject() ? Input.answers(given) : Map.of(),
            Speech.of(context)));
  }

  /** Those that are named; where only their number is given, they have models nobody has. */
  private static List<String> models(JsonNode body) {
    List<String> models = new ArrayList<>();
    if (body.has("models")) {
      JsonNode list = body.get("models");
      if (!list.isArray() || list.size() > MOST_DEVICES) {
        throw Refusal.invalid("models", Sentence.of("policy.list"));
      }
      for (JsonNode each : list) {
        if (!each.isTextual()) {
          throw Refusal.invalid("models", Sentence.of("web.text"));
        }
        models.add(Input.oneLine("models", each.textValue(), 128));
      }
    }
    int count = body.has("devices") ? whole(body, "devices", 0, MOST_DEVICES) : 2;
    for (int i = models.size() + 1; !body.has("models") && i <= count; i++) {
      models.add("#" + i);
    }
    return models;
  }

  private static int revision(JsonNode body) {
    return whole(body, "revision", 0, 999_999_999);
  }

  private static int whole(JsonNode body, String field, int least, int most) {
    JsonNode node = body.path(field);
    if (!node.isInt() || node.intValue() < least || node.intValue() > most) {
      throw Refusal.invalid(field, Sentence.of("policy.whole", least, most));
    }
    return node.intValue();
  }

  private static JsonNode document(JsonNode body) {
    JsonNode document = body.path("document");
    if (!document.isObject()) {
      throw Refusal.invalid("document", Sentence.of("web.object"));
    }
    return document;
  }

  // --- fault cards

  private void newCard(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    context.status(201);
    context.json(desk.saveCard(card(body, 0, 1), who.principal().login()));
  }

  private void changeCard(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    context.json(
        desk.saveCard(
            card(body, id(context), whole(body, "version", 1, 999_999_999)),
            who.principal().login()));
  }

  private void removeCard(Context context, Route.Caller who) {
    desk.removeCard(id(context), Input.number(context, "version", 0, 1, 999_999_999));
    context.status(204);
  }

  private static long id(Context context) {
    String id = context.pathParam("id");
    if (!id.matches("[0-9]{1,18}")) {
      throw Refusal.notFound(Sentence.of("fault-card.none"));
    }
    return Long.parseLong(id);
  }

  private static FormViews.CardView card(JsonNode body, long id, int version) {
    Input.only(
        body,
        Set.of(
            "model",
            "faultCode",
            "titleEn",
            "titleZh",
            "askEn",
            "askZh",
            "doEn",
            "doZh",
            "danger",
            "version"));
    JsonNode danger = body.path("danger");
    if (!danger.isMissingNode() && !danger.isBoolean()) {
      throw Refusal.invalid("danger", Sentence.of("rules.flag"));
    }
    return new FormViews.CardView(
        id,
        Input.optionalLine(body, "model", 128),
        Input.optionalLine(body, "faultCode", 32),
        Input.line(body, "titleEn", 200),
        Input.line(body, "titleZh", 200),
        Input.longText(body, "askEn", 2000),
        Input.longText(body, "askZh", 2000),
        Input.longText(body, "doEn", 2000),
        Input.longText(body, "doZh", 2000),
        danger.asBoolean(false),
        version);
  }

  private void export(Context context, Route.Caller who) throws Exception {
    TableWriter.Format format = ReferenceEndpoints.format(context);
    context.contentType(ReferenceEndpoints.type(format));
    context.header(
        "Content-Disposition", "attachment; filename=\"fault-cards." + format.key() + "\"");
    desk.faultFile().write(format, context.outputStream());
  }

  private void read(Context context, Route.Caller who) throws Exception {
    boolean dryRun = Input.flag(context, "dryRun", false);
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    Locale language = Speech.of(context);
    try (InputStream file = context.req().getInputStream()) {
      ImportResult result =
          desk.faultFile().read(file, dryRun, rejects, language, who.principal().login());
      context.json(
          Views.ImportResult.of(result, language, rejects.toString(StandardCharsets.UTF_8)));
    }
  }

  private void dangerWords(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("words"));
    List<String> words = new ArrayList<>();
    for (JsonNode word : body.path("words")) {
      if (!word.isTextual()) {
        throw Refusal.invalid("words", Sentence.of("web.text"));
      }
      words.add(Input.oneLine("words", word.textValue(), 64));
    }
    if (!body.path("words").isArray()) {
      throw Refusal.invalid("words", Sentence.of("policy.list"));
    }
    desk.saveDangerWords(words);
    context.status(204);
  }

  // --- answers

  private void answers(Context context, Route.Caller who) {
    context.json(desk.answers(Input.code(context), number(context), site(context)));
  }

  private void correct(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("site", "key", "value", "why"));
    context.json(
        desk.correct(
            Input.code(context),
            number(context),
            Input.line(body, "site", 64),
            Input.line(body, "key", 83),
            Input.longText(body, "value", 2000),
            who.principal().login(),
            Input.longText(body, "why", 500)));
  }

  private static int number(Context context) {
    String text = context.pathParam("number");
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw Refusal.notFound(Sentence.of("web.no-round"));
    }
    return Integer.parseInt(text);
  }

  private static String site(Context context) {
    String site = context.queryParam("site");
    if (site == null || site.isEmpty()) {
      throw Refusal.invalid("site", Sentence.of("web.text"));
    }
    return Input.oneLine("site", site, 64);
  }
}
