-- The tables of the first release. Types are BIGINT and what the driver puts in
-- for the names between @ signs; times are microseconds since 1970, UTC.

@FUNCTIONS@

CREATE TABLE company (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  name          @TEXT@ NOT NULL,
  alias         @TEXT@ NOT NULL UNIQUE,
  parent_id     BIGINT REFERENCES company (id),
  address       @TEXT@ NOT NULL DEFAULT '',
  phone         @TEXT@ NOT NULL DEFAULT '',
  email         @TEXT@ NOT NULL DEFAULT '',
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX company_by_parent ON company (parent_id);

-- company_id is whose user somebody is who has no participation yet, or no more.
-- The login is the first admin's; everybody else signs in with the e-mail
-- address, which is kept in lower case.
CREATE TABLE account (
  id                     @SERIAL@,
  revision               BIGINT NOT NULL DEFAULT 1,
  login                  @TEXT@ UNIQUE,
  email                  @TEXT@ NOT NULL UNIQUE,
  first_name             @TEXT@ NOT NULL,
  last_name              @TEXT@ NOT NULL,
  status                 BIGINT NOT NULL,             -- 0 invited, 1 accepted, 2 self-registered
  suspended              BIGINT NOT NULL DEFAULT 0,
  company_id             BIGINT NOT NULL REFERENCES company (id),
  password_hash          @TEXT@ NOT NULL,             -- empty: nobody can sign in with a password
  must_change_password   BIGINT NOT NULL DEFAULT 0,
  totp_secret            @BLOB@,                      -- sealed
  totp_step              BIGINT NOT NULL DEFAULT 0,   -- the last one that was used; 0: not confirmed yet
  invitation_hash        @BLOB@,
  invitation_ends_us     BIGINT NOT NULL DEFAULT 0,
  created_at_us          BIGINT NOT NULL,
  edited_at_us           BIGINT NOT NULL DEFAULT 0,
  password_changed_at_us BIGINT NOT NULL DEFAULT 0,
  last_seen_us           BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX account_by_name ON account (last_name, first_name, id);
CREATE INDEX account_by_company ON account (company_id);
CREATE INDEX account_by_invitation ON account (invitation_hash) WHERE invitation_hash IS NOT NULL;

CREATE TABLE recovery_code (
  account_id BIGINT NOT NULL REFERENCES account (id),
  code_hash  @BLOB@ NOT NULL,
  PRIMARY KEY (account_id, code_hash)
) @WITHOUT_ROWID@;

CREATE TABLE session (
  id               @TEXT@ PRIMARY KEY,
  token_hash       @BLOB@ NOT NULL UNIQUE,
  account_id       BIGINT NOT NULL REFERENCES account (id),
  participation_id BIGINT NOT NULL DEFAULT 0,  -- 0: none
  address          @TEXT@ NOT NULL,
  client           @TEXT@ NOT NULL DEFAULT '',
  created_at_us    BIGINT NOT NULL,
  last_used_at_us  BIGINT NOT NULL,
  expires_at_us    BIGINT NOT NULL,
  is_unattended    BIGINT NOT NULL DEFAULT 0   -- made for --token-file: nobody is there to change a password
) @WITHOUT_ROWID@;

CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_participation ON session (participation_id);

CREATE TABLE batch (
  id                @SERIAL@,
  revision          BIGINT NOT NULL DEFAULT 1,
  name              @TEXT@ NOT NULL UNIQUE,
  info              @TEXT@ NOT NULL,
  color             @TEXT@ NOT NULL,
  company_id        BIGINT NOT NULL REFERENCES company (id),
  state             BIGINT NOT NULL,            -- 0 creating, 1 ready
  count             BIGINT NOT NULL,
  n_done            BIGINT NOT NULL DEFAULT 0,
  n_deleted         BIGINT NOT NULL DEFAULT 0,   -- of count, which goes on counting serial numbers
  created_at_us     BIGINT NOT NULL,
  created_by        @TEXT@ NOT NULL,
  handed_over_at_us BIGINT NOT NULL DEFAULT 0,
  secret            @BLOB@                      -- erased by the hand-over
);

-- The id is the key and nothing else is indexed for a device that has never
-- been seen, but its place in its batch: a million new ones cost little.
-- batch_id and company_id refer to their tables without a foreign key, which
-- would look up both for each of them; neither is ever deleted while it has devices.
CREATE TABLE device (
  id                  @TEXT@ PRIMARY KEY,
  batch_id            BIGINT NOT NULL,
  serial              BIGINT NOT NULL,
  company_id          BIGINT NOT NULL,
  key_hash            @BLOB@ NOT NULL,
  revision            BIGINT NOT NULL DEFAULT 1,
  status              BIGINT NOT NULL DEFAULT 0,
  status_before_block BIGINT,
  state               BIGINT NOT NULL DEFAULT 0,
  online              BIGINT NOT NULL DEFAULT 0,
  first_seen_us       BIGINT NOT NULL DEFAULT 0,
  last_seen_us        BIGINT NOT NULL DEFAULT 0,
  approved_at_us      BIGINT NOT NULL DEFAULT 0,
  approved_by         @TEXT@,
  name                @TEXT@,
  product             @TEXT@,
  version             @TEXT@,
  homie               @TEXT@,
  address             @TEXT@,
  local_ip            @TEXT@
) @WITHOUT_ROWID@;

CREATE INDEX device_by_batch ON device (batch_id, serial);
CREATE INDEX device_by_status ON device (status, company_id) WHERE status <> 0;
CREATE INDEX device_by_last_seen ON device (last_seen_us) WHERE first_seen_us > 0;
CREATE INDEX device_online ON device (online, company_id) WHERE online <> 0;

CREATE TABLE node (
  id        @SERIAL@,
  device_id @TEXT@ NOT NULL,
  node      @TEXT@ NOT NULL,
  name      @TEXT@,
  type      @TEXT@,
  position  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (device_id, node)
);

CREATE TABLE property (
  id            @SERIAL@,
  device_id     @TEXT@ NOT NULL,
  node          @TEXT@ NOT NULL,
  property      @TEXT@ NOT NULL,
  name          @TEXT@,
  datatype      BIGINT NOT NULL DEFAULT 0,
  unit          @TEXT@,
  format        @TEXT@,
  settable      BIGINT NOT NULL DEFAULT 0,
  retained      BIGINT NOT NULL DEFAULT 1,
  value         @TEXT@,
  target        @TEXT@,
  updated_at_us BIGINT NOT NULL DEFAULT 0,
  position      BIGINT NOT NULL DEFAULT 0,
  UNIQUE (device_id, node, property)
);

-- What the broker's database has not been told yet; written in the same
-- transaction as the change itself, emptied when it has been told.
CREATE TABLE broker_dirty (
  kind @TEXT@ NOT NULL,   -- device, session, reach
  id   @TEXT@ NOT NULL,
  PRIMARY KEY (kind, id)
) @WITHOUT_ROWID@;
