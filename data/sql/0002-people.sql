-- Who may do what, and what they did.

CREATE TABLE role (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  name          @TEXT@ NOT NULL UNIQUE,
  builtin       @TEXT@ UNIQUE,
  permissions   BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0
);

-- A day is the moment it begins; last_us is the moment after the last day, and
-- neither there is 0 and the end of time, so that "is it in force" is two comparisons.
CREATE TABLE participation (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  account_id    BIGINT NOT NULL REFERENCES account (id),
  company_id    BIGINT NOT NULL REFERENCES company (id),
  role_id       BIGINT NOT NULL REFERENCES role (id),
  from_us       BIGINT NOT NULL,
  until_us      BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (account_id, company_id, role_id)
);

CREATE INDEX participation_by_company ON participation (company_id);
CREATE INDEX participation_by_role ON participation (role_id);

CREATE TABLE tag (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  name          @TEXT@ NOT NULL UNIQUE,
  color         @TEXT@ NOT NULL,
  company_id    BIGINT NOT NULL REFERENCES company (id),   -- whose it is
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0
);

-- The companies where a tag may be used; none: everywhere.
CREATE TABLE tag_company (
  tag_id     BIGINT NOT NULL REFERENCES tag (id),
  company_id BIGINT NOT NULL REFERENCES company (id),
  PRIMARY KEY (tag_id, company_id)
) @WITHOUT_ROWID@;

CREATE TABLE tagged (
  kind      @TEXT@ NOT NULL,     -- company, user, role, device
  object_id @TEXT@ NOT NULL,
  tag_id    BIGINT NOT NULL REFERENCES tag (id),
  PRIMARY KEY (kind, object_id, tag_id)
) @WITHOUT_ROWID@;

CREATE INDEX tagged_by_tag ON tagged (tag_id, kind, object_id);

-- What waits for somebody else to accept it.
CREATE TABLE request (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  kind          @TEXT@ NOT NULL,
  action        @TEXT@ NOT NULL,
  object_id     @TEXT@ NOT NULL,
  object_name   @TEXT@ NOT NULL,
  company_id    BIGINT NOT NULL,
  requester_id  BIGINT NOT NULL,
  requester     @TEXT@ NOT NULL,
  body          @TEXT@ NOT NULL,             -- what was asked for, as JSON
  doc_before    @TEXT@,
  doc_after     @TEXT@,
  comment       @TEXT@ NOT NULL,
  permissions   BIGINT NOT NULL,             -- that who decides must have
  about_id      BIGINT NOT NULL DEFAULT 0,   -- whom it raises or changes: nobody decides about himself
  needs_super   BIGINT NOT NULL DEFAULT 0,
  state         BIGINT NOT NULL DEFAULT 0,   -- 0 pending, 1 accepted, 2 rejected, 3 withdrawn, 4 expired
  reason        @TEXT@,
  decided_by    @TEXT@,
  created_at_us BIGINT NOT NULL,
  decided_at_us BIGINT NOT NULL DEFAULT 0,
  expires_at_us BIGINT NOT NULL
);

CREATE INDEX request_by_state ON request (state, company_id);
CREATE INDEX request_by_requester ON request (requester_id, state);

-- Every entry's hash covers the one before it. Nothing here is ever changed or removed.
CREATE TABLE audit (
  seq        BIGINT PRIMARY KEY,
  at_us      BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  login      @TEXT@ NOT NULL,
  address    @TEXT@ NOT NULL,
  action     @TEXT@ NOT NULL,
  kind       @TEXT@ NOT NULL,
  object_id  @TEXT@ NOT NULL,
  object     @TEXT@ NOT NULL,
  company_id BIGINT NOT NULL,
  doc_before @TEXT@,
  doc_after  @TEXT@,
  hash       @BLOB@ NOT NULL
);

CREATE INDEX audit_by_object ON audit (kind, object_id, seq);
CREATE INDEX audit_by_account ON audit (account_id, seq);
CREATE INDEX audit_by_time ON audit (at_us);
CREATE INDEX audit_by_company ON audit (company_id, seq);
