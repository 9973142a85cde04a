-- Careline's truth that lasts. All instants are UTC in DATETIME(3); zones and windows are computed in Java.
-- Numbers of telephones are E.164 with a leading plus; extension digits stand beside them.
-- Codes of customers, regions and sites name things in other systems and are compared exactly:
-- A1 and a1 are two sites, and so are É1 and E1.

CREATE TABLE lease (
  name        VARCHAR(32)  NOT NULL PRIMARY KEY,
  holder      VARCHAR(64)  NOT NULL,
  epoch       BIGINT       NOT NULL,
  expires_at  DATETIME(3)  NOT NULL
) COMMENT 'One row: leader. Taken by compare-and-set, +1 epoch at each takeover, database time.';

CREATE TABLE revision (
  topic   VARCHAR(32) NOT NULL PRIMARY KEY,
  number  BIGINT      NOT NULL
) COMMENT 'Raised in the transaction that changes what the engine keeps in memory; the engine polls it.';
INSERT INTO revision (topic, number) VALUES ('reference', 0);

CREATE TABLE tier (
  code     VARCHAR(32)  NOT NULL PRIMARY KEY,
  name_en  VARCHAR(64)  NOT NULL,
  name_zh  VARCHAR(64)  NOT NULL,
  rank_no  INT          NOT NULL COMMENT '1 is served first',
  weight   DOUBLE       NOT NULL COMMENT 'accumulating priority: score = weight x seconds waited',
  min_grade INT         NOT NULL DEFAULT 1 COMMENT 'lowest agent grade that may serve it'
);
-- What one starts with; names, order and number of tiers are free, only 'standard' must exist.
INSERT INTO tier (code, name_en, name_zh, rank_no, weight, min_grade) VALUES
  ('platinum', 'Platinum', '白金', 1, 8, 1),
  ('gold', 'Gold', '金牌', 2, 4, 1),
  ('silver', 'Silver', '银牌', 3, 2, 1),
  ('standard', 'Standard', '普通', 100, 1, 1);

CREATE TABLE user_account (
  id             BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  login          VARCHAR(64)  NOT NULL UNIQUE,
  name           VARCHAR(128) NOT NULL,
  password_hash  VARCHAR(255) NOT NULL,
  roles          VARCHAR(128) NOT NULL COMMENT 'comma separated: agent, scheduler, supervisor, admin',
  language       VARCHAR(8)   NOT NULL DEFAULT 'zh',
  agent_number   VARCHAR(8)   NULL UNIQUE COMMENT 'digits only; the SIP endpoint is a<number>',
  grade          INT          NOT NULL DEFAULT 1 COMMENT '1 junior .. 5 senior',
  skills         VARCHAR(255) NOT NULL DEFAULT '',
  desk_phone     VARCHAR(128) NULL COMMENT 'SIP address of a fixed desk phone; NULL = browser softphone',
  active         BOOLEAN      NOT NULL DEFAULT TRUE
);

CREATE TABLE customer (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code             VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL UNIQUE,
  name             VARCHAR(200) NOT NULL,
  tier_code        VARCHAR(32)  NOT NULL DEFAULT 'standard',
  account_manager  VARCHAR(64)  NULL,
  FOREIGN KEY (tier_code) REFERENCES tier (code)
);

CREATE TABLE region (
  id           BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer_id  BIGINT      NOT NULL,
  code         VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL,
  UNIQUE (customer_id, code),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
);

CREATE TABLE site (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer_id      BIGINT       NOT NULL,
  region_id        BIGINT       NULL,
  code             VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL,
  name             VARCHAR(200) NOT NULL,
  tier_code        VARCHAR(32)  NOT NULL DEFAULT 'standard',
  trade            VARCHAR(64)  NOT NULL DEFAULT '',
  province         VARCHAR(64)  NOT NULL DEFAULT '',
  city             VARCHAR(64)  NOT NULL DEFAULT '',
  address          VARCHAR(400) NOT NULL DEFAULT '',
  account_manager  VARCHAR(64)  NULL,
  remark           VARCHAR(1000) NOT NULL DEFAULT '',
  do_not_call      BOOLEAN      NOT NULL DEFAULT FALSE,
  UNIQUE (customer_id, code),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (region_id) REFERENCES region (id),
  FOREIGN KEY (tier_code) REFERENCES tier (code)
);

CREATE TABLE contact (
  id       BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  site_id  BIGINT       NOT NULL,
  name     VARCHAR(128) NOT NULL DEFAULT '',
  role     VARCHAR(64)  NOT NULL DEFAULT '',
  FOREIGN KEY (site_id) REFERENCES site (id)
);

