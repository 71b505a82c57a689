-- What stands on a company's labels, and where.

CREATE TABLE label_design (
  id            @SERIAL@,
  revision      BIGINT NOT NULL DEFAULT 1,
  company_id    BIGINT NOT NULL REFERENCES company (id),
  name          @TEXT@ NOT NULL,
  design        @TEXT@ NOT NULL,             -- as JSON
  created_at_us BIGINT NOT NULL,
  edited_at_us  BIGINT NOT NULL DEFAULT 0,
  UNIQUE (company_id, name)
);
