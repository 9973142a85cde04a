package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careline.callback.Bin;
import org.careline.callback.Content;
import org.careline.callback.FaultState;
import org.careline.customer.Disclosures;
import org.careline.customer.TableWriter;
import org.careline.language.Sentence;
import org.careline.report.RoundExport;
import org.careline.report.RoundSites;

/**
 * What has come of rounds: figures, round against round, the sites behind them, files. Telephone
 * numbers are masked; whole ones only for supervisors and administrators who say why, and that is
 * kept.
 */
final class ReportEndpoints {
  private static final Set<Role> PLANNERS = EnumSet.of(Role.SCHEDULER, Role.SUPERVISOR, Role.ADMIN);
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final String ROUNDS = "/api/v1/campaigns/{code}/rounds";
  private static final String ONE = ROUNDS + "/{number}";
  private static final String TRANSITIONS = "transitions";
  private static final int CODE = 64;
  private static final int MOST_SITES = 500;
  private static final int MOST_ROUNDS = 1_000_000;
  private static final int CURSOR = 1000;

  private final RoundReports reports;

  ReportEndpoints(RoundReports reports) {
    this.reports = reports;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            ROUNDS,
            PLANNERS,
            (context, who) -> context.json(reports.rounds(Input.code(context)))),
        Route.of(
            HandlerType.GET,
            ONE + "/report",
            PLANNERS,
            (context, who) -> context.json(reports.report(Input.code(context), number(context)))),
        Route.of(
            HandlerType.GET,
            ONE + "/progress",
            PLANNERS,
            (context, who) -> context.json(reports.progress(Input.code(context), number(context)))),
        Route.of(
            HandlerType.GET,
            ONE + "/transitions",
            PLANNERS,
            (context, who) -> {
              Earlier earlier = earlier(context);
              context.json(
                  reports.transitions(
                      earlier.campaign(),
                      earlier.round(),
                      Input.code(context),
                      number(context),
                      text(context, "region")));
            }),
        Route.of(HandlerType.GET, ONE + "/sites", PLANNERS, this::sites),
        Route.of(HandlerType.GET, ONE + "/export", PLANNERS, this::export),
        Route.of(HandlerType.POST, ONE + "/sites/{site}/numbers", LEAD, this::numbers),
        Route.of(HandlerType.GET, "/api/v1/disclosures", LEAD, this::disclosures));
  }

  private static int number(Context context) {
    String text = context.pathParam("number");
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw Refusal.notFound(Sentence.of("web.no-round"));
    }
    return Integer.parseInt(text);
  }

  private record Earlier(String campaign, int round) {}

  /** The round before of the same campaign where nothing is said. */
  private static Earlier earlier(Context context) {
    int before = number(context) - 1;
    String campaign = context.queryParam("fromCampaign");
    int round = Input.number(context, "from", before, 1, MOST_ROUNDS);
    if (round == 0) {
      throw Refusal.notFound(Sentence.of("report.no-round", 0, Input.code(context)));
    }
    return new Earlier(
        campaign == null ? Input.code(context) : Input.oneLine("fromCampaign", campaign, CODE),
        round);
  }

  private void sites(Context context, Route.Caller who) {
    String campaign = Input.code(context);
    Optional<String> after =
        Optional.ofNullable(context.queryParam("after"))
            .map(text -> Input.oneLine("after", text, CURSOR));
    int limit = Input.number(context, "limit", 50, 1, MOST_SITES);
    RoundSites.Filter filter = filter(context, campaign);
    RoundSites.Order order = order(context);
    RoundSites.Page page;
    try {
      page = reports.sites(campaign, number(context), filter, order, after, limit);
    } catch (RoundSites.NoSuchPlace none) {
      throw Refusal.invalid("after", Sentence.of("web.cursor"));
    }
    context.json(
        new RoundSites.Page(
            page.sites().stream().map(site -> site.masked(Masking.mask(site.number()))).toList(),
            page.next()));
  }

  private RoundSites.Filter filter(Context context, String campaign) {
    Optional<FaultState> otherState = state(context, "otherState");
    Optional<RoundSites.Other> other =
        context.queryParam("other") == null && otherState.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RoundSites.Other(
                    reports.id(
                        text(context, "otherCampaign").orElse(campaign),
                        Input.number(context, "other", 0, 1, MOST_ROUNDS)),
                    otherState));
    return new RoundSites.Filter(
        text(context, "bin").map(ReportEndpoints::bin),
        text(context, "region"),
        text(context, "agent"),
        state(context, "state"),
        text(context, "content").map(ReportEndpoints::content),
        other);
  }

  private static Optional<String> text(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name))
        .map(text -> Input.oneLine(name, text, CODE));
  }

  private static String bin(String text) {
    boolean known =
        text.equals("due")
            || text.equals("in_progress")
            || Arrays.stream(Bin.values()).anyMatch(bin -> bin.id().equals(text));
    if (!known) {
      throw Refusal.invalid(
          "bin",
          Sentence.of(
              "report.one-of",
              "due, in_progress, "
                  + Arrays.stream(Bin.values()).map(Bin::id).collect(Collectors.joining(", "))));
    }
    return text;
  }

  private static Optional<FaultState> state(Context context, String name) {
    return text(context, name)
        .map(
            text ->
                Arrays.stream(FaultState.values())
                    .filter(state -> state.id().equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Refusal.invalid(
                                name,
                                Sentence.of(
                                    "report.one-of",
                                    Arrays.stream(FaultState.values())
                                        .map(FaultState::id)
                                        .collect(Collectors.joining(", "))))));
  }

  private static Content content(String text) {
    return Arrays.stream(Content.values())
        .filter(content -> content.id().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    "content",
                    Sentence.of(
                        "report.one-of",
                        Arrays.stream(Content.values())
                            .map(Content::id)
                            .collect(Collectors.joining(", ")))));
  }

  /** {@code code}, or {@code -code} the other way round. */
  private static RoundSites.Order order(Context context) {
    String text = Optional.ofNullable(context.queryParam("sort")).orElse("code");
    boolean descending = text.startsWith("-");
    return RoundSites.Sort.of(descending ? text.substring(1) : text)
        .map(sort -> new RoundSites.Order(sort, descending))
        .orElseThrow(
            () ->
                Refusal.invalid(
                    "sort",
                    Sentence.of(
                        "report.one-of",
                        Arrays.stream(RoundSites.Sort.values())
                            .map(RoundSites.Sort::key)
                            .collect(Collectors.joining(", ")))));
  }

  private void export(Context context, Route.Caller who) throws Exception {
    String campaign = Input.code(context);
    int number = number(context);
    String table = Optional.ofNullable(context.queryParam("table")).orElse("figures");
    TableWriter.Format format = ReferenceEndpoints.format(context);
    String file = "round-" + number + "-" + table + "." + format.key();
    if (table.equals(TRANSITIONS)) {
      Earlier earlier = earlier(context);
      var transitions =
          reports.transitions(
              earlier.campaign(), earlier.round(), campaign, number, text(context, "region"));
      OutputStream out =
          new ReferenceEndpoints.Late(context, file, ReferenceEndpoints.type(format));
      try (TableWriter writer = TableWriter.of(format, out, table)) {
        RoundExport.write(transitions, writer);
      }
      return;
    }
    RoundExport.Kind kind =
        RoundExport.Kind.of(table)
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "table",
                        Sentence.of(
                            "report.one-of",
                            Arrays.stream(RoundExport.Kind.values())
                                    .map(RoundExport.Kind::key)
                                    .collect(Collectors.joining(", "))
                                + ", "
                                + TRANSITIONS)));
    RoundSites.Filter filter = filter(context, campaign);
    RoundSites.Order order = order(context);
    reports.id(campaign, number);
    boolean whole =
        kind.hasNumbers()
            && Whole.asked(
                context,
                who.principal(),
                LEAD,
                reports.disclosures(),
                "round-" + kind.key(),
                campaign + " " + number);
    reports.export(
        campaign,
        number,
        kind,
        filter,
        order,
        whole
            ? RoundExport.Numbers.WHOLE
            : new RoundExport.Numbers(Masking::mask, Masking::maskRuns),
        format,
        new ReferenceEndpoints.Late(context, file, ReferenceEndpoints.type(format)));
  }

  private void numbers(Context context, Route.Caller who) throws Exception {
    String campaign = Input.code(context);
    String site = Input.oneLine("site", context.pathParam("site"), CODE);
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("reason"));
    String reason = Whole.reason(Input.optionalLine(body, "reason", Disclosures.MOST));
    List<RoundReports.SiteNumber> numbers = reports.numbers(campaign, number(context), site);
    reports
        .disclosures()
        .write(
            who.principal().login(), "site", campaign + " " + number(context) + " " + site, reason);
    context.json(numbers);
  }

  private void disclosures(Context context, Route.Caller who) {
    String before = context.queryParam("before");
    if (before != null && !before.matches("[0-9]{1,18}")) {
      throw Refusal.invalid("before", Sentence.of("web.cursor"));
    }
    int limit = Input.number(context, "limit", 50, 1, MOST_SITES);
    List<Disclosures.Entry> entries =
        reports.disclosures().list(Optional.ofNullable(before).map(Long::valueOf), limit);
    context.json(
        new DisclosurePage(entries, entries.size() < limit ? null : entries.getLast().id()));
  }

  /**
   * @param next null = the last page
   */
  record DisclosurePage(List<Disclosures.Entry> entries, Long next) {}
}
