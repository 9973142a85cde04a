package org.careline.web;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.CallId;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.callback.Appointment;
import org.careline.callback.AttemptView;
import org.careline.callback.Attempts;
import org.careline.callback.ClaimedSite;
import org.careline.callback.Disposition;
import org.careline.callback.FormRefused;
import org.careline.callback.Forms;
import org.careline.callback.Referral;
import org.careline.callback.Referrals;
import org.careline.callback.RingBacks;
import org.careline.callback.SiteForm;
import org.careline.language.Sentence;
import org.careline.questionnaire.Questionnaire;
import org.careline.questionnaire.QuestionnaireWriter;
import org.jdbi.v3.core.ConnectionException;

/**
 * Attempts and their forms for the console, from the mailbox. An answer or a disposition is
 * confirmed only when it is on disk. Thread-safe.
 */
public final class CallbackAttempts implements Desks.AttemptDesk, HotlineAgents.AttemptWorks {
  private static final Duration ON_DISK = Duration.ofSeconds(4);
  private static final int REMEMBERED = 2000;

  private final Mailbox mailbox;
  private final Attempts attempts;
  private final Forms forms;
  private final RingBacks ringBacks;
  private final Referrals referrals;
  private final Function<CallId, Optional<LiveCall>> calls;

  /** Whose an attempt was: a form sent twice must find its owner after the attempt is settled. */
  private final Map<CallId, AgentNumber> owners =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, AgentNumber> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Without a hotline. */
  public CallbackAttempts(Mailbox mailbox, Attempts attempts, Forms forms) {
    this(mailbox, attempts, forms, null, null, call -> Optional.empty());
  }

  /**
   * @param calls of the hotline that live; asked on the mailbox
   */
  public CallbackAttempts(
      Mailbox mailbox,
      Attempts attempts,
      Forms forms,
      RingBacks ringBacks,
      Referrals referrals,
      Function<CallId, Optional<LiveCall>> calls) {
    this.mailbox = mailbox;
    this.attempts = attempts;
    this.forms = forms;
    this.ringBacks = ringBacks;
    this.referrals = referrals;
    this.calls = calls;
  }

  /** The call with this agent, and whether it can be asked about is a matter of the round. */
  private RingBacks.Ringing ringing(CallId call, AgentNumber agent) {
    LiveCall live =
        mailbox
            .ask(HotlineCalls.ANSWER, () -> calls.apply(call))
            .filter(each -> each.state().agent().equals(Optional.of(agent)))
            .orElseThrow(() -> Refusal.notFound(Sentence.of("web.no-call")));
    return new RingBacks.Ringing(
        call, live.caller().siteId(), live.caller().e164(), live.arrivedAt());
  }

