package org.careline.asterisk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.asteriskjava.manager.action.CommandAction;
import org.asteriskjava.manager.action.DbPutAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.action.OriginateAction;
import org.careline.telephony.SwitchState.SwitchUnavailable;
import org.careline.telephony.TelephonyEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries, after the first login, what Careline's manager user must not be able to do. Each trial is
 * harmless where it is allowed by mistake; then a warning says which right is too wide.
 * Thread-safe.
 */
public final class SelfTest {
  private static final Logger log = LoggerFactory.getLogger(SelfTest.class);

  private final AmiLink engine;
  private volatile List<String> tooWide;

  /** Tries nothing yet. */
  public SelfTest(AmiLink engine) {
    this.engine = engine;
  }

  /** For the switch's events, on any thread: the first login that lasts long enough is tried. */
  public void on(TelephonyEvent event) {
    if (event instanceof TelephonyEvent.LinkUp && tooWide == null) {
      Thread.ofPlatform().name("self-test").daemon(true).start(this::run);
    }
  }

  private void run() {
    try {
      tooWide = tooWide(engine);
    } catch (SwitchUnavailable e) {
      log.info("the rights of the manager user could not be tried: {}", e.getMessage());
    }
  }

  /** Rights that the manager user should not have; empty also while nothing has been tried. */
  public List<String> tooWide() {
    return tooWide == null ? List.of() : tooWide;
  }

  /**
   * Blocks for a few milliseconds; never on the link's threads.
   *
   * @return what was allowed, empty = as it should be
   * @throws SwitchUnavailable when the switch does not answer
   */
  public static List<String> tooWide(AmiLink engine) {
    Map<String, ManagerAction> trials = new LinkedHashMap<>();
    trials.put("Command (right: command)", new CommandAction("core show version"));
    trials.put("DBPut (right: system)", new DbPutAction("careline", "self-test", "may be deleted"));
    trials.put("Originate with System (live_dangerously or system)", system());
    trials.put("Reload (right: system or config)", new ReloadPhonesAction());
    List<String> allowed = new ArrayList<>();
    trials.forEach(
        (name, action) -> {
          if (allowed(engine, action)) {
            allowed.add(name);
            log.warn("the manager user of the engine may do too much: {}", name);
          }
        });
    return List.copyOf(allowed);
  }

  private static boolean allowed(AmiLink engine, ManagerAction action) {
    try {
      return !"Error".equalsIgnoreCase(engine.send(action).join().getResponse());
    } catch (CompletionException e) {
      throw e.getCause() instanceof SwitchUnavailable unavailable
          ? unavailable
          : new SwitchUnavailable("self-test", e);
    }
  }

  /** To an extension that does not exist, so that nothing is rung even where it is allowed. */
  private static OriginateAction system() {
    OriginateAction originate = new OriginateAction();
    originate.setChannel("Local/nobody@from-agent");
    originate.setApplication("System");
    originate.setData("true");
    originate.setAsync(true);
    return originate;
  }
}
