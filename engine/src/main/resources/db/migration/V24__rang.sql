-- Whether a phone rang: a call that found no channel costs nobody anything, one whose phone rang counts whatever its cause.
ALTER TABLE attempt
  ADD COLUMN rang       BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'its phone rang, something was to be heard, or either may have been',
  ADD COLUMN trunk_full BOOLEAN NULL COMMENT 'it found no channel, and neither did anybody else on its trunk; NULL = it had one';
ALTER TABLE task_attempt
  ADD COLUMN rang BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'as in attempt',
  ADD KEY of_number (e164, created_at);