  @Override
  public List<Views.WaitingSite> waiting(CallId call, AgentNumber agent) {
    RingBacks.Ringing ringing = ringing(call, agent);
    try {
      return ringBacks.waiting(ringing).stream()
          .map(
              each ->
                  new Views.WaitingSite(
                      each.campaign(),
                      each.round(),
                      each.siteCode(),
                      each.siteName(),
                      each.appointmentAt().orElse(null)))
          .toList();
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  @Override
  public CallId ask(CallId call, AgentNumber agent) {
    RingBacks.Ringing ringing = ringing(call, agent);
    if (mailbox.ask(HotlineCalls.ANSWER, () -> attempts.ofCall(call)).isPresent()) {
      throw Refusal.conflict("nothing_due", Sentence.of("form.nothing-due"));
    }
    try {
      RingBacks.Begun begun = ringBacks.begin(ringing, agent);
      mailbox.execute(() -> attempts.beginRungBack(begun, each -> calls.apply(each).isPresent()));
      return begun.attempt().id();
    } catch (FormRefused refused) {
      throw refusal(refused);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  @Override
  public Optional<Views.AttemptWork> leftOver(AgentNumber agent) {
    return mailbox
        .ask(HotlineCalls.ANSWER, () -> attempts.leftOver(agent))
        .map(CallbackAttempts::view);
  }

  @Override
  public Optional<Views.AttemptWork> ofCall(CallId call) {
    return mailbox
        .ask(HotlineCalls.ANSWER, () -> attempts.ofCall(call))
        .map(CallbackAttempts::view);
  }

  @Override
  public Optional<AgentNumber> agentOf(CallId attempt) {
    Optional<AgentNumber> agent =
        mailbox.ask(HotlineCalls.ANSWER, () -> attempts.view(attempt)).map(AttemptView::agent);
    synchronized (owners) {
      agent.ifPresent(owner -> owners.put(attempt, owner));
      return agent.or(() -> Optional.ofNullable(owners.get(attempt)));
    }
  }

  @Override
  public void dial(CallId attempt) {
    order(
        () -> {
          attempts.dial(attempt);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public void hangUp(CallId attempt) {
    order(
        () -> {
          attempts.hangUp(attempt);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public void keys(CallId attempt, String keys) {
    order(() -> attempts.keys(attempt, keys));
  }

  @Override
  public void answers(
      CallId attempt, Optional<String> site, String login, Map<String, String> answers) {
    order(() -> forms.answers(attempt, site, login, answers));
  }

  @Override
  public void disposition(CallId attempt, String login, Views.DispositionForm form) {
    Disposition disposition =
        Disposition.of(form.disposition())
            .orElseThrow(() -> Refusal.invalid("disposition", Sentence.of("web.disposition")));
    Optional<AgentNumber> wanted = form.appointmentMine() ? agentOf(attempt) : Optional.empty();
    Optional<Appointment> appointment =
        form.appointmentAt().map(at -> new Appointment(at, wanted, form.appointmentAsked()));
    Optional<Referral> referral = form.referral().map(this::read);
    order(
        () ->
            forms.disposition(
                attempt, form.site(), login, disposition, form.note(), appointment, referral));
  }

  private Referral read(Views.Named named) {
    try {
      return referrals.read(named.name(), named.role(), named.number(), named.next());
    } catch (FormRefused refused) {
      throw refusal(refused);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private void order(Supplier<CompletableFuture<Void>> order) {
    try {
      mailbox.ask(HotlineCalls.ANSWER, order).get(ON_DISK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (FormRefused refused) {
      throw refusal(refused);
    } catch (TimeoutException | ExecutionException e) {
      throw Refusal.unavailable("no_answer", Sentence.of("web.not-on-disk"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable("busy", Sentence.of("web.stopping"));
    }
  }

  /** What is wrong with the form is a 400, what is wrong with the moment a 409. */
  static Refusal refusal(FormRefused refused) {
    int status =
        switch (refused.id()) {
          case "no_attempt", "no_form", "no_site" -> 404;
          case "not_answered",
              "already_settled",
              "window_closed",
              "call_goes_on",
              "nothing_due",
              "being_rung" ->
              409;
          default -> 400;
        };
    return new Refusal(
        status, refused.id(), refused.reason(), Map.of("reasons", refused.details()));
  }

  @Override
  public Optional<Views.AttemptWork> of(CallId attempt) {
    return mailbox
        .ask(HotlineCalls.ANSWER, () -> attempts.view(attempt))
        .map(CallbackAttempts::view);
  }

  private static Views.AttemptWork view(AttemptView attempt) {
    ClaimedSite site = attempt.site();
    return new Views.AttemptWork(
        attempt.id().value(),
        attempt.state(),
        attempt.mode().id(),
        view(site),
        site.phone()
            .map(
                phone ->
                    new Views.ContactView(
                        phone.contactName(),
                        phone.contactRole(),
                        attempt.e164(),
                        attempt.extension()))
            .orElse(null),
        view(attempt.form().questionnaire()),
        devices(attempt.form()),
        attempt.answers(),
        attempt.form().before().map(CallbackAttempts::before).orElse(null),
        FormViews.of(attempt.form().faults()),
        new Views.RoundPeriod(site.roundNumber(), site.periodFrom(), site.periodTo()),
        disposition(attempt.sites().getFirst()),
        attempt.call().map(CallId::value).orElse(null),
        attempt.sites().stream().skip(1).map(CallbackAttempts::view).toList());
  }

  private static Views.SiteView view(ClaimedSite site) {
    return new Views.SiteView(
        site.siteCode(),
        site.siteName(),
        site.customerCode(),
        site.tierCode(),
        site.province(),
        site.city(),
        site.address(),
        site.remark(),
        null);
  }

  private static Views.AttemptSite view(AttemptView.Of other) {
    return new Views.AttemptSite(
        view(other.site()),
        devices(other.form()),
        other.answers(),
        other.form().before().map(CallbackAttempts::before).orElse(null),
        FormViews.of(other.form().faults()),
        disposition(other));
  }

  private static String disposition(AttemptView.Of site) {
    return site.disposition().map(Disposition::id).orElse(null);
  }

  static Views.QuestionnaireView view(Questionnaire questionnaire) {
    return new Views.QuestionnaireView(
        questionnaire.code(), questionnaire.version(), QuestionnaireWriter.sections(questionnaire));
  }

  static List<Views.FormDevice> devices(SiteForm form) {
    return form.devices().stream()
        .map(
            device ->
                new Views.FormDevice(device.id(), device.model(), device.serial(), device.gone()))
        .toList();
  }

  private static Views.BeforeView before(SiteForm.Before before) {
    return new Views.BeforeView(
        new Views.RoundPeriod(before.round(), before.periodFrom(), before.periodTo()),
        before.answers(),
        before.reworded().stream().sorted().toList());
  }
}
