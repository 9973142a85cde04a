-- What came of a round, site by site, written when it is closed; corrections keep it right. Round against round is
-- counted from it once and then kept.
CREATE TABLE round_summary (
  round_id    BIGINT      NOT NULL PRIMARY KEY,
  customer_id BIGINT      NOT NULL,
  written_at  DATETIME(3) NULL COMMENT 'NULL = still being written',
  unheard     JSON        NULL COMMENT 'sites that were not heard, by bin',
  bins        JSON        NULL COMMENT 'all sites, by bin',
  KEY of_customer (customer_id, round_id),
  FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE
) COMMENT 'Who changes results of a customer holds the rows of all his rounds.';

CREATE TABLE site_result (
  round_id BIGINT  NOT NULL,
  site_id  BIGINT  NOT NULL,
  state    TINYINT NOT NULL COMMENT 'ordinal of org.careline.callback.FaultState',
  content  TINYINT NOT NULL COMMENT 'ordinal of org.careline.callback.Content',
  known    TINYINT NOT NULL COMMENT 'what the hotline knew when it was closed: 0 nothing, 1 a repair that was done, 2 an open one',
  PRIMARY KEY (round_id, site_id),
  KEY by_state (round_id, state, site_id),
  FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE
);

CREATE TABLE device_result (
  round_id  BIGINT       NOT NULL,
  site_id   BIGINT       NOT NULL,
  device_id BIGINT       NOT NULL COMMENT 'an import may have removed it since',
  device    VARCHAR(260) NOT NULL COMMENT 'model and serial',
  state     TINYINT      NOT NULL,
  known     TINYINT      NOT NULL,
  PRIMARY KEY (round_id, site_id, device_id),
  KEY by_state (round_id, state, site_id),
  FOREIGN KEY (round_id) REFERENCES round (id) ON DELETE CASCADE
);

CREATE TABLE result_pair (
  from_round BIGINT      NOT NULL,
  to_round   BIGINT      NOT NULL,
  what       VARCHAR(8)  NOT NULL COMMENT 'site, content, device',
  from_state TINYINT     NOT NULL,
  to_state   TINYINT     NOT NULL,
  n          INT         NOT NULL,
  PRIMARY KEY (from_round, to_round, what, from_state, to_state),
  KEY of_later (to_round),
  FOREIGN KEY (from_round) REFERENCES round (id) ON DELETE CASCADE,
  FOREIGN KEY (to_round) REFERENCES round (id) ON DELETE CASCADE
);

INSERT INTO round_summary (round_id, customer_id)
SELECT r.id, c.customer_id FROM round r JOIN campaign c ON c.id = r.campaign_id WHERE r.status = 'closed';

-- No foreign keys: who has seen what outlives what it was.
CREATE TABLE disclosure (
  id        BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at        DATETIME(3)  NOT NULL,
  by_login  VARCHAR(64)  NOT NULL,
  what      VARCHAR(32)  NOT NULL COMMENT 'export-sites, round-sites, site, ...',
  about     VARCHAR(200) NOT NULL COMMENT 'customer, campaign and round, site',
  reason    VARCHAR(500) NOT NULL,
  KEY by_time (at, id)
) COMMENT 'Whole telephone numbers that were shown or left the house; rows are only added, before the first number goes.';
