package org.careline.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import org.careline.config.Configuration;
import org.slf4j.LoggerFactory;

/** The log on standard error, as the configuration wants it. */
final class Logs {
  private static final List<String> LIBRARIES =
      List.of("org.asteriskjava", "org.quartz", "org.eclipse.jetty", "io.javalin", "org.flywaydb");

  private Logs() {}

  /** Until it is called, logback.xml holds: warnings only, as text. */
  static void use(Configuration.Logging wanted) {
    use((LoggerContext) LoggerFactory.getILoggerFactory(), wanted);
  }

  static void use(LoggerContext context, Configuration.Logging wanted) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(wanted.format(), context));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    Level level = Level.toLevel(wanted.level().name());
    root.setLevel(level);
    // What libraries tell of themselves at each start and stop; wanted when looking for a fault.
    for (String library : LIBRARIES) {
      context.getLogger(library).setLevel(level == Level.INFO ? Level.WARN : null);
    }
  }

  private static Encoder<ILoggingEvent> encoder(
      Configuration.Format format, LoggerContext context) {
    return switch (format) {
      case json -> {
        JsonLines json = new JsonLines();
        json.setContext(context);
        json.start();
        yield json;
      }
      case text -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        // Text from outside must not look like a line of the log's own.
        text.setPattern(
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{24} "
                + "%replace(%msg){'[\\r\\n]+', ' '}%n%ex");
        text.start();
        yield text;
      }
    };
  }
}
