package org.careline.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What goes over the wire, as {@code openapi.json} describes it. Numbers of telephones are whole
 * here (E.164); the endpoints and the feed mask them for everybody. All immutable.
 */
public final class Views {
  private Views() {}

  /**
   * @param callId the call or attempt the agent works on, null = none
   * @param until when the wrap-up ends by itself, null = not in wrap-up
   */
  public record AgentView(
      String number,
      String name,
      String presence,
      String reason,
      Instant since,
      Instant until,
      String callId,
      boolean reachable) {}

  /**
   * A living call; {@code position} from 1, null when it does not wait; {@code expectedWaitSeconds}
   * what is left of its wait, null when that is not known well enough.
   */
  public record LiveCall(
      String id,
      String line,
      String callerNumber,
      String customer,
      String site,
      String tier,
      String state,
      Instant since,
      Integer position,
      String agentNumber,
      Long expectedWaitSeconds) {

    LiveCall masked() {
      return new LiveCall(
          id,
          line,
          Masking.mask(callerNumber),
          customer,
          site,
          tier,
          state,
          since,
          position,
          agentNumber,
          expectedWaitSeconds);
    }
  }

  /** The record of one call; {@code outcome} null while it lives. Waits and talks in ms. */
  public record CallRow(
      String id,
      String line,
      String dialled,
      String callerNumber,
      String customer,
      String site,
      String tier,
      Instant arrivedAt,
      Instant joinedAt,
      Instant answeredAt,
      Instant endedAt,
      String outcome,
      String endedBy,
      String agentNumber,
      Long waitMs,
      Long talkMs,
      boolean recorded) {

    CallRow masked() {
      return new CallRow(
          id,
          line,
          dialled,
          Masking.mask(callerNumber),
          customer,
          site,
          tier,
          arrivedAt,
          joinedAt,
          answeredAt,
          endedAt,
          outcome,
          endedBy,
          agentNumber,
          waitMs,
          talkMs,
          recorded);
    }
  }

  /** {@code detail} is whatever the event carried, already JSON. */
  public record CallEvent(Instant at, String kind, Object detail, boolean replayed) {}

  /**
   * The whole story of a call.
   *
   * @param recognition how the caller was recognised, in words of the engine; null = not
   * @param agents everybody who was offered the call: they may see it
   */
  public record CallStory(
      CallRow call, String recognition, List<CallEvent> events, List<String> agents) {}

  /** One page of calls, newest first; {@code next} null = the last page. */
  public record CallPage(List<CallRow> calls, String next) {}

  public record CustomerView(String code, String name) {}

  public record SiteView(
      String code,
      String name,
      String customer,
      String tier,
      String province,
      String city,
      String address,
      String remark,
      String accountManager) {}

  public record DeviceView(String model, String serial, LocalDate installDate) {}

  public record EarlierCall(String id, Instant at, String outcome, String agentNumber) {}

  /** Who is calling; customer and site null = not recognised. */
  public record Card(
      String callId,
      String callerNumber,
      CustomerView customer,
      String tier,
      SiteView site,
      List<DeviceView> devices,
      List<EarlierCall> lastCalls) {

    Card masked() {
      return new Card(callId, Masking.mask(callerNumber), customer, tier, site, devices, lastCalls);
    }
  }

  /** What an agent works on now. */
  public sealed interface Work permits CallWork, AttemptWork, TaskViews.TaskWork {
    Work masked();
  }

  /**
   * How far the talk is with being held or shared.
   *
   * @param phase talking, held, joining, consulting, conference, forwarded
   * @param yours the caller is his; else he is only consulted
   * @param consulted number of whom the agent consults, null = nobody
   */
  public record Talk(
      String phase,
      boolean yours,
      boolean phoneHolds,
      boolean recordingPaused,
      String consulted,
      boolean consultedAnswered) {}

  public record WrapUp(boolean dispositionNeeded, boolean extendable) {}

  public record DispositionView(String code, String nameEn, String nameZh) {}

  public record TransferAgent(String number, String name, String presence) {}

  public record TransferLine(String code, String nameEn, String nameZh) {}

