-- How each line answers: hours, menu, after hours, and the days an installation adds to or takes
-- from the calendars that come with the product.

ALTER TABLE line
  ADD COLUMN settings JSON NOT NULL DEFAULT (JSON_OBJECT()) COMMENT 'see org.careline.line.LineSettingsParser';

CREATE TABLE calendar_day (
  calendar  VARCHAR(32)  NOT NULL,
  day       DATE         NOT NULL,
  kind      VARCHAR(16)  NOT NULL COMMENT 'holiday, make-up-workday, or ordinary: what its weekday says',
  name_en   VARCHAR(64)  NOT NULL DEFAULT '',
  name_zh   VARCHAR(64)  NOT NULL DEFAULT '',
  PRIMARY KEY (calendar, day)
) COMMENT 'Wins over the day of the calendar that comes with the product.';
