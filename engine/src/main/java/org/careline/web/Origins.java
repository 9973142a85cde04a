package org.careline.web;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which pages may speak to us. Cookies do not know ports, so a page on another port of this machine
 * is <em>same site</em> for the browser: the Origin header tells them apart. No Origin at all comes
 * from programs only, never from a page's WebSocket or POST. Immutable.
 */
final class Origins {
  private final Set<String> allowed;

  /**
   * @param publicUrl empty = browsers come straight to us
   */
  Origins(String publicUrl, List<String> further) {
    Set<String> all = new TreeSet<>(further);
    if (!publicUrl.isEmpty()) {
      all.add(publicUrl);
    }
    allowed = Set.copyOf(all);
  }

  /**
   * @param host the Host header: a browser sets it to where it really connects to
   */
  boolean allows(String origin, String host) {
    return origin == null || allowed.contains(origin) || origin.equals("http://" + host);
  }
}
