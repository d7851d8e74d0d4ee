-- +goose Up
-- What people have still to be told of by mail. No row holds an address or a text: both are read when a mail is sent.

-- Up to which entry of each record it has been decided who is told.
CREATE TABLE bremen_told (
	origin TEXT NOT NULL PRIMARY KEY,
	next   BIGINT NOT NULL
);

CREATE TABLE bremen_notices (
	origin TEXT NOT NULL,
	person BIGINT NOT NULL CHECK (person > 0),
	kind   TEXT NOT NULL,
	ref    TEXT NOT NULL, -- of an entry its number
	detail TEXT NOT NULL,
	at     BIGINT NOT NULL,
	due    BIGINT NOT NULL,
	tries  BIGINT NOT NULL,
	sent   BIGINT NOT NULL, -- 0: not yet
	PRIMARY KEY (origin, person, kind, ref)
);
CREATE INDEX bremen_notices_due ON bremen_notices (sent, due);

-- In which entry the contact stands that somebody was told under last, and when it was refused for good; 0: it was not.
CREATE TABLE bremen_reach (
	origin  TEXT NOT NULL,
	person  BIGINT NOT NULL CHECK (person > 0),
	entry   BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	PRIMARY KEY (origin, person)
);
