-- By which trunk a call has left, which number was shown, and who says how it ended.
ALTER TABLE attempt
  ADD COLUMN trunk        VARCHAR(64) NULL COMMENT 'name of the trunk it left by',
  ADD COLUMN shown_number VARCHAR(20) NULL COMMENT 'what the callee saw; NULL = the identity of the endpoint',
  ADD COLUMN heard        BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'a person says how it ended, not the switch',
  ADD KEY (placed_at);
ALTER TABLE task_attempt
  ADD COLUMN trunk        VARCHAR(64) NULL COMMENT 'name of the trunk it left by',
  ADD COLUMN shown_number VARCHAR(20) NULL COMMENT 'what the callee saw; NULL = the identity of the endpoint',
  ADD KEY (placed_at);
