package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careline.database.Database;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionsTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private TestWeb web;

  @BeforeAll
  static void users() {
    TestWeb.users(mysql.database());
  }

  @BeforeEach
  void start() {
    web = new TestWeb(mysql.database(), TestWeb.folder());
  }

  @AfterEach
  void stop() {
    web.close();
  }

  @Test
  void signsInAndOut() {
    HttpResponse<String> answer = attempt("li", TestWeb.PASSWORD);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(TestWeb.json(answer).toString())
        .isEqualTo(
            "{\"login\":\"li\",\"name\":\"Name of li\",\"roles\":[\"agent\"],"
                + "\"agentNumber\":\"8001\",\"language\":\"zh\"}");
    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly")
        .contains("SameSite=Strict")
        .doesNotContain("Secure");
    String cookie = TestWeb.cookieOf(answer);
    assertThat(cookie).hasSize(43);
    assertThat(web.get("/api/v1/session", cookie).statusCode()).isEqualTo(200);
    assertThat(web.call("DELETE", "/api/v1/session", cookie, null).statusCode()).isEqualTo(204);
    assertThat(web.get("/api/v1/session", cookie).statusCode()).isEqualTo(401);
    assertThat(web.fakes.orders).containsExactly("signedIn 8001", "signedOut 8001", "revoked 8001");
  }

  @Test
  void theOldIdEndsWithANewSignIn() {
    String first = web.signIn("li");
    HttpResponse<String> again =
        web.call(
            "POST", "/api/v1/session", first, Map.of("login", "li", "password", TestWeb.PASSWORD));
    String second = TestWeb.cookieOf(again);
    assertThat(second).isNotEqualTo(first);
    assertThat(web.get("/api/v1/session", first).statusCode()).isEqualTo(401);
    assertThat(web.get("/api/v1/session", second).statusCode()).isEqualTo(200);
  }

  @Test
  void unknownUserAndWrongPasswordLookAlikeAndTakeAlike() {
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    attempt("boss", "warm up");
    for (int i = 0; i < 4; i++) {
      known.add(timed("plan", "wrong" + i));
      unknown.add(timed("nobody" + i, "wrong"));
    }
    assertThat(TestWeb.error(attempt("nobody9", "x"))).isEqualTo("401 wrong_login");
    assertThat(attempt("nobody9", "x").body()).isEqualTo(attempt("root", "x").body());
    double ratio = median(unknown) / median(known);
    assertThat(ratio).as("known %s, unknown %s", known, unknown).isBetween(0.3, 3.0);
  }

  private long timed(String login, String password) {
    long began = System.nanoTime();
    assertThat(attempt(login, password).statusCode()).isEqualTo(401);
    return System.nanoTime() - began;
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  @Test
  void guessingIsStoppedAndForgottenAfterAWhile() {
    for (int i = 0; i < LoginGuard.PER_LOGIN_AND_ADDRESS; i++) {
      assertThat(TestWeb.error(attempt("li", "wrong"))).isEqualTo("401 wrong_login");
    }
    HttpResponse<String> stopped = attempt("LI", TestWeb.PASSWORD);
    assertThat(TestWeb.error(stopped)).isEqualTo("429 too_many_attempts");
    assertThat(stopped.headers().firstValue("Retry-After")).isPresent();
    assertThat(attempt("wang", TestWeb.PASSWORD).statusCode()).isEqualTo(200);
    web.clock.advance(LoginGuard.WINDOW);
    assertThat(attempt("li", TestWeb.PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void aSilentSessionEndsAndSoDoesAnOldOne() {
    String silent = web.signIn("li");
    web.clock.advance(Duration.ofMinutes(29));
    assertThat(web.get("/api/v1/session", silent).statusCode()).isEqualTo(200);
    web.clock.advance(Duration.ofMinutes(31));
    assertThat(web.get("/api/v1/session", silent).statusCode()).isEqualTo(401);

    String busy = web.signIn("li");
    int alive = 0;
    while (web.get("/api/v1/session", busy).statusCode() == 200) {
      alive++;
      web.clock.advance(Duration.ofMinutes(20));
    }
    assertThat(alive).isEqualTo(42);
  }

  @Test
  void aRestartSignsNobodyOutButThoseWhoLeft() throws Exception {
    String stays = web.signIn("li");
    String leaves = web.signIn("boss");
    web.call("DELETE", "/api/v1/session", leaves, null);
    web.restart();
    assertThat(web.get("/api/v1/session", stays).statusCode()).isEqualTo(200);
    assertThat(web.get("/api/v1/session", leaves).statusCode()).isEqualTo(401);
    try (Stream<Path> files = Files.list(web.folder)) {
      for (Path file : files.toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(stays);
        assertThat(Files.getPosixFilePermissions(file)).as(file.toString()).hasSize(2);
      }
    }
  }

  @Test
  void aClosedAccountANewPasswordAndNewRolesCountAtTheNextReview() {
    TestWeb.user(mysql.database(), "leaver", "supervisor", null, null);
    TestWeb.user(mysql.database(), "renewed", "supervisor", null, null);
    TestWeb.user(mysql.database(), "reduced", "supervisor", null, null);
    String leaver = web.signIn("leaver");
    String renewed = web.signIn("renewed");
    String reduced = web.signIn("reduced");
    change("UPDATE user_account SET active = FALSE WHERE login = 'leaver'");
    change("UPDATE user_account SET password_hash = 'other' WHERE login = 'renewed'");
    change("UPDATE user_account SET roles = 'scheduler' WHERE login = 'reduced'");
    web.server.review();
    assertThat(web.get("/api/v1/session", leaver).statusCode()).isEqualTo(401);
    assertThat(web.get("/api/v1/session", renewed).statusCode()).isEqualTo(401);
    assertThat(TestWeb.error(web.get("/api/v1/calls", reduced))).isEqualTo("403 wrong_role");
    assertThat(web.get("/api/v1/campaigns", reduced).statusCode()).isEqualTo(200);
    assertThat(attempt("leaver", TestWeb.PASSWORD).statusCode()).isEqualTo(401);
  }

  /** However his last session ends, his softphone's secret ends with it. */
  @Test
  void whoeverIsGoneHasNoPhoneAnyMore() {
    TestWeb.user(mysql.database(), "closing", "agent", "8051", null);
    String one = web.signIn("closing");
    String two = web.signIn("closing");
    web.call("DELETE", "/api/v1/session", one, null);
    assertThat(web.fakes.orders).doesNotContain("signedOut 8051", "revoked 8051");
    change("UPDATE user_account SET active = FALSE WHERE login = 'closing'");
    web.server.review();
    assertThat(web.get("/api/v1/session", two).statusCode()).isEqualTo(401);
    assertThat(web.fakes.orders).containsOnlyOnce("signedOut 8051", "revoked 8051");

    web.signIn("wang");
    web.clock.advance(Duration.ofMinutes(31));
    web.server.review();
    assertThat(web.fakes.orders).containsOnlyOnce("signedOut 8002", "revoked 8002");
  }

  @Test
  void signingInAgainOnTheSamePageKeepsThePhone() {
    String first = web.signIn("li");
    web.call("POST", "/api/v1/session", first, Map.of("login", "li", "password", TestWeb.PASSWORD));
    assertThat(web.fakes.orders).doesNotContain("signedOut 8001", "revoked 8001");
  }

  @Test
  void withoutTheDatabaseSessionsGoOnAndSignInSaysWhy() {
    String cookie = web.signIn("li");
    web.server.close();
    Database away = new Database("jdbc:mysql://127.0.0.1:1/none", "x", "x", 2);
    try (away;
        TestWeb without = new TestWeb(away, web.folder)) {
      without.server.review();
      assertThat(without.get("/api/v1/session", cookie).statusCode()).isEqualTo(200);
      HttpResponse<String> refused =
          without.call(
              "POST", "/api/v1/session", null, Map.of("login", "li", "password", TestWeb.PASSWORD));
      assertThat(TestWeb.error(refused)).isEqualTo("503 database_down");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private static void change(String sql) {
    mysql.database().jdbi().useHandle(handle -> handle.execute(sql));
  }

  private HttpResponse<String> attempt(String login, String password) {
    return web.call("POST", "/api/v1/session", null, Map.of("login", login, "password", password));
  }
}
