package org.careline.hotline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Optional;
import org.careline.config.ConfigurationLoader;
import org.careline.customer.Recogniser;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void callersWhoDoNotExistAreReceived() {
    Recogniser recogniser =
        new Recogniser(ConfigurationLoader.defaults().trunks(), e164 -> Optional.empty());
    int callers =
        WarmUp.run(
            arrival -> recogniser.recognise(arrival.trunk(), arrival.callerHeaders()),
            InstantSource.system());
    System.out.println("received before the first caller: " + callers);
    assertThat(callers).isPositive();
  }
}
