-- Calling rules beside those of campaigns: of the whole house, of a customer, of a site. They only make
-- calls rarer; what they may hold is checked when they are saved (org.careline.callback.OwnRules).
CREATE TABLE house_rules (
  id          TINYINT     NOT NULL PRIMARY KEY CHECK (id = 1),
  rules       JSON        NOT NULL,
  version     INT         NOT NULL COMMENT '+1 with each change: who saves an older one is told',
  changed_by  VARCHAR(64) NOT NULL COMMENT 'login',
  changed_at  DATETIME(3) NOT NULL
);

CREATE TABLE customer_rules (
  customer_id BIGINT      NOT NULL PRIMARY KEY,
  rules       JSON        NOT NULL,
  version     INT         NOT NULL,
  changed_by  VARCHAR(64) NOT NULL,
  changed_at  DATETIME(3) NOT NULL,
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE
);

CREATE TABLE site_rules (
  site_id     BIGINT      NOT NULL PRIMARY KEY,
  rules       JSON        NOT NULL,
  version     INT         NOT NULL,
  changed_by  VARCHAR(64) NOT NULL,
  changed_at  DATETIME(3) NOT NULL,
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
);

-- Attempts by trade, week and hour of the site's wall clock, added up as they are settled: which hour reaches people.
CREATE TABLE contact_hour (
  trade     VARCHAR(64) NOT NULL,
  week      DATE        NOT NULL COMMENT 'its Monday',
  hour      TINYINT     NOT NULL,
  attempts  INT         NOT NULL,
  contacts  INT         NOT NULL COMMENT 'a person was spoken to',
  PRIMARY KEY (trade, week, hour)
);

-- What was learnt before this was counted. Sites had no zone but their province's then.
INSERT INTO contact_hour (trade, week, hour, attempts, contacts)
SELECT trade, DATE(placed) - INTERVAL WEEKDAY(placed) DAY, HOUR(placed), COUNT(*),
  SUM(disposition IN ('completed', 'partial', 'refused_this_round', 'refused_for_good', 'appointment',
    'responsible_person_absent', 'language', 'referred', 'site_moved', 'site_closed', 'temporarily_closed',
    'not_yet_opened', 'device_removed', 'headquarters_forbids'))
FROM (
  SELECT s.trade, a.disposition, a.placed_at + INTERVAL IF(s.province LIKE '%新疆%' OR s.province LIKE '%xinjiang%', 6, 8) HOUR AS placed
  FROM attempt a JOIN round_site rs ON rs.id = a.round_site_id JOIN site s ON s.id = rs.site_id
  WHERE a.placed_at IS NOT NULL AND a.disposition IS NOT NULL
    AND a.disposition NOT IN ('technical', 'fax', 'out_of_service', 'number_not_existing', 'wrong_number')
) earlier
GROUP BY 1, 2, 3;
