-- Times at which sites are to be rung because it was promised. Whether one was kept is read off the calls that
-- followed it: no state of its own can be wrong.
CREATE TABLE appointment (
  id             BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  round_site_id  BIGINT       NOT NULL,
  attempt_id     CHAR(26)     NOT NULL COMMENT 'the call in which it was made',
  at             DATETIME(3)  NOT NULL,
  agent_number   VARCHAR(8)   NULL COMMENT 'who is wanted; NULL = anybody',
  asked          VARCHAR(400) NOT NULL DEFAULT '' COMMENT 'who asked, and how, for a time outside the rules; empty = inside',
  made_by        VARCHAR(64)  NOT NULL COMMENT 'login',
  made_at        DATETIME(3)  NOT NULL,
  rung_back_at   DATETIME(3)  NULL COMMENT 'the site rang before, and was asked then',
  rung_back_call VARCHAR(64)  NULL,
  UNIQUE one_of_a_call (attempt_id, round_site_id),
  KEY of_site (round_site_id, made_at),
  KEY (at),
  FOREIGN KEY (round_site_id) REFERENCES round_site (id) ON DELETE CASCADE
);
ALTER TABLE round_site
  ADD COLUMN appointment_id BIGINT NULL COMMENT 'the one appointment_at stands for',
  ADD KEY appointments (status, appointment_at);
-- Those that are still to come were for anybody and inside the hours.
INSERT INTO appointment (round_site_id, attempt_id, at, made_by, made_at)
  SELECT rs.id, a.id, rs.appointment_at, '', a.settled_at FROM round_site rs
  JOIN attempt a ON a.round_site_id = rs.id AND a.disposition = 'appointment'
  WHERE rs.appointment_at IS NOT NULL AND a.settled_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM attempt b WHERE b.round_site_id = rs.id AND b.seq > a.seq);
UPDATE round_site rs JOIN appointment p ON p.round_site_id = rs.id SET rs.appointment_id = p.id;
-- A site that rings itself can be asked in that call: an attempt nobody has dialled, placed_at stays empty.
ALTER TABLE attempt ADD COLUMN call_id VARCHAR(64) NULL COMMENT 'the call of the hotline it is asked in';
