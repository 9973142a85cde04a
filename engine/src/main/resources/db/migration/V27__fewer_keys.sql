-- Each key costs every site of a round that is opened, claimed and settled. The few rows that are claimed
-- are found by their status in the key due, and a list in the order of attempts walks the round's sites.
ALTER TABLE round_site
  DROP KEY expired,
  DROP KEY by_attempts;
