package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.customer.Disclosures;
import org.careline.customer.ImportResult;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.careline.matter.Contact;
import org.careline.matter.Dangers;
import org.careline.matter.Decision;
import org.careline.matter.Matter;
import org.careline.matter.MatterFilter;
import org.careline.matter.MatterForm;
import org.careline.matter.MatterKind;
import org.careline.matter.Matters;

/** What callers call about. Numbers are masked. */
final class MatterEndpoints {
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.SUPERVISOR, Role.ADMIN);
  private static final String MATTERS = "/api/v1/matters";
  private static final String ONE = MATTERS + "/{matter}";
  private static final int CODE = 64;
  private static final int TEXT = 2000;
  private static final Set<String> FORM =
      Set.of(
          "kind",
          "customer",
          "site",
          "deviceId",
          "device",
          "number",
          "faultCode",
          "description",
          "openedAt",
          "version",
          "contact");

  private final CallAccess calls;
  private final Desks.AttemptDesk attempts;
  private final Matters matters;
  private final Desks.People people;
  private final long mostBytes;
  private final InstantSource clock;
  private final Supplier<Disclosures> disclosures;

  MatterEndpoints(
      CallAccess calls,
      Desks.AttemptDesk attempts,
      Desks.People people,
      long mostBytes,
      Supplier<Disclosures> disclosures,
      InstantSource clock) {
    this.calls = calls;
    this.attempts = attempts;
    this.people = people;
    this.matters = people.matters();
    this.mostBytes = mostBytes;
    this.disclosures = disclosures;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            "/api/v1/matter-kinds",
            DESK,
            (context, who) -> context.json(matters.kinds().stream().map(KindView::of).toList())),
        Route.of(HandlerType.PUT, "/api/v1/matter-kinds/{kind}", LEAD, this::saveKind),
        Route.of(HandlerType.GET, MATTERS, DESK, this::list),
        Route.of(HandlerType.POST, MATTERS, DESK, this::open),
        Route.of(HandlerType.GET, ONE, DESK, this::find),
        Route.of(HandlerType.PUT, ONE, DESK, this::change),
        Route.of(HandlerType.POST, ONE + "/contacts", DESK, this::join),
        Route.of(HandlerType.DELETE, ONE + "/contacts/{contact}/{id}", DESK, this::part),
        Route.of(HandlerType.POST, ONE + "/result", DESK, this::decide),
        Route.of(HandlerType.POST, ONE + "/dispatched", DESK, this::dispatched),
        Route.of(HandlerType.POST, ONE + "/done", DESK, this::done),
        Route.of(HandlerType.POST, ONE + "/reopen", DESK, this::reopen),
        Route.of(
            HandlerType.GET,
            "/api/v1/calls/{id}/matters",
            DESK,
            (context, who) -> of(context, who, Contact.Kind.CALL)),
        Route.of(HandlerType.POST, "/api/v1/calls/{id}/danger", DESK, this::warn),
        Route.of(
            HandlerType.GET,
            "/api/v1/attempts/{id}/matters",
            DESK,
            (context, who) -> of(context, who, Contact.Kind.ATTEMPT)),
        Route.of(HandlerType.GET, "/api/v1/exports/matters", LEAD, this::export),
        Route.of(HandlerType.POST, "/api/v1/imports/matters", LEAD, this::read));
  }

  /**
   * @param parent null = of the first level
   */
  record KindView(
      String code,
      String parent,
      String nameEn,
      String nameZh,
      boolean byPhone,
      int position,
      boolean active) {
    static KindView of(MatterKind kind) {
      return new KindView(
          kind.code(),
          kind.parent().orElse(null),
          kind.nameEn(),
          kind.nameZh(),
          kind.byPhone(),
          kind.position(),
          kind.active());
    }
  }

  private static ObjectNode view(Matter matter) {
    ObjectNode view = Json.MAPPER.valueToTree(matter);
    view.remove("siteId");
    view.put("state", matter.state().key());
    view.put("source", matter.source().key());
    view.put("result", matter.result() == null ? null : matter.result().key());
    view.put("number", Masking.mask(matter.number()));
    return view;
  }

  private static List<ObjectNode> views(List<Matter> matters) {
    return matters.stream().map(MatterEndpoints::view).toList();
  }

  private static Matters.Person person(Route.Caller who) {
    Principal principal = who.principal();
    return new Matters.Person(principal.login(), principal.agent().map(AgentNumber::value));
  }

  private static long id(Context context) {
    String text = context.pathParam("matter");
    if (!text.matches("[0-9]{1,18}")) {
      throw Refusal.notFound(Sentence.of("matter.no-matter"));
    }
    return Long.parseLong(text);
  }

  private void saveKind(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("parent", "nameEn", "nameZh", "byPhone", "position", "active"));
    matters.saveKind(
        new MatterKind(
            context.pathParam("kind"),
            Input.optionalText(body, "parent", CODE),
            Input.line(body, "nameEn", CODE),
            Input.line(body, "nameZh", CODE),
            flag(body, "byPhone"),
            whole(body, "position", 0),
            flag(body, "active")));
    context.status(204);
  }

  private void list(Context context, Route.Caller who) {
    Optional<Long> before =
        query(context, "before", "[0-9]{1,18}", Sentence.of("web.cursor")).map(Long::parseLong);
    MatterFilter.Page page =
        matters.list(filter(context), before, Input.number(context, "limit", 50, 1, 500));
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("matters", Json.MAPPER.valueToTree(views(page.matters())));
    answer.put("next", page.next() == null ? null : String.valueOf(page.next()));
    context.json(answer);
  }

  private MatterFilter filter(Context context) {
    Optional<Matter.State> state =
        Optional.ofNullable(context.queryParam("state"))
            .map(
                text ->
                    Matter.State.of(text)
                        .orElseThrow(() -> Refusal.invalid("state", Sentence.of("matter.states"))));
    return new MatterFilter(
        Input.oneLine("q", Optional.ofNullable(context.queryParam("q")).orElse(""), CODE),
        state,
        Input.flag(context, "undone", false),
        line(context, "who"),
        line(context, "kind"),
        line(context, "customer"),
        line(context, "site"),
        Input.instant(context, "from"),
        Input.instant(context, "to"),
        Input.flag(context, "overdue", false)
            ? Optional.of(clock.instant())
            : Input.instant(context, "dueBefore"));
  }

  private static Optional<String> line(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name))
        .map(text -> Input.oneLine(name, text, CODE));
  }

  private static Optional<String> query(
      Context context, String name, String pattern, Sentence otherwise) {
    Optional<String> text = Optional.ofNullable(context.queryParam(name));
    if (text.filter(value -> !value.matches(pattern)).isPresent()) {
      throw Refusal.invalid(name, otherwise);
    }
    return text;
  }

  private void open(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, FORM);
    Optional<Contact> contact =
        body.hasNonNull("contact")
            ? Optional.of(contact(body.get("contact"), who))
            : Optional.empty();
    // who calls is not typed again: his number was shown masked
    Optional<String> calling =
        contact
            .map(one -> matters.of(one).suggestion().number())
            .filter(number -> !number.isEmpty());
    MatterForm form = form(body, calling);
    Optional<Dangers.Told> told =
        contact.flatMap(one -> people.dangers().look(one, form, person(who)));
    Matter opened = matters.open(form, contact, person(who));
    if (contact.isEmpty()) {
      told = people.dangers().lookAtOpened(opened.id(), form, person(who));
    }
    context.status(201);
    context.json(with(told, view(opened)));
  }

  private void change(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, FORM);
    Matters.Whole whole = whole(context);
    Matter before = whole.matter();
    MatterForm form = form(body, Optional.ofNullable(before.number()));
    boolean same =
        before.description().equals(form.description())
            && before.faultCode().equals(form.faultCode());
    Optional<Dangers.Told> told =
        same
            ? Optional.empty()
            : contact(whole)
                .map(one -> people.dangers().look(one, form, person(who)))
                .orElseGet(() -> people.dangers().look(before.id(), form, person(who)));
    Matter changed = matters.change(before.id(), version(body), form, person(who));
    context.json(with(told, view(changed)));
  }

  /** The last call it is about; who writes may know of the matter, so of its danger too. */
  private static Optional<Contact> contact(Matters.Whole whole) {
    return whole.contacts().stream()
        .reduce((first, second) -> second)
        .flatMap(
            joined -> Contact.Kind.of(joined.kind()).map(kind -> new Contact(kind, joined.id())));
  }

  private Optional<Dangers.Told> said(Context context, String note, Route.Caller who) {
    if (note.isBlank()) {
      return Optional.empty();
    }
    Matters.Whole whole = whole(context);
    return people.dangers().look(whole.matter(), contact(whole), note, person(who));
  }

  private static ObjectNode with(Optional<Dangers.Told> told, ObjectNode view) {
    view.set("danger", told.<JsonNode>map(MatterEndpoints::view).orElse(null));
    return view;
  }

  private static ObjectNode view(Dangers.Told told) {
    ObjectNode view = Json.MAPPER.createObjectNode();
    view.put("word", told.word());
    view.put("by", told.by());
    view.set("at", Json.MAPPER.valueToTree(told.at()));
    view.put("to", told.to().orElse(null));
    return view;
  }

  /** A text that is still being written holds danger: somebody must know before it is saved. */
  private void warn(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("text", "customer", "site"));
    Contact call = contact(Contact.Kind.CALL.key(), context.pathParam("id"), who);
    String text = Input.longText(body, "text", TEXT);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set(
        "danger",
        people
            .dangers()
            .look(
                call,
                text,
                Input.optionalText(body, "customer", CODE),
                Input.optionalText(body, "site", CODE),
                person(who))
            .<JsonNode>map(MatterEndpoints::view)
            .orElse(null));
    context.json(answer);
  }

  /**
   * @param known stands for a number that is left out or still masked
   */
  private static MatterForm form(JsonNode body, Optional<String> known) {
    Optional<String> number = Input.optionalText(body, "number", CODE);
    boolean keep = !body.has("number") || number.filter(text -> text.contains("*")).isPresent();
    JsonNode device = body.get("deviceId");
    Optional<Long> deviceId =
        device == null || device.isNull()
            ? Optional.empty()
            : Optional.of(device)
                .filter(node -> node.isIntegralNumber() && node.canConvertToLong())
                .map(JsonNode::longValue)
                .or(
                    () -> {
                      throw Refusal.invalid("deviceId", Sentence.of("matter.no-device"));
                    });
    return new MatterForm(
        Input.line(body, "kind", CODE),
        Input.optionalText(body, "customer", CODE),
        Input.optionalText(body, "site", CODE),
        deviceId,
        Input.optionalLine(body, "device", TEXT),
        keep ? known : number,
        Input.optionalLine(body, "faultCode", CODE),
        Input.longText(body, "description", TEXT),
        Input.instant(body, "openedAt"));
  }

  private static boolean flag(JsonNode body, String field) {
    JsonNode node = body.get(field);
    if (node == null) {
      return true;
    }
    if (!node.isBoolean()) {
      throw Refusal.invalid(field, Sentence.of("web.flag"));
    }
    return node.booleanValue();
  }

  private static int whole(JsonNode body, String field, int standard) {
    JsonNode node = body.get(field);
    if (node == null) {
      return standard;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw Refusal.invalid(field, Sentence.of("web.number", 0, Integer.MAX_VALUE));
    }
    return node.intValue();
  }

  private static int version(JsonNode body) {
    return whole(body, "version", 0);
  }

  private Matters.Whole whole(Context context) {
    return matters
        .find(id(context))
        .orElseThrow(() -> Refusal.notFound(Sentence.of("matter.no-matter")));
  }

  private void find(Context context, Route.Caller who) throws Exception {
    Matters.Whole whole = whole(context);
    ObjectNode answer = view(whole.matter());
    answer.set("contacts", Json.MAPPER.valueToTree(whole.contacts()));
    List<ObjectNode> history =
        whole.history().stream()
            .map(
                event -> {
                  ObjectNode line = Json.MAPPER.valueToTree(event);
                  line.set("detail", detail(event.detail()));
                  return line;
                })
            .toList();
    answer.set("history", Json.MAPPER.valueToTree(history));
    context.json(answer);
  }

  private static JsonNode detail(String json) {
    try {
      return Masking.maskInside(Json.MAPPER.readTree(json));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a matter's history cannot be read", e);
    }
  }

  /** The call or attempt, when this user may know of it. */
  private Contact contact(JsonNode node, Route.Caller who) {
    if (!node.isObject()) {
      throw Refusal.invalid("contact", Sentence.of("web.object"));
    }
    Input.only(node, Set.of("kind", "id"));
    return contact(Input.line(node, "kind", CODE), Input.line(node, "id", CODE), who);
  }

  private Contact contact(String kind, String id, Route.Caller who) {
    Contact.Kind of =
        Contact.Kind.of(kind)
            .orElseThrow(() -> Refusal.invalid("kind", Sentence.of("matter.contacts")));
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw Refusal.notFound(Sentence.of("matter.no-contact"));
    }
    CallId call = new CallId(id);
    switch (of) {
      case CALL -> calls.story(call, who);
      case ATTEMPT -> {
        boolean his =
            who.principal().seesAll()
                || attempts
                    .agentOf(call)
                    .filter(who.principal().requireAgent()::equals)
                    .isPresent();
        if (!his) {
          throw Refusal.notFound(Sentence.of("matter.no-contact"));
        }
      }
    }
    return new Contact(of, id);
  }

  private void join(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    context.json(view(matters.join(id(context), contact(body, who), person(who))));
  }

  private void part(Context context, Route.Caller who) {
    Contact contact = contact(context.pathParam("contact"), context.pathParam("id"), who);
    context.json(view(matters.part(id(context), contact, person(who))));
  }

  private void decide(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("result", "note", "assignedTo", "dueAt", "version"));
    Matter.Result result =
        Matter.Result.of(Input.line(body, "result", CODE))
            .orElseThrow(() -> Refusal.invalid("result", Sentence.of("matter.results")));
    Decision decision =
        new Decision(
            result,
            Input.longText(body, "note", TEXT),
            Input.optionalText(body, "assignedTo", CODE),
            Input.instant(body, "dueAt"));
    Optional<Dangers.Told> told = said(context, decision.note(), who);
    Matter decided = matters.decide(id(context), version(body), decision, person(who));
    context.json(with(told, view(decided)));
  }

  private void dispatched(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "at"));
    Optional<Instant> at = Input.instant(body, "at");
    context.json(view(matters.dispatched(id(context), version(body), at, person(who))));
  }

  private void done(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "note", "at"));
    String note = Input.longText(body, "note", TEXT);
    Optional<Instant> at = Input.instant(body, "at");
    Optional<Dangers.Told> told = said(context, note, who);
    Matter done = matters.done(id(context), version(body), note, at, person(who));
    context.json(with(told, view(done)));
  }

  private void reopen(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("version", "note"));
    String note = Input.longText(body, "note", TEXT);
    Optional<Dangers.Told> told = said(context, note, who);
    Matter open = matters.reopen(id(context), version(body), note, person(who));
    context.json(with(told, view(open)));
  }

  private static ObjectNode view(Matters.Suggestion suggestion) {
    ObjectNode view = Json.MAPPER.valueToTree(suggestion);
    view.put("number", Masking.mask(suggestion.number()));
    return view;
  }

  private void of(Context context, Route.Caller who, Contact.Kind kind) {
    Contact contact = contact(kind.key(), context.pathParam("id"), who);
    Matters.OfContact found = matters.of(contact);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("joined", Json.MAPPER.valueToTree(views(found.joined())));
    answer.set("open", Json.MAPPER.valueToTree(views(found.open())));
    answer.set("suggestion", view(found.suggestion()));
    answer.set(
        "others",
        Json.MAPPER.valueToTree(found.others().stream().map(each -> view(each)).toList()));
    context.json(answer);
  }

  private void export(Context context, Route.Caller who) throws Exception {
    MatterFilter filter = filter(context);
    TableWriter.Format format = ReferenceEndpoints.format(context);
    boolean whole =
        Whole.asked(
            context,
            who.principal(),
            LEAD,
            disclosures.get(),
            "export-matters",
            Optional.ofNullable(context.queryParam("customer")).orElse(""));
    context.contentType(ReferenceEndpoints.type(format));
    context.header("Content-Disposition", "attachment; filename=\"matters." + format.key() + "\"");
    people
        .matterFiles()
        .write(
            filter,
            format,
            whole ? UnaryOperator.identity() : Masking::mask,
            context.outputStream());
  }

  private void read(Context context, Route.Caller who) throws Exception {
    boolean dryRun = Input.flag(context, "dryRun", false);
    if (context.req().getContentLengthLong() > mostBytes) {
      throw Input.tooLarge(mostBytes);
    }
    ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    Locale language = Speech.of(context);
    try (InputStream file = context.req().getInputStream()) {
      ImportResult result =
          people.matterFiles().read(file, dryRun, rejects, language, who.principal().login());
      context.json(
          Views.ImportResult.of(result, language, rejects.toString(StandardCharsets.UTF_8)));
    }
  }
}
