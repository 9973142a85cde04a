-- Who callers are beyond what sites' contacts say, who is not served, and what calls are about.

INSERT INTO revision (topic, number) VALUES ('callers', 0), ('matters', 0);

CREATE TABLE known_number (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  e164         VARCHAR(20)  NOT NULL,
  customer_id  BIGINT       NOT NULL,
  site_id      BIGINT       NULL COMMENT 'NULL = the whole customer''s (headquarters, hotline of the chain)',
  source       VARCHAR(16)  NOT NULL COMMENT 'see org.careline.customer.KnownNumber.Source',
  call_id      VARCHAR(64)  NULL COMMENT 'the call in which an agent bound it',
  note         VARCHAR(200) NOT NULL DEFAULT '',
  bound_by     VARCHAR(64)  NOT NULL COMMENT 'login',
  bound_at     DATETIME(3)  NOT NULL,
  owner_site   BIGINT       AS (COALESCE(site_id, 0)) STORED,
  UNIQUE once_per_owner (e164, customer_id, owner_site),
  KEY of_customer (customer_id),
  KEY of_site (site_id),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (site_id) REFERENCES site (id)
) COMMENT 'Numbers beside those of the contacts: bound by agents, or of a whole customer.';

ALTER TABLE site ADD KEY by_code (code);

CREATE TABLE blocked_number (
  e164        VARCHAR(20)  NOT NULL PRIMARY KEY,
  reason      VARCHAR(200) NOT NULL,
  until_at    DATETIME(3)  NULL COMMENT 'served again from then on; NULL = never',
  blocked_by  VARCHAR(64)  NOT NULL,
  blocked_at  DATETIME(3)  NOT NULL
);

CREATE TABLE matter_kind (
  code         VARCHAR(48)  NOT NULL PRIMARY KEY,
  parent_code  VARCHAR(48)  NULL COMMENT 'NULL = of the first level; there are two',
  name_en      VARCHAR(64)  NOT NULL,
  name_zh      VARCHAR(64)  NOT NULL,
  by_phone     BOOLEAN      NOT NULL DEFAULT TRUE COMMENT 'a call can settle it: counts for first call resolution',
  position     INT          NOT NULL DEFAULT 0,
  active       BOOLEAN      NOT NULL DEFAULT TRUE COMMENT 'FALSE = not offered any more; matters keep it',
  FOREIGN KEY (parent_code) REFERENCES matter_kind (code)
);
INSERT INTO matter_kind (code, parent_code, name_en, name_zh, by_phone, position) VALUES
  ('install', NULL, 'Installation', '安装', FALSE, 1),
  ('repair', NULL, 'Repair', '报修', TRUE, 2),
  ('enquiry', NULL, 'Enquiry', '咨询', TRUE, 3),
  ('complaint', NULL, 'Complaint', '投诉', TRUE, 4),
  ('praise', NULL, 'Praise', '表扬', TRUE, 5),
  ('advice', NULL, 'Advice', '建议', TRUE, 6);
INSERT INTO matter_kind (code, parent_code, name_en, name_zh, by_phone, position) VALUES
  ('install-new', 'install', 'New device', '新装', FALSE, 1),
  ('install-move', 'install', 'Move', '移机', FALSE, 2),
  ('install-remove', 'install', 'Removal', '拆机', FALSE, 3),
  ('repair-power', 'repair', 'No power', '无法开机', TRUE, 1),
  ('repair-function', 'repair', 'Works wrongly', '功能异常', TRUE, 2),
  ('repair-leak', 'repair', 'Leaks or breaks', '漏水或损坏', FALSE, 3),
  ('repair-parts', 'repair', 'Filters and parts', '滤芯配件更换', FALSE, 4),
  ('enquiry-use', 'enquiry', 'How to use', '使用咨询', TRUE, 1),
  ('enquiry-price', 'enquiry', 'Prices and contracts', '价格与合同', TRUE, 2),
  ('enquiry-progress', 'enquiry', 'Where things stand', '进度查询', TRUE, 3),
  ('complaint-service', 'complaint', 'About service', '服务投诉', TRUE, 1),
  ('complaint-product', 'complaint', 'About a device', '产品投诉', TRUE, 2),
  ('complaint-fee', 'complaint', 'About money', '费用投诉', TRUE, 3),
  ('praise-person', 'praise', 'For a person', '表扬人员', TRUE, 1),
  ('praise-product', 'praise', 'For a device', '表扬产品', TRUE, 2),
  ('advice-service', 'advice', 'On service', '服务建议', TRUE, 1),
  ('advice-product', 'advice', 'On devices', '产品建议', TRUE, 2);

