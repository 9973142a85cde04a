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

-- Attempts by trade and hour of the site's wall clock, added up as they are settled: which hour reaches people.
CREATE TABLE contact_hour (
  day       DATE        NOT NULL COMMENT 'local date of the site',
  trade     VARCHAR(64) NOT NULL,
  hour      TINYINT     NOT NULL,
  attempts  INT         NOT NULL,
  contacts  INT         NOT NULL COMMENT 'a person was spoken to',
  PRIMARY KEY (day, trade, hour)
);
