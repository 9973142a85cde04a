package org.careline.local;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.careline.language.Sentence;

/** Where this program's own files are: scripts, dialplans, configuration. */
public final class Checkout {
  private Checkout() {}

  /**
   * The folder that holds {@code scripts/lib/packages}: the system property {@code
   * careline.checkout}, else the nearest above the running jar or classes.
   *
   * @throws CannotStart when there is none
   */
  public static Path folder() {
    String given = System.getProperty("careline.checkout");
    if (given != null) {
      return Path.of(given).toAbsolutePath().normalize();
    }
    try {
      Path code =
          Path.of(Checkout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path folder = code; folder != null; folder = folder.getParent()) {
        if (Files.isRegularFile(folder.resolve("scripts/lib/packages"))) {
          return folder;
        }
      }
    } catch (URISyntaxException e) {
      throw new CannotStart(Sentence.of("start.no-place"), e);
    }
    throw new CannotStart(Sentence.of("start.no-checkout"));
  }
}
