-- +goose Up
CREATE TABLE logs (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin text NOT NULL UNIQUE CHECK (length(origin) BETWEEN 1 AND 200)
);

-- One row an entry. hashes are those of the tree that the entry completes, 32 bytes each: the leaf's, then one a level
-- for as many levels as the entry's number ends in binary ones.
CREATE TABLE entries (
  log       bigint NOT NULL REFERENCES logs (id),
  seq       bigint NOT NULL CHECK (seq >= 0),
  time      bigint NOT NULL, -- milliseconds since 1970
  statement bytea NOT NULL CHECK (length(statement) = 32),
  hashes    bytea NOT NULL CHECK (length(hashes) >= 32 AND length(hashes) % 32 = 0),
  data      bytea NOT NULL CHECK (length(data) <= 65535),
  PRIMARY KEY (log, seq)
);

CREATE UNIQUE INDEX entries_statement ON entries (log, statement);

-- +goose StatementBegin
CREATE FUNCTION entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries are never changed or dropped'; END $$;
-- +goose StatementEnd
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entries_stay();
CREATE TRIGGER entries_stay_all BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION entries_stay();

-- What entries refer to and do not show: salt and data, encrypted under the person's key, which lies in another schema.
CREATE TABLE payloads (
  log    bigint NOT NULL REFERENCES logs (id),
  hash   bytea NOT NULL CHECK (length(hash) = 32),
  person bigint NOT NULL CHECK (person > 0),
  sealed bytea NOT NULL,
  PRIMARY KEY (log, hash)
);

CREATE INDEX payloads_person ON payloads (log, person);

CREATE TABLE checkpoints (
  log  bigint NOT NULL REFERENCES logs (id),
  size bigint NOT NULL CHECK (size >= 0),
  note bytea NOT NULL,
  PRIMARY KEY (log, size)
);

-- The newest checkpoint that was cosigned, of each log that is witnessed for others.
CREATE TABLE witnessed (
  origin text PRIMARY KEY,
  note   bytea NOT NULL
);

-- Keys, in a schema of their own, so that a dump can leave them out: pg_dump --exclude-schema=bremen_keys.
CREATE SCHEMA IF NOT EXISTS bremen_keys;

CREATE TABLE bremen_keys.log_keys (
  log bigint PRIMARY KEY REFERENCES logs (id),
  key text NOT NULL
);

CREATE TABLE bremen_keys.person_keys (
  log    bigint NOT NULL REFERENCES logs (id),
  person bigint NOT NULL CHECK (person > 0),
  key    bytea NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (log, person)
);

CREATE TABLE bremen_keys.erased (
  log      bigint NOT NULL REFERENCES logs (id),
  person   bigint NOT NULL CHECK (person > 0),
  scrubbed boolean NOT NULL, -- whether the key is gone from the write-ahead log too
  PRIMARY KEY (log, person)
);