  public record TransferTargets(List<TransferAgent> agents, List<TransferLine> lines) {}

  /** A site of an open round that waits for its call; {@code appointmentAt} null = none. */
  public record WaitingSite(
      String campaign, int round, String code, String name, Instant appointmentAt) {}

  /**
   * @param talk null = he does not talk
   * @param wrapUp null = no after-call work
   * @param attempt what a round asks the caller, because he rang before he was rung; null = nothing
   */
  public record CallWork(
      String callId, String state, Card card, Talk talk, WrapUp wrapUp, AttemptWork attempt)
      implements Work {
    @JsonProperty("kind")
    public String kind() {
      return "call";
    }

    @Override
    public CallWork masked() {
      return new CallWork(
          callId,
          state,
          card == null ? null : card.masked(),
          talk,
          wrapUp,
          attempt == null ? null : attempt.masked());
    }
  }

  /**
   * @param disposition what the site came to; null = open
   * @param callId the hotline's call it is asked in; null = rung by us
   * @param others sites the same contact answers for, asked about in the same call
   */
  public record AttemptWork(
      String attemptId,
      String state,
      String mode,
      SiteView site,
      ContactView contact,
      QuestionnaireView questionnaire,
      List<FormDevice> devices,
      Map<String, String> answers,
      BeforeView before,
      FormViews.FaultBookView faults,
      RoundPeriod round,
      String disposition,
      String callId,
      List<AttemptSite> others)
      implements Work {
    @JsonProperty("kind")
    public String kind() {
      return "attempt";
    }

    @Override
    public AttemptWork masked() {
      return new AttemptWork(
          attemptId,
          state,
          mode,
          site,
          contact == null ? null : contact.masked(),
          questionnaire,
          devices,
          answers,
          before,
          faults,
          round,
          disposition,
          callId,
          others);
    }
  }

  /**
   * Another site of an attempt; the questionnaire is the same for all.
   *
   * @param disposition what it came to; null = open
   */
  public record AttemptSite(
      SiteView site,
      List<FormDevice> devices,
      Map<String, String> answers,
      BeforeView before,
      FormViews.FaultBookView faults,
      String disposition) {}

  /**
   * @param extension to be asked for at the switchboard, never masked; empty = none
   */
  public record ContactView(String name, String role, String number, String extension) {
    ContactView masked() {
      return new ContactView(name, role, Masking.mask(number), extension);
    }
  }

  /**
   * @param sections as {@link org.careline.questionnaire.QuestionnaireWriter} writes them
   */
  public record QuestionnaireView(String code, int version, JsonNode sections) {}

  /** A device of the site, asked about in sections of devices. */
  public record FormDevice(long id, String model, String serial, boolean gone) {}

  /**
   * What the site said in an earlier round; null where it is not shown = it said nothing.
   *
   * @param reworded codes asked in other words then
   */
  public record BeforeView(RoundPeriod round, Map<String, String> answers, List<String> reworded) {}

  public record RoundPeriod(int number, LocalDate periodFrom, LocalDate periodTo) {}

  /**
   * A form's end; {@code appointmentAt} only with the disposition appointment.
   *
   * @param site its code; empty = all sites of the attempt that are open
   * @param referral whom he has named instead of himself
   * @param appointmentMine with the agent himself; else with anybody
   * @param appointmentAsked who asked for a time outside the rules; empty = inside
   */
  public record DispositionForm(
      Optional<String> site,
      String disposition,
      String note,
      Optional<Instant> appointmentAt,
      boolean appointmentMine,
      String appointmentAsked,
      Optional<Named> referral) {}

  /**
   * Whom somebody has named, as it was written down.
   *
   * @param next to be rung as soon as the call is over
   */
  public record Named(String name, String role, String number, boolean next) {}

  /** What was promised to sites of a campaign; {@code entries} the latest first. */
  public record AppointmentsView(
      Instant from,
      Instant until,
      int promised,
      int kept,
      int rungBack,
      int late,
      int missed,
      int coming,
      List<AppointmentView> entries) {}

