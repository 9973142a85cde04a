package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is refused reads why in his language; ids and fields stay as they are. */
class LanguageTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    mysql
        .database()
        .jdbi()
        .useHandle(h -> h.execute("UPDATE user_account SET language = 'en' WHERE login = 'wang'"));
    web = new TestWeb(mysql.database(), TestWeb.folder());
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  private static HttpResponse<String> call(
      String method, String path, String cookie, String body, String language) {
    HttpRequest.Builder request =
        web.request(
            method, path, cookie, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    if (language != null) {
      request.header("Accept-Language", language);
    }
    return web.send(request.build());
  }

  private static void says(HttpResponse<String> answer, String error, String message) {
    assertThat(TestWeb.error(answer)).isEqualTo(error);
    assertThat(TestWeb.json(answer).path("message").asText()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          zh-CN,zh;q=0.9,en;q=0.8 | 用户名或密码不正确
          zh                      | 用户名或密码不正确
          de, zh;q=0.5            | 用户名或密码不正确
          en-GB,zh;q=0.9          | login or password is wrong
          zh;q=0, en              | login or password is wrong
          de                      | login or password is wrong
          *                       | login or password is wrong
          ;;,q=zh                 | login or password is wrong
                                  | login or password is wrong
          """)
  void beforeASessionTheRequestSaysTheLanguage(String language, String message) {
    String body = Json.write(Map.of("login", "nobody" + message.hashCode(), "password", "x"));
    says(call("POST", "/api/v1/session", null, body, language), "401 wrong_login", message);
    web.clock.advance(LoginGuard.WINDOW);
  }

  @Test
  void withASessionItIsTheAccountsUnlessTheConsoleSpeaksAnother() {
    String chinese = web.signIn("li");
    String english = web.signIn("wang");
    String body = "{\"wish\":\"sometimes\"}";
    String path = "/api/v1/agents/me/presence";
    String zh = "wish：应为 ready 或 not_ready";
    String en = "wish: ready or not_ready is expected";
    says(call("PUT", path, chinese, body, null), "400 invalid", zh);
    says(call("PUT", path, english, body, null), "400 invalid", en);
    says(call("PUT", path, chinese, body, "en"), "400 invalid", en);
    HttpResponse<String> answer = call("PUT", path, english, body, "zh");
    says(answer, "400 invalid", zh);
    JsonNode details = TestWeb.json(answer).path("details");
    assertThat(details.path("field").asText()).isEqualTo("wish");
  }

  @Test
  void aWrongRoleAndAStrangerAreToldInChinese() {
    String path = "/api/v1/imports/sites?dryRun=true&fileName=a.csv";
    says(call("POST", path, web.signIn("li"), "x", null), "403 wrong_role", "您的角色没有此项权限");
    says(call("POST", path, null, "x", "zh"), "401 no_session", "请先登录");
    says(call("GET", "/api/v1/nothing", null, null, "zh"), "404 not_found", "没有这项操作");
  }

  @Test
  void theRejectsOfAnImportAreInTheLanguageOfTheRequest() {
    String path = "/api/v1/imports/sites?dryRun=true&fileName=a.csv";
    String planner = web.signIn("plan");
    assertThat(reason(call("POST", path, planner, "x", null))).isEqualTo("unknown zh");
    assertThat(reason(call("POST", path, planner, "x", "en"))).isEqualTo("unknown en");
  }

  private static String reason(HttpResponse<String> answer) {
    return TestWeb.json(answer).at("/rejects/0/reason").asText();
  }
}
