-- How lines treat their callers. The newest version of a policy is the one in use.

CREATE TABLE policy (
  code      VARCHAR(32)  NOT NULL,
  version   INT          NOT NULL COMMENT 'from 1, one more with each change',
  document  JSON         NOT NULL COMMENT 'see org.careline.routing.PolicyParser',
  saved_by  VARCHAR(64)  NOT NULL,
  saved_at  DATETIME(3)  NOT NULL,
  PRIMARY KEY (code, version)
);
INSERT INTO policy (code, version, document, saved_by, saved_at) VALUES
  ('default', 1, '{"nameEn": "Standard", "nameZh": "标准", "discipline": "ageing", "steps": [{"after": "0s", "who": "account_manager"}, {"after": "0s", "who": "deputy"}, {"after": "0s", "who": "last_agent"}, {"after": "0s", "who": "graded"}, {"after": "30s", "who": "wider", "lowerGrades": true}]}', 'careline', UTC_TIMESTAMP(3));

-- Raised with each change of policies, account managers and leaves: they are loaded without the rest.
INSERT INTO revision (topic, number) VALUES ('routing', 0);

CREATE TABLE account_manager (
  name          VARCHAR(64)  NOT NULL PRIMARY KEY COMMENT 'as customers and sites have it',
  login         VARCHAR(64)  NULL COMMENT 'the agent he is; NULL = none of ours',
  deputy_login  VARCHAR(64)  NULL COMMENT 'stands in while he is away',
  mobile        VARCHAR(20)  NULL COMMENT 'E.164; rung only where a policy says so',
  FOREIGN KEY (login) REFERENCES user_account (login),
  FOREIGN KEY (deputy_login) REFERENCES user_account (login)
);

CREATE TABLE agent_leave (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  login         VARCHAR(64)  NOT NULL,
  from_at       DATETIME(3)  NOT NULL,
  to_at         DATETIME(3)  NOT NULL COMMENT 'not included',
  deputy_login  VARCHAR(64)  NULL COMMENT 'stands in; NULL = the deputy of his entry as account manager',
  KEY (login, from_at),
  FOREIGN KEY (login) REFERENCES user_account (login),
  FOREIGN KEY (deputy_login) REFERENCES user_account (login)
);
