package org.careline.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.agent.Reason;
import org.careline.agent.Wish;
import org.careline.call.CallId;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.hotline.Dispositions;
import org.careline.hotline.Hotline;
import org.careline.hotline.TalkRefused;
import org.careline.hotline.TalkTarget;
import org.careline.hotline.Talks;
import org.careline.hotline.TransferBook;
import org.careline.language.Sentence;
import org.careline.telephony.Telephony.Accepted;

/** Talks for the console, from the mailbox and the switch's answer. Thread-safe. */
public final class HotlineTalks implements Desks.TalkDesk {
  private static final Duration SWITCH = Duration.ofSeconds(4);

  private final Mailbox mailbox;
  private final Hotline hotline;
  private final TransferBook book;
  private final Dispositions dispositions;

  public HotlineTalks(
      Mailbox mailbox, Hotline hotline, TransferBook book, Dispositions dispositions) {
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.book = book;
    this.dispositions = dispositions;
  }

  @Override
  public void order(CallId id, Verb verb, Wanted wanted) {
    Talks talks = hotline.talks();
    Accepted answer =
        waited(
            () ->
                switch (verb) {
                  case HOLD -> talks.hold(id);
                  case RESUME -> talks.resume(id);
                  case TRANSFER -> talks.transfer(id, target(id, wanted));
                  case CONSULT -> talks.consult(id, target(id, wanted));
                  case COMPLETE -> talks.complete(id);
                  case CANCEL -> talks.cancel(id);
                  case CONFERENCE -> talks.conference(id);
                  case RECORD_PAUSE -> talks.pause(id);
                  case RECORD_RESUME -> talks.record(id);
                });
    if (!answer.taken()) {
      throw Refusal.conflict("switch_refused", Sentence.of("talk.switch-refused"));
    }
  }

  /** In the mailbox; reads memory only. */
  private TalkTarget target(CallId id, Wanted wanted) {
    Optional<LiveCall> call = hotline.calls().find(id);
    return wanted
        .agent()
        .map(book::agent)
        .or(() -> wanted.line().map(code -> book.line(code, call)))
        .or(
            () ->
                wanted
                    .number()
                    .map(
                        number ->
                            book.number(number, call.map(c -> c.caller().dialled()).orElse(""))))
        .orElseThrow(() -> Refusal.invalid("agent", Sentence.of("talk.target")));
  }

  private <T> T waited(Supplier<CompletableFuture<T>> order) {
    try {
      return mailbox.ask(HotlineCalls.ANSWER, order).get(SWITCH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TalkRefused refused) {
      throw refusal(refused);
    } catch (TimeoutException | ExecutionException e) {
      throw Refusal.unavailable("no_answer", Sentence.of("web.no-answer"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.unavailable("busy", Sentence.of("web.stopping"));
    }
  }

  /** What is wrong with the request is a 400, what is wrong with the moment a 409. */
  static Refusal refusal(TalkRefused refused) {
    int status =
        switch (refused.id()) {
          case "number", "disposition_code", "disposition_name", "dispositions" -> 400;
          default -> 409;
        };
    return new Refusal(status, refused.id(), refused.reason(), Map.of());
  }

  @Override
  public Views.TransferTargets targets() {
    return new Views.TransferTargets(
        mailbox.ask(HotlineCalls.ANSWER, () -> hotline.agents().all()).stream()
            .map(
                agent ->
                    new Views.TransferAgent(
                        agent.number().value(), agent.name(), agent.presence().key()))
            .toList(),
        book.lines().stream()
            .map(line -> new Views.TransferLine(line.code(), line.nameEn(), line.nameZh()))
            .toList());
  }

  @Override
  public void extendWrapUp(AgentNumber agent) {
    tell(() -> hotline.wrapUps().extend(agent));
  }

  @Override
  public void notReady(AgentNumber agent) {
    tell(
        () -> {
          if (!hotline.agents().known(agent)) {
            throw new TalkRefused("talk.no-agent", agent.value());
          }
          hotline.agents().wish(agent, Wish.notReady(Reason.SUPERVISOR), false);
        });
  }

  @Override
  public void release(AgentNumber agent) {
    tell(() -> hotline.wrapUps().release(agent));
  }

  private void tell(Runnable order) {
    try {
      mailbox.ask(
          HotlineCalls.ANSWER,
          () -> {
            order.run();
            return true;
          });
    } catch (TalkRefused refused) {
      throw refusal(refused);
    }
  }

  @Override
  public void disposition(CallId call, AgentNumber agent, String code) {
    if (dispositions.all().stream().noneMatch(item -> item.code().equals(code))) {
      throw refusal(new TalkRefused("talk.disposition-unknown", code));
    }
    waited(() -> hotline.wrapUps().disposition(call, agent, code));
  }

  @Override
  public List<Views.DispositionView> dispositions() {
    return dispositions.all().stream()
        .map(item -> new Views.DispositionView(item.code(), item.nameEn(), item.nameZh()))
        .toList();
  }

  @Override
  public void saveDispositions(List<Views.DispositionView> wanted) {
    try {
      dispositions.replace(
          wanted.stream()
              .map(item -> new Dispositions.Item(item.code(), item.nameEn(), item.nameZh()))
              .toList());
    } catch (TalkRefused refused) {
      throw refusal(refused);
    }
  }
}
