package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.careline.harness.MySqlExtension;
import org.careline.language.Sentence;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files, headers, recordings, whose call it is, and what is said when something is away. */
class ServerTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;
  private static String li;
  private static String wang;
  private static String boss;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    web = new TestWeb(mysql.database(), TestWeb.folder());
    li = web.signIn("li");
    wang = web.signIn("wang");
    boss = web.signIn("boss");
  }

  @AfterEach
  void allWell() {
    web.fakes.failure = null;
    web.fakes.referenceFailure = null;
    web.fakes.recording = null;
    web.fakes.deskWork = null;
    web.fakes.switchState = "up";
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @Test
  void theConsoleIsServedWithItsRoutesAndNothingElse() {
    for (String path : List.of("/", "/index.html", "/login", "/work/call", "/campaigns")) {
      HttpResponse<String> page = web.get(path, null);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body()).contains("<title>Careline</title>");
      assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
      assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    }
    for (String path :
        List.of("/missing.js", "/assets/../../x.class", "/org/careline/Main.class", "/a/b.map")) {
      assertThat(web.get(path, null).statusCode()).as(path).isIn(400, 404);
    }
    assertThat(web.get("/assets/", null).body()).doesNotContain("index-a1b2c3d4");
  }

  @Test
  void hashedFilesLastAndComeSmall() throws IOException {
    String path = "/assets/index-a1b2c3d4.js";
    HttpResponse<String> plain = web.get(path, null);
    assertThat(plain.body()).hasSize(5000);
    assertThat(plain.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    HttpResponse<InputStream> small = stream(path, "Accept-Encoding", "gzip, br");
    assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
    try (InputStream in = new GZIPInputStream(small.body())) {
      assertThat(in.readAllBytes()).hasSize(5000);
    }
    String tag = plain.headers().firstValue("ETag").orElseThrow();
    assertThat(stream(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  private static HttpResponse<InputStream> stream(String path, String header, String value)
      throws IOException {
    try {
      return web.client.send(
          web.request("GET", path, null, null).header(header, value).build(),
          BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (String path : List.of("/", "/api/v1/health", "/api/v1/nothing", "/api/v1/agents")) {
      var headers = web.get(path, null).headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).as(path).hasValue("nosniff");
      assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'")
          .contains("connect-src 'self' ws://127.0.0.1:5066;")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe-eval");
      assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
      assertThat(headers.firstValue("Server")).isEmpty();
    }
  }

  @Test
  void whatTheServerItselfRefusesIsJsonToo() throws IOException {
    for (String line :
        List.of(
            "GET /%zz HTTP/1.1",
            "GET /api/v1/%2e%2e/x HTTP/1.1", "NONSENSE", "G\u0001T / HTTP/1.1")) {
      try (Socket socket = new Socket("127.0.0.1", web.server.port())) {
        socket.setSoTimeout(5000);
        socket
            .getOutputStream()
            .write(
                (line + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(answer).as(line).startsWith("HTTP/1.1 4").contains("{\"error\":");
      }
    }
  }

  @Test
  void anAgentReachesOnlyHisOwnCalls() {
    assertThat(web.get("/api/v1/calls/c-1", li).statusCode()).isEqualTo(200);
    for (String path : List.of("", "/card", "/recording")) {
      assertThat(TestWeb.error(web.get("/api/v1/calls/c-1" + path, wang)))
          .isEqualTo("404 not_found");
    }
    assertThat(TestWeb.error(web.call("POST", "/api/v1/calls/c-1/hang-up", wang, null)))
        .isEqualTo("404 not_found");
    assertThat(TestWeb.error(web.call("POST", "/api/v1/attempts/a-1/dial", li, null)))
        .isEqualTo("404 not_found");
    web.get("/api/v1/calls", li);
    assertThat(web.fakes.orders).contains("list 8001 50");
    web.get("/api/v1/calls", boss);
    assertThat(web.fakes.orders).contains("list all 50");
    assertThat(TestWeb.error(web.get("/api/v1/calls", web.signIn("nonumber"))))
        .isEqualTo("403 no_agent_number");
  }

  @Test
  void whoCallsBackReachesTheCallHisTaskCameFromWhileItIsHisWork() {
    mysql
        .database()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO call_record (id, tier_code, arrived_at, epoch)"
                        + " VALUES ('c-1', 'gold', NOW(3), 1)"));
    String desk = web.signIn("desk");
    for (String path : List.of("", "/card", "/matters", "/numbers")) {
      web.fakes.deskWork = null;
      assertThat(web.get("/api/v1/calls/c-1" + path, desk).statusCode()).as(path).isEqualTo(404);
      web.fakes.deskWork = calling("c-9");
      assertThat(web.get("/api/v1/calls/c-1" + path, desk).statusCode()).as(path).isEqualTo(404);
      web.fakes.deskWork = calling("c-1");
      HttpResponse<String> seen = web.get("/api/v1/calls/c-1" + path, desk);
      assertThat(seen.statusCode()).as(path).isEqualTo(200);
      assertThat(seen.body()).as(path).doesNotContain("13800138000");
    }
    assertThat(TestWeb.json(web.get("/api/v1/work", desk)).get("fromCallId").asText())
        .isEqualTo("c-1");
    assertThat(TestWeb.error(web.call("POST", "/api/v1/calls/c-1/hang-up", desk, null)))
        .isEqualTo("409 not_your_call");
    assertThat(web.get("/api/v1/calls/c-1/matters", wang).statusCode()).isEqualTo(404);
  }

  private static TaskViews.TaskWork calling(String from) {
    return new TaskViews.TaskWork(
        "t-1",
        "promise-1",
        "promise",
        from,
        "talking",
        FakeDesks.NUMBER,
        "Ruijia",
        "Store 1",
        "main",
        "gold",
        FakeDesks.AT,
        FakeDesks.AT,
        0,
        true,
        null,
        null);
  }

  @Test
  void callsAreAskedForByWhatMayBeKnownOfThem() {
    String list = "/api/v1/calls?";
    assertThat(web.get(list + "number=8000&line=main&outcome=answered", li).statusCode())
        .isEqualTo(200);
    for (String tried : List.of("38000", "%2B8613800138000", "8%25", "x")) {
      assertThat(TestWeb.error(web.get(list + "number=" + tried, li))).isEqualTo("400 invalid");
    }
    assertThat(TestWeb.error(web.get(list + "number=38000", boss)))
        .as("digit by digit")
        .isEqualTo("400 invalid");
    assertThat(web.get(list + "number=138-0013%208000", boss).statusCode()).isEqualTo(200);
    assertThat(web.fakes.orders).contains("number 13800138000");
    assertThat(web.get(list + "number=5888123", boss).statusCode()).as("a landline").isEqualTo(200);
    assertThat(TestWeb.error(web.get(list + "outcome=lost", boss))).isEqualTo("400 invalid");
  }

  @Test
  void numbersAreMaskedForEverybody() {
    for (String path : List.of("/calls/live", "/calls", "/calls/c-1", "/calls/c-1/card", "/work")) {
      HttpResponse<String> seen = web.get("/api/v1" + path, li);
      assertThat(seen.statusCode()).isEqualTo(200);
      assertThat(seen.body()).as(path).contains("138****8000").doesNotContain("13800138000");
      if (!path.equals("/work")) {
        assertThat(web.get("/api/v1" + path, boss).body())
            .as(path)
            .contains("138****8000")
            .doesNotContain("13800138000");
      }
    }
  }

  @Test
  void aRecordingIsGivenWholeOrInPart() throws IOException {
    byte[] audio = new byte[200_000];
    for (int i = 0; i < audio.length; i++) {
      audio[i] = (byte) (i % 251);
    }
    web.fakes.recording = web.folder.resolve("c-1.wav");
    Files.write(web.fakes.recording, audio);
    String path = "/api/v1/calls/c-1/recording";
    HttpResponse<byte[]> whole = bytes(path, null);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(audio);
    assertThat(whole.headers().firstValue("Content-Type").orElseThrow()).startsWith("audio/wav");
    part(path, "bytes=0-9", audio, 0, 10);
    part(path, "bytes=199990-", audio, 199_990, 200_000);
    part(path, "bytes=-5", audio, 199_995, 200_000);
    part(path, "bytes=100000-999999", audio, 100_000, 200_000);
    assertThat(bytes(path, "bytes=200000-").statusCode()).isEqualTo(416);
    for (String odd : List.of("bytes=5-1", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b")) {
      assertThat(bytes(path, odd).statusCode()).as(odd).isEqualTo(200);
    }
    web.fakes.recording = web.folder.resolve("gone.wav");
    assertThat(bytes(path, null).statusCode()).isEqualTo(404);
  }

  @Test
  void theStoryOffersARecordingOnlyWhenItsFileIsThere() throws IOException {
    web.fakes.recording = web.folder.resolve("none.wav");
    assertThat(TestWeb.json(web.get("/api/v1/calls/c-1", li)).get("recorded").asBoolean())
        .isFalse();
    web.fakes.recording = Files.write(web.folder.resolve("there.wav"), new byte[9]);
    assertThat(TestWeb.json(web.get("/api/v1/calls/c-1", li)).get("recorded").asBoolean()).isTrue();
  }

  private static void part(String path, String range, byte[] audio, int from, int to) {
    HttpResponse<byte[]> part = bytes(path, range);
    assertThat(part.statusCode()).as(range).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(audio, from, to));
    assertThat(part.headers().firstValue("Content-Range"))
        .hasValue("bytes " + from + "-" + (to - 1) + "/200000");
  }

  private static HttpResponse<byte[]> bytes(String path, String range) {
    try {
      var request = web.request("GET", path, li, null);
      if (range != null) {
        request.header("Range", range);
      }
      return web.client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsAwayIsNamed() {
    Map<RuntimeException, String> cases =
        Map.of(
            new ConnectionException(new SQLTransientConnectionException("pool")),
            "503 database_down",
            new IllegalStateException(new SQLException("gone", "08S01")),
            "503 database_down",
            new SwitchUnavailable("link down", null),
            "503 switch_down",
            new CompletionException(new TimeoutException()),
            "503 no_answer",
            Refusal.conflict("round_open", Sentence.plain("a round is open")),
            "409 round_open",
            new IllegalStateException("a defect with a secret"),
            "500 internal",
            new CompletionException(null),
            "500 internal");
    cases.forEach(
        (failure, expected) -> {
          web.fakes.failure = failure;
          HttpResponse<String> answer = web.get("/api/v1/agents", li);
          assertThat(TestWeb.error(answer)).isEqualTo(expected);
          assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
        });
  }

  @Test
  void healthSaysOnlyWhetherItServes() {
    assertThat(web.get("/api/v1/health", null).body()).isEqualTo("{\"status\":\"up\"}");
    web.fakes.switchState = "down";
    HttpResponse<String> down = web.get("/api/v1/health", null);
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body()).isEqualTo("{\"status\":\"down\"}");
  }

  @Test
  void behindTlsTheCookieIsSecureAndTheBrowserRemembers() throws Exception {
    var settings = TestWeb.settings(TestWeb.folder(), "https://careline.example.org");
    try (WebServer server =
        new WebServer(
            settings,
            new Accounts(mysql.database()),
            web.fakes.desks(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            web.clock,
            TestWeb.console())) {
      server.start();
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.port() + "/api/v1/session"))
              .header("X-Careline", "1")
              .header("Origin", "https://careline.example.org")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      Json.write(Map.of("login", "boss", "password", TestWeb.PASSWORD))))
              .build();
      HttpResponse<String> answer = web.send(request);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void aQueueLogComesAsAFileAndWhatFailsEarlyIsARefusal() {
    HttpResponse<String> log = web.get("/api/v1/figures/queue-log", boss);
    assertThat(log.statusCode()).isEqualTo(200);
    assertThat(log.headers().firstValue("Content-Disposition")).isPresent();
    assertThat(log.body()).isEqualTo("1772352000|c-1|main|NONE|ENTERQUEUE||138****8000|1\n");
    String why = "/api/v1/figures/queue-log?whole=true&reason=";
    assertThat(TestWeb.error(web.get(why, boss))).isEqualTo("400 invalid");
    assertThat(web.get(why + "a+program+reads+it", boss).body()).contains("|+8613800138000|");
    HttpResponse<String> away =
        web.get(
            "/api/v1/figures/queue-log?from=" + FakeFigures.BROKEN + "&to=2020-02-01T00:00:00Z",
            boss);
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Content-Disposition")).isEmpty();
    assertThat(away.body()).startsWith("{\"error\":\"database_down\"");
  }

  @Test
  void aFileThatFailsUnderWayBreaksOffAndEndsNotLikeAWholeOne() {
    assertThatThrownBy(
            () ->
                web.get(
                    "/api/v1/figures/queue-log?from="
                        + FakeFigures.BROKEN_LATE
                        + "&to=2020-02-01T00:00:00Z",
                    boss))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(web.get("/api/v1/figures/queue-log", boss).statusCode()).isEqualTo(200);
  }

  @Test
  void numbersInAStoryAreHiddenHoweverTheyAreWritten() throws IOException {
    String events =
        """
        [{"kind": "arrived", "at": "2026-03-01T08:00:00Z", "detail": {"channel": "1772352000.17",
          "caller": {"dialled": "02158881234", "lineCode": "4001234567", "raw": "%s",
            "customerCode": "10002345",
            "handedTo": {"number": "4001234567", "lineCode": "main"}}}},
         {"kind": "answered", "detail": {"agent": "80012345", "day": "2026-03-01"}},
         {"kind": "overflow_made", "detail": {"target": "+86 138-0013-8000"}}]
        """;
    java.util.function.UnaryOperator<String> shown =
        raw -> {
          try {
            return Masking.maskInside(Json.MAPPER.readTree(events.formatted(raw))).toString();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    assertThat(shown.apply("123456789012345678901"))
        .contains("\"raw\":\"123**************8901\"")
        .contains("\"dialled\":\"02158881234\"", "\"lineCode\":\"4001234567\"")
        .contains("\"number\":\"4001234567\"", "\"customerCode\":\"10002345\"")
        .contains("1772352000.17", "80012345", "2026-03-01T08:00:00Z", "\"2026-03-01\"")
        .doesNotContain("0013");
    assertThat(shown.apply("021-5888-1234")).contains("\"raw\":\"021******1234\"");
    assertThat(shown.apply("sip:02158881234;ext=77@x"))
        .contains("\"raw\":\"sip:021****1234;ext=**@x\"");
    assertThat(shown.apply("anonymous")).contains("\"raw\":\"anonymous\"");
  }

  @Test
  void anUnknownFieldIsNamedWithThoseThatAreKnown() {
    for (String[] each :
        new String[][] {
          {"noet", "noet"}, {"x".repeat(50), "x".repeat(40)}, {"a\u0007\u202eb", "a??b"}
        }) {
      assertThatThrownBy(
              () ->
                  Input.only(
                      Json.MAPPER.createObjectNode().put(each[0], 1),
                      java.util.Set.of("text", "note")))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> {
                assertThat(refusal.id()).isEqualTo("unknown_field");
                assertThat(refusal.details()).containsEntry("field", each[1]);
                assertThat(refusal.in(java.util.Locale.ENGLISH))
                    .isEqualTo("unknown field " + each[1] + "; known here: note, text");
                assertThat(refusal.in(java.util.Locale.SIMPLIFIED_CHINESE))
                    .isEqualTo("未知字段 " + each[1] + "；此处可用：note, text");
              });
    }
  }

  @Test
  void numbersAreHiddenInTheMiddle() {
    assertThat(Masking.mask("+8613800138000")).isEqualTo("138****8000");
    assertThat(Masking.mask("+862158881234")).isEqualTo("215***1234");
    assertThat(Masking.mask("+8695588")).isEqualTo("*5588");
    assertThat(Masking.mask("110")).isEqualTo("***");
    assertThat(Masking.mask(null)).isNull();
    assertThat(Masking.mask("138****8000")).isEqualTo("138****8000");
  }
}
