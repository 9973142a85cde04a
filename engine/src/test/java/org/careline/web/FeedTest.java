package org.careline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.careline.harness.MySqlExtension;
import org.careline.web.Desks.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FeedTest {
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
  void everybodySeesMaskedNumbersAndAnAgentHisOwnWork() {
    try (FeedListener agent = FeedListener.open(web, web.signIn("wang"));
        FeedListener boss = FeedListener.open(web, web.signIn("boss"))) {
      JsonNode seen = agent.next("snapshot");
      assertThat(seen.at("/waiting/0/callerNumber").asText()).isEqualTo("138****8000");
      assertThat(seen.at("/work/attemptId").asText()).isEqualTo("a-1");
      assertThat(seen.toString()).doesNotContain("13800138000");
      JsonNode rounds = seen.get("rounds").isEmpty() ? agent.next("round") : seen;
      assertThat(rounds.at("/rounds/0/campaign").asText()).isEqualTo("spring");
      JsonNode whole = boss.next("snapshot");
      assertThat(whole.at("/waiting/0/callerNumber").asText()).isEqualTo("138****8000");
      assertThat(whole.toString()).doesNotContain("13800138000");
      assertThat(whole.get("work").isNull()).isTrue();
    }
  }

  @Test
  void changesComeAsWholePartsAtMostFiveTimesASecond() {
    try (FeedListener feed = FeedListener.open(web, web.signIn("boss"))) {
      if (feed.next("snapshot").get("rounds").isEmpty()) {
        feed.next("round");
      }
      long began = System.nanoTime();
      int changes = 0;
      int heard = 0;
      String shown = "";
      while (heard < 8 || !shown.equals("n-" + (changes - 1))) {
        for (int i = 0; i < 100 && heard < 8; i++) {
          web.fakes.live.set(0, FakeDesks.liveCall("n-" + changes++));
          web.server.feed().changed(Part.WAITING);
        }
        shown = feed.next("waiting").at("/waiting/0/id").asText();
        heard++;
      }
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      assertThat(changes).isEqualTo(800);
      assertThat(heard).isLessThan(12);
      assertThat(took).isGreaterThan((heard - 2) * 200L);
    }
  }

  @Test
  void ofTheAgentsOnlyThoseThatChangedAreSentAndAllWhenOneCameOrLeft() {
    try (FeedListener feed = FeedListener.open(web, web.signIn("boss"))) {
      assertThat(feed.next("snapshot").get("agents")).hasSize(2);
      web.fakes.agents.set(1, FakeDesks.agent("8002", "offered"));
      web.server.feed().changed(Part.AGENTS);
      JsonNode changed = feed.next("agents");
      assertThat(changed.has("agents")).isFalse();
      assertThat(changed.get("changed")).hasSize(1);
      assertThat(changed.at("/changed/0/presence").asText()).isEqualTo("offered");
      web.fakes.agents.add(FakeDesks.agent("8003", "ready"));
      web.server.feed().changed(Part.AGENTS);
      assertThat(feed.next("agents").get("agents")).hasSize(3);
      try (FeedListener later = FeedListener.open(web, web.signIn("wang"))) {
        assertThat(later.next("snapshot").get("agents")).hasSize(3);
      }
    }
  }

  @Test
  void nothingIsSentWhenNothingChanged() {
    try (FeedListener feed = FeedListener.open(web, web.signIn("boss"))) {
      if (feed.next("snapshot").get("rounds").isEmpty()) {
        feed.next("round");
      }
      int asked = web.fakes.liveAsked;
      await().atMost(Duration.ofSeconds(5)).until(() -> web.fakes.liveAsked >= asked + 2);
      assertThat(feed.messages).isEmpty();
    }
  }

  @Test
  void aHeartbeatReachesTheAgentAndKeepsTheSession() {
    String cookie = web.signIn("li");
    try (FeedListener feed = FeedListener.open(web, cookie)) {
      feed.next("snapshot");
      for (int i = 0; i < 3; i++) {
        web.clock.advance(Duration.ofMinutes(20));
        feed.send("{\"type\":\"heartbeat\"}");
        feed.next("heartbeat");
      }
      assertThat(web.fakes.orders).contains("heartbeat 8001");
      assertThat(web.get("/api/v1/session", cookie).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aForeignPageAndAStrangerAreRefused() {
    String cookie = web.signIn("li");
    int port = web.server.port();
    for (String origin :
        List.of("https://evil.example.org", "http://127.0.0.1:" + (port - 1), "null")) {
      assertThat(handshake(cookie, origin)).as(origin).isEqualTo(403);
    }
    assertThat(handshake(null, null)).isEqualTo(401);
    assertThat(handshake("A".repeat(43), null)).isEqualTo(401);
    FeedListener.open(web.client, port, cookie, "http://127.0.0.1:" + port).join().close();
  }

  private int handshake(String cookie, String origin) {
    try {
      FeedListener.open(web.client, web.server.port(), cookie, origin).join().close();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  @Test
  void signingOutEndsTheFeed() {
    String cookie = web.signIn("li");
    try (FeedListener feed = FeedListener.open(web, cookie)) {
      feed.next("snapshot");
      web.call("DELETE", "/api/v1/session", cookie, null);
      assertThat(feed.closed.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(4401);
    }
  }

  @Test
  void nonsenseAndFloodsEndTheFeedOfTheirSenderOnly() {
    String cookie = web.signIn("li");
    try (FeedListener bystander = FeedListener.open(web, web.signIn("wang"))) {
      for (String message : List.of("{", "[]", "{\"type\":\"order\"}", "x".repeat(5000))) {
        try (FeedListener feed = FeedListener.open(web, cookie)) {
          feed.send(message);
          assertThat(feed.closed.orTimeout(5, TimeUnit.SECONDS).join()).isIn(1008, 1009);
        }
      }
      try (FeedListener feed = FeedListener.open(web, cookie)) {
        for (int i = 0; i < 200 && !feed.closed.isDone(); i++) {
          try {
            feed.send("{\"type\":\"heartbeat\"}");
          } catch (CompletionException closed) {
            break;
          }
        }
        assertThat(feed.closed.orTimeout(5, TimeUnit.SECONDS).join()).isNotEqualTo(1000);
      }
      bystander.next("snapshot");
      bystander.send("{\"type\":\"heartbeat\"}");
      bystander.next("heartbeat");
    }
  }

  @Test
  void sixtyConsolesGetTheirPart() {
    List<FeedListener> feeds = new ArrayList<>();
    String cookie = web.signIn("li");
    try {
      for (int i = 0; i < 60; i++) {
        feeds.add(FeedListener.open(web, cookie));
      }
      feeds.forEach(feed -> feed.next("snapshot"));
      web.fakes.live.add(FakeDesks.liveCall("new"));
      web.server.feed().changed(Part.WAITING);
      feeds.forEach(
          feed -> assertThat(feed.next("waiting").at("/waiting/1/id").asText()).isEqualTo("new"));
    } finally {
      feeds.forEach(FeedListener::close);
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> web.server.feed().clients() == 0);
  }

  @Test
  void aBrowserThatTakesNothingIsDroppedAndHoldsNobodyUp() throws Exception {
    String cookie = web.signIn("boss");
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(1024);
      deaf.connect(new InetSocketAddress("127.0.0.1", web.server.port()));
      deaf.getOutputStream().write(upgrade(cookie).getBytes(StandardCharsets.ISO_8859_1));
      await().atMost(Duration.ofSeconds(5)).until(() -> web.server.feed().clients() == 1);
      try (FeedListener healthy = FeedListener.open(web, cookie)) {
        healthy.next("snapshot");
        int round = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (web.server.feed().clients() == 2 && System.nanoTime() < end) {
          web.fakes.live.clear();
          for (int i = 0; i < 3000; i++) {
            web.fakes.live.addLast(FakeDesks.liveCall("r" + round + "-" + i));
          }
          round++;
          web.clock.advance(Duration.ofSeconds(2));
          web.server.feed().changed(Part.WAITING);
          healthy.send("{\"type\":\"heartbeat\"}");
          healthy.next("waiting");
        }
        assertThat(web.server.feed().clients()).isEqualTo(1);
        assertThat(healthy.closed).isNotDone();
      }
    }
  }

  private String upgrade(String cookie) {
    return "GET /api/v1/feed HTTP/1.1\r\nHost: 127.0.0.1:"
        + web.server.port()
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: careline="
        + cookie
        + "\r\n\r\n";
  }

  @Test
  void aPartThatCannotBeHadLeavesTheRestOnScreen() {
    try (FeedListener feed = FeedListener.open(web, web.signIn("boss"))) {
      feed.next("snapshot");
      web.fakes.failure = new IllegalStateException("away");
      web.server.feed().changed(Part.AGENTS, Part.WAITING, Part.ROUND);
      feed.send("{\"type\":\"heartbeat\"}");
      feed.next("heartbeat");
      web.fakes.failure = null;
      web.fakes.live.add(FakeDesks.liveCall("after"));
      assertThat(feed.next("waiting").at("/waiting/1/id").asText()).isEqualTo("after");
      assertThat(feed.closed).isNotDone();
    }
  }
}
