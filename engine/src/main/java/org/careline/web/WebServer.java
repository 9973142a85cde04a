package org.careline.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.json.JavalinJackson;
import io.javalin.websocket.WsConfig;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.careline.config.Configuration;
import org.careline.config.Secret;
import org.careline.language.Sentence;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP interface under /api/v1, its live feed and the console's files. A route exists only with
 * an access (see {@link Route}); what is not registered is a 404. Thread-safe after {@link #start}.
 */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final String FEED = "/api/v1/feed";
  private static final String SESSION = "careline.session";

  private final Settings settings;
  private final Accounts accounts;
  private final Sessions sessions;
  private final Gate gate;
  private final Feed feed;
  private final ConsoleFiles console;
  private final PrometheusMeterRegistry metrics;
  private final List<Route> routes;
  private final ScheduledExecutorService housekeeping =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("web-sessions").daemon().factory());
  private Javalin app;

  /**
   * @param publicUrl empty = browsers come straight to bind and port, without TLS
   * @param sessionsFile SQLite file of the sessions, made when missing, readable by the owner only
   * @param sipWebsocket where browsers find the switch; the console may connect there
   */
  public record Settings(
      String bind,
      int port,
      String publicUrl,
      List<String> origins,
      Duration sessionIdle,
      Duration sessionLife,
      Path sessionsFile,
      String sipDomain,
      String sipWebsocket,
      Duration softphoneSecret,
      long importMaxBytes,
      Secret commandToken) {
    /**
     * @param home folder in which the file of the sessions lies
     */
    public static Settings of(Configuration configuration, Path home) {
      Configuration.Http http = configuration.http();
      return new Settings(
          http.bind(),
          http.port(),
          http.publicUrl(),
          http.origins(),
          http.sessionIdle(),
          http.sessionLife(),
          home.resolve("sessions.db"),
          configuration.asterisk().sipDomain(),
          configuration.asterisk().sipWebsocket(),
          configuration.agents().softphoneSecret(),
          configuration.imports().maxSize().bytes(),
          configuration.asterisk().agiToken());
    }

    boolean tls() {
      return publicUrl.startsWith("https://");
    }
  }

  public WebServer(
      Settings settings,
      Accounts accounts,
      Desks desks,
      PrometheusMeterRegistry metrics,
      InstantSource clock) {
    this(
        settings,
        accounts,
        desks,
        metrics,
        clock,
        ConsoleFiles.load(WebServer.class.getClassLoader()));
  }

  WebServer(
      Settings settings,
      Accounts accounts,
      Desks desks,
      PrometheusMeterRegistry metrics,
      InstantSource clock,
      ConsoleFiles console) {
    this.settings = settings;
    this.accounts = accounts;
    this.metrics = metrics;
    this.console = console;
    this.sessions =
        new Sessions(
            new SessionStore(settings.sessionsFile()),
            clock,
            settings.sessionIdle(),
            settings.sessionLife());
    this.gate =
        new Gate(
            sessions,
            new Origins(settings.publicUrl(), settings.origins()),
            settings.commandToken());
    this.feed = new Feed(desks, sessions, clock);
    this.routes = routes(desks, clock);
    metrics.gauge("careline.consoles", feed, Feed::clients);
  }

  private List<Route> routes(Desks desks, InstantSource clock) {
    CallAccess access = new CallAccess(desks.calls(), desks.agents());
    return Stream.of(
            new SessionEndpoints(
                    accounts,
                    new Passwords(),
                    new LoginGuard(clock),
                    sessions,
                    desks.agents(),
                    desks.phones(),
                    settings.tls())
                .routes(),
            new AgentEndpoints(
                    desks.agents(),
                    desks.phones(),
                    new AgentEndpoints.PhoneAccess(
                        settings.sipDomain(), settings.sipWebsocket(), settings.softphoneSecret()),
                    clock)
                .routes(),
            new CallEndpoints(desks.calls(), access, clock).routes(),
            new TalkEndpoints(desks.talks(), desks.calls()).routes(),
            new AttemptEndpoints(desks.attempts()).routes(),
            new RoundEndpoints(desks.rounds()).routes(),
            new ReportEndpoints(desks.rounds().reports()).routes(),
            new CallingEndpoints(desks.rounds().calling()).routes(),
            new PlanningEndpoints(desks.rounds().planning()).routes(),
            new FigureEndpoints(desks.figures(), desks.rounds().reports()::disclosures, clock)
                .routes(),
            new LineEndpoints(desks.reference().lines()).routes(),
            new TaskEndpoints(desks.tasks(), desks.people().dangers()).routes(),
            new CallerEndpoints(desks.calls(), access, desks.people()).routes(),
            new GroundEndpoints(desks.people().grounds()).routes(),
            new NumberEndpoints(
                    access, desks.tasks(), desks.people(), desks.rounds().reports()::disclosures)
                .routes(),
            new TrunkEndpoints(desks.people().trunks(), desks.people().lines()).routes(),
            new MatterEndpoints(
                    access,
                    desks.attempts(),
                    desks.people(),
                    settings.importMaxBytes(),
                    desks.rounds().reports()::disclosures,
                    clock)
                .routes(),
            new ReferenceEndpoints(
                    desks.reference(),
                    settings.importMaxBytes(),
                    desks.rounds().reports()::disclosures)
                .routes(),
            new PolicyEndpoints(desks.policies()).routes(),
            new FormEndpoints(desks.forms()).routes(),
            new SystemEndpoints(desks.status(), metrics::scrape).routes())
        .flatMap(List::stream)
        .toList();
  }

  /** Listens. Throws when the port is taken. */
  public void start() {
    app = Javalin.create(this::configure);
    app.start();
    feed.start();
    housekeeping.scheduleWithFixedDelay(this::review, 20, 20, TimeUnit.SECONDS);
    LOG.info("console and interface at {}", address());
  }

  /** The port listened on, also when 0 was asked for. */
  public int port() {
    return app.port();
  }

  public String address() {
    return settings.publicUrl().isEmpty()
        ? "http://" + settings.bind() + ":" + port()
        : settings.publicUrl();
  }

  public Feed feed() {
    return feed;
  }

  /** For the test that walks all routes. */
  List<Route> routes() {
    return routes;
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = Input.MOST_BYTES;
    config.http.generateEtags = false;
    config.http.defaultContentType = "application/json";
    config.jsonMapper(new JavalinJackson(Json.MAPPER, false));
    QueuedThreadPool threads = new QueuedThreadPool(64, 4, 60_000);
    threads.setName("http");
    config.jetty.threadPool = threads;
    HttpListener.configure(config.jetty, settings.bind(), settings.port());
    String policy = contentSecurityPolicy();
    config.routes.before(context -> secure(context, policy));
    for (Route route : routes) {
      Timer timer =
          Timer.builder("careline.http")
              .tag("method", route.method().name())
              .tag("route", route.path())
              .publishPercentiles(0.5, 0.99)
              .register(metrics);
      config.routes.addHttpHandler(
          route.method(), route.path(), context -> handle(context, route, timer));
    }
    config.routes.addHttpHandler(HandlerType.GET, "/*", this::elsewhere);
    config.routes.wsBeforeUpgrade(
        FEED, context -> context.attribute(SESSION, gate.admitSocket(context)));
    config.routes.ws(FEED, this::feedSocket);
    config.routes.exception(Exception.class, Errors::answer);
    config.routes.error(404, WebServer::unknown);
    config.router.javaLangErrorHandler(HttpListener::broken);
  }

  private void handle(Context context, Route route, Timer timer) throws Exception {
    long began = System.nanoTime();
    try {
      context.header("Cache-Control", "no-store");
      route.action().run(context, gate.admit(context, route.access()));
    } finally {
      timer.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }

  private void elsewhere(Context context) {
    if (context.path().equals("/api") || context.path().startsWith("/api/")) {
      throw Refusal.notFound(Sentence.of("web.no-operation"));
    }
    console.serve(context);
  }

  private static void unknown(Context context) {
    if (context.result() == null || !context.result().startsWith("{\"error\"")) {
      Errors.write(Refusal.notFound(Sentence.of("web.no-operation")), context);
    }
  }

  private void feedSocket(WsConfig socket) {
    socket.onConnect(
        context -> {
          context.session.setMaxTextMessageSize(1024);
          context.session.setMaxBinaryMessageSize(1);
          context.session.setIdleTimeout(Duration.ofSeconds(30));
          Sessions.Session session = context.attribute(SESSION);
          feed.connected(context.session, session.idHash());
        });
    socket.onMessage(context -> feed.heard(context.session, context.message()));
    socket.onClose(context -> feed.left(context.session));
    socket.onError(context -> feed.left(context.session));
  }

  private void secure(Context context, String policy) {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
    context.header("Content-Security-Policy", policy);
    if (settings.tls()) {
      context.header("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /** Scripts only from here; styles also inline, which the widgets need; the switch by name. */
  private String contentSecurityPolicy() {
    String sip =
        Optional.of(settings.sipWebsocket())
            .filter(text -> !text.isEmpty())
            .map(URI::create)
            .map(uri -> " " + uri.getScheme() + "://" + uri.getRawAuthority())
            .orElse("");
    return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        + " img-src 'self' data:; font-src 'self' data:; media-src 'self' blob:;"
        + " connect-src 'self'"
        + sip
        + "; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'";
  }

  /** Ends sessions that are over, and those whose account says so. Runs every 20 s. */
  void review() {
    try {
      sessions.sweep();
      sessions.review(accounts);
    } catch (RuntimeException e) {
      // Without the database nobody's rights change; the next round looks again.
      LOG.debug("sessions not compared with the accounts", e);
    }
  }

  @Override
  public void close() {
    housekeeping.shutdownNow();
    feed.close();
    if (app != null) {
      app.stop();
    }
    sessions.close();
  }
}
