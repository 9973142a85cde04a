package org.careline.customer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberReaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          02158881234               | +862158881234         | fixed
          021-58881234              | +862158881234         | fixed
          (021) 5888 1234           | +862158881234         | fixed
          （０２１）５８８８－１２３４ | +862158881234         | fixed
          021 5888-1234             | +862158881234         | fixed
          2158881234                | +862158881234         | fixed
          +86 21 5888 1234          | +862158881234         | fixed
          +86 (0)21 58881234        | +862158881234         | fixed
          +862158881234             | +862158881234         | fixed
          862158881234              | +862158881234         | fixed
          8602158881234             | +862158881234         | fixed
          008602158881234           | +862158881234         | fixed
          00862158881234            | +862158881234         | fixed
          010-62345678              | +861062345678         | fixed
          1062345678                | +861062345678         | fixed
          0571-88881234             | +8657188881234        | fixed
          057188881234              | +8657188881234        | fixed
          0755–83331234             | +8675583331234        | fixed
          021-58881234转801         | +862158881234;ext=801 | fixed
          02158881234转801          | +862158881234;ext=801 | fixed
          021-58881234 轉 801       | +862158881234;ext=801 | fixed
          021-58881234-801          | +862158881234;ext=801 | fixed
          02158881234-801           | +862158881234;ext=801 | fixed
          021-5888-1234-801         | +862158881234;ext=801 | fixed
          021 58881234 — 801        | +862158881234;ext=801 | fixed
          021-58881234分机801       | +862158881234;ext=801 | fixed
          021-58881234 分机号：801  | +862158881234;ext=801 | fixed
          021-58881234 ext 801      | +862158881234;ext=801 | fixed
          021-58881234 ext.801      | +862158881234;ext=801 | fixed
          021-58881234EXT801        | +862158881234;ext=801 | fixed
          021-58881234x801          | +862158881234;ext=801 | fixed
          021-58881234#801          | +862158881234;ext=801 | fixed
          021-58881234＃８０１      | +862158881234;ext=801 | fixed
          +862158881234;ext=801     | +862158881234;ext=801 | fixed
          +86 21 58881234 ext 0     | +862158881234;ext=0   | fixed
          400-812-3456转2           | +864008123456;ext=2   | hotline
          400-812-3456-801          | +864008123456;ext=801 | hotline
          13800138000               | +8613800138000        | mobile
          138-0013-8000             | +8613800138000        | mobile
          013800138000              | +8613800138000        | mobile
          +8613800138000            | +8613800138000        | mobile
          8613800138000             | +8613800138000        | mobile
          008613800138000           | +8613800138000        | mobile
          19900001234               | +8619900001234        | mobile
          16212345678               | +8616212345678        | mobile
          4008123456                | +864008123456         | hotline
          400 812 3456              | +864008123456         | hotline
          +864008123456             | +864008123456         | hotline
          800-810-1234              | +868008101234         | hotline
          9501234567                | +869501234567         | hotline
          110                       | +86110                | short
          119                       | +86119                | short
          12345                     | +8612345              | short
          95588                     | +8695588              | short
          10086                     | +8610086              | short
          961234                    | +86961234             | short
          +8695588                  | +8695588              | short
          021-12345                 | +862112345            | short
          +85221234567              | +85221234567          | fixed
          0085221234567             | +85221234567          | fixed
          +1 650 253 0000           | +16502530000          | fixed
          +44 7400 123456           | +447400123456         | mobile
          +1 800 253 0000           | +18002530000          | hotline
          """)
  void reads(String text, String number, String kind) {
    assertThat(NumberReader.read(text))
        .isInstanceOfSatisfying(
            NumberReader.Valid.class,
            valid -> {
              assertThat(valid.number()).hasToString(number);
              assertThat(valid.number().kind().key()).isEqualTo(kind);
            });
    assertThat(NumberReader.read(number))
        .as("what was printed is read again as the same")
        .isEqualTo(NumberReader.read(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          58881234            | the area code is missing
          +86 58881234        | the area code is missing
          1380013800          | a mobile number has 11 digits, not 10
          17951-13800138000    | a mobile number has 11 digits, not 16
          138001380001        | a mobile number has 11 digits, not 12
          12800138000         | no such number range
          01380013800         | a mobile number has 11 digits, not 10
          40081234567         | a 400 or 800 number has 10 digits, not 11
          021-5888123         | no number of the area code 021
          021-588812345       | no number of the area code 021
          0219                | no number of the area code 021
          12                  | too short
          5                   | too short
          0000000             | only zeros
          000                 | only zeros
          +                   | no digits
          ---                 | no digits
          +999 123456         | no such country code
          +1 2                | too short
          +44 1               | too short
          +1 650 253 00001111 | too long
          123456789012345678901 | too long
          021-58881234/13800138000 | more than one number
          13800138000、13800138001 | more than one number
          13800138000转801    | a mobile number has no extension
          021-58881234转      | the character 转 is not part of a number
          021-58881234转80a   | the character 转 is not part of a number
          021-58881234转123456789 | the character 转 is not part of a number
          abc                 | the character a is not part of a number
          13800138000@host    | the character @ is not part of a number
          =1+1                | the character = is not part of a number
          1380013+8000        | the character + is not part of a number
          ++8613800138000     | the character + is not part of a number
          ${EXTEN}            | the character $ is not part of a number
          13800138000&SIP/x   | the character & is not part of a number
          ١٣٨٠٠١٣٨٠٠٠         | the character U+0661 is not part of a number
          😀13800138000        | the character U+1F600 is not part of a number
          +979 123456789      | a premium-rate number
          """)
  void refusesWithAReason(String text, String reason) {
    assertThat(reason(NumberReader.read(text))).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "13800138000\r\nAction: Originate",
        "13800138000\u0000",
        "13800138000\t1",
        "\u202E13800138000",
        "021-58881234\u2028\u2029"
      })
  void controlCharactersAreRefusedAndNeverRepeated(String text) {
    assertThat(NumberReader.read(text))
        .isInstanceOfSatisfying(
            NumberReader.Invalid.class,
            invalid -> assertThat(invalid.reason().toString()).matches("[\\x20-\\x7E]+"));
  }

  private static String reason(NumberReader.Reading reading) {
    return ((NumberReader.Invalid) reading).reason().toString();
  }

  @Test
  void emptyAndEndless() {
    assertThat(reason(NumberReader.read(null))).isEqualTo("empty");
    assertThat(reason(NumberReader.read(" \u3000"))).isEqualTo("empty");
    assertThat(reason(NumberReader.read("1".repeat(1_000_000))))
        .isEqualTo("longer than 64 characters");
  }

  @Test
  void aLocalNumberTakesTheHomeAreaCode() {
    assertThat(NumberReader.read("5888-1234", "021"))
        .isEqualTo(new NumberReader.Valid(PhoneNumber.of("+862158881234")));
    assertThat(NumberReader.read("86881234", "021"))
        .isEqualTo(new NumberReader.Valid(PhoneNumber.of("+862186881234")));
    assertThat(NumberReader.read("58881234转801", "021"))
        .isEqualTo(new NumberReader.Valid(new PhoneNumber("+862158881234", "801")));
    assertThat(reason(NumberReader.read("588812", "021"))).isEqualTo("too short");
  }

  @Test
  void anyTextEndsInAReadingThatCanBePrinted() {
    Random random = new Random(7);
    String alphabet = "0123456789+-() .转#x;ext=801 \u3000１－分机\r\n\t'\"=@$";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(24);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      switch (NumberReader.read(text.toString(), "021")) {
        case NumberReader.Valid valid ->
            assertThat(valid.number().toString()).matches("\\+[0-9]{5,18}(;ext=[0-9]{1,8})?");
        case NumberReader.Invalid invalid ->
            assertThat(invalid.reason().toString()).doesNotContain("\n", "\t");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "+862158881234,02158881234,862158881234,*******1234",
    "+8613800138000,13800138000,8613800138000,*******8000",
    "+864008123456,4008123456,864008123456,******3456",
    "+8695588,95588,8695588,*5588",
    "+862112345,02112345,862112345,****2345",
    "+16502530000,0016502530000,16502530000,*********0000"
  })
  void isDialled(String e164, String national, String international, String masked) {
    PhoneNumber number = PhoneNumber.of(e164);
    assertThat(number.national()).isEqualTo(national);
    assertThat(number.international()).isEqualTo(international);
    assertThat(number.masked()).isEqualTo(masked);
  }
}
