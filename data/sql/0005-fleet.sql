-- A million devices found, sorted and changed by what is known of them.

-- What a device that was never seen does not have is left out: making a million new ones costs nothing
-- more, and what is empty stands in the order of the ids before the rest.
CREATE INDEX device_by_name ON device (name, id) WHERE name IS NOT NULL;
CREATE INDEX device_by_product ON device (product, id) WHERE product IS NOT NULL;
CREATE INDEX device_by_version ON device (version, id) WHERE version IS NOT NULL;
CREATE INDEX device_by_license ON device (license, id) WHERE license IS NOT NULL;
CREATE INDEX device_by_machine_id ON device (machine_id, id) WHERE machine_id IS NOT NULL;
CREATE INDEX device_by_first_seen ON device (first_seen_us, id) WHERE first_seen_us > 0;
CREATE INDEX device_by_approved ON device (approved_at_us, id) WHERE approved_at_us > 0;

-- The one that each device is in: devices are made in the order of their ids, so it grows at its end.
CREATE INDEX device_by_company ON device (company_id, id);

-- Many devices changed as one job: the ids are kept with it, and what each was before.
CREATE TABLE bulk (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  company_id    BIGINT NOT NULL,             -- under whose reach it runs
  account_id    BIGINT NOT NULL,
  login         @TEXT@ NOT NULL,
  address       @TEXT@ NOT NULL,
  participation_id BIGINT NOT NULL,
  action        @TEXT@ NOT NULL,
  parameters    @TEXT@ NOT NULL,             -- as JSON
  state         BIGINT NOT NULL DEFAULT 0,   -- 0 running, 1 done, 2 cancelled, 3 failed
  total         BIGINT NOT NULL DEFAULT 0,
  n_done        BIGINT NOT NULL DEFAULT 0,   -- looked at, the refused ones included
  n_failed      BIGINT NOT NULL DEFAULT 0,
  undo_of       BIGINT NOT NULL DEFAULT 0,
  undone_by     BIGINT NOT NULL DEFAULT 0,
  error         @TEXT@,
  created_at_us BIGINT NOT NULL,
  ended_at_us   BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX bulk_by_state ON bulk (state);

CREATE TABLE bulk_item (
  bulk_id      BIGINT NOT NULL,
  position     BIGINT NOT NULL,
  device_id    @TEXT@ NOT NULL,
  state        BIGINT NOT NULL DEFAULT 0,    -- 0 waiting, 1 done, 2 refused
  reason       @TEXT@,
  was          @TEXT@,                       -- what the job changed, as it was before
  was_block    BIGINT NOT NULL DEFAULT 0,
  became       @TEXT@,                       -- and after
  PRIMARY KEY (bulk_id, position)
) @WITHOUT_ROWID@;

-- Filters, sorting and columns that somebody wants to see again.
CREATE TABLE saved_view (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  name          @TEXT@ NOT NULL,
  company_id    BIGINT NOT NULL DEFAULT 0,   -- shared with it and those below; 0: its owner's own
  account_id    BIGINT NOT NULL DEFAULT 0,   -- whose own it is; 0: shared
  document      @TEXT@ NOT NULL,             -- as JSON
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (company_id, account_id, name)
);
