-- +goose Up
-- Where a log goes on that is only read here; empty if it goes on here.
ALTER TABLE logs ADD COLUMN moved text NOT NULL DEFAULT '';
