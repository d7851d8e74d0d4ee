-- +goose Up
CREATE TABLE logs (
  id     INTEGER PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE CHECK (length(origin) BETWEEN 1 AND 200)
) STRICT;

-- One row an entry. hashes are those of the tree that the entry completes, 32 bytes each: the leaf's, then one a level
-- for as many levels as the entry's number ends in binary ones. data comes last, so that they are read without it.
CREATE TABLE entries (
  log       INTEGER NOT NULL REFERENCES logs (id),
  seq       INTEGER NOT NULL CHECK (seq >= 0),
  time      INTEGER NOT NULL, -- milliseconds since 1970
  statement BLOB NOT NULL CHECK (length(statement) = 32),
  hashes    BLOB NOT NULL CHECK (length(hashes) >= 32 AND length(hashes) % 32 = 0),
  data      BLOB NOT NULL CHECK (length(data) <= 65535),
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX entries_statement ON entries (log, statement);

CREATE TRIGGER entries_are_not_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_are_not_dropped BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never dropped'); END;

-- What entries refer to and do not show: salt and data, encrypted under the person's key, which lies in another file.
CREATE TABLE payloads (
  log    INTEGER NOT NULL REFERENCES logs (id),
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  person INTEGER NOT NULL CHECK (person > 0),
  sealed BLOB NOT NULL,
  PRIMARY KEY (log, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX payloads_person ON payloads (log, person);

CREATE TABLE checkpoints (
  log  INTEGER NOT NULL REFERENCES logs (id),
  size INTEGER NOT NULL CHECK (size >= 0),
  note BLOB NOT NULL,
  PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

-- The newest checkpoint that was cosigned, of each log that is witnessed for others.
CREATE TABLE witnessed (
  origin TEXT PRIMARY KEY,
  note   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
