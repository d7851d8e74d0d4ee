-- +goose Up
-- Accounts elsewhere that sign somebody in. The hash is of network, issuer and subject; keys are those that counted when the
-- person linked it, with spaces between.
CREATE TABLE bremen_links (
	hash     BYTEA NOT NULL PRIMARY KEY,
	origin   TEXT NOT NULL,
	person   BIGINT NOT NULL CHECK (person > 0),
	provider TEXT NOT NULL,
	keys     TEXT NOT NULL,
	made     BIGINT NOT NULL
);
CREATE INDEX bremen_links_person ON bremen_links (origin, person);
