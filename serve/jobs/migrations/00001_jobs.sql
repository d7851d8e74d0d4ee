-- +goose Up
CREATE TABLE bremen_jobs (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	network TEXT NOT NULL,
	person  INTEGER NOT NULL,
	entries INTEGER NOT NULL,
	state   TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
	tries   INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
	created INTEGER NOT NULL, -- milliseconds since 1970
	ended   INTEGER CHECK ((ended IS NULL) = (state IN ('waiting', 'running'))),
	report  TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report))
) STRICT;
CREATE UNIQUE INDEX bremen_jobs_one ON bremen_jobs (network) WHERE state IN ('waiting', 'running');
CREATE INDEX bremen_jobs_network ON bremen_jobs (network, id);
