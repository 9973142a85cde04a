package org.careline.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineSettingsParserTest {
  private static final Map<String, OfficeCalendar> CALENDARS =
      Map.of("cn", OfficeCalendars.china());

  private static final String FULL =
      """
      {"publicNumber": "4008001234", "landingNumbers": ["02150001111", "95555"],
       "notice": "recording-notice", "askCode": true, "zone": "Asia/Urumqi", "calendar": "cn",
       "hours": {"mon": ["08:30-12:00", "13:00-18:00"], "tue": ["08:30-18:00"],
                 "wed": ["00:00-24:00"], "thu": [], "fri": ["08:30-18:00"], "sat": [], "sun": [],
                 "holiday": ["10:00-12:00"], "makeUp": ["09:00-17:00"]},
       "openTiers": ["gold", "platinum"],
       "menu": [{"key": 1, "choice": "install", "skill": "install"},
                {"key": 5, "choice": "account_manager", "skill": ""}],
       "afterHours": {"action": "emergency", "prompt": "after-hours", "emergencySkill": "night"},
       "closing": "promise", "announceAgent": true, "survey": "four", "policy": "vip",
       "callback": {"offer": true, "expiry": "90m", "tries": 2, "spacing": "45s"},
       "disposition": "forced", "wrapUp": {"max": "10m", "extension": "30s"}}
      """;

  private static LineSettings parse(String json) {
    return LineSettingsParser.parse(json, CALENDARS::get);
  }

  @Test
  void nothingGivenIsALineAsItWasBefore() {
    assertThat(parse("{}")).isEqualTo(LineSettings.DEFAULT);
    assertThat(parse("{\"hours\": null}").hours().roundTheClock()).isTrue();
  }

  @Test
  void whatIsWrittenIsReadAgainTheSame() {
    LineSettings full = parse(FULL);
    assertThat(full).isNotEqualTo(LineSettings.DEFAULT);
    assertThat(parse(LineSettingsJson.of(full).toString())).isEqualTo(full);
    assertThat(parse(LineSettingsJson.of(LineSettings.DEFAULT).toString()))
        .isEqualTo(LineSettings.DEFAULT);
    assertThat(full.choice(5).orElseThrow().choice())
        .isEqualTo(LineSettings.Choice.ACCOUNT_MANAGER);
    assertThat(full.choice(2)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"hours": {"mon-sat": ["09:00-17:00"]}}                        | settings.hours           | sun is missing
          {"hours": {"mon-sun": ["17:00-09:00"]}}                        | settings.hours.mon-sun[0] | ends before it begins
          {"hours": {"mon-sun": ["09:00-09:00"]}}                        | settings.hours.mon-sun[0] | ends before it begins
          {"hours": {"mon-sun": ["13:00-18:00", "08:00-12:00"]}}         | settings.hours.mon-sun[1] | in their order
          {"hours": {"mon-sun": ["08:00-12:00", "11:59-18:00"]}}         | settings.hours.mon-sun[1] | overlaps 08:00-12:00
          {"hours": {"mon-sun": ["08:00-"]}}                             | settings.hours.mon-sun[0] | HH:MM-HH:MM
          {"hours": {"mon-sun": ["8:00-9:00"]}}                          | settings.hours.mon-sun[0] | HH:MM-HH:MM
          {"hours": {"mon-sun": ["23:00-24:01"]}}                        | settings.hours.mon-sun[0] | ends before it begins
          {"hours": {"mon-sun": "09:00-17:00"}}                          | settings.hours.mon-sun   | a list of HH:MM-HH:MM
          {"hours": {"mon-sun": [], "fri": ["09:00-17:00"]}}             | settings.hours.fri       | fri stands twice
          {"hours": {"fri-mon": []}}                                     | settings.hours.fri-mon   | not a day
          {"hours": {"someday": []}}                                     | settings.hours.someday   | not a day
          {"zone": "Mars/Phobos"}                                        | settings.zone            | no time zone
          {"calendar": "moon"}                                           | settings.calendar        | no calendar moon
          {"landingNumbers": ["0215", "0215"]}                           | settings.landingNumbers[1] | twice
          {"landingNumbers": ["+8621"]}                                  | settings.landingNumbers[0] | digits
          {"notice": "../../etc/passwd"}                                 | settings.notice          | name of a prompt
          {"menu": [{"key": 0, "choice": "install"}]}                    | settings.menu[0].key     | from 1 to 9
          {"menu": [{"choice": "install"}]}                              | settings.menu[0].key     | from 1 to 9
          {"menu": [{"key": 1, "choice": "sell"}]}                       | settings.menu[0].choice  | one of install
          {"menu": [{"key": 1, "choice": "install"}, {"key": 1, "choice": "repair"}]} | settings.menu[1].key | twice
          {"afterHours": {"action": "emergency"}}                        | settings.afterHours.emergencySkill | needs a skill
          {"afterHours": {"action": "message", "prompt": ""}}            | settings.afterHours.prompt | needs a prompt
          {"callback": {"tries": 0}}                                     | settings.callback.tries  | from 1 to 10
          {"callback": {"expiry": "30s"}}                                | settings.callback.expiry | 1m to 7d
          {"wrapUp": {"max": "2h"}}                                      | settings.wrapUp.max      | 0s to 1h
          {"survey": "five"}                                             | settings.survey          | one of off
          {"askCode": "yes"}                                             | settings.askCode         | true or false
          {"open": true}                                                 | settings                 | unknown key open
          [1]                                                            | settings                 | an object
          """)
  void whatCannotBeIsRefusedWithItsPlace(String json, String place, String reason) {
    InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, () -> parse(json));
    assertThat(refused).as(json).isNotNull();
    assertThat(refused.place()).isEqualTo(place);
    assertThat(refused.getMessage()).contains(reason);
    assertThat(refused.in(Locale.CHINESE)).startsWith(place).isNotEqualTo(refused.getMessage());
  }

  @Test
  void aWordYamlTakesForNoIsOff() {
    assertThat(parse("{\"survey\": false}").survey()).isEqualTo(LineSettings.Survey.OFF);
  }
}