CREATE TABLE phone (
  id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  contact_id  BIGINT      NOT NULL,
  e164        VARCHAR(20) NOT NULL,
  extension   VARCHAR(12) NOT NULL DEFAULT '',
  position    INT         NOT NULL COMMENT 'order of trial, from 1',
  UNIQUE (contact_id, position),
  KEY (e164),
  FOREIGN KEY (contact_id) REFERENCES contact (id)
);

CREATE TABLE device (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  site_id       BIGINT       NOT NULL,
  model         VARCHAR(128) NOT NULL,
  serial        VARCHAR(128) NOT NULL DEFAULT '',
  install_date  DATE         NULL,
  KEY (site_id),
  FOREIGN KEY (site_id) REFERENCES site (id)
);

CREATE TABLE line (
  code         VARCHAR(32)  NOT NULL PRIMARY KEY,
  number       VARCHAR(20)  NOT NULL UNIQUE COMMENT 'digits as the trunk delivers them in the request URI',
  name_en      VARCHAR(128) NOT NULL,
  name_zh      VARCHAR(128) NOT NULL,
  language     VARCHAR(8)   NOT NULL DEFAULT 'zh',
  greeting     VARCHAR(64)  NOT NULL DEFAULT '' COMMENT 'prompt name; empty = no greeting',
  ring_timeout_seconds INT  NOT NULL DEFAULT 15,
  wrap_up_seconds      INT  NOT NULL DEFAULT 30
);

CREATE TABLE questionnaire (
  code        VARCHAR(64) NOT NULL,
  version     INT         NOT NULL,
  definition  JSON        NOT NULL,
  PRIMARY KEY (code, version)
);

CREATE TABLE campaign (
  id             BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code           VARCHAR(64)  NOT NULL UNIQUE,
  name           VARCHAR(200) NOT NULL,
  customer_id    BIGINT       NOT NULL,
  questionnaire_code VARCHAR(64) NOT NULL,
  questionnaire_version INT   NOT NULL,
  mode           VARCHAR(16)  NOT NULL DEFAULT 'preview' COMMENT 'preview or progressive',
  shown_number   VARCHAR(20)  NOT NULL DEFAULT '',
  rules          JSON         NOT NULL COMMENT 'calling windows, caps, retry policy',
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (questionnaire_code, questionnaire_version) REFERENCES questionnaire (code, version)
);

CREATE TABLE round (
  id           BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  campaign_id  BIGINT      NOT NULL,
  number       INT         NOT NULL,
  status       VARCHAR(16) NOT NULL COMMENT 'scheduled, open, closed',
  opens_at     DATETIME(3) NOT NULL,
  opened_at    DATETIME(3) NULL,
  closing      BOOLEAN     NOT NULL DEFAULT FALSE COMMENT 'takes no new attempts; closed when those in the air are settled',
  closed_at    DATETIME(3) NULL,
  period_from  DATE        NOT NULL COMMENT 'the fault question is asked for this period',
  period_to    DATE        NOT NULL,
  rules        JSON        NULL COMMENT 'copy of the campaign rules, frozen when opened',
  sites_loaded INT         NOT NULL DEFAULT 0,
  UNIQUE (campaign_id, number),
  FOREIGN KEY (campaign_id) REFERENCES campaign (id)
);

CREATE TABLE round_site (
  id            BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  round_id      BIGINT      NOT NULL,
  site_id       BIGINT      NOT NULL,
  tier          SMALLINT    NOT NULL COMMENT 'rank of the tier when the round was opened',
  status        TINYINT     NOT NULL COMMENT '0 due, 1 claimed, 2 dialling, 3 done',
  next_call_at  DATETIME(3) NOT NULL COMMENT 'due, retry and calling window folded into one',
  claimed_by    VARCHAR(64) NULL,
  lease_until   DATETIME(3) NULL,
  epoch         BIGINT      NOT NULL DEFAULT 0,
  bin           VARCHAR(32) NULL COMMENT 'set exactly once, when status becomes 3',
  attempts      INT         NOT NULL DEFAULT 0,
  phone_position INT        NOT NULL DEFAULT 1,
  last_disposition VARCHAR(32) NULL,
  appointment_at DATETIME(3) NULL,
  UNIQUE (round_id, site_id),
  KEY due (status, tier, next_call_at),
  KEY expired (status, lease_until),
  KEY progress (round_id, status, bin),
  FOREIGN KEY (round_id) REFERENCES round (id),
  FOREIGN KEY (site_id) REFERENCES site (id)
);

