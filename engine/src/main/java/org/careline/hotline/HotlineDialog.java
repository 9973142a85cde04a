package org.careline.hotline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.careline.call.CallId;
import org.careline.call.CallState;
import org.careline.call.Caller;
import org.careline.call.Calls;
import org.careline.call.Handling;
import org.careline.call.Mailbox;
import org.careline.customer.NumberOwner;
import org.careline.customer.PhoneNumber;
import org.careline.customer.Recognition;
import org.careline.customer.ReferenceData.Line;
import org.careline.customer.ReferenceData.Tier;
import org.careline.routing.Assignment;
import org.careline.telephony.Admissions;
import org.careline.telephony.Arrival;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;

/**
 * Answers the dialplan's two short questions about a caller: greeting, agent, or wait. Recognising
 * happens on the asking thread from memory, deciding in one turn of the mailbox. Thread-safe.
 */
public final class HotlineDialog implements Admissions {
  /** The dialplan waits 3 s; what is not decided by now is better served by the switch alone. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /**
   * What the dialog asks the reference data in memory.
   *
   * @param lines by what was dialled
   * @param tiers by code; the standard tier for unknown codes
   */
  public record Book(
      Function<Arrival, Recognition> recognise,
      Function<String, Optional<Line>> lines,
      Function<String, Tier> tiers) {}

  private final Book book;
  private final Calls calls;
  private final Dispatcher dispatcher;
  private final Mailbox mailbox;
  private final BooleanSupplier serving;

  /**
   * @param serving this engine leads and knows what lives; else callers go to the fallback queue
   */
  public HotlineDialog(
      Book book, Calls calls, Dispatcher dispatcher, Mailbox mailbox, BooleanSupplier serving) {
    this.book = book;
    this.calls = calls;
    this.dispatcher = dispatcher;
    this.mailbox = mailbox;
    this.serving = serving;
  }

  @Override
  public Step admit(Arrival arrival) {
    Recognition recognition = book.recognise().apply(arrival);
    Optional<Line> line = book.lines().apply(arrival.dialled());
    Calls.Known known = known(book, arrival.dialled(), line, recognition);
    return mailbox.ask(
        DEADLINE,
        () -> {
          if (!calls.admitted(arrival.callId(), arrival.channel(), known, arrival.at())
              || !serving.getAsBoolean()) {
            return new Step.Fallback();
          }
          if (line.isEmpty()) {
            calls.refused(arrival.callId());
            return new Step.Refuse();
          }
          if (!line.get().greeting().isEmpty()) {
            calls.greeted(arrival.callId());
            return new Step.In(
                line.get().language(), new Step.Say(List.of(line.get().greeting()), "greeted"));
          }
          return next(arrival.callId());
        });
  }

  @Override
  public Step route(CallId call, String channel, Heard heard) {
    return mailbox.ask(
        DEADLINE,
        () -> {
          if (!serving.getAsBoolean() || calls.find(call).isEmpty()) {
            return new Step.Fallback();
          }
          return switch (heard.stage()) {
            case Heard.AFTER_TALK -> afterTalk(call);
            case Heard.CALLBACK_KEY -> new Step.Wait();
            case Heard.EXTERNAL_FAILED -> {
              calls.overflowFailed(call);
              yield new Step.Wait();
            }
            default -> next(call);
          };
        });
  }

  /** The agent has ended: so does the call. */
  private Step afterTalk(CallId call) {
    calls.agentLeft(call);
    return new Step.Refuse();
  }

  /** In the mailbox: an agent at once, or the waitroom. */
  private Step next(CallId id) {
    Optional<Assignment> assignment = dispatcher.connect(id);
    if (assignment.isPresent()) {
      Duration ring = calls.find(id).orElseThrow().handling().ring();
      return new Step.Connect(assignment.get().agent(), ring);
    }
    // asked twice, for example after an adoption: his place stays
    if (calls.find(id).map(call -> call.state() instanceof CallState.Ended).orElse(true)) {
      return new Step.Fallback();
    }
    calls.joined(id);
    return new Step.Wait();
  }

  /** What is known of callers who come past the dialog, by the number the switch shows. */
  public static Calls.Strangers strangers(Book book, java.time.InstantSource clock) {
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
    Optional<NumberOwner> owner = recognition.owner();
    Optional<NumberOwner.Site> site = owner.flatMap(NumberOwner::site);
    Tier tier = book.tiers().apply(recognition.tierCode());
    Caller caller =
        new Caller(
            dialled,
            line.map(Line::code).orElse(null),
            recognition.raw(),
            recognition.number().map(PhoneNumber::e164).orElse(null),
            owner.map(o -> o.customer().id()).orElse(null),
            owner.map(o -> o.customer().code()).orElse(null),
            owner.map(o -> o.customer().name()).orElse(null),
            site.map(NumberOwner.Site::id).orElse(null),
            site.map(NumberOwner.Site::code).orElse(null),
            site.map(NumberOwner.Site::name).orElse(null),
            tier.code());
    return new Calls.Known(
        caller,
        new Handling(
            line.map(Line::ringTimeout).orElse(Duration.ofSeconds(15)),
            line.map(Line::wrapUp).orElse(Duration.ofSeconds(30)),
            tier.weight(),
            tier.rank(),
            tier.minGrade()));
  }
}
