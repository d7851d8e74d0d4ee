package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bremen/record"
	"bremen/record/internal/queue"
)

// log is one network's record in a store.
type log struct {
	*queue.Front
	store *Store
	id    int64
}

var _ record.Log = (*log)(nil)

// Size is record.Reader's.
func (l *log) Size(ctx context.Context) (int64, error) {
	var size int64
	err := l.store.read.QueryRowContext(ctx, "SELECT coalesce(max(seq) + 1, 0) FROM entries WHERE log = ?", l.id).Scan(&size)
	return size, explain(err)
}

// Read is record.Reader's.
func (l *log) Read(ctx context.Context, from int64, max int) ([][]byte, error) {
	return collect[[]byte](l.store.read.QueryContext(ctx,
		"SELECT data FROM entries WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?", l.id, from, max))
}

// Find is record.Reader's.
func (l *log) Find(ctx context.Context, statement record.Hash) (int64, error) {
	var seq int64
	err := l.store.read.QueryRowContext(ctx, "SELECT seq FROM entries WHERE log = ? AND statement = ?", l.id, statement[:]).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("statement %v: %w", statement, record.ErrNone)
	}
	return seq, explain(err)
}

// Hashes is record.Reader's.
func (l *log) Hashes(ctx context.Context, indexes []int64) ([]record.Hash, error) {
	return l.hashes(ctx, l.store.read, indexes)
}

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (l *log) hashes(ctx context.Context, q querier, indexes []int64) ([]record.Hash, error) {
	rows := map[int64][]byte{}
	for part := range slices.Chunk(queue.Holders(indexes), 1000) {
		args := []any{l.id}
		for _, seq := range part {
			args = append(args, seq)
		}
		found, err := q.QueryContext(ctx, "SELECT seq, hashes FROM entries WHERE log = ? AND seq IN ("+marks(len(part))+")", args...)
		if err != nil {
			return nil, explain(err)
		}
		if err := scan(found, func(scan func(...any) error) error {
			var seq int64
			var hashes []byte
			err := scan(&seq, &hashes)
			rows[seq] = hashes
			return err
		}); err != nil {
			return nil, err
		}
	}
	return queue.Pick(indexes, rows)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// scan calls f for each row and closes rows.
func scan(rows *sql.Rows, f func(scan func(...any) error) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// Load is queue.Backend's.
func (l *log) Load(ctx context.Context) (queue.State, error) { return l.load(ctx, l.store.read) }

func (l *log) load(ctx context.Context, q querier) (queue.State, error) {
	var after record.After
	var last []byte
	var ms int64
	err := q.QueryRowContext(ctx, "SELECT seq + 1, statement, time FROM entries WHERE log = ? ORDER BY seq DESC LIMIT 1", l.id).Scan(&after.Size, &last, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return queue.State{Edge: queue.Edge{}}, nil
	}
	if err != nil {
		return queue.State{}, explain(err)
	}
	after.Last = record.Hash(last)
	return queue.StateAt(after, ms, func(indexes []int64) ([]record.Hash, error) { return l.hashes(ctx, q, indexes) })
}

// Commit is queue.Backend's.
func (l *log) Commit(ctx context.Context, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	tx, err := l.store.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	size, err := l.commit(ctx, tx, ask, place)
	if err != nil || size == 0 {
		return explain(err)
	}
	if err := tx.Commit(); err != nil {
		return explain(err)
	}
	l.Grow(size)
	return nil
}

// commit writes the rows and returns the size of the log with them; 0 if there are none.
func (l *log) commit(ctx context.Context, tx *sql.Tx, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) (int64, error) {
	state, err := l.load(ctx, tx)
	if err != nil {
		return 0, err
	}
	known, err := l.known(ctx, tx, ask)
	if err != nil {
		return 0, err
	}
	rows, err := place(state, known)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	if err := l.keepAll(ctx, tx, queue.Payloads(rows)); err != nil {
		return 0, err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO entries (log, seq, time, statement, hashes, data) VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return 0, err
	}
	defer insert.Close()
	for i := range rows {
		r := &rows[i]
		if _, err := insert.ExecContext(ctx, l.id, r.Seq, r.Time.UnixMilli(), r.Statement[:], r.TreeHashes(), r.Data); err != nil {
			return 0, err
		}
	}
	return rows[len(rows)-1].Seq + 1, nil
}

func (l *log) known(ctx context.Context, tx *sql.Tx, ask queue.Ask) (queue.Known, error) {
	k := queue.Known{Statements: map[record.Hash]int64{}, Erased: map[int64]bool{}}
	find, err := tx.PrepareContext(ctx, "SELECT seq FROM entries WHERE log = ? AND statement = ?")
	if err != nil {
		return k, err
	}
	defer find.Close()
	if err := tx.QueryRowContext(ctx, "SELECT moved FROM logs WHERE id = ?", l.id).Scan(&k.Moved); err != nil {
		return k, err
	}
	for _, h := range ask.Statements {
		var seq int64
		switch err := find.QueryRowContext(ctx, l.id, h[:]).Scan(&seq); {
		case err == nil:
			k.Statements[h] = seq
		case !errors.Is(err, sql.ErrNoRows):
			return k, err
		}
	}
	if len(ask.Persons) == 0 {
		return k, nil
	}
	erased, err := l.Erased(ctx)
	for _, person := range erased {
		k.Erased[person] = true
	}
	return k, err
}

// Move is record.Mover's.
func (l *log) Move(ctx context.Context, to string) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	_, err := l.store.write.ExecContext(ctx, "UPDATE logs SET moved = ? WHERE id = ?", to, l.id)
	return explain(err)
}

// Moved is record.Mover's.
func (l *log) Moved(ctx context.Context) (string, error) {
	var to string
	err := l.store.read.QueryRowContext(ctx, "SELECT moved FROM logs WHERE id = ?", l.id).Scan(&to)
	return to, explain(err)
}

// PutCheckpoint is record.Checkpoints'.
func (l *log) PutCheckpoint(ctx context.Context, size int64, note []byte) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	tx, err := l.store.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	var old []byte
	err = tx.QueryRowContext(ctx, "SELECT note FROM checkpoints WHERE log = ? AND size = ?", l.id, size).Scan(&old)
	if err == nil {
		note, err = record.MergeSignatures(old, note)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return explain(err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO checkpoints (log, size, note) VALUES (?, ?, ?)", l.id, size, note); err != nil {
		return explain(err)
	}
	return explain(tx.Commit())
}

// DropCheckpoint is record.Checkpoints'.
func (l *log) DropCheckpoint(ctx context.Context, size int64) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	_, err := l.store.write.ExecContext(ctx, "DELETE FROM checkpoints WHERE log = ? AND size = ?", l.id, size)
	return explain(err)
}

// Checkpoint is record.Checkpoints'.
func (l *log) Checkpoint(ctx context.Context, size int64) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = ? AND size >= ? ORDER BY size LIMIT 1", size)
}

// LatestCheckpoint is record.Checkpoints'.
func (l *log) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = ? AND size >= ? ORDER BY size DESC LIMIT 1", 0)
}

func (l *log) checkpoint(ctx context.Context, query string, size int64) ([]byte, error) {
	var note []byte
	err := l.store.read.QueryRowContext(ctx, query, l.id, size).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("checkpoint of %q: %w", l.Origin(), record.ErrNone)
	}
	return note, explain(err)
}
