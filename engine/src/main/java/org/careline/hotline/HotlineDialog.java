package org.careline.hotline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.customer.NumberOwner;
import org.careline.customer.PhoneNumber;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.routing.Assignment;
import org.careline.routing.PolicyStep;
import org.careline.task.Promises;
import org.careline.telephony.Admissions;
import org.careline.telephony.Arrival;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;

/**
 * Answers the dialplan's short questions about a caller: acts as {@link Dialogue} decides, and
 * finds him an agent or a place. Recognising happens on the asking thread from memory, deciding in
 * one turn of the mailbox. Thread-safe.
 */
public final class HotlineDialog implements Admissions {
  /** The dialplan waits 3 s; what is not decided by now is better served by the switch alone. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Stages of the dialogue with one who pressed a key begin with this. */
  private static final String KEYS = "callback";

  /**
   * What the dialog asks the reference data in memory.
   *
   * @param lines by what was dialled
   * @param tiers by code; the standard tier for unknown codes
   * @param numbers who shares a number, and whose a typed code is
   */
  public record Book(
      Function<Arrival, Recognition> recognise,
      Function<String, Optional<Line>> lines,
      Function<String, Tier> tiers,
      NumberOwner.Book numbers) {

    /** Without codes. */
    public Book(
        Function<Arrival, Recognition> recognise,
        Function<String, Optional<Line>> lines,
        Function<String, Tier> tiers) {
      this(recognise, lines, tiers, e164 -> Optional.empty());
    }
  }

  /** A short dialogue with one who waits: he has pressed a key, or we have something to say. */
  @FunctionalInterface
  public interface KeyDialogue {
    /**
     * What he gets next; {@link Step.Wait} brings him back to his place. In the mailbox, from
     * memory. His state is asking, or he has been promised a call.
     */
    Step next(LiveCall call, Line line, Heard heard);
  }

  private final Book book;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final Flood flood;
  private final Mailbox mailbox;
  private final InstantSource clock;
  private final BooleanSupplier serving;
  private KeyDialogue keys = (call, line, heard) -> new Step.Wait();
  private KeyDialogue closing = (call, line, heard) -> new Step.Wait();
  private Predicate<CallId> messages = id -> false;

  /** For whom his account manager's mobile rings: the switch tells the end of it twice. */
  private final Set<CallId> managersRing = new HashSet<>();

  /**
   * @param serving this engine leads and knows what lives; else callers go to the fallback queue
   */
  HotlineDialog(
      Book book,
      Calls calls,
      Dispatcher dispatcher,
      Flood flood,
      Mailbox mailbox,
      InstantSource clock,
      BooleanSupplier serving) {
    this.book = book;
    this.calls = calls;
    this.dispatcher = dispatcher;
    this.flood = flood;
    this.mailbox = mailbox;
    this.clock = clock;
    this.serving = serving;
    calls.watch(this::rings);
    calls.announceBy(
        caller ->
            book.lines()
                .apply(caller.servedNumber())
                .filter(line -> line.settings().announceAgent())
                .map(Line::language));
  }

  private void rings(LiveCall call) {
    if (call.state() instanceof CallState.Overflowing ringing
        && ringing.group().equals(PolicyStep.MANAGER_MOBILE)) {
      managersRing.add(call.id());
    } else if (call.state() instanceof CallState.Overflowing
        || call.state() instanceof CallState.Ended) {
      managersRing.remove(call.id());
    }
  }

  /** Who speaks with those who press a key while they wait. Before callers come. */
  public void onKeys(KeyDialogue dialogue) {
    this.keys = dialogue;
  }

  /** Who speaks with those who wait when their line closes. Before callers come. */
  void onClosing(KeyDialogue dialogue) {
    this.closing = dialogue;
  }

  /** Who knows whether a caller has left a message with something to be heard. Before callers. */
  void onMessages(Predicate<CallId> left) {
    this.messages = left;
  }

  @Override
  public Step admit(Arrival arrival) {
    Recognition recognition = book.recognise().apply(arrival);
    Optional<Line> line = book.lines().apply(arrival.dialled());
    Calls.Known known = known(book, arrival.dialled(), line, recognition);
    CallId id = arrival.callId();
    boolean welcome = line.isPresent() && !recognition.blocked() && serving.getAsBoolean();
    if (welcome && flood.tooMany(id, known.caller().e164(), clock.instant())) {
      return flooded(arrival, line.get(), known);
    }
    return mailbox.ask(
        DEADLINE,
        () -> {
          if (!calls.admitted(id, arrival.channel(), known, arrival.at())
              || !serving.getAsBoolean()) {
            return new Step.Fallback();
          }
          if (line.isEmpty()) {
            calls.refused(id);
            return new Step.Refuse();
          }
          Optional<String> turnedAway =
              Optional.of("blocklist").filter(why -> recognition.blocked());
          return act(
              id, line.get(), Dialogue.begin(facts(line.get(), known.caller(), false), turnedAway));
        });
  }

