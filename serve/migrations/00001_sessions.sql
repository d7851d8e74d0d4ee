-- +goose Up
-- Types are such that SQLite and PostgreSQL both know them. Tokens and codes are hashes.
CREATE TABLE bremen_sessions (
	token  TEXT NOT NULL PRIMARY KEY,
	data   BYTEA NOT NULL,
	expiry BIGINT NOT NULL
);
CREATE INDEX bremen_sessions_expiry ON bremen_sessions (expiry);

CREATE TABLE bremen_codes (
	hash   BYTEA NOT NULL PRIMARY KEY,
	origin TEXT NOT NULL,
	person BIGINT NOT NULL CHECK (person > 0)
);
CREATE INDEX bremen_codes_person ON bremen_codes (origin, person);

CREATE TABLE bremen_answers (
	key     TEXT NOT NULL PRIMARY KEY,
	request BYTEA NOT NULL,
	number  BIGINT NOT NULL,
	expiry  BIGINT NOT NULL
);
CREATE INDEX bremen_answers_expiry ON bremen_answers (expiry);
