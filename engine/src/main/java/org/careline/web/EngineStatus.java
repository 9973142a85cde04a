package org.careline.web;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.careline.call.CallState;
import org.careline.call.LiveCall;
import org.careline.call.Mailbox;
import org.careline.customer.ReferenceSnapshot;
import org.careline.database.JournalWriter;
import org.careline.database.Leader;
import org.careline.hotline.Hotline;
import org.careline.language.Sentence;
import org.careline.task.OpenDangers;

/** How the engine is, from what its parts know; asks no database. Thread-safe. */
public final class EngineStatus implements Desks.StatusDesk {
  private static final long MANY_WAITING = 1000;
  private static final Duration CLOCK_ALARM = Duration.ofSeconds(1);

  private final Leader leader;
  private final JournalWriter writer;
  private final BooleanSupplier switchUp;
  private final ReferenceSnapshot reference;
  private final Mailbox mailbox;
  private final Hotline hotline;
  private final BooleanSupplier rightsTooWide;
  private final Supplier<Set<String>> unplayable;
  private final Supplier<Optional<Long>> difference;
  private final Supplier<Optional<Sentence>> trunks;
  private final Supplier<OpenDangers.Now> openDangers;

  /**
   * @param rightsTooWide the switch gives us more than we need
   * @param unplayable codes of the lines of which callers would not hear a prompt
   * @param difference calls that the nightly check found in no bin of the figures; empty = not
   *     checked yet
   * @param trunks what is wrong with calls out; empty = nothing
   * @param openDangers what {@link Views.Status} tells of
   */
  public EngineStatus(
      Leader leader,
      JournalWriter writer,
      BooleanSupplier switchUp,
      ReferenceSnapshot reference,
      Mailbox mailbox,
      Hotline hotline,
      BooleanSupplier rightsTooWide,
      Supplier<Set<String>> unplayable,
      Supplier<Optional<Long>> difference,
      Supplier<Optional<Sentence>> trunks,
      Supplier<OpenDangers.Now> openDangers) {
    this.leader = leader;
    this.writer = writer;
    this.switchUp = switchUp;
    this.reference = reference;
    this.mailbox = mailbox;
    this.hotline = hotline;
    this.rightsTooWide = rightsTooWide;
    this.unplayable = unplayable;
    this.difference = difference;
    this.trunks = trunks;
    this.openDangers = openDangers;
  }

  private record Counts(int waiting, int ready) {}

  @Override
  public Views.Status status() {
    Counts counts =
        mailbox.ask(
            HotlineCalls.ANSWER,
            () ->
                new Counts(
                    (int) hotline.calls().live().stream().filter(EngineStatus::waits).count(),
                    hotline.agents().readyCount()));
    OpenDangers.Now dangers = openDangers.get();
    long undelivered = writer.lag().entries();
    return new Views.Status(
        leader.leading(),
        leader.epoch(),
        switchUp.getAsBoolean() ? "up" : "down",
        database(leader.database()),
        undelivered,
        counts.waiting(),
        counts.ready(),
        dangers.count(),
        dangers.people(),
        banner(
            leader.leading(),
            leader.clockDifference(),
            reference.servingFromFile(),
            undelivered,
            rightsTooWide.getAsBoolean(),
            unplayable.get(),
            difference.get().orElse(0L),
            trunks.get()));
  }

  private static String database(Leader.DatabaseState state) {
    return switch (state) {
      case NOT_ASKED -> "unknown";
      case ANSWERS -> "up";
      case AWAY -> "down";
    };
  }

  private static boolean waits(LiveCall call) {
    return call.state() instanceof CallState.Waiting
        || call.state() instanceof CallState.Offered
        || call.state() instanceof CallState.InFallback;
  }

  /**
   * In both languages: everybody sees the same one. Switch and database have fields of their own.
   */
  private static String banner(
      boolean leading,
      Duration clock,
      boolean fromFile,
      long undelivered,
      boolean tooWide,
      Set<String> unplayable,
      long difference,
      Optional<Sentence> trunks) {
    if (!leading) {
      return "本机待命，不接待来电 · This engine watches and serves no calls";
    }
    if (clock.abs().compareTo(CLOCK_ALARM) > 0) {
      return clockText(clock);
    }
    if (fromFile) {
      return "客户资料来自本地副本 · Customer data come from the local copy";
    }
    if (undelivered > MANY_WAITING) {
      return "通话记录延迟入库 · Records reach the database late";
    }
    if (!unplayable.isEmpty()) {
      String lines = String.join(", ", unplayable);
      return "线路 %s 缺少提示音，来电听不到，见日志 · A prompt of line %s is missing, callers hear silence, see the log"
          .formatted(lines, lines);
    }
    if (trunks.isPresent()) {
      return trunks.get().in(Locale.CHINESE) + " · " + trunks.get().in(Locale.ENGLISH);
    }
    if (difference != 0) {
      return "夜间核对：热线指标合计相差 %d 通，见日志 · The nightly check found the sums of the hotline's figures %d off, see the log"
          .formatted(difference, difference);
    }
    if (tooWide) {
      return "交换机给本系统的权限过大，见日志 · The switch gives Careline too many rights, see the log";
    }
    return null;
  }

  private static String clockText(Duration ahead) {
    long seconds = ahead.abs().toSeconds();
    boolean stops = seconds >= 60;
    return "本机时钟与数据库相差 %d 秒%s · The clocks of engine and database are %d s apart%s"
        .formatted(
            seconds, stops ? "，暂停回访外呼" : "", seconds, stops ? ": no callbacks are dialled" : "");
  }
}
