package org.careline.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.careline.local.Supervisor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the product in the foreground until it is stopped. */
@Command(name = "up")
final class UpCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(UpCommand.class);

  @Option(names = "--outside")
  private boolean outside;

  @Override
  public Integer call() throws InterruptedException {
    Instance instance = Instance.load();
    Logs.use(instance.configuration().logging());
    Supervisor supervisor =
        Supervisor.start(
            new Supervisor.Plan(
                instance.home(),
                instance.ports(),
                instance.configuration(),
                outside,
                Optional.empty(),
                instance.environment(),
                System.err::println));
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "careline-stop"));
    Instance ready = instance.reload();
    log.info("ready, console http://127.0.0.1:{}/", ready.configuration().http().port());
    supervisor.awaitEnd();
    return 0;
  }
}