  /** Refused at once; it is written down when the mailbox comes to it, before his channel's end. */
  private Step flooded(Arrival arrival, Line line, Calls.Known known) {
    mailbox.execute(
        () -> {
          if (calls.admitted(arrival.callId(), arrival.channel(), known, arrival.at())) {
            act(
                arrival.callId(),
                line,
                Dialogue.begin(facts(line, known.caller(), false), Optional.of("flood")));
          }
        });
    return new Step.Refuse();
  }

  @Override
  public Step route(CallId id, String channel, Heard heard) {
    // the one look at a file, and on the asking thread: silence is short
    boolean messageLeft = heard.stage().equals(Dialogue.MESSAGE) && messages.test(id);
    return mailbox.ask(
        DEADLINE,
        () -> {
          Optional<LiveCall> call = calls.find(id);
          Optional<Line> line = call.flatMap(c -> book.lines().apply(c.caller().servedNumber()));
          if (!serving.getAsBoolean() || call.isEmpty()) {
            return new Step.Fallback();
          }
          return line.isPresent()
              ? answer(call.get(), line.get(), heard, messageLeft)
              : withoutLine(call.get(), heard);
        });
  }

  /** His line is no more: he is served, and after a talk it is over. */
  private Step withoutLine(LiveCall call, Heard heard) {
    if (heard.stage().equals(Heard.AFTER_TALK)) {
      calls.agentLeft(call.id());
    }
    boolean over =
        calls
            .find(call.id())
            .map(LiveCall::state)
            .filter(s -> s instanceof CallState.Surveying || s instanceof CallState.Leaving)
            .isPresent();
    return over ? new Step.Refuse() : serve(call.id());
  }

  /** In the mailbox: what follows for a caller in this state. */
  private Step answer(LiveCall call, Line line, Heard heard, boolean messageLeft) {
    CallId id = call.id();
    if (heard.stage().startsWith(KEYS)) {
      return inDialogue(call) || heard.stage().equals(Heard.CALLBACK_KEY) && calls.asked(id)
          ? in(line, keys.next(calls.find(id).orElseThrow(), line, heard))
          : new Step.Wait();
    }
    if (heard.stage().startsWith(LineClosing.STAGE)) {
      return inDialogue(call) ? in(line, closing.next(call, line, heard)) : new Step.Wait();
    }
    if (heard.stage().equals(Heard.EXTERNAL_FAILED)) {
      calls.overflowFailed(id);
      return managersRing.remove(id) ? unreached(id, line) : new Step.Wait();
    }
    if (heard.stage().equals(Heard.AFTER_TALK)) {
      calls.agentLeft(id);
      CallState now = calls.find(id).orElseThrow().state();
      if (now instanceof CallState.Leaving) {
        // whom he was handed to outside has put the receiver down
        calls.ending(id);
        return new Step.Refuse();
      }
      if (!(now instanceof CallState.Surveying)) {
        // handed over meanwhile: he goes where he is expected
        return now instanceof CallState.Offered offered
            ? new Step.Connect(offered.to(), call.handling().ring(), announceIn(line))
            : new Step.Wait();
      }
    }
    return act(id, line, Dialogue.next(facts(line, call.caller(), messageLeft), heard));
  }

  private static boolean inDialogue(LiveCall call) {
    return call.state() instanceof CallState.Asking || Promises.given(call);
  }

  /** His account manager was not reached: who has no agent at once is told before he waits on. */
  private Step unreached(CallId id, Line line) {
    Step next = serve(id);
    return next instanceof Step.Wait
        ? in(line, new Step.Say(List.of("manager-unreached"), Dialogue.SERVE))
        : next;
  }

  private Dialogue.Facts facts(Line line, Caller caller, boolean messageLeft) {
    return new Dialogue.Facts(
        line,
        caller,
        candidates(caller),
        line.settings().openFor(caller.tierCode(), clock.instant()),
        messageLeft,
        book.numbers()::code);
  }

  private List<NumberOwner.Customer> candidates(Caller caller) {
    return caller.customerId() == null
            && caller.e164() != null
            && book.numbers().find(caller.e164()).orElse(null) instanceof NumberOwner.Shared shared
        ? shared.candidates()
        : List.of();
  }

  /** Carries out what was decided and says what the dialplan does. */
  private Step act(CallId id, Line line, Decision decision) {
    decision.effects().forEach(effect -> settle(id, line, effect));
    return switch (decision.next()) {
      case Decision.Play play -> {
        if (play.step() instanceof Step.Bye) {
          calls.ending(id);
        }
        yield in(line, play.step());
      }
      case Decision.Serve serve -> serve(id);
      case Decision.Refuse refuse -> {
        calls.ending(id);
        yield new Step.Refuse();
      }
    };
  }

