-- How the fleet went: what was counted then, and of which company. The row of company 0 is of all of them, and says that
-- it was counted at all: a company that has none then has no row.
CREATE TABLE trend (
  kind       BIGINT NOT NULL,   -- 0 online, each five minutes; 1 first seen, 2 approved, of a day (UTC)
  company_id BIGINT NOT NULL,
  at_us      BIGINT NOT NULL,   -- where the five minutes, or the day, begin
  n          BIGINT NOT NULL,
  PRIMARY KEY (kind, company_id, at_us)
) @WITHOUT_ROWID@;

-- What the overview counts, and a list is filtered by, from the index alone: a row of a device is three hundred bytes. The
-- condition is on a column of the index, or SQLite looks it up in the row all the same.
CREATE INDEX device_by_state ON device (state, company_id) WHERE state <> 0;
CREATE INDEX device_by_make ON device (company_id, product, version) WHERE product IS NOT NULL;
