-- What said first who a caller was. The recognition rate counts those whom their number told at the door,
-- not codes typed nor numbers bound later; of earlier calls it is only known that somebody was recognised.
ALTER TABLE call_record ADD COLUMN known_by VARCHAR(8) CHARACTER SET ascii NULL
  COMMENT 'number, code, agent; NULL = nobody knows';
UPDATE call_record SET known_by = 'number' WHERE caller_e164 IS NOT NULL AND (customer_id IS NOT NULL OR site_id IS NOT NULL);

-- Where the numbers of contacts came from, and since when they are known; NULL = from before this was kept.
ALTER TABLE phone
  ADD COLUMN source_file VARCHAR(128) NULL COMMENT 'name of the imported file',
  ADD COLUMN known_at DATETIME(3) NULL;
