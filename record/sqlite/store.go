// Package sqlite keeps records in a directory of SQLite files, for one server.
//
// The directory holds record.sqlite with entries, payloads and checkpoints, keys.sqlite with the keys of persons and
// logs, and a lock, which one process holds as long as it may write. Entries and tree hashes are committed in one
// transaction, and acknowledged when it is on disk (write-ahead log, full synchronisation). A payload's key is on disk
// before the payload is, and gone before it goes, so a copy of record.sqlite alone shows no payload.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"bremen/record"
	"bremen/record/internal/queue"
)

//go:embed migrations
var migrations embed.FS

// The files of a store.
const (
	recordFile = "record.sqlite"
	keysFile   = "keys.sqlite"
	lockFile   = "lock"
)

// Store is a directory of records.
type Store struct {
	clock func() time.Time
	lock  *sql.DB // holds the lock as long as it is open
	read  *sql.DB
	write *sql.DB // of one connection, used under mu
	keys  *sql.DB // of one connection

	mu   sync.Mutex // held while anything is written, so that an erasure is all before or all after a commit
	logs map[string]*log
}

var _ record.Store = (*Store)(nil)

// Open opens the store in a directory, which it makes if there is none, and completes erasures that were cut short.
// clock says what time it is. If another process has the store open the error is record.ErrLocked, if it was put out of use
// (see Retire) a record.MovedError.
func Open(ctx context.Context, dir string, clock func() time.Time) (_ *Store, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain(err)
	}
	if err := inUse(dir); err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, err)
	}
	for _, name := range []string{lockFile, keysFile, recordFile} {
		makePrivate(filepath.Join(dir, name))
	}
	s := &Store{clock: clock, logs: map[string]*log{}}
	defer func() {
		if err != nil {
			s.closeFiles()
			err = fmt.Errorf("store %s: %w", dir, explain(err))
		}
	}()
	if s.lock, err = takeLock(ctx, filepath.Join(dir, lockFile)); err != nil {
		return nil, err
	}
	// Keys are few and must leave no trace: no write-ahead log, freed pages overwritten, and rebuilt at every erasure.
	s.keys = open(filepath.Join(dir, keysFile), 1, "journal_mode(DELETE)", "synchronous(EXTRA)", "secure_delete(ON)", "temp_store(MEMORY)")
	s.write = open(filepath.Join(dir, recordFile), 1, "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "temp_store(MEMORY)", "foreign_keys(ON)", "cache_size(-65536)")
	if err = migrate(ctx, s.keys, "migrations/keys"); err != nil {
		return nil, err
	}
	if err = migrate(ctx, s.write, "migrations/record"); err != nil {
		return nil, err
	}
	s.read = open(filepath.Join(dir, recordFile), 8, "query_only(ON)", "synchronous(FULL)", "temp_store(MEMORY)")
	return s, s.completeErasures(ctx)
}

// open prepares a database of at most n connections with pragmas; the file is opened when it is used.
func open(path string, n int, pragmas ...string) *sql.DB {
	q := url.Values{"_pragma": append([]string{"busy_timeout(10000)"}, pragmas...), "_txlock": {"immediate"}}
	if pragmas == nil || pragmas[0] == "query_only(ON)" {
		q.Del("_txlock")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		panic(err) // only if there were no such driver
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// makePrivate makes a file that its owner alone may read, if there is none, whatever the folder lets in; SQLite makes those
// beside it the same. What is wrong is said when the file is opened.
func makePrivate(path string) {
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err == nil {
		f.Close() //nolint:errcheck // nothing was written
	}
}

// takeLock takes the lock, which the operating system lets go of when the process ends, however it ends.
func takeLock(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func migrate(ctx context.Context, db *sql.DB, dir string) error {
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// explain puts the record's errors in front of SQLite's.
func explain(err error) error {
	var e *driver.Error
	switch {
	case errors.As(err, &e):
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("%w: %w", record.ErrFull, err)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return fmt.Errorf("%w: %w", record.ErrReadOnly, err)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("%w: %w", record.ErrLocked, err)
		}
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return fmt.Errorf("%w: %w", record.ErrReadOnly, err)
	}
	return err
}

func (s *Store) closeFiles() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write, s.keys, s.lock} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Close is record.Store's.
func (s *Store) Close() error {
	s.mu.Lock()
	logs := s.logs
	s.mu.Unlock()
	for _, l := range logs {
		l.Close()
	}
	return s.closeFiles()
}

// Create is record.Store's.
func (s *Store) Create(ctx context.Context, origin, key string) (record.Log, error) {
	if err := record.CheckOrigin(origin); err != nil {
		return nil, err
	}
	if _, err := record.Signers(origin, key); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.log(ctx, origin); !errors.Is(err, record.ErrUnknownLog) {
		if err == nil {
			err = fmt.Errorf("%w: %q", record.ErrLogExists, origin)
		}
		return nil, err
	}
	// The key first: a key without a log does no harm.
	if err := setKey(ctx, s.keys, origin, key); err != nil {
		return nil, explain(err)
	}
	if _, err := s.write.ExecContext(ctx, "INSERT INTO logs (origin) VALUES (?)", origin); err != nil {
		return nil, explain(err)
	}
	return s.log(ctx, origin)
}

// Log is record.Store's.
func (s *Store) Log(ctx context.Context, origin string) (record.Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log(ctx, origin)
}

func (s *Store) log(ctx context.Context, origin string) (record.Log, error) {
	if l := s.logs[origin]; l != nil {
		return l, nil
	}
	l := &log{store: s}
	err := s.read.QueryRowContext(ctx, "SELECT id FROM logs WHERE origin = ?", origin).Scan(&l.id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %q", record.ErrUnknownLog, origin)
	}
	if err != nil {
		return nil, explain(err)
	}
	size, err := l.Size(ctx)
	if err != nil {
		return nil, err
	}
	l.Front = queue.NewFront(origin, s.clock, l, size)
	s.logs[origin] = l
	return l, nil
}

// Origins is record.Store's.
func (s *Store) Origins(ctx context.Context) ([]string, error) {
	return collect[string](s.read.QueryContext(ctx, "SELECT origin FROM logs ORDER BY origin"))
}

// collect reads rows of one column.
func collect[T any](rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, explain(rows.Err())
}
