package org.careline.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How the engine is, what it counts and how to speak to it. */
final class SystemEndpoints {
  private final Desks.StatusDesk status;
  private final Supplier<String> metrics;
  private final byte[] openApi = openApi();

  SystemEndpoints(Desks.StatusDesk status, Supplier<String> metrics) {
    this.status = status;
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            HandlerType.GET,
            "/api/v1/status",
            Role.ANY,
            (context, who) -> context.json(status.status())),
        Route.open(HandlerType.GET, "/api/v1/health", this::health),
        Route.open(
            HandlerType.GET,
            "/api/v1/openapi.json",
            (context, who) -> context.contentType("application/json").result(openApi)),
        Route.loopback(
            HandlerType.GET,
            "/api/v1/metrics",
            (context, who) ->
                context
                    .contentType("text/plain; version=0.0.4; charset=utf-8")
                    .result(metrics.get())));
  }

  /** 503 without the switch or the lead, so that a balancer looks elsewhere. No detail: public. */
  private void health(Context context, Route.Caller who) {
    Views.Status now = status.status();
    boolean well = now.leader() && now.switchState().equals("up");
    context.status(well ? 200 : 503);
    context.json(
        Map.of("status", !well ? "down" : now.database().equals("up") ? "up" : "degraded"));
  }

  static byte[] openApi() {
    try (InputStream in = SystemEndpoints.class.getResourceAsStream("openapi.json")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
