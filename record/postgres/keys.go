package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bremen/record"
	"bremen/record/internal/vault"
)

// execer is what a connection in a transaction and a transaction share.
type execer interface {
	querier
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// keepAll stores payloads of persons of whom none was erased; their keys are read and made in the same transaction, under
// the log's lock, so that no erasure comes between.
func (l *log) keepAll(ctx context.Context, tx execer, payloads []*record.Payload) error {
	if len(payloads) == 0 {
		return nil
	}
	keys, err := l.personKeys(ctx, tx, vault.Persons(payloads))
	if err != nil {
		return err
	}
	for _, person := range vault.Persons(payloads) {
		if keys[person] != nil {
			continue
		}
		keys[person] = vault.NewKey()
		if _, err := tx.Exec(ctx, "INSERT INTO bremen_keys.person_keys (log, person, key) VALUES ($1, $2, $3)", l.id, person, keys[person]); err != nil {
			return err
		}
	}
	sealed, err := vault.Seal(l.Origin(), payloads, keys)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO payloads (log, hash, person, sealed)
		SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) ON CONFLICT DO NOTHING`, l.id, sealed.Hashes, sealed.Persons, sealed.Data)
	return err
}

// Keep is record.Vault's.
func (l *log) Keep(ctx context.Context, payloads ...record.Payload) error {
	if len(payloads) == 0 {
		return nil
	}
	return explain(pgx.BeginFunc(ctx, l.store.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockQuery, l.id); err != nil {
			return err
		}
		erased, err := collect[int64](tx.Query(ctx, erasedQuery, l.id))
		if err != nil {
			return err
		}
		return l.keepAll(ctx, tx, vault.Pointers(payloads, erased))
	}))
}

func (l *log) personKeys(ctx context.Context, q querier, persons []int64) (map[int64][]byte, error) {
	rows, err := q.Query(ctx, "SELECT person, key FROM bremen_keys.person_keys WHERE log = $1 AND person = ANY($2)", l.id, persons)
	if err != nil {
		return nil, err
	}
	keys := map[int64][]byte{}
	var person int64
	var key []byte
	_, err = pgx.ForEachRow(rows, []any{&person, &key}, func() error {
		keys[person], key = key, nil
		return nil
	})
	return keys, err
}

// Payloads is record.Vault's.
func (l *log) Payloads(ctx context.Context, refs ...record.Ref) (map[record.Hash]record.Payload, error) {
	out := make(map[record.Hash]record.Payload, len(refs))
	for part := range slices.Chunk(refs, 1000) {
		var hashes [][]byte
		var persons []int64
		for i := range part {
			hashes, persons = append(hashes, part[i].Hash[:]), append(persons, part[i].Person)
		}
		rows, err := l.store.pool.Query(ctx, "SELECT hash, sealed FROM payloads WHERE log = $1 AND hash = ANY($2)", l.id, hashes)
		if err != nil {
			return nil, explain(err)
		}
		sealed := map[record.Hash][]byte{}
		var hash, data []byte
		if _, err := pgx.ForEachRow(rows, []any{&hash, &data}, func() error {
			sealed[record.Hash(hash)], data = data, nil
			return nil
		}); err != nil {
			return nil, explain(err)
		}
		keys, err := l.personKeys(ctx, l.store.pool, persons)
		if err != nil {
			return nil, explain(err)
		}
		if err := vault.Open(l.Origin(), part, sealed, keys, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const erasedQuery = "SELECT person FROM bremen_keys.erased WHERE log = $1 ORDER BY person"

// Erased is record.Vault's.
func (l *log) Erased(ctx context.Context) ([]int64, error) {
	return collect[int64](l.store.pool.Query(ctx, erasedQuery, l.id))
}

// Key is record.Checkpoints'.
func (l *log) Key(ctx context.Context) (string, error) {
	var key string
	err := l.store.pool.QueryRow(ctx, "SELECT key FROM bremen_keys.log_keys WHERE log = $1", l.id).Scan(&key)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("key of log %q: %w", l.Origin(), record.ErrNone)
	}
	return key, explain(err)
}

// SetKey is record.Checkpoints'.
func (l *log) SetKey(ctx context.Context, key string) error {
	if _, err := record.Signers(l.Origin(), key); err != nil {
		return err
	}
	_, err := l.store.pool.Exec(ctx, `INSERT INTO bremen_keys.log_keys (log, key) VALUES ($1, $2)
		ON CONFLICT (log) DO UPDATE SET key = excluded.key`, l.id, key)
	return explain(err)
}
