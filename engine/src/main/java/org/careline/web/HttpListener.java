package org.careline.web;

import io.javalin.config.JettyConfig;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.careline.language.Sentence;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty, told how much of a client's time and space to bear. */
final class HttpListener {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int MOST_CONNECTIONS = 1000;
  private static final int HEADER_BYTES = 16 * 1024;
  private static final long IDLE_MS = 30_000;

  /** Slower bodies are cut: bytes per second over the whole request. */
  private static final long SLOWEST_BODY = 500;

  private HttpListener() {}

  static void configure(JettyConfig jetty, String bind, int port) {
    jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setSendXPoweredBy(false);
          http.setRequestHeaderSize(HEADER_BYTES);
          http.setResponseHeaderSize(HEADER_BYTES);
          http.setMinRequestDataRate(SLOWEST_BODY);
        });
    jetty.addConnector((server, http) -> connector(server, http, bind, port));
    jetty.modifyServer(
        server -> {
          server.setStopTimeout(2_000);
          server.setErrorHandler(HttpListener::refuse);
          server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        });
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration http, String bind, int port) {
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(bind);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MS);
    connector.setAcceptQueueSize(128);
    return connector;
  }

  /** What Jetty refuses itself (bad request line, bad escapes), in our form. */
  private static boolean refuse(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    Content.Sink.write(response, true, body(response.getStatus()), callback);
    return true;
  }

  /** In English: of such a request no header is known. */
  private static String body(int status) {
    Refusal refusal = new Refusal(status, "http_" + status, Sentence.of("web.refused"), Map.of());
    return Json.write(Errors.body(refusal, Locale.ENGLISH));
  }

  /** An error of the machine (no memory, stack at its end): said, logged, and the thread lives. */
  static void broken(HttpServletResponse response, Error error) {
    LOG.error("request failed", error);
    response.setStatus(500);
    response.setContentType("application/json");
    try {
      response
          .getOutputStream()
          .write(
              Json.write(
                      Errors.body(
                          new Refusal(500, "internal", Sentence.of("web.internal"), Map.of()),
                          Locale.ENGLISH))
                  .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("the client is gone", e);
    }
  }
}
