-- An entry of the blocklist is named by its id: who sees the list does not see the numbers.
ALTER TABLE blocked_number
  ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  ADD UNIQUE KEY by_id (id);
