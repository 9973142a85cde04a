-- How often sites are rung, rounds that are opened from it, and no site in two open rounds.

CREATE TABLE cadence (
  id           BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tier_code    VARCHAR(32) NULL UNIQUE COMMENT 'of all sites of the tier; exactly one of the three is set',
  customer_id  BIGINT      NULL UNIQUE COMMENT 'of all sites of the customer: wins over the tier',
  site_id      BIGINT      NULL UNIQUE COMMENT 'of one site: wins over both',
  document     JSON        NOT NULL COMMENT 'see org.careline.callback.CadenceParser',
  version      INT         NOT NULL COMMENT '+1 with each change: who saves an older one is told',
  visits_since DATETIME(3) NOT NULL COMMENT 'when its visits were last changed: no round is opened for a day before',
  saved_by     VARCHAR(64) NOT NULL COMMENT 'login',
  saved_at     DATETIME(3) NOT NULL,
  refused_by   VARCHAR(64) NULL COMMENT 'who else wanted to save over this version: its author is told',
  refused_at   DATETIME(3) NULL,
  FOREIGN KEY (tier_code) REFERENCES tier (code) ON DELETE CASCADE,
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE,
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
);

CREATE TABLE site_heard (
  site_id      BIGINT      NOT NULL PRIMARY KEY,
  completed_at DATETIME(3) NULL COMMENT 'end of the last completed call of a round',
  contacted_at DATETIME(3) NULL COMMENT 'end of the last one in which a person of the site was spoken to',
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
) COMMENT 'Written as attempts are settled, so that nobody has to look through all of them.';
INSERT INTO site_heard (site_id, completed_at, contacted_at)
SELECT rs.site_id, MAX(IF(x.disposition = 'completed', a.ended_at, NULL)), MAX(a.ended_at)
FROM attempt a JOIN attempt_site x ON x.attempt_id = a.id JOIN round_site rs ON rs.id = x.round_site_id
WHERE a.ended_at IS NOT NULL AND a.placed_at IS NOT NULL
  AND x.disposition IN ('completed', 'partial', 'refused_this_round', 'refused_for_good', 'appointment',
    'responsible_person_absent', 'language', 'referred', 'site_moved', 'site_closed', 'temporarily_closed',
    'not_yet_opened', 'device_removed', 'headquarters_forbids')
GROUP BY rs.site_id;

ALTER TABLE round
  ADD COLUMN origin    VARCHAR(16) NOT NULL DEFAULT 'hand' COMMENT 'hand, calendar, due, event',
  ADD COLUMN plan_key  VARCHAR(96) NULL COMMENT 'what the cadence opened it for: planned twice it is one round',
  ADD COLUMN selection JSON        NULL COMMENT 'which sites; NULL = all of the customer',
  ADD UNIQUE planned_once (campaign_id, plan_key);

CREATE TABLE round_choice (
  round_id BIGINT NOT NULL,
  site_id  BIGINT NOT NULL,
  PRIMARY KEY (round_id, site_id),
  FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE,
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
) COMMENT 'The sites a round was planned for, one by one.';

CREATE TABLE site_in_round (
  site_id  BIGINT NOT NULL PRIMARY KEY COMMENT 'a site is in one open round at most',
  round_id BIGINT NOT NULL,
  KEY of_round (round_id),
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE,
  FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE
) COMMENT 'Sites to be rung in rounds that are open; given free when the round is closed.';
INSERT IGNORE INTO site_in_round (site_id, round_id)
SELECT rs.site_id, rs.round_id FROM round r JOIN round_site rs ON rs.round_id = r.id
WHERE r.status = 'open' AND rs.bin IS NULL;

-- Hours after a hand-over need the time of the day.
ALTER TABLE visit
  ADD COLUMN done_time TIME NULL COMMENT 'in the office''s zone; NULL = not known',
  ADD KEY happened (customer_id, kind, done_on);

ALTER TABLE attempt ADD KEY placed (placed_at);

CREATE TABLE roster_shift (
  id           BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  agent_number VARCHAR(8)  NOT NULL,
  day          DATE        NOT NULL COMMENT 'in the office''s zone',
  from_minute  SMALLINT    NOT NULL COMMENT 'of that day',
  to_minute    SMALLINT    NOT NULL COMMENT '1440 = midnight',
  UNIQUE one_begin (agent_number, day, from_minute),
  KEY by_day (day),
  CHECK (from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)
) COMMENT 'Who is at work when.';
