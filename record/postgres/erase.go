package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Erase is record.Vault's.
func (l *log) Erase(ctx context.Context, person int64) error {
	err := pgx.BeginFunc(ctx, l.store.pool, func(tx pgx.Tx) error {
		// The log's lock keeps appends away, so that none has read the key and writes under it later. TRUNCATE gives the
		// table a new file, whoever still looks at the old one; VACUUM FULL would carry over what others can still see.
		for _, query := range []string{
			"SELECT FROM logs WHERE id = $1 AND $2::bigint > 0 FOR NO KEY UPDATE",
			"DELETE FROM payloads WHERE log = $1 AND person = $2",
			"INSERT INTO bremen_keys.erased (log, person, scrubbed) VALUES ($1, $2, false) ON CONFLICT (log, person) DO UPDATE SET scrubbed = false",
		} {
			if _, err := tx.Exec(ctx, query, l.id, person); err != nil {
				return err
			}
		}
		for _, query := range []string{
			"LOCK TABLE bremen_keys.person_keys IN ACCESS EXCLUSIVE MODE",
			fmt.Sprintf("CREATE TEMPORARY TABLE kept_keys ON COMMIT DROP AS SELECT * FROM bremen_keys.person_keys WHERE (log, person) <> (%d, %d)", l.id, person),
			"TRUNCATE bremen_keys.person_keys",
			"INSERT INTO bremen_keys.person_keys SELECT * FROM kept_keys",
		} {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return explain(err)
	}
	return explain(l.store.scrub(ctx))
}

// completeErasures clears PostgreSQL's log of changes where an erasure was cut short before it had.
func (s *Store) completeErasures(ctx context.Context) error {
	var left bool
	if err := s.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM bremen_keys.erased WHERE NOT scrubbed)").Scan(&left); err != nil || !left {
		return err
	}
	return s.scrub(ctx)
}

// mayScrub says what the role lacks to clear the log of changes, if anything.
func (s *Store) mayScrub(ctx context.Context) error {
	var user string
	var may bool
	err := s.pool.QueryRow(ctx, `SELECT current_user, pg_has_role(current_user, 'pg_checkpoint', 'USAGE')
		AND pg_has_role(current_user, 'pg_monitor', 'USAGE')`).Scan(&user, &may)
	if err == nil && !may {
		err = fmt.Errorf("role %q could not erase anybody: as a superuser type GRANT pg_checkpoint, pg_monitor TO %s", user, pgx.Identifier{user}.Sanitize())
	}
	return err
}

// scrub has PostgreSQL let go of every write-ahead log file that holds a destroyed key. It keeps such files to write
// them over, so scrub writes until they have been: about min_wal_size, 80 MB by default.
func (s *Store) scrub(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var current string
	if err := conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())").Scan(&current); err != nil {
		return err
	}
	// Behind the file in which the erasure stands a checkpoint no longer needs it, nor anything before it.
	if err := writePast(ctx, conn.Conn(), current); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	var last string
	if err := conn.QueryRow(ctx, "SELECT max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'").Scan(&last); err != nil {
		return err
	}
	if err := writePast(ctx, conn.Conn(), last); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "UPDATE bremen_keys.erased SET scrubbed = true WHERE NOT scrubbed")
	return err
}

// writePast fills the write-ahead log until it has come past a file.
func writePast(ctx context.Context, conn *pgx.Conn, file string) error {
	for {
		var past bool
		err := conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_current_wal_lsn() - 1) > $1", file).Scan(&past)
		if err != nil || past {
			return err
		}
		// Nobody reads the messages; they only take room, each 1 MiB. The size is that of what is written and flushed.
		if _, err := conn.Exec(ctx, "SELECT pg_logical_emit_message(true, 'bremen', repeat('0', 1 << 20))"); err != nil {
			return err
		}
	}
}
