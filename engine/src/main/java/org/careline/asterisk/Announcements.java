package org.careline.asterisk;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.careline.agent.AgentNumber;

/**
 * Where the switch finds the spoken number of an agent, one file for each agent and language. Dial
 * plays it to both sides at his answer (option A), which takes single files only, so each is put
 * together beforehand. Immutable.
 *
 * @param folder absolute, as the switch sees it; empty = nothing is announced
 */
public record Announcements(String folder) {
  /** Nothing is announced. */
  public static final Announcements NONE = new Announcements("");

  // What would mean something else in the options of a dialplan's application.
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._@+-]+)+");

  public Announcements {
    if (!folder.isEmpty() && !PATH.matcher(folder).matches()) {
      throw new IllegalArgumentException("not a path for a dialplan: " + folder);
    }
  }

  /** The folder for a switch; nothing is announced when its name cannot stand in a dialplan. */
  public static Announcements in(Path folder) {
    String path = folder.toAbsolutePath().normalize().toString();
    return PATH.matcher(path).matches() ? new Announcements(path) : NONE;
  }

  /** The file's name without its ending, below the folder. */
  public static String name(AgentNumber agent, String language) {
    return language + "/" + agent.value();
  }

  /** Argument of Dial's option A: for him and for the caller; empty = nothing. */
  String option(AgentNumber agent, String language) {
    if (folder.isEmpty() || !language.matches("[a-z]{2,8}")) {
      return "";
    }
    String file = folder + "/" + name(agent, language);
    return file + ":" + file;
  }
}
