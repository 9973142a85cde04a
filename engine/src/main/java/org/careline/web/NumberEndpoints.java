package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.careline.call.CallId;
import org.careline.customer.Disclosures;
import org.careline.customer.KnownNumber;
import org.careline.language.Sentence;

/**
 * The rule for telephone numbers of others: every answer and the feed show them masked to every
 * role, and dialling, binding and blocking go by id. One is shown whole here, a round's site's at
 * {@link ReportEndpoints} and files of them with {@link Whole}: to leaders who say why, after that
 * was written down.
 */
final class NumberEndpoints {
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final int CODE = 96;

  private final CallAccess access;
  private final Desks.TaskDesk tasks;
  private final Desks.People people;
  private final Supplier<Disclosures> disclosures;

  NumberEndpoints(
      CallAccess access,
      Desks.TaskDesk tasks,
      Desks.People people,
      Supplier<Disclosures> disclosures) {
    this.access = access;
    this.tasks = tasks;
    this.people = people;
    this.disclosures = disclosures;
  }

  /** Where a number is seen. The key is what a disclosure is kept under. */
  private enum Where {
    CALL,
    TASK,
    MATTER,
    KNOWN,
    BLOCKED;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Where> of(String key) {
      for (Where where : values()) {
        if (where.key().equals(key)) {
          return Optional.of(where);
        }
      }
      return Optional.empty();
    }
  }

  List<Route> routes() {
    return List.of(Route.of(HandlerType.POST, "/api/v1/whole-numbers", LEAD, this::show));
  }

  private void show(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("kind", "id", "reason"));
    Where where =
        Where.of(Input.line(body, "kind", CODE))
            .orElseThrow(() -> Refusal.invalid("kind", Sentence.of("web.number-kind")));
    String id = Input.line(body, "id", CODE);
    String reason = Whole.reason(Input.optionalLine(body, "reason", Disclosures.MOST));
    String number =
        number(where, id, who).orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-number")));
    disclosures.get().write(who.principal().login(), "number-" + where.key(), id, reason);
    context.json(Map.of("number", number));
  }

  private Optional<String> number(Where where, String id, Route.Caller who) throws Exception {
    boolean counted = id.matches("[0-9]{1,18}");
    return switch (where) {
      case CALL ->
          id.matches("[A-Za-z0-9._-]{1,64}")
              ? Optional.ofNullable(access.story(new CallId(id), who).call().callerNumber())
              : Optional.empty();
      case TASK -> tasks.find(id).map(TaskViews.TaskView::number);
      case MATTER ->
          counted
              ? people.matters().find(Long.parseLong(id)).map(whole -> whole.matter().number())
              : Optional.empty();
      case KNOWN ->
          counted
              ? people.numbers().find(Long.parseLong(id)).map(KnownNumber::e164)
              : Optional.empty();
      case BLOCKED -> counted ? people.blocklist().number(Long.parseLong(id)) : Optional.empty();
    };
  }
}
