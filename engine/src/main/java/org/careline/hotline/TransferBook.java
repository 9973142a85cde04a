package org.careline.hotline;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careline.agent.AgentNumber;
import org.careline.call.Handling;
import org.careline.call.LiveCall;
import org.careline.config.Configuration;
import org.careline.customer.AllowedDestinations;
import org.careline.customer.NumberReader;
import org.careline.customer.PhoneNumber;
import org.careline.customer.ReferenceData;
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
  private final Supplier<ReferenceData> reference;
  private final Configuration.Trunk trunk;
  private final AllowedDestinations allowed;

  public TransferBook(
      Supplier<ReferenceData> reference, Configuration.Trunk trunk, AllowedDestinations allowed) {
    this.reference = reference;
    this.trunk = trunk;
    this.allowed = allowed;
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
   * @throws TalkRefused when there is no such line
   */
  public TalkTarget line(String code, Optional<LiveCall> call) {
    Line line =
        reference.get().lineOf(code).orElseThrow(() -> new TalkRefused("talk.no-line", code));
    Handling now = call.map(LiveCall::handling).orElseThrow(() -> new TalkRefused("talk.over"));
    return new ToLine(
        code,
        new Handling(line.ringTimeout(), line.wrapUp(), now.weight(), now.rank(), now.minGrade()));
  }

  public List<Line> lines() {
    return reference.get().lines();
  }

  /**
   * @param typed as a person writes it
   * @param dialled what the caller dialled: shown to whom is rung
   * @throws TalkRefused when it is no number, one of ours, or one that must not be dialled
   */
  public TalkTarget number(String typed, String dialled) {
    PhoneNumber number =
        switch (NumberReader.read(typed, trunk.homeAreaCode())) {
          case NumberReader.Valid valid -> valid.number();
          case NumberReader.Invalid invalid ->
              throw new TalkRefused("talk.number", invalid.reason());
        };
    if (ours(number)) {
      throw new TalkRefused("talk.own-number");
    }
    allowed
        .refusal(number)
        .ifPresent(
            why -> {
              throw new TalkRefused(
                  why.equals("short_number") ? "talk.short-number" : "talk.not-allowed");
            });
    String shown = dialled.startsWith("+") ? dialled.substring(1) : dialled;
    return new ToNumber(
        number.e164(), new TalkControl.Outside(number.dialled(trunk.dialForm()), shown));
  }

  private boolean ours(PhoneNumber number) {
    return reference.get().lines().stream()
        .flatMap(
            line ->
                java.util.stream.Stream.concat(
                    line.landingNumbers().stream(),
                    java.util.stream.Stream.of(line.settings().publicNumber())))
        .filter(own -> !own.isEmpty())
        .anyMatch(
            own ->
                own.equals(number.national())
                    || own.equals(number.international())
                    || own.equals(number.e164())
                    || NumberReader.read(own, trunk.homeAreaCode())
                            instanceof NumberReader.Valid valid
                        && valid.number().e164().equals(number.e164()));
  }
}
