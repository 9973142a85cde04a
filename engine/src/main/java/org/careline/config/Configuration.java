package org.careline.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careline.language.Sentence;

/**
 * Everything that can be configured, checked and typed. What each key means, its unit and its
 * default stand in {@code config/careline.reference.yaml}; this record only gives the shape. Read
 * by {@link ConfigurationLoader}. Immutable; secrets do not appear in {@link #toString()}.
 */
public record Configuration(
    Path home,
    Http http,
    Database database,
    Asterisk asterisk,
    Hotline hotline,
    Prompts prompts,
    Agents agents,
    List<Trunk> trunks,
    Callback callback,
    Leader leader,
    Imports imports,
    Logging logging) {

  public record Http(
      @Within(min = 0, max = 65535) int port,
      String bind,
      String publicUrl,
      List<String> origins,
      Duration sessionIdle,
      Duration sessionLife) {}

  public record Database(
      String url, String user, Secret password, @Within(min = 2, max = 100) int connections) {
    /** The address without what may be secret in it: user, password and options. For messages. */
    public static String printable(String url) {
      return url.replaceFirst("//[^/]*@", "//").replaceFirst("[?(].*", "");
    }

    /** True when the supervisor runs the database. */
    public boolean local() {
      return url.isEmpty();
    }
  }

  public record Asterisk(
      String host,
      @Within(min = 0, max = 65535) int amiPort,
      String engineUser,
      Secret engineSecret,
      String credUser,
      Secret credSecret,
      @Within(min = 0, max = 65535) int agiPort,
      String agiBind,
      Secret agiToken,
      String sipDomain,
      String sipWebsocket,
      Optional<Path> recordings,
      Optional<Path> logDirectory,
      String rtpPorts) {
    public Asterisk {
      if (!rtpPorts.isEmpty() && !range(rtpPorts)) {
        throw new InvalidValue(Sentence.of("configuration.rtp-ports", rtpPorts));
      }
    }

    private static boolean range(String text) {
      if (!text.matches("[0-9]{4,5}-[0-9]{4,5}")) {
        return false;
      }
      int first = Integer.parseInt(text.substring(0, text.indexOf('-')));
      int last = Integer.parseInt(text.substring(text.indexOf('-') + 1));
      return first >= 1024 && last <= 65535 && last - first >= 3;
    }

    /** True when the supervisor runs the switch. */
    public boolean local() {
      return host.isEmpty();
    }
  }

  public record Hotline(
      Duration ringTimeout,
      Duration wrapUp,
      String greeting,
      Duration shortAbandon,
      @Within(min = 0, max = 500) int announcementsAtOnce,
      @Within(min = 1, max = 10000) int callsPerNumber,
      @Within(min = 1, max = 10000) int callsPerNumberAndSecond) {}

  /**
   * @param recorded folder with recordings, {@code <language>/<name>.wav}
   * @param folder where all prompts are put for Asterisk; empty = in the home
   */
  public record Prompts(Optional<Path> recorded, Optional<Path> folder) {}

  public record Agents(Duration consoleHeartbeat, Duration softphoneSecret) {}

  public record Trunk(
      String name,
      String endpoint,
      String homeAreaCode,
      List<CallerHeader> callerHeaders,
      List<String> withheld,
      List<String> prefixes,
      List<String> landingNumbers,
      List<ShownNumber> shownNumbers,
      DialForm dialForm,
      @Within(min = 0, max = 10_000) int channels,
      @Within(min = 0, max = 100) int reserveInbound,
      @Within(min = 1, max = 1000) int callsPerSecond) {
    public Trunk {
      if (!homeAreaCode.matches("0[0-9]{2,3}")) {
        throw new InvalidValue(Sentence.of("configuration.area-code", homeAreaCode));
      }
      for (String prefix : prefixes) {
        if (!prefix.matches("[0-9]{1,20}")) {
          throw new InvalidValue(Sentence.of("configuration.caller-prefix", prefix));
        }
      }
      requireDigits("landingNumbers", landingNumbers);
      List<String> shown = shownNumbers.stream().map(ShownNumber::number).toList();
      requireDigits("shownNumbers", shown);
      for (String number : shown) {
        if (receivesOnly(number)) {
          throw new InvalidValue(Sentence.of("configuration.shown-hotline", number));
        }
      }
    }

    /** The digits of all numbers on the list, expired ones too: they are ours. */
    public List<String> shown() {
      return shownNumbers.stream().map(ShownNumber::number).toList();
    }

    /** 400 and 800 numbers: they are called, and must not be shown to a callee. */
    public static boolean receivesOnly(String digits) {
      return digits.matches("(?:0?[48]00[0-9]{7}|(?:00)?86[48]00[0-9]{7})");
    }

    private static void requireDigits(String key, List<String> numbers) {
      for (String number : numbers) {
        if (!number.matches("[0-9]{3,20}")) {
          throw new InvalidValue(Sentence.of("configuration.digits", "trunks." + key, number));
        }
      }
    }
  }

  /**
   * A number that may be shown outside.
   *
   * @param owner to whom the carrier has given it
   * @param proof where the permission to show it is kept
   * @param until last day on which it may be shown, in the zone of {@code callback.zone}; empty =
   *     without end
   */
  @OneValue
  public record ShownNumber(
      String number, Optional<String> owner, Optional<String> proof, Optional<LocalDate> until) {}

  public record Callback(
      Duration claimEvery,
      @Within(min = 1, max = 1000) int claimBatch,
      Duration claimLease,
      ZoneId zone,
      List<String> allowedPrefixes) {
    public Callback {
      for (String prefix : allowedPrefixes) {
        if (!prefix.matches("\\+[0-9]{1,15}")) {
          throw new InvalidValue(Sentence.of("configuration.prefix", prefix));
        }
      }
    }
  }

  public record Leader(Duration lease, Duration renewEvery) {
    public Leader {
      if (renewEvery.isZero() || lease.compareTo(renewEvery.multipliedBy(3)) < 0) {
        throw new InvalidValue(Sentence.of("configuration.lease"));
      }
    }
  }

  public record Imports(DataSize maxSize) {}

  public record Logging(Level level, Format format) {}

  public enum Level {
    error,
    warn,
    info,
    debug,
    trace
  }

  public enum Format {
    json,
    text
  }

  /** How a trunk wants a number dialled. */
  public enum DialForm {
    e164,
    national
  }

  /** A SIP header that may name the caller. */
  public enum CallerHeader {
    P_ASSERTED_IDENTITY("P-Asserted-Identity"),
    REMOTE_PARTY_ID("Remote-Party-ID"),
    FROM("From");

    private final String header;

    CallerHeader(String header) {
      this.header = header;
    }

    @Override
    public String toString() {
      return header;
    }
  }
}
