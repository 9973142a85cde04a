package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.careline.customer.NumberOwner;
import org.careline.customer.PhoneNumber;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.TrunkChecks;
import org.careline.report.TrunkReport;
import org.careline.telephony.TrunkShare;

/**
 * What lives on the trunks and how calls out fare; and for {@code careline trunk check} how a trunk
 * delivers a call, and what we send on it.
 */
final class TrunkEndpoints {
  private static final Set<Role> LEAD = EnumSet.of(Role.SUPERVISOR, Role.ADMIN);
  private static final int NUMBER = 64;
  private static final int NAME = 64;
  private static final Duration PLACED = Duration.ofSeconds(10);

  private final TrunkChecks checks;
  private final Desks.TrunkDesk lines;

  TrunkEndpoints(TrunkChecks checks, Desks.TrunkDesk lines) {
    this.checks = checks;
    this.lines = lines;
  }

  /**
   * @param leastOfDay calls below which a day's rate raises no alarm
   * @param leastBefore the same of the 30 days before
   */
  record TrunksView(
      LocalDate today,
      List<TrunkView> trunks,
      List<TrunkReport.Number> numbers,
      int leastOfDay,
      int leastBefore) {}

  /**
   * @param outboundShare of the channels, what may leave at once
   * @param reserved set aside for calls about to leave
   * @param heldBack calls that did not leave because the share was used up, since the start
   * @param hours of the last 24, those without calls left out
   */
  record TrunkView(
      String name,
      int channels,
      int outboundShare,
      int callsPerSecond,
      int inbound,
      int outbound,
      int reserved,
      long heldBack,
      List<TrunkReport.Hour> hours) {}

  /**
   * @param state waiting, came, nothing
   * @param until with waiting
   * @param call with came
   */
  record CheckView(String state, Instant until, CameView call) {}

  /**
   * @param headers by their names, absent ones left out
   * @param number null = withheld or not understood
   * @param source the header that decided, or empty
   * @param shared codes of the customers who share the number
   * @param line null = no line has the number that was dialled
   */
  record CameView(
      Instant at,
      String dialled,
      Map<String, String> headers,
      String number,
      String source,
      boolean withheld,
      boolean blocked,
      String customer,
      String customerName,
      String site,
      String siteName,
      List<String> shared,
      String tier,
      String line,
      String lineName) {
    static CameView of(TrunkChecks.Came call, boolean chinese) {
      Recognition who = call.recognition();
      return new CameView(
          call.at(),
          call.dialled(),
          call.headers(),
          who.number().map(PhoneNumber::e164).orElse(null),
          who.source(),
          who.withheld(),
          who.blocked(),
          who.owner().map(owner -> owner.customer().code()).orElse(null),
          who.owner().map(owner -> owner.customer().name()).orElse(null),
          who.owner().flatMap(NumberOwner::site).map(NumberOwner.Site::code).orElse(null),
          who.owner().flatMap(NumberOwner::site).map(NumberOwner.Site::name).orElse(null),
          who.candidates().stream().map(NumberOwner.Customer::code).toList(),
          who.tierCode(),
          call.line().map(Line::code).orElse(null),
          call.line().map(chinese ? Line::nameZh : Line::nameEn).orElse(null));
    }
  }

  /**
   * @param state as the switch calls it; empty = the call has ended
   * @param headers From, P-Asserted-Identity and To as sent; empty = it ended too soon
   */
  record PlacedView(String dialled, String shown, String state, Map<String, String> headers) {}

  List<Route> routes() {
    return List.of(
        Route.of(HandlerType.GET, "/api/v1/trunks", LEAD, this::trunks),
        Route.command(HandlerType.POST, "/api/v1/trunks/{name}/check", this::watch),
        Route.command(HandlerType.GET, "/api/v1/trunks/{name}/check", this::progress),
        Route.command(HandlerType.POST, "/api/v1/trunks/{name}/call", this::call));
  }

  private void trunks(Context context, Route.Caller who) throws Exception {
    TrunkReport.Report report = lines.report();
    Map<String, List<TrunkReport.Hour>> hours = new HashMap<>();
    report.hours().forEach(each -> hours.put(each.trunk(), each.hours()));
    List<TrunkView> trunks =
        lines.shares().stream()
            .map(share -> view(share, hours.getOrDefault(share.limits().name(), List.of())))
            .toList();
    context.json(
        new TrunksView(
            report.today(),
            trunks,
            report.numbers(),
            TrunkReport.LEAST_OF_DAY,
            TrunkReport.LEAST_BEFORE));
  }

  private static TrunkView view(TrunkShare share, List<TrunkReport.Hour> hours) {
    TrunkShare.Limits limits = share.limits();
    TrunkShare.Count count = share.count();
    return new TrunkView(
        limits.name(),
        limits.channels(),
        limits.outbound(),
        limits.perSecond(),
        count.inbound(),
        count.outbound(),
        count.reserved(),
        share.heldBackTotal(),
        hours);
  }

  private void watch(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("seconds"));
    // whatever is no number of seconds is refused as one out of bounds
    Duration atMost = Duration.ofSeconds(body.path("seconds").asInt(0));
    context.status(202);
    context.json(view(checks.watch(name(context), atMost), context));
  }

  private void progress(Context context, Route.Caller who) {
    context.json(view(checks.progress(name(context)), context));
  }

  private void call(Context context, Route.Caller who) throws Exception {
    JsonNode body = Input.object(context);
    Input.only(body, Set.of("number"));
    TrunkChecks.Placed placed =
        checks
            .call(name(context), Input.line(body, "number", NUMBER))
            .get(PLACED.toSeconds(), TimeUnit.SECONDS);
    context.json(
        new PlacedView(
            placed.dialled(), placed.shown(), placed.sent().state(), placed.sent().headers()));
  }

  private static String name(Context context) {
    return Input.oneLine("name", context.pathParam("name"), NAME);
  }

  private static CheckView view(TrunkChecks.Progress progress, Context context) {
    boolean chinese = Speech.of(context).getLanguage().equals("zh");
    return switch (progress) {
      case TrunkChecks.Waiting waiting -> new CheckView("waiting", waiting.until(), null);
      case TrunkChecks.Came call -> new CheckView("came", null, CameView.of(call, chinese));
      case TrunkChecks.Nothing nothing -> new CheckView("nothing", null, null);
    };
  }
}
