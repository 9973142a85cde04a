package org.careline.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.careline.agent.AgentNumber;
import org.careline.call.CallFilter;
import org.careline.call.CallId;
import org.careline.callback.RoundSelection;
import org.careline.customer.Blocklist;
import org.careline.customer.CallGrounds;
import org.careline.customer.ChangeHistory;
import org.careline.customer.DataImport;
import org.careline.customer.FileKind;
import org.careline.customer.NumberBook;
import org.careline.customer.NumberOwner;
import org.careline.customer.SiteSearch;
import org.careline.customer.TableWriter;
import org.careline.hotline.TrunkChecks;
import org.careline.language.Sentence;
import org.careline.matter.Dangers;
import org.careline.matter.MatterFile;
import org.careline.matter.Matters;
import org.careline.questionnaire.FaultCardFile;
import org.careline.report.TrunkReport;
import org.careline.report.hotline.AgentFigure;
import org.careline.report.hotline.AgentFigures;
import org.careline.report.hotline.Contest;
import org.careline.report.hotline.Grouping;
import org.careline.report.hotline.HotlineFigures;
import org.careline.report.hotline.LiveMoment;
import org.careline.report.hotline.MatterFigures;
import org.careline.task.Task;
import org.careline.telephony.Phones;
import org.careline.telephony.TrunkShare;

/**
 * The features as the HTTP interface sees them, a counter for each. Called on HTTP threads, several
 * at once; each answers within 5 s or throws. What cannot be done now is a {@link Refusal};
 * anything else that is thrown is mapped by {@link Errors}.
 */
