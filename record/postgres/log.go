package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"bremen/record"
	"bremen/record/internal/queue"
)

// log is one network's record in a store.
type log struct {
	*queue.Front
	store *Store
	id    int64
	last  queue.State // where the log ended after this server's last commit; only Commit uses it
}

var _ record.Log = (*log)(nil)

const sizeQuery = "SELECT coalesce(max(seq) + 1, 0) FROM entries WHERE log = $1"

// Size is record.Reader's.
func (l *log) Size(ctx context.Context) (int64, error) {
	var size int64
	err := l.store.pool.QueryRow(ctx, sizeQuery, l.id).Scan(&size)
	return size, explain(err)
}

// Read is record.Reader's.
func (l *log) Read(ctx context.Context, from int64, max int) ([][]byte, error) {
	return collect[[]byte](l.store.pool.Query(ctx, "SELECT data FROM entries WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT $3", l.id, from, max))
}

// Find is record.Reader's.
func (l *log) Find(ctx context.Context, statement record.Hash) (int64, error) {
	var seq int64
	err := l.store.pool.QueryRow(ctx, "SELECT seq FROM entries WHERE log = $1 AND statement = $2", l.id, statement[:]).Scan(&seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("statement %v: %w", statement, record.ErrNone)
	}
	return seq, explain(err)
}

// querier is what the pool and a transaction share.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Hashes is record.Reader's.
func (l *log) Hashes(ctx context.Context, indexes []int64) ([]record.Hash, error) {
	return l.hashes(ctx, l.store.pool, indexes)
}

func (l *log) hashes(ctx context.Context, q querier, indexes []int64) ([]record.Hash, error) {
	found, err := q.Query(ctx, "SELECT seq, hashes FROM entries WHERE log = $1 AND seq = ANY($2)", l.id, queue.Holders(indexes))
	if err != nil {
		return nil, explain(err)
	}
	rows := make(map[int64][]byte, len(indexes))
	var seq int64
	var hashes []byte
	if _, err := pgx.ForEachRow(found, []any{&seq, &hashes}, func() error {
		rows[seq], hashes = hashes, nil
		return nil
	}); err != nil {
		return nil, explain(err)
	}
	return queue.Pick(indexes, rows)
}

// Load is queue.Backend's.
func (l *log) Load(ctx context.Context) (queue.State, error) { return l.load(ctx, l.store.pool) }

func (l *log) load(ctx context.Context, q querier) (queue.State, error) {
	var after record.After
	var last []byte
	var ms int64
	err := q.QueryRow(ctx, "SELECT seq + 1, statement, time FROM entries WHERE log = $1 ORDER BY seq DESC LIMIT 1", l.id).Scan(&after.Size, &last, &ms)
	if errors.Is(err, pgx.ErrNoRows) {
		return queue.State{Edge: queue.Edge{}}, nil
	}
	if err != nil {
		return queue.State{}, explain(err)
	}
	after.Last = record.Hash(last)
	return queue.StateAt(after, ms, func(indexes []int64) ([]record.Hash, error) { return l.hashes(ctx, q, indexes) })
}

// Move is record.Mover's.
func (l *log) Move(ctx context.Context, to string) error {
	_, err := l.store.pool.Exec(ctx, "UPDATE logs SET moved = $2 WHERE id = $1", l.id, to)
	return explain(err)
}

// Moved is record.Mover's.
func (l *log) Moved(ctx context.Context) (string, error) {
	var to string
	err := l.store.pool.QueryRow(ctx, "SELECT moved FROM logs WHERE id = $1", l.id).Scan(&to)
	return to, explain(err)
}

// PutCheckpoint is record.Checkpoints'.
func (l *log) PutCheckpoint(ctx context.Context, size int64, note []byte) error {
	return explain(pgx.BeginFunc(ctx, l.store.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockQuery, l.id); err != nil {
			return err
		}
		var old []byte
		err := tx.QueryRow(ctx, "SELECT note FROM checkpoints WHERE log = $1 AND size = $2", l.id, size).Scan(&old)
		if err == nil {
			note, err = record.MergeSignatures(old, note)
		}
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO checkpoints (log, size, note) VALUES ($1, $2, $3)
			ON CONFLICT (log, size) DO UPDATE SET note = excluded.note`, l.id, size, note)
		return err
	}))
}

// DropCheckpoint is record.Checkpoints'.
func (l *log) DropCheckpoint(ctx context.Context, size int64) error {
	_, err := l.store.pool.Exec(ctx, "DELETE FROM checkpoints WHERE log = $1 AND size = $2", l.id, size)
	return explain(err)
}

// Checkpoint is record.Checkpoints'.
func (l *log) Checkpoint(ctx context.Context, size int64) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = $1 AND size >= $2 ORDER BY size LIMIT 1", size)
}

// LatestCheckpoint is record.Checkpoints'.
func (l *log) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = $1 AND size >= $2 ORDER BY size DESC LIMIT 1", 0)
}

func (l *log) checkpoint(ctx context.Context, query string, size int64) ([]byte, error) {
	var note []byte
	err := l.store.pool.QueryRow(ctx, query, l.id, size).Scan(&note)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("checkpoint of %q: %w", l.Origin(), record.ErrNone)
	}
	return note, explain(err)
}