  private void settle(CallId id, Line line, Decision.Effect effect) {
    switch (effect) {
      case Decision.Greeted greeted -> calls.greeted(id);
      case Decision.Turned turned -> calls.turned(id, turned.outcome(), turned.why());
      case Decision.SurveyOffered offered -> calls.surveyOffered(id);
      case Decision.Scored scored -> calls.survey(id, scored.score());
      case Decision.Identified identified -> {
        Caller before = calls.find(id).orElseThrow().caller();
        calls.recognised(id, known(book, line, before, identified.owner()));
      }
      case Decision.Chosen chosen -> {
        LiveCall before = calls.find(id).orElseThrow();
        Caller wants = before.caller().choosing(chosen.choice(), chosen.skill());
        calls.recognised(id, new Calls.Known(wants, before.handling()));
      }
    }
  }

  /** In the mailbox: an agent at once, or the waitroom. */
  private Step serve(CallId id) {
    Optional<Assignment> assignment = dispatcher.connect(id);
    LiveCall call = calls.find(id).orElse(null);
    // asked twice, for example after an adoption: his place stays
    if (call == null || call.state() instanceof CallState.Ended) {
      return new Step.Fallback();
    }
    if (assignment.isPresent()) {
      return new Step.Connect(
          assignment.get().agent(),
          call.handling().ring(),
          book.lines().apply(call.caller().servedNumber()).flatMap(HotlineDialog::announceIn));
    }
    calls.joined(id);
    return new Step.Wait();
  }

  private static Optional<String> announceIn(Line line) {
    return line.settings().announceAgent() ? Optional.of(line.language()) : Optional.empty();
  }

  /** With the language, where something is said. */
  private static Step in(Line line, Step step) {
    boolean silent =
        step instanceof Step.Wait
            || step instanceof Step.Fallback
            || step instanceof Step.Refuse
            || step instanceof Step.In;
    return silent ? step : new Step.In(line.language(), step);
  }

  /** What is known of callers who come past the dialog, by the number the switch shows. */
  public static Calls.Strangers strangers(Book book, InstantSource clock) {
    return (dialled, callerNumber) -> {
      Map<String, String> headers =
          callerNumber != null && callerNumber.matches("\\+?[0-9]{1,40}")
              ? Map.of("from", "<sip:" + callerNumber + "@unknown>")
              : Map.of();
      Arrival arrival =
          new Arrival(new CallId("unknown"), "", "", dialled, headers, clock.instant());
      return known(book, dialled, book.lines().apply(dialled), book.recognise().apply(arrival));
    };
  }

  private static Calls.Known known(
      Book book, String dialled, Optional<Line> line, Recognition recognition) {
    return known(
        book,
        dialled,
        line,
        recognition.raw(),
        recognition.number().map(PhoneNumber::e164),
        recognition.owner(),
        recognition.tierCode(),
        Caller.BY_NUMBER);
  }

  /** The same caller, known by what he has typed. */
  private static Calls.Known known(Book book, Line line, Caller before, NumberOwner owner) {
    Calls.Known known =
        known(
            book,
            before.dialled(),
            Optional.of(line),
            before.raw(),
            Optional.ofNullable(before.e164()),
            Optional.of(owner),
            owner.tierCode(),
            before.knownBy() == null ? Caller.BY_CODE : before.knownBy());
    return new Calls.Known(
        known.caller().choosing(before.menuChoice(), before.skill()), known.handling());
  }

  private static Calls.Known known(
      Book book,
      String dialled,
      Optional<Line> line,
      String raw,
      Optional<String> e164,
      Optional<NumberOwner> owner,
      String tierCode,
      String knownBy) {
    Optional<NumberOwner.Site> site = owner.flatMap(NumberOwner::site);
    Tier tier = book.tiers().apply(tierCode);
    Caller caller =
        new Caller(
            dialled,
            line.map(Line::code).orElse(null),
            raw,
            e164.orElse(null),
            owner.map(o -> o.customer().id()).orElse(null),
            owner.map(o -> o.customer().code()).orElse(null),
            owner.map(o -> o.customer().name()).orElse(null),
            site.map(NumberOwner.Site::id).orElse(null),
            site.map(NumberOwner.Site::code).orElse(null),
            site.map(NumberOwner.Site::name).orElse(null),
            tier.code());
    return new Calls.Known(
        caller
            .knownBy(owner.isPresent() ? knownBy : null)
            .speaking(line.map(Line::language).orElse(null)),
        new Handling(
            line.map(Line::ringTimeout).orElse(Duration.ofSeconds(15)),
            line.map(Line::wrapUp).orElse(Duration.ofSeconds(30)),
            tier.weight(),
            tier.rank(),
            tier.minGrade()));
  }
}