CREATE TABLE matter (
  id             BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  reference      VARCHAR(64) COLLATE utf8mb4_0900_bin NULL UNIQUE COMMENT 'number in another system: an imported file finds it again',
  kind_code      VARCHAR(48)   NOT NULL,
  customer_id    BIGINT        NULL COMMENT 'NULL = of somebody who is no customer of ours (yet)',
  site_id        BIGINT        NULL,
  device_id      BIGINT        NULL,
  device         VARCHAR(260)  NOT NULL DEFAULT '' COMMENT 'model and serial, or as told when it is none of the known ones',
  e164           VARCHAR(20)   NULL COMMENT 'number of who told us',
  fault_code     VARCHAR(32)   NOT NULL DEFAULT '',
  description    VARCHAR(2000) NOT NULL DEFAULT '',
  result         VARCHAR(16)   NULL COMMENT 'solved, dispatch, answer; NULL = not decided',
  result_note    VARCHAR(2000) NOT NULL DEFAULT '',
  assigned_to    VARCHAR(64)   NULL COMMENT 'who goes or answers',
  due_at         DATETIME(3)   NULL COMMENT 'until when',
  source         VARCHAR(16)   NOT NULL COMMENT 'call, callback, hand, import',
  opened_at      DATETIME(3)   NOT NULL,
  opened_by      VARCHAR(64)   NOT NULL COMMENT 'login',
  dispatched_at  DATETIME(3)   NULL,
  done_at        DATETIME(3)   NULL,
  done_by        VARCHAR(64)   NULL,
  last_agent     VARCHAR(8)    NULL COMMENT 'number of the agent who served it last',
  version        INT           NOT NULL DEFAULT 1 COMMENT '+1 with each change: who saves an older one is told',
  open_site      BIGINT        AS (CASE WHEN done_at IS NULL THEN site_id END) STORED,
  open_number    VARCHAR(20)   AS (CASE WHEN done_at IS NULL THEN e164 END) STORED,
  KEY open_sites (open_site),
  KEY open_numbers (open_number),
  KEY listed (opened_at, id),
  KEY of_site (site_id, opened_at),
  KEY of_customer (customer_id, opened_at),
  KEY settled (done_at),
  FOREIGN KEY (kind_code) REFERENCES matter_kind (code),
  FOREIGN KEY (customer_id) REFERENCES customer (id),
  FOREIGN KEY (site_id) REFERENCES site (id),
  FOREIGN KEY (device_id) REFERENCES device (id) ON DELETE SET NULL
);

CREATE TABLE matter_contact (
  matter_id  BIGINT       NOT NULL,
  kind       VARCHAR(8)   NOT NULL COMMENT 'call or attempt',
  contact_id VARCHAR(64)  NOT NULL COMMENT 'id of the call or of the attempt',
  joined_at  DATETIME(3)  NOT NULL,
  joined_by  VARCHAR(64)  NOT NULL,
  PRIMARY KEY (matter_id, kind, contact_id),
  KEY of_contact (kind, contact_id),
  FOREIGN KEY (matter_id) REFERENCES matter (id)
);

CREATE TABLE matter_event (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  matter_id  BIGINT       NOT NULL,
  at         DATETIME(3)  NOT NULL,
  by_login   VARCHAR(64)  NOT NULL,
  what       VARCHAR(16)  NOT NULL COMMENT 'opened, changed, joined, parted, result, dispatched, done, reopened, imported',
  detail     JSON         NOT NULL,
  KEY (matter_id, id),
  FOREIGN KEY (matter_id) REFERENCES matter (id)
);
