package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile text in every place that takes text: refused or kept letter by letter, never a 500. */
class InjectionTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static final List<String> HOSTILE =
      List.of(
          "'",
          "\"",
          "' OR '1'='1",
          "'; DROP TABLE user_account; --",
          "' AND SLEEP(5) -- ",
          "1 UNION SELECT password_hash FROM user_account",
          "\\",
          "%",
          "${jndi:ldap://127.0.0.1/x}",
          "${CHANNEL(context)}",
          "$[1+1]",
          "<script>alert(1)</script>",
          "=cmd|'/c calc'!A0",
          "../../etc/passwd",
          "..%2f..%2fetc%2fpasswd",
          "%00",
          "a&b|c,d(e){f}",
          "姓名\uD83D\uDE00",
          "x".repeat(10_000));
  private static final List<String> BREAKING =
      List.of(
          "a\r\nAction: Originate", "a\nb", "a\rb", "\u0000", "a\u2028b", "a\u0085b", "a\u001bb");
  private static TestWeb web;
  private static String wang;
  private static String root;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    web = new TestWeb(mysql.database(), TestWeb.folder());
    wang = web.signIn("wang");
    root = web.signIn("root");
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  /** Every place that takes text. */
  private static Map<String, Function<String, HttpResponse<String>>> places() {
    String v1 = "/api/v1";
    Map<String, Function<String, HttpResponse<String>>> places = new LinkedHashMap<>();
    places.put(
        "login", text -> post(v1 + "/session", null, Map.of("login", text, "password", "x")));
    places.put(
        "password", text -> post(v1 + "/session", null, Map.of("login", "x", "password", text)));
    places.put(
        "wish", text -> web.call("PUT", v1 + "/agents/me/presence", wang, Map.of("wish", text)));
    places.put(
        "reason",
        text ->
            web.call(
                "PUT",
                v1 + "/agents/me/presence",
                wang,
                Map.of("wish", "not_ready", "reason", text)));
    places.put("call", text -> web.get(v1 + "/calls/" + path(text), root));
    places.put("card", text -> web.get(v1 + "/calls/" + path(text) + "/card", root));
    places.put("recording", text -> web.get(v1 + "/calls/" + path(text) + "/recording", root));
    places.put("hang-up", text -> post(v1 + "/calls/" + path(text) + "/hang-up", root, Map.of()));
    places.put("attempt", text -> post(v1 + "/attempts/" + path(text) + "/dial", wang, Map.of()));
    for (String query : List.of("from", "to", "limit", "cursor", "sort", "order")) {
      places.put(query, text -> web.get(v1 + "/calls?" + query + "=" + query(text), root));
    }
    places.put(
        "answer", text -> web.call("PUT", v1 + "/attempts/a-1/answers", wang, Map.of("q", text)));
    places.put(
        "question", text -> web.call("PUT", v1 + "/attempts/a-1/answers", wang, Map.of(text, "1")));
    places.put("disposition", text -> disposition(Map.of("disposition", text)));
    places.put("note", text -> disposition(Map.of("disposition", "completed", "note", text)));
    places.put(
        "appointmentAt",
        text -> disposition(Map.of("disposition", "appointment", "appointmentAt", text)));
    places.put("unknown field", text -> disposition(Map.of("disposition", "completed", text, "1")));
    places.put(
        "campaign", text -> web.get(v1 + "/campaigns/" + path(text) + "/rounds/current", root));
    places.put(
        "opensAt", text -> post(v1 + "/campaigns/spring/rounds", root, Map.of("opensAt", text)));
    places.put(
        "fileName", text -> post(v1 + "/imports/sites?fileName=" + query(text), root, Map.of()));
    places.put("dryRun", text -> post(v1 + "/imports/sites?dryRun=" + query(text), root, Map.of()));
    places.put("cookie", text -> web.get(v1 + "/session", path(text)));
    places.put("path", text -> web.get(v1 + "/" + path(text), root));
    places.put("page", text -> web.get("/" + path(text), null));
    return places;
  }

  @Test
  void hostileTextIsRefusedOrKeptLetterByLetter() {
    for (Map.Entry<String, Function<String, HttpResponse<String>>> place : places().entrySet()) {
      for (String text : HOSTILE) {
        long began = System.nanoTime();
        HttpResponse<String> answer = place.getValue().apply(text);
        assertThat(answer.statusCode())
            .as(place.getKey() + " with " + shown(text) + ": " + answer.body())
            .isLessThan(500);
        assertThat(System.nanoTime() - began).as(place.getKey()).isLessThan(4_000_000_000L);
      }
    }
    int users =
        mysql
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT COUNT(*) FROM user_account")
                        .mapTo(Integer.class)
                        .one());
    assertThat(users).isEqualTo(8);
  }

  @Test
  void whatIsTakenIsTakenAsItIs() {
    for (String text : HOSTILE.subList(0, HOSTILE.size() - 1)) {
      assertThat(disposition(Map.of("disposition", "completed", "note", text)).statusCode())
          .isEqualTo(204);
      assertThat(web.fakes.texts.getLast()).isEqualTo(text);
      web.call("PUT", "/api/v1/attempts/a-1/answers", wang, Map.of("remark", text));
      assertThat(web.fakes.answers.get("remark")).isEqualTo(text);
    }
  }

  @Test
  void lineEndsAndControlCharactersAreRefusedInEverythingButLongTexts() {
    List<String> accepted = new ArrayList<>();
    for (Map.Entry<String, Function<String, HttpResponse<String>>> place : places().entrySet()) {
      if (List.of("answer", "note", "cookie", "page", "sort", "order").contains(place.getKey())) {
        continue;
      }
      for (String text : BREAKING) {
        HttpResponse<String> answer = place.getValue().apply(text);
        if (answer.statusCode() < 400 || answer.statusCode() >= 500) {
          accepted.add(place.getKey() + " with " + shown(text) + ": " + answer.statusCode());
        }
      }
    }
    assertThat(accepted).isEmpty();
    for (String text : List.of("\u0000", "a\u001bb", "a\u2028b")) {
      assertThat(disposition(Map.of("disposition", "completed", "note", text)).statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void brokenBodiesAreRefused() {
    for (String body :
        List.of(
            "",
            "null",
            "[]",
            "{",
            "{\"disposition\":\"busy\"}x",
            "{\"disposition\":\"busy\",\"disposition\":\"fax\"}",
            "{\"disposition\":7}",
            "[".repeat(5000),
            "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}",
            "{\"disposition\":\"busy\",\"note\":\"\\ud800\"}",
            "{\"disposition\":1e999999999}")) {
      HttpResponse<String> answer =
          raw("/api/v1/attempts/a-1/disposition", body.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).as(shown(body) + answer.body()).isEqualTo(400);
    }
    byte[] notUtf8 = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
    assertThat(raw("/api/v1/attempts/a-1/disposition", notUtf8).statusCode()).isEqualTo(400);
    HttpResponse<String> yaml =
        web.send(web.request("POST", "/api/v1/apply", root, new byte[] {(byte) 0xff}).build());
    assertThat(TestWeb.error(yaml)).isEqualTo("400 invalid");
  }

  @Test
  void whatIsTooLargeIsRefused() {
    byte[] large = new byte[Input.MOST_BYTES + 1];
    assertThat(TestWeb.error(raw("/api/v1/attempts/a-1/disposition", large)))
        .isEqualTo("413 too_large");
    HttpResponse<String> file =
        web.send(web.request("POST", "/api/v1/imports/sites", root, new byte[200_001]).build());
    assertThat(TestWeb.error(file)).isEqualTo("413 too_large");
    HttpResponse<String> fits =
        web.send(web.request("POST", "/api/v1/imports/sites", root, new byte[200_000]).build());
    assertThat(fits.statusCode()).isEqualTo(200);
  }

  /** Without Content-Length the server learns only while reading that it is too much. */
  @Test
  void aHundredMegabytesWithoutALengthAreCutOffWithoutBeingHeld() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", web.server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /api/v1/imports/sites?fileName=big.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  + "X-Careline: 1\r\nCookie: careline="
                  + root
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.UTF_8);
      int sent = 0;
      try {
        while (sent < 1600) {
          out.write(chunk);
          sent++;
        }
      } catch (SocketException cutOff) {
        assertThat(sent).isLessThan(1600);
      }
      assertThat(sent).isLessThan(1600);
    }
    assertThat(web.fakes.texts).doesNotContain("big.csv");
    assertThat(web.get("/api/v1/session", root).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> disposition(Map<String, String> body) {
    return post("/api/v1/attempts/a-1/disposition", wang, body);
  }

  private static HttpResponse<String> post(String path, String cookie, Object body) {
    return web.call("POST", path, cookie, body);
  }

  private static HttpResponse<String> raw(String path, byte[] body) {
    return web.send(web.request("POST", path, wang, body).build());
  }

  private static String path(String text) {
    return query(text).replace("+", "%20");
  }

  private static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String shown(String text) {
    String start = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
