-- How long the history of devices of a product is kept. The product '' is that of all
-- others. 0 is never. The history itself lies in a database of its own.
CREATE TABLE history_retention (
  product      @TEXT@ PRIMARY KEY,
  keep_days    BIGINT NOT NULL,
  raw_days     BIGINT NOT NULL,
  thin_seconds BIGINT NOT NULL,
  edited_at_us BIGINT NOT NULL
) @WITHOUT_ROWID@;
