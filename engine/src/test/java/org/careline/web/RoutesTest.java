package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.harness.MySqlExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody comes in but those a route names: walked for all routes and all roles. */
class RoutesTest {
  @RegisterExtension static final MySqlExtension mysql = new MySqlExtension();
  private static TestWeb web;
  private static Map<Role, String> cookies;

  @BeforeAll
  static void start() {
    TestWeb.users(mysql.database());
    web = new TestWeb(mysql.database(), TestWeb.folder());
    cookies =
        Map.of(
            Role.AGENT, web.signIn("li"),
            Role.SCHEDULER, web.signIn("plan"),
            Role.SUPERVISOR, web.signIn("boss"),
            Role.ADMIN, web.signIn("root"));
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @Test
  void everyRouteAsksForASessionUnlessItIsNamedOpen() {
    List<String> open = new ArrayList<>();
    for (Route route : web.server.routes()) {
      HttpResponse<String> answer = call(route, null);
      if (route.access() instanceof Route.Access.Only) {
        assertThat(TestWeb.error(answer)).as(name(route)).isEqualTo("401 no_session");
      } else {
        open.add(name(route));
      }
    }
    assertThat(open)
        .containsExactlyInAnyOrder(
            "POST /api/v1/session",
            "GET /api/v1/health",
            "GET /api/v1/openapi.json",
            "GET /api/v1/metrics",
            "POST /api/v1/trunks/{name}/check",
            "GET /api/v1/trunks/{name}/check",
            "POST /api/v1/trunks/{name}/call");
  }

  /** The token between the instance's parts opens these, whole and nothing else. */
  @Test
  void commandsAreForWhoKnowsTheToken() {
    String token = TestWeb.TOKEN;
    for (String brought :
        List.of("", "Bearer", "Bearer ", token, "Bearer " + token + "x", "Basic " + token)) {
      for (Route route : web.server.routes()) {
        if (route.access() instanceof Route.Access.Command) {
          HttpResponse<String> answer =
              web.send(
                  web.request(
                          route.method().name(),
                          route.path().replace("{name}", "carrier"),
                          cookies.get(Role.ADMIN),
                          null)
                      .header("Authorization", brought)
                      .build());
          assertThat(TestWeb.error(answer)).as(brought).isEqualTo("401 no_session");
        }
      }
    }
    HttpResponse<String> known =
        web.send(
            web.request("GET", "/api/v1/trunks/carrier/check", null, null)
                .header("Authorization", "Bearer " + token)
                .build());
    assertThat(known.body()).contains("nothing");
  }

  @Test
  void everyRouteRefusesEveryRoleItDoesNotName() {
    int refused = 0;
    for (Route route : web.server.routes()) {
      if (route.access() instanceof Route.Access.Only only) {
        assertThat(only.roles()).as(name(route)).isNotEmpty();
        for (Role role : Role.values()) {
          HttpResponse<String> answer =
              only.roles().contains(role) ? null : call(route, cookies.get(role));
          if (answer != null) {
            assertThat(TestWeb.error(answer))
                .as(name(route) + " as " + role)
                .isEqualTo("403 wrong_role");
            refused++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(30);
  }

  @Test
  void aUserWithoutAnyRoleReachesNothing() {
    String cookie = web.signIn("nothing");
    for (Route route : web.server.routes()) {
      if (route.access() instanceof Route.Access.Only) {
        assertThat(TestWeb.error(call(route, cookie))).as(name(route)).isEqualTo("403 wrong_role");
      }
    }
  }

  @Test
  void aForgedOrOldCookieIsNoSession() {
    for (String cookie : List.of("x", "A".repeat(43), "A".repeat(5000), "%00", "\"'\"")) {
      assertThat(TestWeb.error(web.get("/api/v1/session", cookie))).isEqualTo("401 no_session");
    }
  }

  @Test
  void namesInHeadersAreNotBelieved() {
    for (String header :
        Set.of("X-Remote-User", "Remote-User", "X-Forwarded-User", "Authorization")) {
      HttpResponse<String> answer =
          web.send(
              web.request("GET", "/api/v1/session", null, null).header(header, "root").build());
      assertThat(answer.statusCode()).as(header).isEqualTo(401);
    }
  }

  @Test
  void whatIsNotThereIsSaidInJson() {
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH")) {
      assertThat(TestWeb.error(web.call(method, "/api/v1/secrets", null, null)))
          .isEqualTo("404 not_found");
    }
    assertThat(TestWeb.error(web.get("/api", null))).isEqualTo("404 not_found");
    assertThat(TestWeb.error(web.get("/api/v2/session", null))).isEqualTo("404 not_found");
  }

  @Test
  void aChangeNeedsOurHeaderAndOurPage() {
    String cookie = cookies.get(Role.AGENT);
    String path = "/api/v1/agents/me/wrap-up/end";
    HttpResponse<String> bare =
        web.send(web.request("POST", path, cookie, null).setHeader("X-Careline", "0").build());
    assertThat(TestWeb.error(bare)).isEqualTo("403 header_missing");
    for (String origin :
        List.of(
            "https://evil.example.org",
            "null",
            "http://127.0.0.1:1",
            "http://127.0.0.1:" + web.server.port() + ".evil.org",
            "https://desk.example.org.evil.org")) {
      HttpResponse<String> foreign =
          web.send(web.request("POST", path, cookie, null).header("Origin", origin).build());
      assertThat(TestWeb.error(foreign)).as(origin).isEqualTo("403 wrong_origin");
    }
    for (String origin :
        List.of("http://127.0.0.1:" + web.server.port(), "https://desk.example.org")) {
      HttpResponse<String> own =
          web.send(web.request("POST", path, cookie, null).header("Origin", origin).build());
      assertThat(own.statusCode()).as(origin).isEqualTo(204);
    }
  }

  @Test
  void metricsAreForThisMachineOnly() {
    assertThat(web.get("/api/v1/metrics", null).body()).contains("careline_http_seconds_count");
    HttpResponse<String> proxied =
        web.send(
            web.request("GET", "/api/v1/metrics", null, null)
                .header("X-Forwarded-For", "10.0.0.1")
                .build());
    assertThat(TestWeb.error(proxied)).isEqualTo("404 not_found");
  }

  private static HttpResponse<String> call(Route route, String cookie) {
    String path =
        route
            .path()
            .replace("{id}", "c-1")
            .replace("{code}", "spring")
            .replace("{name}", "x")
            .replace("{year}", "2026")
            .replaceAll("\\{[a-z]+}", "1");
    String method = route.method().name();
    return web.call(method, path, cookie, method.equals("GET") ? null : Map.of());
  }

  private static String name(Route route) {
    return route.method().name() + " " + route.path();
  }
}
