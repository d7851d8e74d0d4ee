-- +goose Up
-- Foundings under way, until all have signed: what those who found have typed, as JSON. version counts the changes, so that
-- none is lost between two servers.
CREATE TABLE bremen_foundings (
	origin  TEXT NOT NULL PRIMARY KEY,
	data    BYTEA NOT NULL,
	version BIGINT NOT NULL,
	changed BIGINT NOT NULL
);
