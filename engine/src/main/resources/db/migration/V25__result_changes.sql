ALTER TABLE round_summary
  ADD COLUMN changed INT NOT NULL DEFAULT 0 COMMENT 'answers put right since: figures kept of the round are counted again';
