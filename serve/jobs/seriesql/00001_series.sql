-- +goose Up
-- Networks, their variants and what came of them. A variant has one outcome at most, whoever computed it.
CREATE TABLE bremen_series.network (
	hash   text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'), -- of its canonical form
	tables bytea NOT NULL, -- a zipped folder
	added  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE bremen_series.variant (
	network text NOT NULL REFERENCES bremen_series.network ON DELETE CASCADE,
	hash    text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'), -- of stated
	stated  bytea NOT NULL CHECK (octet_length(stated) <= 1048576),
	PRIMARY KEY (network, hash)
);
CREATE TABLE bremen_series.outcome (
	network text NOT NULL,
	variant text NOT NULL,
	stated  bytea NOT NULL,
	tries   smallint NOT NULL CHECK (tries >= 1), -- how often somebody had begun it
	worker  text NOT NULL,
	added   timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network, variant),
	FOREIGN KEY (network, variant) REFERENCES bremen_series.variant ON DELETE CASCADE
);
