-- Chunks that end by then are thinned, or not worth it.
ALTER TABLE series ADD COLUMN thinned_us BIGINT NOT NULL DEFAULT 0;
