-- Whom the person on the phone has named instead of himself.
ALTER TABLE site_contact
  ADD COLUMN maintenance_since DATETIME(3) NULL COMMENT 'named as the one who looks after maintenance; the last named is rung first',
  ADD COLUMN source VARCHAR(128) NOT NULL DEFAULT '' COMMENT 'where that was said; empty = imported';
CREATE TABLE referral (
  id             BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  round_site_id  BIGINT       NOT NULL,
  attempt_id     CHAR(26)     NOT NULL COMMENT 'the call in which he was named',
  contact_id     BIGINT       NOT NULL,
  agent_number   VARCHAR(8)   NULL COMMENT 'rings him as soon as the call is over; NULL = anybody, later',
  made_by        VARCHAR(64)  NOT NULL COMMENT 'login',
  made_at        DATETIME(3)  NOT NULL,
  UNIQUE one_of_a_call (attempt_id, round_site_id),
  FOREIGN KEY (round_site_id) REFERENCES round_site (id) ON DELETE CASCADE
);
ALTER TABLE round_site ADD COLUMN referral_id BIGINT NULL COMMENT 'whom the next call is for';
