package org.careline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.careline.agent.PasswordHash;
import org.careline.asterisk.OutsideCallers;
import org.careline.callback.Seed;
import org.careline.config.ConfigurationLoader;
import org.careline.harness.FreePorts;
import org.careline.harness.MySqlExtension;
import org.careline.harness.Sipp;
import org.careline.harness.TestAsterisk;
import org.careline.harness.TestFolders;
import org.careline.harness.TestInstance;
import org.careline.harness.TestMySql;
import org.careline.harness.TestOutside;
import org.careline.local.Command;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who callers are and what is shown outside, with the whole engine, a real Asterisk and MySQL. Each
 * case dials a number of its own, by which its row is found; the calls run side by side.
 */
class RecognitionEndToEndTest {
  @RegisterExtension static final MySqlExtension MYSQL = new MySqlExtension();

  private static final String PASSWORD = "correct horse battery";
  private static final String MOBILE = "+8613800138001";
  private static final String TWO_SITES = "+862158880000";
  private static final String TWO_CUSTOMERS = "+862158889999";
  private static final String SHOWN = "02155550000";
  private static final List<AutoCloseable> PARTS = new ArrayList<>();

  private static TestAsterisk asterisk;
  private static TestOutside outside;
  private static OutsideCallers callers;
  private static Map<String, String> environment;
  private static URI address;
  private static String cookie;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    MYSQL.database().jdbi().useTransaction(RecognitionEndToEndTest::seed);
    asterisk = part(TestAsterisk.start());
    outside = part(TestOutside.start(asterisk.ports()));
    callers =
        part(
            new OutsideCallers(
                asterisk.ports().outsideAmi(), TestAsterisk.ENGINE_SECRET, InstantSource.system()));
    FreePorts.Range range = part(FreePorts.range());
    Path home = TestFolders.create("recognition");
    Path file = home.resolve("careline.yaml");
    Files.writeString(
        file,
        """
        http:
          port: %d
        database:
          url: %s
          user: %s
          password: %s
        asterisk:
          host: 127.0.0.1
          amiPort: %d
          engineSecret: %s
          credSecret: %s
          agiPort: %d
          agiToken: %s
          recordings: %s
          logDirectory: %s
        trunks:
          - name: carrier
            landingNumbers: ["02166660000"]
            prefixes: ["17909"]
            shownNumbers: ["%s"]
        """
            .formatted(
                range.ports().http(),
                TestMySql.shared().server().url(MYSQL.schema()),
                TestMySql.shared().server().user(),
                TestMySql.shared().server().password(),
                asterisk.ports().ami(),
                TestAsterisk.ENGINE_SECRET,
                TestAsterisk.CRED_SECRET,
                asterisk.ports().agi(),
                TestAsterisk.AGI_TOKEN,
                asterisk.home().resolve("recordings"),
                asterisk.home().resolve("log"),
                SHOWN));
    environment =
        Map.of(
            "CARELINE_HOME", home.toString(),
            "CARELINE_CONFIG", file.toString(),
            "CARELINE_PORT_BASE", "" + range.base());
    address = URI.create("http://127.0.0.1:" + range.ports().http());
    part(Engine.start(ConfigurationLoader.load(file, environment)));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> callers.connected() && send("GET", "/health", null).statusCode() == 200);
    HttpResponse<String> session =
        send("POST", "/session", "{\"login\":\"boss\",\"password\":\"" + PASSWORD + "\"}");
    cookie = session.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
    // the first call of a fresh engine may take longer than the dialplan waits
    for (int i = 0; i < 3; i++) {
      String dialled = "" + (4117 + i);
      call(dialled, "13700000009");
      ended(dialled);
    }
    begin("headers", RecognitionEndToEndTest::headersAndForms);
    begin("codes", RecognitionEndToEndTest::codes);
    begin("bound", RecognitionEndToEndTest::bound);
    begin("blocked", RecognitionEndToEndTest::blocked);
    begin("shown", RecognitionEndToEndTest::shown);
  }

  private static <T extends AutoCloseable> T part(T part) {
    PARTS.add(part);
    return part;
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : PARTS.reversed()) {
      part.close();
    }
  }

  private static void seed(Handle handle) {
    long one = Seed.customer(handle, "7501");
    long two = Seed.customer(handle, "7602");
    Seed.site(handle, one, null, "01", "standard", MOBILE, TWO_SITES, TWO_CUSTOMERS);
    Seed.site(handle, one, null, "02", "standard", "+862158880001", TWO_SITES);
    Seed.site(handle, two, null, "03", "standard", TWO_CUSTOMERS);
    line(handle, "main", "4100", "\"landingNumbers\": " + landing(4101, 4120));
    line(handle, "code", "4200", "\"askCode\": true");
    line(handle, "away", "4300", "\"policy\": \"away\"");
    handle.execute(
        "INSERT INTO policy (code, version, document, saved_by, saved_at) VALUES ('away', 1, ?, 'x',"
            + " UTC_TIMESTAMP(3))",
        "{\"nameEn\": \"Away\", \"nameZh\": \"外\", \"discipline\": \"ageing\", \"steps\":"
            + " [{\"after\": \"0s\", \"who\": \"external\", \"number\": \"13912340060\","
            + " \"ring\": \"20s\"}, {\"after\": \"60s\", \"who\": \"graded\"}]}");
    handle.execute(
        "INSERT INTO user_account (login, name, password_hash, roles) VALUES ('boss', 'Boss', ?,"
            + " 'supervisor')",
        PasswordHash.of(PASSWORD));
  }

  private static String landing(int from, int to) {
    List<String> numbers = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      numbers.add("\"" + i + "\"");
    }
    return numbers.toString();
  }

  private static void line(Handle handle, String code, String number, String settings) {
    handle.execute(
        "INSERT INTO line (code, number, name_en, name_zh, settings) VALUES (?, ?, ?, ?, ?)",
        code,
        number,
        code,
        code,
        "{" + settings + "}");
  }

  /** One case, which runs from the start beside the others. */
  private interface Case {
    void run() throws Exception;
  }

  private static final Map<String, CompletableFuture<Void>> CASES = new ConcurrentHashMap<>();

  private static void begin(String name, Case one) {
    CASES.put(
        name,
        CompletableFuture.runAsync(
            () -> {
              try {
                one.run();
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            task -> Thread.ofPlatform().daemon().name(name).start(task)));
  }

  private static void passes(String name) throws Throwable {
    try {
      CASES.get(name).get(120, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  @Test
  void recognisesByHeadersAndForms() throws Throwable {
    passes("headers");
  }

  @Test
  void asksForTheCode() throws Throwable {
    passes("codes");
  }

  @Test
  void aBoundNumberIsKnownWhenItCallsNext() throws Throwable {
    passes("bound");
  }

  @Test
  void aBlockIsOverWhenItsTimeIs() throws Throwable {
    passes("blocked");
  }

  @Test
  void numbersOutsideSeeOnlyWhatTheTrunkMayShow() throws Throwable {
    passes("shown");
  }

  // --- the cases

  /** Headers of each kind, and the forms carriers give a number. */
  private static void headersAndForms() throws Exception {
    Path lines = TestFolders.create("headers").resolve("calls.csv");
    Files.writeString(
        lines,
        """
        SEQUENTIAL
        4101;<sip:anonymous@anonymous.invalid>;P-Asserted-Identity: <sip:+8613800138001@carrier>;Privacy: id
        4102;<sip:4008123456@carrier>;Remote-Party-ID: <sip:02158880000@carrier>;X-A: 1
        4103;<sip:anonymous@anonymous.invalid>;Privacy: id;X-A: 1
        """);
    CompletableFuture<Command> sipp = CompletableFuture.supplyAsync(() -> sipp(lines, 3, 0));
    call("4104", "013800138001");
    call("4105", "58880001");
    call("4106", "40013800138001");
    call("4107", "02166660000");
    call("4109", "02158880000");
    call("4110", "1790913800138001");
    assertThat(sipp.get().succeeded()).as(sipp.get().output()).isTrue();

    assertThat(ended("4101")).isEqualTo("7501/01 number " + MOBILE);
    assertThat(ended("4102")).isEqualTo("7501/- number " + TWO_SITES);
    assertThat(ended("4103")).isEqualTo("-/- - -");
    assertThat(ended("4104")).isEqualTo("7501/01 number " + MOBILE);
    assertThat(ended("4105")).isEqualTo("7501/02 number +862158880001");
    assertThat(ended("4106")).isEqualTo("7501/01 number " + MOBILE);
    assertThat(ended("4107")).as("our own landing number").isEqualTo("-/- - -");
    assertThat(ended("4109")).isEqualTo("7501/- number " + TWO_SITES);
    assertThat(ended("4110")).isEqualTo("7501/01 number " + MOBILE);
  }

  /** Shared by several customers, and unknown on a line that asks: the code decides. */
  private static void codes() {
    callers.call("4108", "02158889999", "www7602#", Duration.ofSeconds(3)).join();
    callers.call("4200", "13700000001", "www7501#", Duration.ofSeconds(3)).join();
    assertThat(ended("4108")).isEqualTo("7602/- code " + TWO_CUSTOMERS);
    assertThat(ended("4200")).isEqualTo("7501/- code +8613700000001");
  }

  /** Bound during the call, in the work after it, and as a whole customer's. */
  private static void bound() throws Exception {
    callers.call("4111", "13700000002", Duration.ofSeconds(8)).join();
    call("4112", "13700000004");
    String living =
        await()
            .until(
                () ->
                    one(
                        "SELECT id FROM call_record WHERE caller_e164 IS NOT NULL AND dialled = ?",
                        "4111"),
                id -> id != null);
    assertThat(bind(living, "02").statusCode()).isEqualTo(201);
    assertThat(ended("4112")).isEqualTo("-/- - +8613700000004");
    assertThat(bind(id("4112"), "01").statusCode()).as("after the call").isEqualTo(201);
    assertThat(ended("4112")).isEqualTo("7501/01 agent +8613700000004");
    assertThat(
            send("POST", "/numbers", "{\"number\":\"13900000009\",\"customerCode\":\"7602\"}")
                .statusCode())
        .isEqualTo(201);
    assertThat(ended("4111")).isEqualTo("7501/02 agent +8613700000002");
    call("4113", "13700000002");
    call("4114", "13900000009");
    assertThat(ended("4113")).isEqualTo("7501/02 number +8613700000002");
    assertThat(ended("4114")).isEqualTo("7602/- number +8613900000009");
    assertThat(send("GET", "/calls/" + id("4113") + "/numbers", null).body())
        .contains("\"source\":\"call\"", "\"boundBy\":\"boss\"", "\"boundAt\":\"");
  }

  /** Refused while it is blocked, served when the time is over. */
  private static void blocked() throws Exception {
    Instant until = Instant.now().plusSeconds(8);
    String body = "{\"reason\":\"silent calls\",\"until\":\"" + until + "\"}";
    assertThat(send("PUT", "/blocklist/13700000003", body).statusCode()).isEqualTo(204);
    call("4115", "13700000003");
    ended("4115");
    assertThat(outcome("4115")).isEqualTo("blocked");
    await().atMost(Duration.ofSeconds(12)).until(() -> Instant.now().isAfter(until));
    call("4116", "13700000003");
    ended("4116");
    assertThat(outcome("4116")).isIn("abandoned", "short_abandoned");
  }

  /** What the next call brings, and what one call out sends; after the others' calls. */
  @Test
  void theTrunkIsShown() throws Exception {
    CompletableFuture.allOf(CASES.values().toArray(CompletableFuture[]::new))
        .exceptionally(failed -> null)
        .get(120, TimeUnit.SECONDS);
    CompletableFuture<Command> check =
        CompletableFuture.supplyAsync(
            () -> careline("check", "carrier", "--timeout", "60", "--lang", "en"));
    Path lines = TestFolders.create("diverted").resolve("calls.csv");
    Files.writeString(
        lines,
        """
        SEQUENTIAL
        4120;"Hotel" <sip:02158880001@carrier>;Diversion: <sip:4008123456@carrier>;P-Asserted-Identity: <sip:58880001@carrier>
        """);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              sipp(lines, 1, 1);
              return check.isDone();
            });
    Command came = check.get();
    assertThat(came.exitCode()).as(came.errors()).isZero();
    System.out.println(came.output());
    assertThat(came.output().lines().map(line -> line.replaceAll(";tag=.*", "")))
        .contains(
            "Dialled\t4120",
            "From\t\"Hotel\" <sip:02158880001@carrier>",
            "P-Asserted-Identity\t<sip:58880001@carrier>",
            "Remote-Party-ID\t-",
            "Diversion\t<sip:4008123456@carrier>",
            "Recognised number\t+862158880001",
            "From header\tP-Asserted-Identity",
            "Line\tmain main",
            "Customer\t7501 7501 Hotels",
            "Site\t02 Site 02");
    assertThat(came.output()).contains("To\t<sip:4120@127.0.0.1");

    Command sent = careline("check", "carrier", "--call", "13912340003", "--lang", "en");
    assertThat(sent.exitCode()).as(sent.errors()).isZero();
    System.out.println(sent.output());
    assertThat(sent.output())
        .contains("Number dialled\t13912340003", "Number shown\t" + SHOWN, "sip:" + SHOWN + "@");
    assertThat(sent.output().lines().filter(line -> line.startsWith("From\t")))
        .allMatch(line -> line.contains("sip:" + SHOWN + "@"));

    assertThat(careline("check", "nobody", "--lang", "en").errors()).contains("nobody", "carrier");
    Command nothing = careline("check", "carrier", "--call", "110", "--lang", "zh");
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(nothing.errors()).contains("110", "不允许");
  }

  /** The caller's own number never goes out as ours. */
  private static void shown() {
    callers.call("4300", "13700000005", Duration.ofSeconds(20)).join();
    List<String> seen =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    outside
                        .cli("core show channels concise")
                        .lines()
                        .filter(line -> line.contains("13912340060") || line.contains("!site!"))
                        .map(line -> line.split("!")[7])
                        .toList(),
                numbers -> !numbers.isEmpty());
    assertThat(seen).containsOnly(SHOWN);
  }

  // --- parts of them

  private static void call(String dialled, String from) {
    callers.call(dialled, from, Duration.ofMillis(1500)).join();
  }

  private static Command sipp(Path calls, int count, int port) {
    return Sipp.run(
        Path.of("src/test/resources/sipp/caller-with-headers.xml"),
        Duration.ofSeconds(40),
        "-i",
        "127.0.0.2",
        "-p",
        "" + (asterisk.ports().base() + 20 + port),
        "-mp",
        "" + (asterisk.ports().base() + 40 + 10 * port),
        "-inf",
        calls.toString(),
        "-m",
        "" + count,
        "127.0.0.1:" + asterisk.ports().sip());
  }

  private static Command careline(String... arguments) {
    List<String> line = TestInstance.java("trunk");
    line.addAll(List.of(arguments));
    return Command.run(line, environment, Duration.ofSeconds(90));
  }

  private static String id(String dialled) {
    return one("SELECT id FROM call_record WHERE dialled = ?", dialled);
  }

  private static String outcome(String dialled) {
    return one("SELECT outcome FROM call_record WHERE dialled = ?", dialled);
  }

  private static String one(String sql, String dialled) {
    return MYSQL
        .database()
        .jdbi()
        .withHandle(
            handle ->
                handle.select(sql, dialled).mapTo(String.class).list().stream()
                    .reduce(null, (a, b) -> b));
  }

  /** Whose the ended call of this number was, what said so, and the caller's number. */
  private static String ended(String dialled) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> outcome(dialled) != null);
    return one(
        "SELECT CONCAT(COALESCE(c.code, '-'), '/', COALESCE(s.code, '-'), ' ',"
            + " COALESCE(r.known_by, '-'), ' ', COALESCE(r.caller_e164, '-')) FROM call_record r"
            + " LEFT JOIN customer c ON c.id = r.customer_id LEFT JOIN site s ON s.id = r.site_id"
            + " WHERE r.dialled = ?",
        dialled);
  }

  private static HttpResponse<String> bind(String call, String site) throws Exception {
    return send(
        "POST",
        "/calls/" + call + "/bind",
        "{\"customerCode\":\"7501\",\"siteCode\":\"" + site + "\"}");
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve("/api/v1" + path))
            .timeout(Duration.ofSeconds(10))
            .header("X-Careline", "1")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
