-- What happened to a device. What somebody did to it stands in the audit log, and not here.
-- "n": how often, between since_us and at_us: beyond so many of a kind and day the
-- newest row stands for those that follow. "mark": what tells it from the one before.
CREATE TABLE event (
  id        @SERIAL@,
  device_id @TEXT@ NOT NULL,
  kind      BIGINT NOT NULL,
  at_us     BIGINT NOT NULL,
  since_us  BIGINT NOT NULL,
  n         BIGINT NOT NULL DEFAULT 1,
  mark      @TEXT@,
  details   @TEXT@ NOT NULL
);

CREATE INDEX event_by_device ON event (device_id, at_us, id);
CREATE INDEX event_by_kind ON event (device_id, kind, at_us, id);
CREATE INDEX event_by_time ON event (at_us);
