package org.careline.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.careline.customer.CallersRefused;
import org.careline.customer.ImportRefused;
import org.careline.hotline.TrunkRefused;
import org.careline.language.Sentence;
import org.careline.matter.MatterRefused;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From what was thrown to what the client is told. The only catch-all of the HTTP side. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  static void answer(Exception thrown, Context context) {
    if (context.res().isCommitted()) {
      breakOff(thrown, context);
      return;
    }
    Refusal refusal = refusal(thrown);
    if (refusal.id().equals("internal")) {
      String reference = Long.toHexString(ThreadLocalRandom.current().nextLong());
      LOG.error(
          "request failed, reference {}: {} {}",
          reference,
          context.method().name(),
          context.endpoint().path,
          thrown);
      refusal =
          new Refusal(500, "internal", Sentence.of("web.internal"), Map.of("reference", reference));
    }
    write(refusal, context);
  }

  /**
   * Part of a file is sent: its reader must not take it for the whole, nor find a refusal in it.
   */
  private static void breakOff(Exception thrown, Context context) {
    if (readerLeft(thrown)) {
      // as a browser does that goes to another place of a recording
      LOG.debug("{} {}: its reader has left", context.method().name(), context.endpoint().path);
    } else {
      LOG.error(
          "an answer was broken off: {} {}",
          context.method().name(),
          context.endpoint().path,
          thrown);
    }
    ServletContextRequest.getServletContextRequest(context.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
  }

  private static boolean readerLeft(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException || cause instanceof ClosedChannelException) {
        return true;
      }
    }
    return false;
  }

  static void write(Refusal refusal, Context context) {
    if (!context.res().isCommitted()) {
      context.res().resetBuffer(); // what a file had begun with is no part of the refusal
    }
    if (refusal.details().get("retryAfterSeconds") instanceof Long seconds) {
      context.header("Retry-After", seconds.toString());
    } else if (refusal.status() == 503) {
      context.header("Retry-After", "2");
    }
    context.res().setHeader("Content-Disposition", null); // a refusal is no file
    context.status(refusal.status());
    context.header("Cache-Control", "no-store");
    context.contentType("application/json");
    context.result(Json.write(body(refusal, Speech.of(context))));
  }

  static Map<String, Object> body(Refusal refusal, Locale language) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", refusal.id());
    body.put("message", refusal.in(language));
    body.put("details", refusal.details());
    return body;
  }

  static Refusal refusal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CompletionException
          || cause instanceof ExecutionException && cause.getCause() != null) {
        continue;
      }
      Refusal known = known(cause);
      if (known != null) {
        return known;
      }
    }
    return new Refusal(500, "internal", Sentence.of("web.internal"), Map.of());
  }

  private static Refusal known(Throwable cause) {
    return switch (cause) {
      case Refusal refusal -> refusal;
      case MatterRefused matter ->
          new Refusal(
              switch (matter.why()) {
                case INVALID -> 400;
                case MISSING -> 404;
                case CONFLICT -> 409;
              },
              matter.id(),
              matter.reason(),
              Map.of());
      case CallersRefused callers ->
          new Refusal(
              switch (callers.id()) {
                case "invalid" -> 400;
                case "not_found" -> 404;
                default -> 409;
              },
              callers.id(),
              callers.reason(),
              Map.of());
      case TrunkRefused trunk ->
          new Refusal(
              switch (trunk.id()) {
                case "invalid" -> 400;
                case "not_found" -> 404;
                default -> 409;
              },
              trunk.id(),
              trunk.reason(),
              Map.of());
      case ImportRefused file -> new Refusal(400, "import_refused", file.reason(), Map.of());
      case SwitchUnavailable down ->
          Refusal.unavailable("switch_down", Sentence.of("web.switch-away"));
      case JsonProcessingException bad ->
          new Refusal(400, "not_json", Sentence.of("web.not-json"), Map.of());
      case EOFException cut -> new Refusal(400, "cut_off", Sentence.of("web.cut-off"), Map.of());
      case SQLException sql ->
          away(sql) ? Refusal.unavailable("database_down", Sentence.of("web.database-away")) : null;
      case TimeoutException late -> Refusal.unavailable("no_answer", Sentence.of("web.no-answer"));
      case RejectedExecutionException full -> Refusal.unavailable("busy", Sentence.of("web.busy"));
      case HttpResponseException http ->
          new Refusal(http.getStatus(), "http_" + http.getStatus(), message(http), Map.of());
      default -> null;
    };
  }

  /** Class 08 and what the pool throws when it gets no connection; class 40 is a lost race. */
  private static boolean away(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return e instanceof SQLTransientException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException
        || e instanceof SQLTimeoutException
        || state.startsWith("08")
        || state.startsWith("40");
  }

  private static Sentence message(HttpResponseException http) {
    return switch (http.getStatus()) {
      case 404 -> Sentence.of("web.http-404");
      case 405 -> Sentence.of("web.http-405");
      case 413 -> Sentence.of("web.http-413");
      default -> Sentence.of("web.refused");
    };
  }
}
