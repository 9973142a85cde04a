-- Who the customers are, on what ground we ring them, who answers for which sites, and who changed what.

ALTER TABLE customer
  ADD COLUMN kind VARCHAR(16) NOT NULL DEFAULT 'chain' COMMENT 'chain, key_account, other',
  ADD COLUMN contract_terms VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN consent_basis VARCHAR(16) NULL COMMENT 'contract, consent, request; NULL = none: no round opens',
  ADD COLUMN consent_from DATE NULL,
  ADD COLUMN consent_until DATE NULL COMMENT 'last day on which a round may be opened',
  ADD COLUMN consent_evidence VARCHAR(400) NOT NULL DEFAULT '';
-- Customers from before this was kept have been served under a contract: their rounds go on for a year, in which
-- the real ground is to be entered.
UPDATE customer SET consent_basis = 'contract', consent_until = CURRENT_DATE + INTERVAL 1 YEAR,
  consent_evidence = 'assumed when the ground was first asked for';

ALTER TABLE site
  ADD COLUMN zone VARCHAR(40) NOT NULL DEFAULT '' COMMENT 'such as Asia/Urumqi; empty = as the province says',
  ADD COLUMN trade_calendar VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'code; empty = none beside the campaign''s',
  ADD COLUMN status VARCHAR(16) NOT NULL DEFAULT 'active' COMMENT 'active, to_confirm, closed',
  ADD COLUMN status_reason VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'closed, renamed, moved; empty = not said',
  ADD COLUMN do_not_call_reason VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN do_not_call_until DATE NULL COMMENT 'last day; NULL = for good',
  ADD COLUMN do_not_call_evidence VARCHAR(400) NOT NULL DEFAULT '' COMMENT 'who asked, when, in which call';

CREATE TABLE do_not_call_number (
  e164        VARCHAR(20)  NOT NULL PRIMARY KEY,
  reason      VARCHAR(200) NOT NULL,
  until_date  DATE         NULL COMMENT 'last day; NULL = for good',
  evidence    VARCHAR(400) NOT NULL DEFAULT '',
  by_login    VARCHAR(64)  NOT NULL,
  at          DATETIME(3)  NOT NULL
) COMMENT 'Numbers no round rings, whoever''s they are.';

-- One contact may answer for many sites.
ALTER TABLE contact
  ADD COLUMN customer_id BIGINT NULL AFTER id,
  ADD COLUMN reference VARCHAR(64) COLLATE utf8mb4_0900_bin NULL COMMENT 'his code in another system';
CREATE TABLE site_contact (
  site_id     BIGINT NOT NULL,
  contact_id  BIGINT NOT NULL,
  position    INT    NOT NULL COMMENT 'order of trial among the contacts of the site, from 1',
  PRIMARY KEY (site_id, contact_id),
  KEY of_contact (contact_id, site_id),
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE,
  FOREIGN KEY (contact_id) REFERENCES contact (id) ON DELETE CASCADE
);
INSERT INTO site_contact (site_id, contact_id, position)
  SELECT site_id, id, ROW_NUMBER() OVER (PARTITION BY site_id ORDER BY id) FROM contact;
UPDATE contact c JOIN site s ON s.id = c.site_id SET c.customer_id = s.customer_id;
ALTER TABLE contact DROP FOREIGN KEY contact_ibfk_1;
ALTER TABLE contact
  DROP COLUMN site_id,
  MODIFY COLUMN customer_id BIGINT NOT NULL,
  ADD UNIQUE one_reference (customer_id, reference),
  ADD FOREIGN KEY of_customer (customer_id) REFERENCES customer (id);

ALTER TABLE device ADD COLUMN warranty_until DATE NULL COMMENT 'last day';

CREATE TABLE visit (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  reference   VARCHAR(64) COLLATE utf8mb4_0900_bin NULL COMMENT 'its number in another system, unique for a customer',
  customer_id BIGINT       NOT NULL,
  site_id     BIGINT       NOT NULL,
  device_model  VARCHAR(128) NOT NULL DEFAULT '',
  device_serial VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'as told: the device may be gone',
  kind        VARCHAR(16)  NOT NULL COMMENT 'visit, repair, installation, hand_over, acceptance',
  done_on     DATE         NOT NULL COMMENT 'in the office''s zone',
  done_by     VARCHAR(64)  NOT NULL DEFAULT '',
  fault_code  VARCHAR(32)  NOT NULL DEFAULT '',
  note        VARCHAR(2000) NOT NULL DEFAULT '',
  UNIQUE one_reference (customer_id, reference),
  KEY of_site (site_id, kind, done_on),
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE,
  FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
) COMMENT 'Past visits and repairs, from other systems.';

CREATE TABLE column_mapping (
  customer_code VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL,
  kind          VARCHAR(16) NOT NULL COMMENT 'of file: sites, contacts, ...',
  heads         JSON        NOT NULL COMMENT 'what stands in the head of his files -> our column',
  PRIMARY KEY (customer_code, kind)
);

-- No foreign keys: what happened outlives what it happened to.
CREATE TABLE change_history (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at          DATETIME(3)  NOT NULL,
  by_login    VARCHAR(64)  NOT NULL,
  source      VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'name of the imported file, or what else did it',
  customer_id BIGINT       NOT NULL,
  site_id     BIGINT       NULL COMMENT 'NULL = of the customer, or of several sites',
  what        VARCHAR(16)  NOT NULL COMMENT 'sites, contacts, ... as kinds of files are called',
  name        VARCHAR(260) NOT NULL COMMENT 'which: a code, a name, a number',
  field       VARCHAR(32)  NOT NULL COMMENT 'empty = it came into being',
  former      VARCHAR(2000) NOT NULL DEFAULT '',
  value       VARCHAR(2000) NOT NULL DEFAULT '',
  KEY of_customer (customer_id, id),
  KEY of_site (site_id, id)
) COMMENT 'Who changed what of customers, sites, contacts and devices.';
