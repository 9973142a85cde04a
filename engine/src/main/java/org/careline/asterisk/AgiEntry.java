package org.careline.asterisk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.careline.call.CallId;
import org.careline.telephony.Admissions;
import org.careline.telephony.Arrival;
import org.careline.telephony.Heard;
import org.careline.telephony.Step;
import org.careline.telephony.TrunkWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door through which the dialplan asks its short questions, {@code admit} and {@code route}.
 * Listens on the address it is given (loopback), knows only these two names, and speaks only to who
 * brings the shared token. Nobody is held here: an answer is a few variables, the last of them
 * CARELINE_NEXT, which is the only one the dialplan believes. A question that fails is closed
 * without it and the caller goes to the fallback queue.
 *
 * <p>Platform threads, bounded: on release 21 a virtual thread that blocks inside a synchronized
 * block keeps its carrier. When all are taken a question waits for its turn: a burst is answered
 * within milliseconds, and bounded by number there. One that has waited too long, or finds too many
 * before it, is closed, which the dialplan survives. Thread-safe.
 */
public final class AgiEntry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgiEntry.class);
  // Less than the dialplan's guard of 3 s.
  private static final Duration CONVERSATION = Duration.ofMillis(2500);
  // One that has waited longer is not answered: its caller may have left by the guard.
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int THREADS = 64;
  private static final int QUESTIONS = 2048;
  private static final int MOST_PROMPTS = 100;
  private static final int LONGEST_HEADER = 256;
  private static final Pattern PROMPTS =
      Pattern.compile("[a-z0-9_-]{1,64}(&[a-z0-9_-]{1,64}){0,23}");
  private static final Map<String, String> HEADERS =
      Map.of(
          "p-asserted-identity", "${PJSIP_HEADER(read,P-Asserted-Identity)}",
          "remote-party-id", "${PJSIP_HEADER(read,Remote-Party-ID)}",
          "from", "${PJSIP_HEADER(read,From)}");

  /** Read only when somebody watches: each header costs every caller. */
  private static final Map<String, String> ALL_HEADERS = allHeaders();

  private static Map<String, String> allHeaders() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String name : TrunkWatch.HEADERS) {
      all.put(name, "${PJSIP_HEADER(read," + name + ")}");
    }
    return all;
  }

  private final ServerSocket server;
  private final byte[] token;
  private final Function<String, List<String>> headersOf;
  private final Admissions admissions;
  private final Announcements announcements;
  private final InstantSource clock;
  private final ThreadPoolExecutor pool;
  private final Thread acceptor;
  private final Set<String> unplayable = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private TrunkWatch watch = TrunkWatch.NOBODY;

  /** Without announcements. */
  public AgiEntry(
      String address,
      int port,
      String token,
      Function<String, List<String>> headersOf,
      Admissions admissions,
      InstantSource clock)
      throws IOException {
    this(address, port, token, headersOf, admissions, Announcements.NONE, clock);
  }

  /**
   * Binds at once, serves from {@link #start}.
   *
   * @param headersOf for a trunk's endpoint the names of the headers that may name the caller, best
   *     first (P-Asserted-Identity, Remote-Party-ID, From); others are not read
   * @throws IOException when the port is taken
   */
  public AgiEntry(
      String address,
      int port,
      String token,
      Function<String, List<String>> headersOf,
      Admissions admissions,
      Announcements announcements,
      InstantSource clock)
      throws IOException {
    if (token == null || token.isBlank()) {
      throw new IllegalArgumentException("the token of the AGI must not be empty");
    }
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.headersOf = headersOf;
    this.admissions = admissions;
    this.announcements = announcements;
    this.clock = clock;
    this.server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port), QUESTIONS);
    AtomicLong count = new AtomicLong();
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUESTIONS),
            task -> daemon("agi-" + count.incrementAndGet(), task));
    pool.allowCoreThreadTimeOut(true);
    this.acceptor = daemon("agi-accept", this::accept);
  }

  /** Who may want to see all headers of the next caller; before {@link #start}. */
  public AgiEntry watchedBy(TrunkWatch watcher) {
    watch = watcher;
    return this;
  }

  public void start() {
    acceptor.start();
  }

  /** The port it is bound to. */
  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      Socket socket = null;
      try {
        socket = server.accept();
        Socket accepted = socket;
        long at = System.nanoTime();
        pool.execute(() -> serve(accepted, at));
      } catch (RejectedExecutionException e) {
        refused.incrementAndGet();
        log.warn("AGI: {} questions wait already, one more was turned away", QUESTIONS);
        close(socket);
      } catch (IOException e) {
        if (!server.isClosed()) {
          log.error("AGI: accepting failed", e);
        }
      }
    }
  }

  private void serve(Socket socket, long acceptedAt) {
    Duration waited = Duration.ofNanos(System.nanoTime() - acceptedAt);
    try (socket) {
      if (waited.compareTo(TURN) > 0) {
        throw new IOException("it has waited " + waited.toMillis() + " ms for its turn");
      }
      socket.setTcpNoDelay(true);
      answer(new AgiConversation(socket, CONVERSATION.minus(waited)));
    } catch (IOException | RuntimeException e) {
      // Counted, and one line each: the text of the peer is not repeated.
      refused.incrementAndGet();
      log.warn("AGI: a question from {} got no answer: {}", peer(socket), e.getMessage());
    }
  }

  private void answer(AgiConversation conversation) throws IOException {
    Map<String, String> opening = conversation.opening();
    byte[] brought = opening.getOrDefault("arg_1", "").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(token, brought)) {
      throw new IOException("wrong token");
    }
    Step step =
        switch (opening.getOrDefault("network_script", "")) {
          case "admit" -> admissions.admit(arrival(conversation, opening));
          case "route" -> admissions.route(callId(opening), channel(opening), heard(opening));
          default -> throw new IOException("no such question");
        };
    tell(conversation, step);
  }

  /** Arguments of {@code route}: status of the playback, prompts, stage, digits. */
  private Heard heard(Map<String, String> opening) {
    boolean failed = opening.getOrDefault("arg_2", "").equals("FAILED");
    if (failed) {
      unplayable(opening.getOrDefault("arg_3", ""));
    }
    return new Heard(opening.getOrDefault("arg_4", ""), opening.getOrDefault("arg_5", ""), failed);
  }

  /** A prompt without a file is silence: said once, that somebody may put it there. */
  private void unplayable(String prompts) {
    if (PROMPTS.matcher(prompts).matches()
        && unplayable.size() < MOST_PROMPTS
        && unplayable.add(prompts)) {
      log.warn(
          "the switch cannot play the prompt {}: callers hear silence until its file is there",
          prompts);
    }
  }

  private Arrival arrival(AgiConversation conversation, Map<String, String> opening)
      throws IOException {
    // Everything is checked before the first word of ours goes out.
    CallId call = callId(opening);
    String channel = channel(opening);
    String dialled = Values.number(opening.getOrDefault("arg_2", ""));
    String trunk = Values.id(opening.getOrDefault("arg_3", ""));
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> names =
        headersOf.apply(trunk).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(HEADERS::containsKey)
            .toList();
    if (!names.isEmpty()) {
      List<String> values = conversation.evaluate(names.stream().map(HEADERS::get).toList());
      for (int i = 0; i < names.size(); i++) {
        if (!values.get(i).isEmpty()) {
          headers.put(names.get(i), harmless(values.get(i)));
        }
      }
    }
    Arrival arrival = new Arrival(call, channel, trunk, dialled, headers, clock.instant());
    if (watch.wants(trunk)) {
      watch.came(arrival, allHeaders(conversation));
    }
    return arrival;
  }

  /** As they came; absent ones left out. */
  private static Map<String, String> allHeaders(AgiConversation conversation) throws IOException {
    List<String> values = conversation.evaluate(List.copyOf(ALL_HEADERS.values()));
    Map<String, String> headers = new LinkedHashMap<>();
    int i = 0;
    for (String name : ALL_HEADERS.keySet()) {
      if (!values.get(i).isEmpty()) {
        headers.put(name, harmless(values.get(i)));
      }
      i++;
    }
    return headers;
  }

  private void tell(AgiConversation conversation, Step step) throws IOException {
    Map<String, String> variables = new LinkedHashMap<>();
    String next = next(step, variables);
    variables.put("CARELINE_NEXT", next);
    conversation.finish(variables);
  }

  /** What the dialplan needs for the step, which it knows by the returned name. */
  private String next(Step step, Map<String, String> variables) {
    return switch (step) {
      case Step.Connect connect -> {
        variables.put("CARELINE_AGENT", connect.agent().value());
        variables.put("CARELINE_RING", "" + connect.ring().toSeconds());
        // also none: the agent before him may have been announced, on another line
        variables.put(
            "CARELINE_ANNOUNCE",
            connect
                .announceIn()
                .map(language -> announcements.option(connect.agent(), language))
                .orElse(""));
        yield "connect";
      }
      case Step.Say say -> {
        speech(variables, say.prompts(), say.stage());
        yield "say";
      }
      case Step.Read read -> {
        speech(variables, read.prompts(), read.stage());
        variables.put("CARELINE_MOST", "" + read.most());
        variables.put("CARELINE_PATIENCE", "" + read.patience().toSeconds());
        yield "read";
      }
      case Step.Record message -> {
        speech(variables, List.of(message.prompt()), message.stage());
        variables.put("CARELINE_MOST", "" + message.most().toSeconds());
        yield "record";
      }
      case Step.Bye bye -> {
        variables.put("CARELINE_PROMPT", String.join("&", bye.prompts()));
        yield "bye";
      }
      case Step.In in -> {
        variables.put("CARELINE_LANGUAGE", in.language());
        yield next(in.step(), variables);
      }
      case Step.Wait wait -> "wait";
      case Step.Fallback fallback -> "fallback";
      case Step.Refuse refuse -> "refuse";
    };
  }

  private static void speech(Map<String, String> variables, List<String> prompts, String stage) {
    variables.put("CARELINE_PROMPT", String.join("&", prompts));
    variables.put("CARELINE_STAGE", stage);
  }

  private static CallId callId(Map<String, String> opening) {
    return new CallId(Values.id(opening.get("uniqueid")));
  }

  private static String channel(Map<String, String> opening) {
    return Values.channel(opening.get("channel"));
  }

  /** Not repaired, only made fit to be shown: whole headers are never dialled. */
  private static String harmless(String value) {
    String visible = value.replaceAll("\\p{Cntrl}", "?");
    return visible.length() > LONGEST_HEADER ? visible.substring(0, LONGEST_HEADER) : visible;
  }

  /** Conversations that ended without an answer, since the start. */
  public long refused() {
    return refused.get();
  }

  private static String peer(Socket socket) {
    return String.valueOf(socket.getRemoteSocketAddress());
  }

  private static void close(Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      log.debug("closing failed", e);
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      log.debug("closing failed", e);
    }
    pool.shutdownNow();
  }
}
