package org.careline.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careline.config.Configuration;
import org.careline.language.Sentence;

/** Careline's part of the configuration of an Asterisk that somebody else runs. */
public final class ForeignAsterisk {
  private static final String PART = "careline_*.conf";

  private ForeignAsterisk() {}

  /**
   * Writes the files that such an Asterisk includes, readable by their owner only, for there are
   * secrets in them; gives their paths. Files of a former run are replaced.
   *
   * @throws CannotStart when the configuration does not say what must stand in them
   */
  public static List<Path> write(Path folder, Configuration configuration, Ports ports) {
    if (configuration.asterisk().local()) {
      throw new CannotStart(Sentence.of("start.own-asterisk"));
    }
    String bind = configuration.asterisk().agiBind();
    if (bind.equals("0.0.0.0") || bind.equals("::")) {
      throw new CannotStart(Sentence.of("start.agi-bind", bind));
    }
    Path recordings =
        configuration
            .asterisk()
            .recordings()
            .orElseThrow(() -> new CannotStart(Sentence.of("start.recordings")))
            .toAbsolutePath();
    Path templates = Checkout.folder().resolve("dialplans/careline");
    Folders.requirePlain(recordings);
    Wiring wiring =
        new Wiring(configuration.home().toAbsolutePath(), ports, configuration, Secrets.NONE);
    Map<String, String> values = new HashMap<>(wiring.foreignSwitchPlaceholders());
    values.put("RECORDINGS", recordings.toString());
    values.put("PROMPTS", wiring.prompts().toString());
    return Template.renderFolder(templates, PART, folder, values);
  }
}
