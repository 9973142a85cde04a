package org.careline.harness;

import java.util.HashMap;
import java.util.Map;
import org.careline.local.Checkout;
import org.careline.local.LocalAsterisk;
import org.careline.local.Packages;
import org.careline.local.Ports;

/**
 * The outside world of one test: carrier, sites and callers, on 127.0.0.2, from dialplans/outside.
 */
public final class TestOutside implements AutoCloseable {
  private final LocalAsterisk asterisk;
  private final Ports ports;

  private TestOutside(LocalAsterisk asterisk, Ports ports) {
    this.asterisk = asterisk;
    this.ports = ports;
  }

  /** The outside of an instance, with the outside's ports of the same range. */
  public static TestOutside start(Ports ports) {
    Map<String, String> values = new HashMap<>(TestAsterisk.placeholders(ports));
    values.put("SYSTEMNAME", "o" + ports.base());
    values.put("RTP_START", "" + ports.outsideRtpStart());
    values.put("RTP_END", "" + ports.outsideRtpEnd());
    return new TestOutside(
        LocalAsterisk.start(
            "outside Asterisk",
            Packages.ensure(),
            TestFolders.create("out"),
            Checkout.folder().resolve("dialplans/outside"),
            values),
        ports);
  }

  public Ports ports() {
    return ports;
  }

  public LocalAsterisk asterisk() {
    return asterisk;
  }

  public String cli(String command) {
    return asterisk.cli(command);
  }

  @Override
  public void close() {
    asterisk.process().kill();
  }
}
