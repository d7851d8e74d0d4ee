-- +goose Up
-- Who is signed in where, so that one can see and end it. A key stands here by its ID, which the record shows; keys are those
-- that counted at the beginning, with spaces between. No address is kept.
CREATE TABLE bremen_open (
	id     TEXT NOT NULL PRIMARY KEY,
	origin TEXT NOT NULL,
	person BIGINT NOT NULL CHECK (person > 0),
	key    TEXT NOT NULL,
	keys   TEXT NOT NULL,
	way    TEXT NOT NULL,
	device TEXT NOT NULL,
	began  BIGINT NOT NULL,
	seen   BIGINT NOT NULL
);
CREATE INDEX bremen_open_person ON bremen_open (origin, person);
CREATE INDEX bremen_open_seen ON bremen_open (seen);

ALTER TABLE bremen_codes ADD COLUMN keys TEXT NOT NULL DEFAULT '';
