package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedDestinationsTest {
  @ParameterizedTest
  @CsvSource({
    "+8613800138000,",
    "+862158881234,",
    "+864008123456,",
    "+85221234567,",
    "+16502530000,destination_not_allowed",
    "+85312345678,destination_not_allowed",
    "+86110,short_number",
    "+8695588,short_number",
    "+862112345,short_number",
    "+8616812345678,premium_number",
    "+862116812345,premium_number"
  })
  void onlyAllowedBeginningsAndNoShortNumbers(String e164, String refusal) {
    AllowedDestinations allowed = new AllowedDestinations(List.of("+86", "+852"));
    assertThat(allowed.refusal(PhoneNumber.of(e164)).map(AllowedDestinations.Why::id).orElse(null))
        .isEqualTo(refusal);
    assertThat(new AllowedDestinations(List.of()).refusal(PhoneNumber.of(e164))).isPresent();
  }
}
