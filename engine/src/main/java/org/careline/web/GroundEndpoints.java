package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careline.customer.CallGrounds;
import org.careline.language.Sentence;

/** Whether a customer and his sites may be rung, as a person enters it. */
final class GroundEndpoints {
  private static final Set<Role> READERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final String CUSTOMER = "/api/v1/customers/{customer}";
  private static final String SITE = CUSTOMER + "/sites/{site}";
  private static final int CODE = 64;
  private static final int REASON = 200;
  private static final int EVIDENCE = 400;

  private final CallGrounds grounds;

  GroundEndpoints(CallGrounds grounds) {
    this.grounds = grounds;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            CUSTOMER + "/consent",
            READERS,
            (context, who) -> context.json(grounds.ground(code(context, "customer")))),
        Route.of(HandlerType.PUT, CUSTOMER + "/consent", READERS, this::ground),
        Route.of(
            HandlerType.GET,
            SITE + "/standing",
            READERS,
            (context, who) -> context.json(grounds.site(place(context)))),
        Route.of(HandlerType.PUT, SITE + "/do-not-call", READERS, this::list),
        Route.of(HandlerType.POST, SITE + "/do-not-call/end", READERS, this::free),
        Route.of(HandlerType.POST, SITE + "/status", READERS, this::decide));
  }

  private static String code(Context context, String name) {
    return Input.oneLine(name, context.pathParam(name), CODE);
  }

  private static CallGrounds.Place place(Context context) {
    return new CallGrounds.Place(code(context, "customer"), code(context, "site"));
  }

  private static LocalDate day(JsonNode body, String field) {
    Optional<String> text = Input.optionalText(body, field, CODE);
    try {
      LocalDate day = text.map(LocalDate::parse).orElse(null);
      if (day == null || (day.getYear() >= 2000 && day.getYear() < 2200)) {
        return day;
      }
    } catch (DateTimeException wrong) {
      // told below
    }
    throw Refusal.invalid(field, Sentence.of("cadence.date"));
  }

  private void ground(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("basis", "from", "until", "evidence", "version"));
    context.json(
        grounds.ground(
            new CallGrounds.Ground(
                code(context, "customer"),
                "",
                Input.optionalText(body, "basis", CODE).orElse(null),
                day(body, "from"),
                day(body, "until"),
                Input.optionalLine(body, "evidence", EVIDENCE),
                Input.line(body, "version", CODE)),
            who.principal().login()));
  }

  private void list(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("reason", "until", "evidence", "version"));
    context.json(
        grounds.list(
            place(context),
            Input.optionalLine(body, "reason", REASON),
            day(body, "until"),
            Input.optionalLine(body, "evidence", EVIDENCE),
            Input.line(body, "version", CODE),
            who.principal().login()));
  }

  private void free(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("reason", "evidence", "version"));
    context.json(
        grounds.free(
            place(context),
            Input.optionalLine(body, "reason", REASON),
            Input.optionalLine(body, "evidence", EVIDENCE),
            Input.line(body, "version", CODE),
            who.principal().login()));
  }

  private void decide(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("fate", "afterCustomer", "afterSite", "reason", "version"));
    CallGrounds.Fate fate =
        CallGrounds.Fate.of(Input.line(body, "fate", CODE))
            .orElseThrow(() -> Refusal.invalid("fate", Sentence.of("grounds.fate")));
    Optional<CallGrounds.Place> after =
        Input.optionalText(body, "afterSite", CODE)
            .map(
                site ->
                    new CallGrounds.Place(
                        Input.optionalText(body, "afterCustomer", CODE)
                            .orElse(code(context, "customer")),
                        site));
    context.json(
        grounds.decide(
            place(context),
            fate,
            after,
            Input.optionalLine(body, "reason", REASON),
            Input.line(body, "version", CODE),
            who.principal().login()));
  }
}
