package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
	"bremen/record/internal/queue"
)

// Log is one network's record in a store.
type Log struct {
	store  *Store
	id     int64
	origin string
	queue  *queue.Queue
	watch  queue.Watch
}

var _ record.Log = (*Log)(nil)

// Origin is record.Log's.
func (l *Log) Origin() string { return l.origin }

// Append is record.Appender's.
func (l *Log) Append(ctx context.Context, after record.After, drafts ...record.Draft) (*record.Pending, error) {
	return l.queue.Append(ctx, after, drafts...)
}

// Import is record.Appender's.
func (l *Log) Import(ctx context.Context, entries [][]byte, payloads []record.Payload) error {
	return l.queue.Import(ctx, entries, payloads)
}

// Size is record.Reader's.
func (l *Log) Size(ctx context.Context) (int64, error) {
	var size int64
	err := l.store.read.QueryRowContext(ctx, "SELECT coalesce(max(seq) + 1, 0) FROM entries WHERE log = ?", l.id).Scan(&size)
	return size, explain(err)
}

// Read is record.Reader's.
func (l *Log) Read(ctx context.Context, from int64, max int) ([][]byte, error) {
	return collect[[]byte](l.store.read.QueryContext(ctx,
		"SELECT data FROM entries WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?", l.id, from, max))
}

// Wait is record.Reader's.
func (l *Log) Wait(ctx context.Context, size int64) (int64, error) { return l.watch.Wait(ctx, size) }

// Find is record.Reader's.
func (l *Log) Find(ctx context.Context, statement record.Hash) (int64, error) {
	var seq int64
	err := l.store.read.QueryRowContext(ctx, "SELECT seq FROM entries WHERE log = ? AND statement = ?", l.id, statement[:]).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("statement %v: %w", statement, record.ErrNone)
	}
	return seq, explain(err)
}

// Hashes is record.Reader's.
func (l *Log) Hashes(ctx context.Context, indexes []int64) ([]record.Hash, error) {
	return l.hashes(ctx, l.store.read, indexes)
}

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (l *Log) hashes(ctx context.Context, q querier, indexes []int64) ([]record.Hash, error) {
	rows := map[int64][]byte{}
	for _, x := range indexes {
		seq, _ := queue.Locate(x)
		rows[seq] = nil
	}
	seqs := make([]any, 0, len(rows))
	for seq := range rows {
		seqs = append(seqs, seq)
	}
	for part := range slices.Chunk(seqs, 1000) {
		found, err := q.QueryContext(ctx, "SELECT seq, hashes FROM entries WHERE log = ? AND seq IN ("+marks(len(part))+")",
			append([]any{l.id}, part...)...)
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
	out := make([]record.Hash, len(indexes))
	for i, x := range indexes {
		seq, place := queue.Locate(x)
		row := rows[seq]
		if len(row) < (place+1)*tlog.HashSize {
			return nil, fmt.Errorf("tree hash %d, with entry %d: %w", x, seq, record.ErrNone)
		}
		out[i] = record.Hash(row[place*tlog.HashSize:])
	}
	return out, nil
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
func (l *Log) Load(ctx context.Context) (queue.State, error) { return l.load(ctx, l.store.read) }

func (l *Log) load(ctx context.Context, q querier) (queue.State, error) {
	var s queue.State
	var last []byte
	var ms int64
	err := q.QueryRowContext(ctx, "SELECT seq + 1, statement, time FROM entries WHERE log = ? ORDER BY seq DESC LIMIT 1", l.id).Scan(&s.Size, &last, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		s.Edge = queue.Edge{}
		return s, nil
	}
	if err != nil {
		return s, explain(err)
	}
	s.Last, s.Time = record.Hash(last), time.UnixMilli(ms).UTC()
	indexes := queue.EdgeIndexes(s.Size)
	hashes, err := l.hashes(ctx, q, indexes)
	if err != nil {
		return s, err
	}
	s.Edge = queue.Edge{}
	for i, x := range indexes {
		s.Edge[x] = hashes[i]
	}
	return s, nil
}

// Commit is queue.Backend's.
func (l *Log) Commit(ctx context.Context, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) error {
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
	l.watch.Grow(size)
	return nil
}

// commit writes the rows and returns the size of the log with them; 0 if there are none.
func (l *Log) commit(ctx context.Context, tx *sql.Tx, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) (int64, error) {
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
		hashes := make([]byte, 0, len(r.Hashes)*tlog.HashSize)
		for _, h := range r.Hashes {
			hashes = append(hashes, h[:]...)
		}
		if _, err := insert.ExecContext(ctx, l.id, r.Seq, r.Time.UnixMilli(), r.Statement[:], hashes, r.Data); err != nil {
			return 0, err
		}
	}
	return rows[len(rows)-1].Seq + 1, nil
}

func (l *Log) known(ctx context.Context, tx *sql.Tx, ask queue.Ask) (queue.Known, error) {
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
func (l *Log) Move(ctx context.Context, to string) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	_, err := l.store.write.ExecContext(ctx, "UPDATE logs SET moved = ? WHERE id = ?", to, l.id)
	return explain(err)
}

// Moved is record.Mover's.
func (l *Log) Moved(ctx context.Context) (string, error) {
	var to string
	err := l.store.read.QueryRowContext(ctx, "SELECT moved FROM logs WHERE id = ?", l.id).Scan(&to)
	return to, explain(err)
}

// PutCheckpoint is record.Checkpoints'.
func (l *Log) PutCheckpoint(ctx context.Context, size int64, note []byte) error {
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

// Checkpoint is record.Checkpoints'.
func (l *Log) Checkpoint(ctx context.Context, size int64) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = ? AND size >= ? ORDER BY size LIMIT 1", size)
}

// LatestCheckpoint is record.Checkpoints'.
func (l *Log) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	return l.checkpoint(ctx, "SELECT note FROM checkpoints WHERE log = ? AND size >= ? ORDER BY size DESC LIMIT 1", 0)
}

func (l *Log) checkpoint(ctx context.Context, query string, size int64) ([]byte, error) {
	var note []byte
	err := l.store.read.QueryRowContext(ctx, query, l.id, size).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("checkpoint of %q: %w", l.origin, record.ErrNone)
	}
	return note, explain(err)
}
