-- A round may rest and may have an end.
ALTER TABLE round
  ADD COLUMN paused    BOOLEAN     NOT NULL DEFAULT FALSE COMMENT 'no new attempts until resumed; its waiting sites have status 4',
  ADD COLUMN closes_at DATETIME(3) NULL COMMENT 'closes by itself then; NULL = when nothing is left';
ALTER TABLE round_site
  MODIFY COLUMN status TINYINT NOT NULL COMMENT '0 due, 1 claimed, 2 dialling, 3 done, 4 due but its round is paused';
