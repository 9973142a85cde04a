-- Sites of a round that are due with the same contact are one call: which sites a call is for, and what each came to.
CREATE TABLE attempt_site (
  attempt_id     CHAR(26)      NOT NULL,
  round_site_id  BIGINT        NOT NULL,
  position       INT           NOT NULL COMMENT '1 = the site the attempt was begun for, attempt.round_site_id',
  seq            INT           NOT NULL COMMENT 'of the calls for this site in its round, from 1',
  disposition    VARCHAR(32)   NULL,
  note           VARCHAR(2000) NOT NULL DEFAULT '',
  settled_at     DATETIME(3)   NULL COMMENT 'the attempt is settled with the last of its sites',
  open_site      BIGINT        AS (CASE WHEN settled_at IS NULL THEN round_site_id END) STORED,
  PRIMARY KEY (attempt_id, round_site_id),
  UNIQUE one_open_per_site (open_site),
  KEY of_site (round_site_id, seq),
  FOREIGN KEY (attempt_id) REFERENCES attempt (id) ON DELETE CASCADE,
  FOREIGN KEY (round_site_id) REFERENCES round_site (id)
);
INSERT INTO attempt_site (attempt_id, round_site_id, position, seq, disposition, note, settled_at)
  SELECT id, round_site_id, 1, seq, disposition, note, settled_at FROM attempt;
