package org.careline.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.careline.callback.Campaign.Mode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimedSiteTest {
  @ParameterizedTest
  @CsvSource({
    "PROGRESSIVE, '', PROGRESSIVE",
    "PROGRESSIVE, 801, PREVIEW",
    "PREVIEW, '', PREVIEW",
    "PREVIEW, 0, PREVIEW"
  })
  void anExtensionIsAlwaysPreviewed(Mode campaign, String extension, Mode expected) {
    ClaimedSite.Phone phone = new ClaimedSite.Phone("+862158881234", extension, "Wang", "", 1);
    ClaimedSite site =
        new ClaimedSite(
            1,
            1,
            1,
            null,
            null,
            "c",
            campaign,
            "",
            "q",
            1,
            1,
            "s",
            "s",
            "c",
            "c",
            "gold",
            1,
            "",
            "",
            "",
            "",
            "",
            "",
            List.of(phone),
            1,
            null,
            null);
    assertThat(site.modeFor(phone)).isEqualTo(expected);
  }
}