CREATE TABLE attempt (
  id             CHAR(26)    NOT NULL PRIMARY KEY COMMENT 'ULID; the channel id of the site leg',
  round_site_id  BIGINT      NOT NULL,
  seq            INT         NOT NULL,
  e164           VARCHAR(20) NOT NULL,
  extension      VARCHAR(12) NOT NULL DEFAULT '',
  agent_number   VARCHAR(8)  NULL,
  mode           VARCHAR(16) NOT NULL,
  state          VARCHAR(24) NOT NULL COMMENT 'see org.careline.callback.AttemptState',
  disposition    VARCHAR(32) NULL,
  hangup_cause   INT         NULL,
  dial_status    VARCHAR(24) NULL,
  note           VARCHAR(2000) NOT NULL DEFAULT '',
  created_at     DATETIME(3) NOT NULL,
  placed_at      DATETIME(3) NULL,
  answered_at    DATETIME(3) NULL,
  ended_at       DATETIME(3) NULL,
  settled_at     DATETIME(3) NULL,
  epoch          BIGINT      NOT NULL,
  open_site      BIGINT      AS (CASE WHEN settled_at IS NULL THEN round_site_id END) STORED,
  open_number    VARCHAR(20) AS (CASE WHEN ended_at IS NULL AND settled_at IS NULL THEN e164 END) STORED,
  UNIQUE (round_site_id, seq),
  UNIQUE one_open_per_site (open_site),
  UNIQUE one_open_per_number (open_number),
  KEY (e164, created_at),
  FOREIGN KEY (round_site_id) REFERENCES round_site (id)
);

CREATE TABLE answer (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  round_id         BIGINT       NOT NULL,
  site_id          BIGINT       NOT NULL,
  question_code    VARCHAR(64)  NOT NULL,
  questionnaire_version INT     NOT NULL,
  value            VARCHAR(2000) NOT NULL,
  attempt_id       CHAR(26)     NOT NULL COMMENT 'the call it was given in',
  second_of_recording DOUBLE    NULL,
  answered_by      VARCHAR(64)  NOT NULL COMMENT 'login of the agent',
  answered_at      DATETIME(3)  NOT NULL,
  UNIQUE (round_id, site_id, question_code),
  FOREIGN KEY (round_id) REFERENCES round (id),
  FOREIGN KEY (site_id) REFERENCES site (id),
  FOREIGN KEY (attempt_id) REFERENCES attempt (id)
);

CREATE TABLE call_record (
  id             VARCHAR(64)  NOT NULL PRIMARY KEY COMMENT 'Uniqueid of the caller channel',
  line_code      VARCHAR(32)  NULL,
  dialled        VARCHAR(20)  NOT NULL DEFAULT '',
  caller_e164    VARCHAR(20)  NULL COMMENT 'NULL = withheld or not understood',
  caller_raw     VARCHAR(128) NOT NULL DEFAULT '',
  customer_id    BIGINT       NULL,
  site_id        BIGINT       NULL,
  tier_code      VARCHAR(32)  NOT NULL,
  arrived_at     DATETIME(3)  NOT NULL,
  joined_at      DATETIME(3)  NULL COMMENT 'joined the queue: place is counted from here',
  answered_at    DATETIME(3)  NULL,
  ended_at       DATETIME(3)  NULL,
  outcome        VARCHAR(32)  NULL COMMENT 'written exactly once',
  ended_by       VARCHAR(16)  NULL COMMENT 'caller, agent, system',
  agent_number   VARCHAR(8)   NULL COMMENT 'who answered first',
  wait_ms        BIGINT       NULL,
  talk_ms        BIGINT       NULL,
  recording      VARCHAR(255) NULL,
  epoch          BIGINT       NOT NULL,
  KEY (arrived_at),
  KEY (caller_e164, arrived_at),
  KEY (site_id, arrived_at)
);

CREATE TABLE call_event (
  call_id  VARCHAR(64)  NOT NULL,
  epoch    BIGINT       NOT NULL,
  seq      BIGINT       NOT NULL COMMENT 'number of the journal entry',
  at       DATETIME(3)  NOT NULL,
  kind     VARCHAR(32)  NOT NULL,
  detail   JSON         NOT NULL,
  replayed BOOLEAN      NOT NULL DEFAULT FALSE,
  PRIMARY KEY (call_id, epoch, seq)
);

CREATE TABLE agent_event (
  agent_number VARCHAR(8)  NOT NULL,
  epoch        BIGINT      NOT NULL,
  seq          BIGINT      NOT NULL,
  at           DATETIME(3) NOT NULL,
  presence     VARCHAR(24) NOT NULL,
  reason       VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (agent_number, epoch, seq)
);
