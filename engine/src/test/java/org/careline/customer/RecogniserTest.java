package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careline.config.Configuration.CallerHeader;
import org.careline.config.Configuration.DialForm;
import org.careline.config.Configuration.Trunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecogniserTest {
  static final Trunk SHANGHAI =
      trunk("shanghai", "021", CallerHeader.P_ASSERTED_IDENTITY, CallerHeader.FROM);
  private static final Trunk SHENZHEN =
      trunk("shenzhen", "0755", CallerHeader.REMOTE_PARTY_ID, CallerHeader.P_ASSERTED_IDENTITY);

  private final Map<String, NumberOwner.Entry> book = new HashMap<>();
  private final Recogniser recogniser =
      new Recogniser(List.of(SHANGHAI, SHENZHEN), e164 -> Optional.ofNullable(book.get(e164)));

  private static Trunk trunk(String name, String area, CallerHeader... headers) {
    return new Trunk(
        name,
        name,
        area,
        List.of(headers),
        List.of("anonymous", "unknown"),
        List.of("179", "17909"),
        List.of("02166660000", "4008123456"),
        List.of(),
        DialForm.national,
        10,
        40,
        10);
  }

  private Recognition from(String from) {
    return recogniser.recognise("shanghai", Map.of("from", from));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <sip:02158881234@10.0.0.1>                        | +862158881234
          "Hotel, \\"Rose\\" <x>" <sip:02158881234@h>;tag=1   | +862158881234
          sip:02158881234@h;tag=1                           | +862158881234
          <sip:+862158881234;user=phone@h>                  | +862158881234
          <sip:58881234@h>                                  | +862158881234
          <sip:2158881234@h>                                | +862158881234
          <sip:013800138000@h>                              | +8613800138000
          <tel:+8613800138000;phone-context=x>              | +8613800138000
          <SIPS:8613800138000@h>                            | +8613800138000
          <sip:13800138000:secret@h>                        | +8613800138000
          13800138000                                       | +8613800138000
          <sip:0085221234567@h>                             | +85221234567
          <sip:400812345613800138000@h>                     | +8613800138000
          <sip:400999888813800138000@h>                     | +8613800138000
          <sip:40013800138000@h>                            | +8613800138000
          <sip:1790902158881234@h>                          | +862158881234
          <sip:1790913800138000@h>                          | +8613800138000
          <sip:17913800138000@h>                            | +8613800138000
          <sip:17952180123@h>                               | +8617952180123
          <sip:400812345602158881234@h>                     | +862158881234
          <sip:0216666000013800138000@h>                    | +8613800138000
          <sip:4007654321@h>                                | +864007654321
          <sip:95588@h>                                     | +8695588
          <sip:anonymous@h>, <tel:13800138000>              | +8613800138000
          """)
  void reads(String header, String number) {
    assertThat(from(header).number()).contains(PhoneNumber.of(number));
    assertThat(from(header).withheld()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:anonymous@anonymous.invalid>",
        "\"Anonymous\" <sip:Anonymous@h>",
        "<sip:@h>",
        "<sip:h>",
        "<sip:0@h>",
        "<sip:00000000@h>",
        "<sip:02166660000@h>",
        "<sip:4008123456@h>",
        "<sip:13800138000@h>;party=calling;privacy=full",
        "unknown",
        ""
      })
  void withheld(String header) {
    Recognition recognition = from(header);
    assertThat(recognition.number()).isEmpty();
    assertThat(recognition.withheld()).isTrue();
    assertThat(recognition.tierCode()).isEqualTo("standard");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:13800138000&SIP/a@h>",
        "<sip:13800138000|x@h>",
        "<sip:13800138000,1@h>",
        "<sip:$%7BEXTEN%7D@h>",
        "<sip:${EXTEN}@h>",
        "<sip:13800138000%0d%0aAction:x@h>",
        "<sip:12@h>",
        "<sip:' OR 1=1 --@h>",
        "<sip:１３８００１３８０００@h>",
        "<sip:999999999999999999999999999999999999999999999999@h>"
      })
  void whatIsNotANumberIsNotUnderstood(String header) {
    Recognition recognition = from(header);
    assertThat(recognition.number()).isEmpty();
    assertThat(recognition.withheld()).isFalse();
    assertThat(recognition.raw()).matches("[\\x20-\\x7E]{1,128}");
    assertThat(recognition.tierCode()).isEqualTo("standard");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<sip:13800138000", "\"<sip:13800138000@h>", "<<<>>>", "http://x/1", "<x"})
  void whatIsNotAnAddressGivesNothing(String header) {
    assertThat(from(header).number()).isEmpty();
    assertThat(from(header.repeat(5001)).raw()).hasSizeLessThanOrEqualTo(128);
  }

  @Test
  void theTrunkSaysWhichHeaderAndWhichAreaCode() {
    Map<String, String> headers =
        Map.of(
            "p-asserted-identity", "<sip:58881234@h>",
            "remote-party-id", "<sip:83331234@h>;party=calling",
            "from", "<sip:13800138000@h>");
    Recognition shanghai = recogniser.recognise("shanghai", headers);
    assertThat(shanghai.number()).contains(PhoneNumber.of("+862158881234"));
    assertThat(shanghai.source()).isEqualTo("P-Asserted-Identity");
    assertThat(recogniser.recognise("shenzhen", headers).number())
        .contains(PhoneNumber.of("+8675583331234"));
    assertThat(recogniser.recognise("never-seen", headers).number())
        .contains(PhoneNumber.of("+862158881234"));
    assertThat(recogniser.recognise("shanghai", Map.of()).withheld()).isTrue();
  }

  @Test
  void aWithheldHeaderLeavesTheNextOneToSpeak() {
    Recognition recognition =
        recogniser.recognise(
            "shanghai",
            Map.of("p-asserted-identity", "<sip:02166660000@h>", "from", "<sip:13800138000@h>"));
    assertThat(recognition.number()).contains(PhoneNumber.of("+8613800138000"));
  }

  @Test
  void oneSiteSeveralSitesSeveralCustomers() {
    NumberOwner.Customer rose = new NumberOwner.Customer(1, "RJ", "Rose", "gold");
    NumberOwner.Customer mint = new NumberOwner.Customer(2, "MT", "Mint", "silver");
    NumberOwner.Entry first = entry(rose, 11, "platinum");
    NumberOwner.Entry second = entry(rose, 12, "silver");
    NumberOwner.Entry third = entry(mint, 21, "silver");

    book.put("+8613800138000", first);
    assertThat(from("13800138000").owner().orElseThrow().site().orElseThrow().id()).isEqualTo(11);
    assertThat(from("13800138000").tierCode()).isEqualTo("platinum");

    book.put("+8613800138000", NumberOwner.merge(first, first));
    assertThat(from("13800138000").owner().orElseThrow().site()).isPresent();

    book.put("+8613800138000", NumberOwner.merge(first, second));
    assertThat(from("13800138000").owner().orElseThrow().customer()).isEqualTo(rose);
    assertThat(from("13800138000").owner().orElseThrow().site()).isEmpty();
    assertThat(from("13800138000").tierCode()).isEqualTo("gold");

    NumberOwner.Entry shared = NumberOwner.merge(NumberOwner.merge(first, second), third);
    book.put("+8613800138000", shared);
    Recognition recognition = from("13800138000");
    assertThat(recognition.owner()).isEmpty();
    assertThat(recognition.ambiguous()).isTrue();
    assertThat(recognition.candidates())
        .extracting(NumberOwner.Customer::code)
        .containsExactlyInAnyOrder(
            rose.code(), ((NumberOwner.Known) third).owner().customer().code());
    assertThat(recognition.tierCode()).isEqualTo("standard");
    assertThat(NumberOwner.merge(shared, first)).isEqualTo(shared);
  }

  /** Lines are data: their numbers are ours although no trunk names them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4006667777", "+864006667777", "00864006667777", "04006667777", "02166661111", "2166661111",
        "+862166661111", "862166661111", "000", "+0000000", "4008123456", "02166660000"
      })
  void ourOwnNumberInEveryFormMeansWithheld(String user) {
    Recognition recognition =
        new Recogniser(List.of(SHANGHAI), withLines())
            .recognise("shanghai", Map.of("from", "<sip:" + user + "@carrier>"));
    assertThat(recognition.number()).isEmpty();
    assertThat(recognition.withheld()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "400666777713800138000,+8613800138000",
    "0216666111113800138000,+8613800138000",
    "400013800138000,+8613800138000",
    "4002158881234,+862158881234",
    "400888999958881234,+862158881234",
    "013800138000,+8613800138000",
    "2158881234,+862158881234",
    "58881234,+862158881234"
  })
  void whatCarriersPutBeforeTheCallerIsTakenOff(String user, String e164) {
    Recognition recognition =
        new Recogniser(List.of(SHANGHAI), withLines())
            .recognise("shanghai", Map.of("from", "<sip:" + user + "@carrier>"));
    assertThat(recognition.number().map(PhoneNumber::e164)).hasValue(e164);
  }

  private static NumberOwner.Book withLines() {
    return new NumberOwner.Book() {
      @Override
      public Optional<NumberOwner.Entry> find(String e164) {
        return Optional.empty();
      }

      @Override
      public Set<String> ownNumbers() {
        return Set.of("4006667777", "02166661111");
      }
    };
  }

  private static NumberOwner.Entry entry(NumberOwner.Customer customer, long site, String tier) {
    return new NumberOwner.Known(
        new NumberOwner(customer, Optional.of(new NumberOwner.Site(site, "S" + site, "x")), tier));
  }
}
