package org.careline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.careline.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {
  private final LoggerContext context = new LoggerContext();

  private String line(String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "x", context.getLogger("org.careline.Engine"), Level.WARN, message, failure, null);
    event.setInstant(Instant.parse("2026-11-23T12:00:00.250Z"));
    return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void anEntryIsOneLineOfJsonWithAReadableTime() throws Exception {
    String line = line("from \"\u0000\r\n{\"level\":\"error\"}", new IllegalStateException("a\nb"));
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n").doesNotContain("\r");
    JsonNode entry = new ObjectMapper().readTree(line);
    assertThat(entry.path("at").asText()).isEqualTo("2026-11-23T12:00:00.250Z");
    assertThat(entry.path("level").asText()).isEqualTo("warn");
    assertThat(entry.path("logger").asText()).isEqualTo("org.careline.Engine");
    assertThat(entry.path("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(entry.path("message").asText()).startsWith("from \"\u0000\r\n{");
    assertThat(entry.path("trace").asText()).contains("IllegalStateException: a\nb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.asteriskjava.fastagi.DefaultAgiServer",
        "org.quartz.core.QuartzScheduler",
        "org.eclipse.jetty.server.Server",
        "io.javalin.Javalin",
        "org.flywaydb.core.FlywayExecutor"
      })
  void librariesAreQuietUntilAFaultIsLookedFor(String library) {
    use(Configuration.Level.info);
    assertThat(context.getLogger(library).isInfoEnabled()).isFalse();
    assertThat(context.getLogger(library).isWarnEnabled()).isTrue();
    assertThat(context.getLogger("org.careline.Engine").isInfoEnabled()).isTrue();
    use(Configuration.Level.debug);
    assertThat(context.getLogger(library).isDebugEnabled()).isTrue();
    use(Configuration.Level.error);
    assertThat(context.getLogger(library).isWarnEnabled()).isFalse();
  }

  /** Several lines for each call, as seen with a real switch. */
  @Test
  void theLibrarysRemarksOnEachEventAreNotWritten() throws Exception {
    JoranConfigurator shipped = new JoranConfigurator();
    shipped.setContext(context);
    shipped.doConfigure(LogsTest.class.getResource("/logback.xml"));
    use(Configuration.Level.info);
    for (String chatty : List.of("util.EventAttributesHelper", "internal.EventBuilderImpl")) {
      String name = "org.asteriskjava.manager." + chatty;
      // a renamed class would be loud again
      Class.forName(name);
      assertThat(context.getLogger(name).isWarnEnabled()).as(name).isFalse();
    }
    assertThat(context.getLogger("org.asteriskjava.manager").isWarnEnabled()).isTrue();
  }

  private void use(Configuration.Level level) {
    Logs.use(context, new Configuration.Logging(level, Configuration.Format.json));
  }
}
