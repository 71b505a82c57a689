-- Values that wait for devices which a bulk job found offline, and what it did in the timeline of each device.

ALTER TABLE bulk ADD COLUMN n_kept BIGINT NOT NULL DEFAULT 0;    -- of n_done: state 3 of its items

-- Entries of the audit log that are about many devices, by each of these. Not written anew for older ones.
CREATE TABLE audit_device (
  device_id @TEXT@ NOT NULL,
  seq       BIGINT NOT NULL,
  kind      BIGINT NOT NULL,                 -- what kind of event it is in a timeline
  PRIMARY KEY (device_id, seq)
) @WITHOUT_ROWID@;
