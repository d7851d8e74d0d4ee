package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bremen/record"
)

// execer is what a connection in a transaction and a transaction share.
type execer interface {
	querier
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// keepAll stores payloads of persons of whom none was erased; their keys are read and made in the same transaction, under
// the log's lock, so that no erasure comes between.
func (l *Log) keepAll(ctx context.Context, tx execer, payloads []*record.Payload) error {
	if len(payloads) == 0 {
		return nil
	}
	persons := make([]int64, len(payloads))
	for i, p := range payloads {
		persons[i] = p.Person
	}
	keys, err := l.personKeys(ctx, tx, persons)
	if err != nil {
		return err
	}
	var hashes, sealed [][]byte
	for _, p := range payloads {
		key := keys[p.Person]
		if key == nil {
			key = make([]byte, record.KeySize)
			rand.Read(key) // never fails, says its documentation
			if _, err := tx.Exec(ctx, "INSERT INTO bremen_keys.person_keys (log, person, key) VALUES ($1, $2, $3)", l.id, p.Person, key); err != nil {
				return err
			}
			keys[p.Person] = key
		}
		data, err := record.Seal(key, l.origin, p)
		if err != nil {
			return err
		}
		hash := p.Hash()
		hashes, sealed = append(hashes, hash[:]), append(sealed, data)
	}
	_, err = tx.Exec(ctx, `INSERT INTO payloads (log, hash, person, sealed)
		SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) ON CONFLICT DO NOTHING`, l.id, hashes, persons, sealed)
	return err
}

// Keep is record.Vault's.
func (l *Log) Keep(ctx context.Context, payloads ...record.Payload) error {
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
		var kept []*record.Payload
		for i := range payloads {
			if !slices.Contains(erased, payloads[i].Person) {
				kept = append(kept, &payloads[i])
			}
		}
		return l.keepAll(ctx, tx, kept)
	}))
}

func (l *Log) personKeys(ctx context.Context, q querier, persons []int64) (map[int64][]byte, error) {
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
func (l *Log) Payloads(ctx context.Context, refs ...record.Ref) (map[record.Hash]record.Payload, error) {
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
		for _, ref := range part {
			data, key := sealed[ref.Hash], keys[ref.Person]
			if data == nil || key == nil {
				continue
			}
			p, err := record.Unseal(key, l.origin, ref, data)
			if err != nil {
				return nil, err
			}
			out[ref.Hash] = p
		}
	}
	return out, nil
}

const erasedQuery = "SELECT person FROM bremen_keys.erased WHERE log = $1 ORDER BY person"

// Erased is record.Vault's.
func (l *Log) Erased(ctx context.Context) ([]int64, error) {
	return collect[int64](l.store.pool.Query(ctx, erasedQuery, l.id))
}

// Key is record.Checkpoints'.
func (l *Log) Key(ctx context.Context) (string, error) {
	var key string
	err := l.store.pool.QueryRow(ctx, "SELECT key FROM bremen_keys.log_keys WHERE log = $1", l.id).Scan(&key)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("key of log %q: %w", l.origin, record.ErrNone)
	}
	return key, explain(err)
}

// SetKey is record.Checkpoints'.
func (l *Log) SetKey(ctx context.Context, key string) error {
	if _, err := record.Signers(l.origin, key); err != nil {
		return err
	}
	_, err := l.store.pool.Exec(ctx, `INSERT INTO bremen_keys.log_keys (log, key) VALUES ($1, $2)
		ON CONFLICT (log) DO UPDATE SET key = excluded.key`, l.id, key)
	return explain(err)
}
