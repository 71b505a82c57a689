-- The history: a database of its own, which grows, is thinned, and may be lost
-- without losing the fleet. Times are microseconds since 1970, UTC.

-- What is drawn as one line. "packed": what the stage's rows up to this one
-- hold of it is in chunks. n, first_at_us and last_at_us are of its chunks.
CREATE TABLE series (
  id          @SERIAL@,
  device_id   @TEXT@ NOT NULL,
  node        @TEXT@ NOT NULL,
  property    @TEXT@ NOT NULL,
  datatype    BIGINT NOT NULL,
  unit        @TEXT@,
  n           BIGINT NOT NULL DEFAULT 0,
  first_at_us BIGINT NOT NULL DEFAULT 0,
  last_at_us  BIGINT NOT NULL DEFAULT 0,
  packed      BIGINT NOT NULL DEFAULT 0,
  n_small     BIGINT NOT NULL DEFAULT 0,
  UNIQUE (device_id, node, property)
);

CREATE INDEX series_to_join ON series (n_small) WHERE n_small > 7;

-- The samples of one commit of the ingest, of any number of series. The newest
-- row stays, so that its number is never given twice.
CREATE TABLE stage (
  seq     BIGINT PRIMARY KEY,
  samples @BLOB@ NOT NULL
);

-- Which messages of the broker a commit has brought: it sends again what it has
-- not seen acknowledged.
CREATE TABLE taken (
  seq   BIGINT PRIMARY KEY,
  marks @BLOB@ NOT NULL
);

-- At most 1,000 samples, compressed. low, high, total and last are NULL where
-- they say nothing: of texts, and when a number among them is not finite.
CREATE TABLE chunk (
  id        @SERIAL@,
  series_id BIGINT NOT NULL,
  kind      BIGINT NOT NULL,
  t0        BIGINT NOT NULL,
  t1        BIGINT NOT NULL,
  n         BIGINT NOT NULL,
  low       DOUBLE PRECISION,
  high      DOUBLE PRECISION,
  total     DOUBLE PRECISION,
  last      DOUBLE PRECISION,
  data      @BLOB@ NOT NULL
);

CREATE INDEX chunk_by_series ON chunk (series_id, t1);

-- Devices that have said more than is kept, and how many of their values were left out.
CREATE TABLE flood (
  device_id   @TEXT@ PRIMARY KEY,
  n           BIGINT NOT NULL,
  first_at_us BIGINT NOT NULL,
  last_at_us  BIGINT NOT NULL
) @WITHOUT_ROWID@;
