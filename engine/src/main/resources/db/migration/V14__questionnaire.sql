-- Questionnaires that are edited, tried and published; answers by device with what stood there
-- before; what to ask and do about a fault.

ALTER TABLE questionnaire
  ADD COLUMN published_by VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'login; empty = from a file',
  ADD COLUMN published_at DATETIME(3) NULL;

CREATE TABLE questionnaire_draft (
  code       VARCHAR(64) NOT NULL PRIMARY KEY,
  document   JSON        NOT NULL COMMENT 'as it was typed: it may have problems',
  based_on   INT         NOT NULL COMMENT 'the version it began from; 0 = a new questionnaire',
  revision   INT         NOT NULL COMMENT '+1 each time it is saved: who saves names the one he has seen',
  saved_by   VARCHAR(64) NOT NULL,
  saved_at   DATETIME(3) NOT NULL,
  refused_by VARCHAR(64) NULL COMMENT 'who was refused because of this revision: its author is told',
  refused_at DATETIME(3) NULL
);

ALTER TABLE round
  ADD COLUMN questionnaire_code VARCHAR(64) NULL COMMENT 'frozen when opened; NULL = the campaign''s',
  ADD COLUMN questionnaire_version INT NULL COMMENT 'frozen when opened';
UPDATE round r JOIN campaign c ON c.id = r.campaign_id
  SET r.questionnaire_code = c.questionnaire_code,
      r.questionnaire_version = c.questionnaire_version
  WHERE r.opened_at IS NOT NULL;

-- The import may remove a device: its number stays here, and what it was called.
ALTER TABLE answer
  ADD COLUMN device_id    BIGINT       NOT NULL DEFAULT 0 COMMENT '0 = the site itself' AFTER site_id,
  ADD COLUMN device       VARCHAR(260) NOT NULL DEFAULT '' COMMENT 'model and serial when it was asked' AFTER device_id,
  ADD COLUMN corrected_by VARCHAR(64)  NULL COMMENT 'login; NULL = as it was given in the call',
  ADD COLUMN corrected_at DATETIME(3)  NULL,
  ADD COLUMN corrected_why VARCHAR(500) NULL,
  DROP INDEX round_id,
  ADD UNIQUE one_answer (round_id, site_id, device_id, question_code);

CREATE TABLE answer_former (
  id               BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  round_id         BIGINT        NOT NULL,
  site_id          BIGINT        NOT NULL,
  device_id        BIGINT        NOT NULL,
  question_code    VARCHAR(64)   NOT NULL,
  questionnaire_version INT      NOT NULL,
  value            VARCHAR(2000) NOT NULL,
  attempt_id       CHAR(26)      NOT NULL,
  second_of_recording DOUBLE     NULL,
  answered_by      VARCHAR(64)   NOT NULL,
  answered_at      DATETIME(3)   NOT NULL,
  replaced_by      VARCHAR(64)   NOT NULL,
  replaced_at      DATETIME(3)   NOT NULL,
  kind             VARCHAR(16)   NOT NULL COMMENT 'changed (in a call), void (its question fell away), corrected',
  why              VARCHAR(500)  NOT NULL DEFAULT '',
  UNIQUE once (round_id, site_id, device_id, question_code, replaced_at, kind)
) COMMENT 'What an answer said before; rows are only added.';

CREATE TABLE fault_card (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  model       VARCHAR(128)  NOT NULL COMMENT 'as devices have it; empty = every model',
  fault_code  VARCHAR(32)   NOT NULL COMMENT 'empty = every fault',
  title_en    VARCHAR(200)  NOT NULL,
  title_zh    VARCHAR(200)  NOT NULL,
  ask_en      VARCHAR(2000) NOT NULL DEFAULT '',
  ask_zh      VARCHAR(2000) NOT NULL DEFAULT '',
  do_en       VARCHAR(2000) NOT NULL DEFAULT '',
  do_zh       VARCHAR(2000) NOT NULL DEFAULT '',
  danger      BOOLEAN       NOT NULL DEFAULT FALSE COMMENT 'stop and escalate at once',
  version     INT           NOT NULL DEFAULT 1,
  saved_by    VARCHAR(64)   NOT NULL,
  saved_at    DATETIME(3)   NOT NULL,
  UNIQUE (model, fault_code)
);

CREATE TABLE danger_word (
  word VARCHAR(64) NOT NULL PRIMARY KEY
) COMMENT 'In what a site says: stop and escalate at once. Letter case does not count.';
INSERT INTO danger_word (word) VALUES
  ('漏电'), ('触电'), ('电击'), ('漏气'), ('燃气泄漏'), ('煤气味'), ('煤气中毒'), ('一氧化碳'),
  ('冒烟'), ('起火'), ('着火'), ('爆炸'), ('烧焦'),
  ('electric shock'), ('gas leak'), ('smell of gas'), ('carbon monoxide'), ('smoke'), ('on fire'),
  ('explosion');
