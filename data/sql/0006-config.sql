-- What people want of single devices: an owner, another key, values that wait; and who is let in by a rule.

ALTER TABLE device ADD COLUMN owner_id BIGINT NOT NULL DEFAULT 0;       -- an account; 0: nobody
ALTER TABLE device ADD COLUMN paired_at_us BIGINT NOT NULL DEFAULT 0;

-- The revision moves whenever the device says something; this one when people change what they know of it.
ALTER TABLE device ADD COLUMN facts_revision BIGINT NOT NULL DEFAULT 1;

CREATE INDEX device_by_owner ON device (owner_id) WHERE owner_id <> 0;

-- Of the devices whose key was changed: device.key_hash is the new one, the number-th; the old one is
-- good until old_ends_us, or until the device has come with the new one.
CREATE TABLE device_key (
  device_id   @TEXT@ PRIMARY KEY,
  number      BIGINT NOT NULL,
  old_hash    @BLOB@,
  old_ends_us BIGINT NOT NULL DEFAULT 0        -- 0: there is no old one any more
) @WITHOUT_ROWID@;

CREATE INDEX device_key_by_end ON device_key (old_ends_us) WHERE old_ends_us <> 0;

-- Values that wait until the device is there.
CREATE TABLE desired (
  device_id     @TEXT@ NOT NULL,
  node          @TEXT@ NOT NULL,
  property      @TEXT@ NOT NULL,
  value         @TEXT@ NOT NULL,
  state         BIGINT NOT NULL DEFAULT 0,     -- 0 pending, 1 refused
  reason        @TEXT@,
  account_id    BIGINT NOT NULL,
  login         @TEXT@ NOT NULL,
  created_at_us BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  PRIMARY KEY (device_id, node, property)
) @WITHOUT_ROWID@;

CREATE INDEX desired_by_end ON desired (expires_at_us);

-- Who is let in, or kept out, without anybody looking. The conditions are JSON.
CREATE TABLE rule (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  company_id    BIGINT NOT NULL REFERENCES company (id),
  name          @TEXT@ NOT NULL,
  position      BIGINT NOT NULL,
  enabled       BIGINT NOT NULL DEFAULT 0,
  action        BIGINT NOT NULL,               -- 0 approve, 1 block, 2 leave
  conditions    @TEXT@ NOT NULL,
  max_per_hour  BIGINT NOT NULL,
  hour_us       BIGINT NOT NULL DEFAULT 0,     -- since when n_hour counts
  n_hour        BIGINT NOT NULL DEFAULT 0,
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (company_id, name)
);

-- Devices that have begun to wait for approval and were not held against the rules yet; written in the
-- transaction that lets them wait, so that none is missed and none judged twice.
CREATE TABLE rule_due (
  device_id @TEXT@ PRIMARY KEY,
  since_us  BIGINT NOT NULL
) @WITHOUT_ROWID@;
