-- +goose Up
CREATE TABLE log_keys (
  origin TEXT PRIMARY KEY,
  key    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person_keys (
  origin TEXT NOT NULL,
  person INTEGER NOT NULL CHECK (person > 0),
  key    BLOB NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (origin, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE erased (
  origin TEXT NOT NULL,
  person INTEGER NOT NULL CHECK (person > 0),
  PRIMARY KEY (origin, person)
) STRICT, WITHOUT ROWID;
