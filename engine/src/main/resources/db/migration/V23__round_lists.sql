-- Lists of a round's sites are read page by page in the order of an index, whatever they are sorted by.
ALTER TABLE site
  ADD KEY by_name (customer_id, name),
  ADD KEY by_region (customer_id, region_id);
ALTER TABLE round_site
  DROP KEY progress,
  ADD KEY progress (round_id, status, bin, site_id),
  ADD KEY by_attempts (round_id, attempts, site_id);
