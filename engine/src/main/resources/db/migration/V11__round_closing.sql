-- A round that takes no new attempts and closes when those in the air are settled.
ALTER TABLE round ADD COLUMN closing BOOLEAN NOT NULL DEFAULT FALSE;

-- Progress and the end of a round without reading its sites.
ALTER TABLE round_site ADD KEY progress (round_id, status, bin);
