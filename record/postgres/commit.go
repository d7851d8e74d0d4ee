package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
	"bremen/record/internal/queue"
)

// Commit is queue.Backend's. It goes to the server and back twice, once to lock and look, once to write and commit, and
// once more where payloads need keys.
func (l *log) Commit(ctx context.Context, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) error {
	conn, err := l.store.pool.Acquire(ctx)
	if err != nil {
		return explain(err)
	}
	defer conn.Release() // ends a transaction that is still open by closing the connection
	size, err := l.commit(ctx, conn.Conn(), ask, place)
	if err != nil {
		l.last = queue.State{}
		return explain(err)
	}
	l.Grow(size)
	return nil
}

func (l *log) commit(ctx context.Context, conn *pgx.Conn, ask queue.Ask, place func(queue.State, queue.Known) ([]queue.Row, error)) (int64, error) {
	end, known, err := l.look(ctx, conn, ask)
	if err != nil {
		return 0, err
	}
	state := l.last
	if state.Edge == nil || state.After != end {
		if state, err = l.load(ctx, conn); err != nil {
			return 0, err
		}
	}
	rows, err := place(state, known)
	if err != nil || len(rows) == 0 {
		_, rollback := conn.Exec(ctx, "ROLLBACK")
		return 0, errors.Join(err, rollback)
	}
	if err := l.keepAll(ctx, conn, queue.Payloads(rows)); err != nil {
		return 0, err
	}
	size := rows[len(rows)-1].Seq + 1
	if err := l.write(ctx, conn, rows, size); err != nil {
		return 0, err
	}
	l.last = after(state, rows)
	return size, nil
}

// lockQuery keeps other writers out of a log until the transaction ends.
const lockQuery = "SELECT moved FROM logs WHERE id = $1 FOR NO KEY UPDATE"

// look begins a transaction, waits until no other writer is in the log, here or on another server, and reads where it
// ends then: of the isolation level read committed each query sees what was committed when it began.
func (l *log) look(ctx context.Context, conn *pgx.Conn, ask queue.Ask) (record.After, queue.Known, error) {
	var end record.After
	k := queue.Known{Statements: map[record.Hash]int64{}, Erased: map[int64]bool{}}
	statements := make([][]byte, len(ask.Statements))
	for i := range ask.Statements {
		statements[i] = ask.Statements[i][:]
	}
	var b pgx.Batch
	b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
	b.Queue(lockQuery, l.id).QueryRow(func(row pgx.Row) error { return row.Scan(&k.Moved) })
	b.Queue("SELECT seq + 1, statement FROM entries WHERE log = $1 ORDER BY seq DESC LIMIT 1", l.id).Query(func(rows pgx.Rows) error {
		var last []byte
		_, err := pgx.ForEachRow(rows, []any{&end.Size, &last}, func() error {
			end.Last = record.Hash(last)
			return nil
		})
		return err
	})
	// Statement by statement, each a look into the index: for a list PostgreSQL may rather read the whole log.
	b.Queue(`SELECT e.seq, e.statement FROM unnest($2::bytea[]) AS asked (statement),
		LATERAL (SELECT seq, statement FROM entries WHERE log = $1 AND statement = asked.statement LIMIT 1) AS e`, l.id, statements).Query(func(rows pgx.Rows) error {
		var seq int64
		var statement []byte
		_, err := pgx.ForEachRow(rows, []any{&seq, &statement}, func() error {
			k.Statements[record.Hash(statement)] = seq
			return nil
		})
		return err
	})
	if len(ask.Persons) > 0 {
		b.Queue("SELECT person FROM bremen_keys.erased WHERE log = $1 AND person = ANY($2)", l.id, ask.Persons).Query(func(rows pgx.Rows) error {
			var person int64
			_, err := pgx.ForEachRow(rows, []any{&person}, func() error {
				k.Erased[person] = true
				return nil
			})
			return err
		})
	}
	return end, k, conn.SendBatch(ctx, &b).Close()
}

// write inserts the entries, announces them and commits.
func (l *log) write(ctx context.Context, conn *pgx.Conn, rows []queue.Row, size int64) error {
	var seqs, times []int64
	var statements, hashes, data [][]byte
	for i := range rows {
		r := &rows[i]
		seqs, times = append(seqs, r.Seq), append(times, r.Time.UnixMilli())
		statements, hashes, data = append(statements, r.Statement[:]), append(hashes, r.TreeHashes()), append(data, r.Data)
	}
	var b pgx.Batch
	b.Queue(`INSERT INTO entries (log, seq, time, statement, hashes, data)
		SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[])`,
		l.id, seqs, times, statements, hashes, data)
	b.Queue("SELECT pg_notify($1, $2)", channel, strconv.FormatInt(l.id, 10)+" "+strconv.FormatInt(size, 10))
	// A transaction that cannot commit answers COMMIT with ROLLBACK and no error.
	done := ""
	b.Queue("COMMIT").Exec(func(tag pgconn.CommandTag) error {
		done = tag.String()
		return nil
	})
	if err := conn.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	if done != "COMMIT" {
		return fmt.Errorf("PostgreSQL answered COMMIT with %q", done)
	}
	return nil
}

// after returns where a log ends that ended at s and has these rows too.
func after(s queue.State, rows []queue.Row) queue.State {
	hashes := s.Edge
	for i := range rows {
		first := tlog.StoredHashIndex(0, rows[i].Seq)
		for j, h := range rows[i].Hashes {
			hashes[first+int64(j)] = h
		}
	}
	last := &rows[len(rows)-1]
	out := queue.State{After: record.After{Size: last.Seq + 1, Last: last.Statement}, Time: last.Time, Edge: queue.Edge{}}
	for _, x := range queue.EdgeIndexes(out.Size) {
		out.Edge[x] = hashes[x]
	}
	return out
}
