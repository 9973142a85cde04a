package org.careline.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.careline.Engine;
import org.careline.language.Refusal;
import org.careline.language.Sentence;
import org.careline.local.EngineState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The engine's own process, started by the supervisor. */
@Command(name = "engine", hidden = true)
final class EngineCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(EngineCommand.class);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instance instance = Instance.load();
    Logs.use(instance.configuration().logging());
    Engine engine;
    try {
      engine = Engine.start(instance.configuration());
    } catch (RuntimeException e) {
      Sentence reason = reason(e);
      if (e instanceof Refusal) {
        log.error("the engine cannot start: {}", reason);
      } else {
        log.error("the engine cannot start", e);
      }
      EngineState.writeFailed(instance.home(), reason);
      return 1;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  engine.close();
                  stopped.countDown();
                },
                "engine-stop"));
    EngineState.writeReady(instance.home());
    stopped.await();
    return 0;
  }

  private static Sentence reason(RuntimeException failure) {
    if (failure instanceof Refusal refusal) {
      return refusal.reason();
    }
    String message = failure.getMessage();
    return Sentence.plain(message == null ? failure.toString() : message);
  }
}