  /**
   * @param state coming, kept, rung_back, late, missed
   * @param agent who is wanted; empty = anybody
   */
  public record AppointmentView(
      int round,
      String site,
      String siteName,
      Instant at,
      String agent,
      String asked,
      String madeBy,
      Instant madeAt,
      String madeIn,
      String state,
      Instant placedAt) {}

  /**
   * A round.
   *
   * @param origin hand, calendar, due or event
   */
  public record RoundView(
      int number,
      String status,
      Instant opensAt,
      Instant openedAt,
      Instant closedAt,
      boolean paused,
      Instant closesAt,
      int sitesLoaded,
      Map<String, Integer> bins,
      int attempts,
      String origin) {}

  /**
   * A campaign.
   *
   * @param round the newest of all sites that fit; null = there was none
   * @param beside those that a cadence has opened beside it and that are not over
   */
  public record CampaignView(
      String code,
      String name,
      String customer,
      String mode,
      RoundView round,
      List<RoundView> beside) {}

  /** A part of the feed: a round in progress with its campaign. */
  public record RoundProgress(
      String campaign,
      String name,
      int number,
      String status,
      Instant opensAt,
      Instant openedAt,
      Instant closedAt,
      boolean paused,
      Instant closesAt,
      int sitesLoaded,
      Map<String, Integer> bins,
      int attempts) {

    static RoundProgress of(CampaignView campaign) {
      RoundView round = campaign.round();
      return new RoundProgress(
          campaign.code(),
          campaign.name(),
          round.number(),
          round.status(),
          round.opensAt(),
          round.openedAt(),
          round.closedAt(),
          round.paused(),
          round.closesAt(),
          round.sitesLoaded(),
          round.bins(),
          round.attempts());
    }
  }

  public record Reject(long line, String column, String reason) {}

  public record ImportResult(
      long added,
      long changed,
      long unchanged,
      long rejected,
      List<Reject> rejects,
      String rejectsCsv,
      long duplicates,
      List<Reject> twins,
      long toConfirm,
      List<Detail> details) {
    public static ImportResult of(
        org.careline.customer.ImportResult result, Locale language, String rejectsCsv) {
      return new ImportResult(
          result.added(),
          result.changed(),
          result.unchanged(),
          result.rejected(),
          rejects(result.rejects(), language),
          rejectsCsv,
          result.duplicates(),
          rejects(result.twins(), language),
          result.toConfirm(),
          result.details().stream()
              .map(org.careline.customer.ImportResult.Detail::masked)
              .map(
                  detail ->
                      new Detail(
                          detail.line(), detail.what().key(), detail.name(), detail.fields()))
              .toList());
    }

    private static List<Reject> rejects(
        List<org.careline.customer.ImportResult.Reject> rejects, Locale language) {
      return rejects.stream()
          .map(
              reject ->
                  new Reject(
                      Math.toIntExact(reject.line()),
                      reject.column(),
                      reject.reason().in(language)))
          .toList();
    }
  }

  /**
   * Something an import adds, changes or asks about.
   *
   * @param what {@code added}, {@code changed} or {@code to_confirm}
   */
  public record Detail(
      long line, String what, String name, List<org.careline.customer.ImportResult.Field> fields) {}

  /**
   * What was made, changed and left by an apply, each {@code kind code}.
   *
   * @param passwords generated for new users, by login: shown once
   */
  public record ApplyResult(
      List<String> added,
      List<String> changed,
      List<String> unchanged,
      Map<String, String> passwords) {
    @Override
    public String toString() {
      return "ApplyResult[" + added + ", " + changed + ", " + unchanged + "]";
    }
  }

  /**
   * @param database up, down, or unknown while nobody has asked it (no switch yet)
   * @param journalLag entries not yet in the database
   * @param openDangers sites that have told of danger and nobody has taken it on himself
   * @param dangerPeople whom to call about them: name, and number inside if he has one
   * @param banner what everybody should know, null = all is well
   */
  public record Status(
      boolean leader,
      long epoch,
      @JsonProperty("switch") String switchState,
      String database,
      long journalLag,
      int waiting,
      int agentsReady,
      int openDangers,
      List<String> dangerPeople,
      String banner) {}
}
