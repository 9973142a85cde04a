package org.careline.hotline;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.config.Configuration;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberReader;
import org.careline.customer.OwnNumbers;
import org.careline.customer.PhoneNumber;
import org.careline.customer.ReferenceData.Line;
import org.careline.hotline.TalkTarget.ToAgent;
import org.careline.hotline.TalkTarget.ToLine;
import org.careline.hotline.TalkTarget.ToNumber;
import org.careline.telephony.TalkControl;

/**
 * To whom a caller may be handed: colleagues, lines, and outside numbers that are allowed, as of
 * the newest reference data. Thread-safe.
 */
public final class TransferBook {
  private final Supplier<List<Line>> lines;
  private final Configuration.Trunk trunk;
  private final AllowedDestinations allowed;
  private final OwnNumbers own;
  private final InstantSource clock;

  public TransferBook(
      Supplier<List<Line>> lines,
      Configuration.Trunk trunk,
      AllowedDestinations allowed,
      OwnNumbers own,
      InstantSource clock) {
    this.lines = lines;
    this.trunk = trunk;
    this.allowed = allowed;
    this.own = own;
    this.clock = clock;
  }

  /**
   * @throws TalkRefused when it is no agent's number
   */
  public TalkTarget agent(String number) {
    if (!number.matches("[0-9]{3,8}")) {
      throw new TalkRefused("talk.no-agent", number);
    }
    return new ToAgent(new AgentNumber(number));
  }

  /**
   * The queue of a line, with that line's times and the caller's own priority.
   *
   * @throws TalkRefused when there is no such line, or it is closed for him: nobody would come
   */
  public TalkTarget line(String code, Optional<LiveCall> call) {
    Line line =
        lines().stream()
            .filter(known -> known.code().equals(code))
            .findFirst()
            .orElseThrow(() -> new TalkRefused("talk.no-line", code));
    LiveCall whose = call.orElseThrow(() -> new TalkRefused("talk.over"));
    if (!line.settings().openFor(whose.caller().tierCode(), clock.instant())) {
      throw new TalkRefused("talk.line-closed", code);
    }
    Handling now = whose.handling();
    return new ToLine(
        code,
        line.number(),
        line.language(),
        new Handling(line.ringTimeout(), line.wrapUp(), now.weight(), now.rank(), now.minGrade()));
  }

  public List<Line> lines() {
    return lines.get();
  }

  /**
   * @param typed as a person writes it
   * @param dialled what the caller dialled: shown to whom is rung
   * @throws TalkRefused when it is no number, a line or a phone of ours, or one that must not be
   *     dialled
   */
  public TalkTarget number(String typed, String dialled) {
    PhoneNumber number =
        switch (NumberReader.read(typed, trunk.homeAreaCode())) {
          case NumberReader.Valid valid -> valid.number();
          case NumberReader.Invalid invalid ->
              throw new TalkRefused("talk.number", invalid.reason());
        };
    if (own.line(number)) {
      throw new TalkRefused("talk.own-number");
    }
    if (own.agent(number).isPresent()) {
      throw new TalkRefused("talk.agents-phone");
    }
    allowed
        .toPerson(number)
        .ifPresent(
            why -> {
              throw new TalkRefused(
                  switch (why) {
                    case SHORT -> "talk.short-number";
                    case PREMIUM -> "talk.premium-number";
                    case NOT_ALLOWED -> "talk.not-allowed";
                  });
            });
    String shown = dialled.startsWith("+") ? dialled.substring(1) : dialled;
    return new ToNumber(
        number.e164(), new TalkControl.Outside(number.dialled(trunk.dialForm()), shown));
  }
}