public record Desks(
    AgentDesk agents,
    CallDesk calls,
    AttemptDesk attempts,
    RoundDesk rounds,
    ReferenceDesk reference,
    StatusDesk status,
    Phones phones,
    FigureDesk figures,
    TalkDesk talks,
    PolicyDesk policies,
    TaskDesk tasks,
    People people,
    FormDesk forms) {

  /** Orders about talks, after-call work and results of calls. */
  public interface TalkDesk {
    /** As they stand in the addresses, small and with a dash. */
    enum Verb {
      HOLD,
      RESUME,
      TRANSFER,
      CONSULT,
      COMPLETE,
      CANCEL,
      CONFERENCE,
      RECORD_PAUSE,
      RECORD_RESUME
    }

    /** At most one of them. */
    record Wanted(Optional<String> agent, Optional<String> line, Optional<String> number) {
      static final Wanted NOBODY = new Wanted(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns when the switch has taken the order. */
    void order(CallId call, Verb verb, Wanted wanted);

    Views.TransferTargets targets();

    void extendWrapUp(AgentNumber agent);

    /** A supervisor sets him not ready; during a talk after it. */
    void notReady(AgentNumber agent);

    /** A supervisor ends his after-call work, also without a result. */
    void release(AgentNumber agent);

    void disposition(CallId call, AgentNumber agent, String code);

    List<Views.DispositionView> dispositions();

    void saveDispositions(List<Views.DispositionView> wanted);
  }

  /** Presence of the agents, and what each works on. */
  public interface AgentDesk {
    List<Views.AgentView> all();

    /** He wants to be ready or not; reasons are break, training, meeting, or empty when ready. */
    void wish(AgentNumber agent, boolean ready, String reason);

    /** Ends after-call work early; nothing happens when there is none. */
    void endWrapUp(AgentNumber agent);

    /** His console lives. Must not block. */
    void heartbeat(AgentNumber agent);

    /** His console's connection has ended. Must not block. */
    void consoleGone(AgentNumber agent);

    /** He signed in or out of the console. */
    void signedIn(AgentNumber agent);

    void signedOut(AgentNumber agent);

    Optional<Views.Work> work(AgentNumber agent);
  }

  public interface CallDesk {
    /** First the talking and ringing ones, then those who wait in their order. */
    List<Views.LiveCall> live();

    Optional<Views.CallStory> story(CallId id);

    /** Names of agents and tiers for the story. */
    default StoryText.Names names() {
      return new StoryText.Names() {
        @Override
        public String agent(String number) {
          return number;
        }

        @Override
        public String tier(String code, Locale language) {
          return code;
        }
      };
    }

    /**
     * Newest first.
     *
     * @param cursor what the page before gave as next; empty = from the start
     */
    Views.CallPage list(
        Instant from, Instant to, int limit, Optional<String> cursor, CallFilter filter);

    Optional<Views.Card> card(CallId id);

    /** The stereo file, when there is one. The path comes from the call's record. */
    Optional<Path> recording(CallId id);

    void hangUp(CallId id);

    /** Somebody has found out who the caller is; nothing happens when the call is over. */
    void known(CallId id, NumberOwner owner);
  }

  /** Who callers are, who is not served, what they call about, and how trunks bring them. */
  public record People(
      Matters matters,
      MatterFile matterFiles,
      Dangers dangers,
      NumberBook numbers,
      Blocklist blocklist,
      SiteSearch sites,
      CallGrounds grounds,
      TrunkChecks trunks,
      TrunkDesk lines) {}

  /** What lives on the trunks and how calls out fare. */
  public interface TrunkDesk {
    List<TrunkShare> shares();

    TrunkReport.Report report() throws SQLException;
  }

  public interface AttemptDesk {
    /** Whose attempt is it? Empty = no such attempt, or nobody's yet. */
    Optional<AgentNumber> agentOf(CallId attempt);

    void dial(CallId attempt);

    void hangUp(CallId attempt);

    /** Keys towards the site, during the talk: an extension behind a switchboard. */
    void keys(CallId attempt, String keys);

    /**
     * Partial: codes that are missing stay as they are.
     *
     * @param site its code; empty = the one the attempt was begun for
     */
    void answers(CallId attempt, Optional<String> site, String login, Map<String, String> answers);

    void disposition(CallId attempt, String login, Views.DispositionForm form);

    /** What a round would have rung the caller for; he must be the agent's. */
    default List<Views.WaitingSite> waiting(CallId call, AgentNumber agent) {
      return List.of();
    }

    /** Asks it in his call; gives the attempt. */
    default CallId ask(CallId call, AgentNumber agent) {
      throw Refusal.conflict("nothing_due", Sentence.of("form.nothing-due"));
    }
  }

  /** What calls have left to be done. */
  public interface TaskDesk {
    Optional<TaskViews.TaskView> find(String task) throws Exception;

    /** Open ones, most urgent first, or those that are over, latest first. */
    List<TaskViews.TaskView> list(boolean over, Optional<Task.Kind> kind, int limit)
        throws Exception;

    void take(String task, String login) throws Exception;

    /**
     * @param anybodys also when another has taken it
     */
    void end(String task, String login, boolean anybodys, Task.Result result, String note)
        throws Exception;

    /** Takes it and rings the agent, then the one who is to be called. */
    CallId dial(String task, String login, AgentNumber agent) throws Exception;

    void hangUp(CallId call, AgentNumber agent) throws Exception;

    /** For which a call is made; empty = no call we know of. */
    Optional<String> calledFor(CallId call) throws Exception;

    /** {@code result} is reached, wrong_number or again. */
    void result(CallId call, AgentNumber agent, String login, String result, String note)
        throws Exception;

    /** The message that was left, when there is one. */
    Optional<Path> recording(String task) throws Exception;
  }

  public interface RoundDesk {
    List<Views.CampaignView> campaigns();

    /**
     * Now when {@code opensAt} is empty; it ends with its last site when {@code closesAt} is.
     *
     * @param sites of the customer
     */
    Views.RoundView open(
        String campaign,
        Optional<Instant> opensAt,
        Optional<Instant> closesAt,
        RoundSelection sites);

    /**
     * @param number empty = the newest
     */
    Optional<Views.RoundView> current(String campaign, Optional<Integer> number);

    void close(String campaign, Optional<Integer> number);

    /** No new attempts until {@link #resume}. */
    void pause(String campaign, Optional<Integer> number);

    void resume(String campaign, Optional<Integer> number);

    /** Empty = it ends with its last site. */
    void extend(String campaign, Optional<Integer> number, Optional<Instant> closesAt);

    /**
     * What was promised to its sites and what became of it.
     *
     * @param round its number; empty = all
     */
    Views.AppointmentsView appointments(
        String campaign, Optional<Integer> round, Optional<Instant> from, Optional<Instant> until);

    /** The report as the feature defines it, serialised as it is. */
    Optional<Object> report(String campaign);

    CallingDesk calling();

    RoundReports reports();

    PlanningDesk planning();
  }

  /** How often sites are rung, who is at work when, and what that comes to. */
  public interface PlanningDesk {
    /** Those of tiers, customers and sites that have one. */
    List<PlanningViews.CadenceView> cadences();

    /** Of a tier, of a customer, or of a site of his. */
    PlanningViews.CadenceView cadence(
        Optional<String> tier, Optional<String> customer, Optional<String> site);

    /**
     * @param version the one that was changed
     */
    PlanningViews.CadenceView save(
        Optional<String> tier,
        Optional<String> customer,
        Optional<String> site,
        int version,
        JsonNode cadence,
        String login);

    /** Both days included, of the office. */
    List<PlanningViews.ShiftView> roster(LocalDate from, LocalDate to);

    /** Times are minutes of the day. */
    PlanningViews.ShiftView addShift(String agent, LocalDate day, int from, int to);

    PlanningViews.ShiftView changeShift(long id, int from, int to);

    void removeShift(long id);

    /**
     * @param customer empty = of all
     */
    PlanningViews.PreviewView preview(Optional<String> customer, Locale language);

    Instant now();
  }

  /** When sites may be rung. Codes that nobody has are a {@link Refusal}. */
  public interface CallingDesk {
    /** Of the house, of a customer, or of a site of his. */
    CallingViews.RulesView rules(Optional<String> customer, Optional<String> site);

    /**
     * @param version the one that was changed
     */
    CallingViews.RulesView save(
        Optional<String> customer,
        Optional<String> site,
        int version,
        JsonNode rules,
        String login);

    /**
     * @param at empty = now
     * @param language of the reasons
     */
    CallingViews.WhyNotView whyNot(
        String site, Optional<String> customer, Optional<Instant> at, Locale language);
  }

  public interface ReferenceDesk {
    /** Reads the file to its end; the caller closes it. */
    Views.ImportResult importFile(DataImport.Order order, InputStream file) throws Exception;

    /**
     * @param customer his code; empty = of all
     * @param numbers how telephone numbers are shown
     */
    void export(
        FileKind kind,
        Optional<String> customer,
        TableWriter.Format format,
        UnaryOperator<String> numbers,
        OutputStream out)
        throws Exception;

    /** What stands in the heads of his files -> our columns. */
    Map<String, String> mapping(String customer, FileKind kind);

    void saveMapping(String customer, FileKind kind, Map<String, String> heads);

    /** Newest first. */
    List<ChangeHistory.Entry> history(
        String customer, Optional<String> site, Optional<Long> before, int limit);

    /**
     * @param users whether the text may make and change users
     */
    Views.ApplyResult apply(String yaml, boolean users) throws Exception;

    LineDesk lines();
  }

  /** Lines, prompts and calendars, in the JSON the feature reads and writes itself. */
  public interface LineDesk {
    JsonNode lines();

    Optional<JsonNode> line(String code);

    JsonNode create(String code, JsonNode body);

    JsonNode change(String code, String version, JsonNode body);

    /** Language to names. */
    JsonNode prompts();

    JsonNode calendars();

    JsonNode calendar(String code, int year);

    JsonNode saveCalendar(String code, int year, JsonNode body);
  }

  /** Figures of the hotline and of agents; a year may take longer than the usual 5 s. */
  public interface FigureDesk {
    MatterFigures.Report matters(Instant from, Instant to, List<MatterFigures.By> by)
        throws Exception;

    /** Begin of the office's day. */
    Instant today();

    ZoneId zone();

    HotlineFigures.Report hotline(
        Instant from, Instant to, Grouping grouping, Optional<Duration> within) throws Exception;

    /** What goes on now. */
    LiveMoment live();

    /**
     * @param agent empty = all
     * @param interval null = the whole time in one
     */
    AgentFigures.Report agents(
        Instant from, Instant to, Optional<AgentNumber> agent, Grouping.Interval interval);

    AgentFigures.Newest rows(Instant from, Instant to, AgentNumber agent, AgentFigure figure);

    Contest contest(AgentNumber agent, AgentFigure figure, String row, String text, String login);

    List<Contest> contests(Optional<AgentNumber> agent, boolean openOnly);

    Contest decide(long id, boolean accepted, String reason, String login);

    /**
     * In Asterisk's format, written as it is read: a year of it is more than memory holds.
     *
     * @throws IOException from {@code out}
     */
    /**
     * @param numbers how callers' numbers are shown
     */
    void queueLog(Instant from, Instant to, UnaryOperator<String> numbers, Appendable out)
        throws IOException;
  }

  /** Reasons are in the language given; without one they are {@link Refusal}s. */
  public interface PolicyDesk {
    List<PolicyViews.PolicyRow> policies();

    /**
     * @param version empty = the newest
     */
    Optional<PolicyViews.PolicyView> policy(String code, Optional<Integer> version);

    /**
     * @param edited the version that was changed; 0 = a new policy
     */
    PolicyViews.PolicyView save(
        String code, int edited, JsonNode document, String login, Locale language);

    /** What is wrong with it; empty = it could be saved. */
    List<PolicyViews.ProblemView> check(String code, JsonNode document, Locale language);

    PolicyViews.Vocabulary vocabulary();

    List<PolicyViews.TierView> tiers();

    /**
     * @param there it exists; false = it must not
     */
    void saveTier(PolicyViews.TierView tier, boolean there);

    void removeTier(String code);

    List<PolicyViews.ManagerView> managers();

    void saveManager(PolicyViews.ManagerView manager);

    void removeManager(String name);

    /** Those that are not over. */
    List<PolicyViews.LeaveView> leaves();

    PolicyViews.LeaveView addLeave(PolicyViews.LeaveView leave);

    void removeLeave(long id);
  }

  /**
   * Questionnaires with their drafts, fault cards, and what sites have answered. Reasons of
   * problems are in the language given.
   */
  public interface FormDesk {
    List<FormViews.QuestionnaireRow> questionnaires();

    /**
     * @param version empty = the newest
     */
    FormViews.QuestionnaireWhole questionnaire(
        String code, Optional<Integer> version, Locale language);

    /**
     * @param seen revision that was changed; 0 = there was none
     */
    FormViews.QuestionnaireWhole saveDraft(
        String code,
        int seen,
        Optional<Integer> from,
        JsonNode document,
        String login,
        Locale language);

    /** What draft and newest version have changed since the version the draft began from. */
    FormViews.DifferenceView difference(String code);

    /** Carries the draft over to the newest version. */
    FormViews.QuestionnaireWhole rebase(
        String code, int seen, int onto, String login, Locale language);

    void dropDraft(String code, int seen, String login);

    /** Makes a version of it. */
    FormViews.QuestionnaireWhole publish(String code, int seen, String login, Locale language);

    /**
     * What the form would do with these answers; nothing is stored.
     *
     * @param models of the devices; they are numbered from 1
     */
    FormViews.Trial tryOut(
        String code,
        JsonNode document,
        List<String> models,
        Map<String, String> answers,
        Locale language);

    FormViews.FaultBookView faults();

    FormViews.CardView saveCard(FormViews.CardView card, String login);

    void removeCard(long id, int version);

    void saveDangerWords(List<String> words);

    FaultCardFile faultFile();

    FormViews.SiteAnswersView answers(String campaign, int round, String site);

    FormViews.SiteAnswersView correct(
        String campaign, int round, String site, String key, String value, String login, String why)
        throws SQLException;
  }

  @FunctionalInterface
  public interface StatusDesk {
    Views.Status status();
  }

  /** Parts of the feed that may have changed. */
  public enum Part {
    WAITING,
    AGENTS,
    ROUND,
    WORK,
    STATUS;

    static final Set<Part> ALL = Set.of(values());
  }
}
