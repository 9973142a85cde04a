package org.careline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
  private static Summary summary(int callersIn, int sitesCalled, int sites, int attempts) {
    return Summary.of(
        new OutsideCount(callersIn, sitesCalled),
        Map.of("answered", 5, "abandoned", 2),
        sites,
        Map.of("completed", 3, "due", 6, "in_progress", 1),
        attempts,
        2);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 4, 10, 6, true",
    "8, 4, 10, 6, false",
    "6, 4, 10, 6, false",
    "7, 5, 10, 6, false",
    "7, 4, 11, 6, false",
    "7, 4, 10, 7, false"
  })
  void reconcilesOnlyWhenEverythingAddsUp(
      int callersIn, int sitesCalled, int sites, int attempts, boolean reconciles) {
    assertThat(summary(callersIn, sitesCalled, sites, attempts).reconciles()).isEqualTo(reconciles);
  }

  @Test
  void theKeysOfTheJsonAreThosePromised() {
    JsonNode json = new ObjectMapper().valueToTree(summary(7, 4, 10, 6));
    assertThat(json.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrderElementsOf(
            Set.of(
                "callersIn",
                "outcomes",
                "sitesLoaded",
                "bins",
                "attempts",
                "attemptsFailedBeforeWire",
                "callsAtOutsideWorld",
                "reconciles"));
    assertThat(json.at("/outcomes/abandoned").asInt()).isEqualTo(2);
    assertThat(json.at("/reconciles").asBoolean()).isTrue();
  }
}
