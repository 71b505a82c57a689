-- What people know of a device beside what it says itself, and how far a batch is.

ALTER TABLE device ADD COLUMN type @TEXT@;           -- testing, development, release
ALTER TABLE device ADD COLUMN abbreviation @TEXT@;
ALTER TABLE device ADD COLUMN license @TEXT@;
ALTER TABLE device ADD COLUMN machine_id @TEXT@;

-- With the status in it, counting a million devices by how far they are, and finding
-- those that are behind, reads the index alone; for a new device it is two bytes more.
DROP INDEX device_by_batch;
CREATE INDEX device_by_batch ON device (batch_id, serial, status, status_before_block);
