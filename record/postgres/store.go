// Package postgres keeps records in a PostgreSQL database (15 or newer), which any number of servers may share.
//
// Whoever appends locks the log's row first, so that there is one history whoever writes; entries and tree hashes are
// committed in one transaction, and acknowledged when PostgreSQL has flushed it (synchronous_commit is set, and a
// cluster with fsync off is refused). Servers hear of each other's entries by LISTEN and NOTIFY.
//
// Keys lie in the schema bremen_keys, which dumps can leave out. Erasing rewrites the tables that held key and payloads
// and has PostgreSQL write its log of changes over; for that the role must be a member of pg_checkpoint and pg_monitor.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"bremen/record"
	"bremen/record/internal/queue"
)

//go:embed migrations
var migrations embed.FS

// channel is where servers tell each other of new entries.
const channel = "bremen_record"

// Store is a database of records.
type Store struct {
	clock  func() time.Time
	pool   *pgxpool.Pool
	cancel context.CancelFunc
	tail   sync.WaitGroup

	mu   sync.Mutex
	logs map[string]*log
}

var _ record.Store = (*Store)(nil)

// Open connects to the database that a URL names, brings its tables up to date and completes erasures that were cut
// short. clock says what time it is.
func Open(ctx context.Context, url string, clock func() time.Time) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	if err := CheckTLS(config.ConnConfig); err != nil {
		return nil, err
	}
	// Acknowledged means durable, whatever the cluster's default is.
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "on"
	config.ConnConfig.RuntimeParams["application_name"] = "bremen"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explain(err)
	}
	s := &Store{clock: clock, pool: pool, logs: map[string]*log{}}
	if err := s.start(ctx); err != nil {
		pool.Close()
		return nil, explain(err)
	}
	return s, nil
}

// CheckTLS refuses a database on another machine that would be talked to in clear, or without knowing whom one talks to,
// because nobody has said anything. Who writes sslmode=disable has.
func CheckTLS(c *pgx.ConnConfig) error {
	hosts := append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	clear := !slices.ContainsFunc(hosts, func(h *pgconn.FallbackConfig) bool { return h.TLSConfig != nil })
	for _, h := range hosts {
		network, _ := pgconn.NetworkAddress(h.Host, c.Port)
		if network == "unix" || isLoopback(h.Host) || clear {
			continue
		}
		if t := h.TLSConfig; t == nil || t.InsecureSkipVerify && t.VerifyPeerCertificate == nil && t.VerifyConnection == nil {
			return fmt.Errorf("the database at %s could be talked to in clear, or by somebody else: expected sslmode=verify-full in its URL, or sslmode=disable where the way there is yours", h.Host)
		}
	}
	return nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func (s *Store) start(ctx context.Context) error {
	var fsync string
	if err := s.pool.QueryRow(ctx, "SHOW fsync").Scan(&fsync); err != nil {
		return err
	}
	if fsync != "on" {
		return fmt.Errorf("the PostgreSQL server runs with fsync %s: what it acknowledges is not durable; turn it on", fsync)
	}
	if err := s.mayScrub(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.completeErasures(ctx); err != nil {
		return err
	}
	tail, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.tail.Go(func() { s.listen(tail) })
	return nil
}

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	store, err := database.NewStore(database.DialectPostgres, "record_migrations")
	if err != nil {
		return err
	}
	// Of several servers that start at once, one migrates; the others look again every second, for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(s.pool)
	defer db.Close()
	p, err := goose.NewProvider("", db, files, goose.WithStore(store), goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// explain puts the record's errors in front of PostgreSQL's.
func explain(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "53100": // disk_full
			return fmt.Errorf("%w: %w", record.ErrFull, err)
		case "25006": // read_only_sql_transaction
			return fmt.Errorf("%w: %w", record.ErrReadOnly, err)
		}
	}
	return err
}

// Close is record.Store's.
func (s *Store) Close() error {
	s.mu.Lock()
	logs := s.logs
	s.mu.Unlock()
	for _, l := range logs {
		l.Close()
	}
	s.cancel()
	s.tail.Wait()
	s.pool.Close()
	return nil
}

// Create is record.Store's.
func (s *Store) Create(ctx context.Context, origin, key string) (record.Log, error) {
	if err := record.CheckOrigin(origin); err != nil {
		return nil, err
	}
	if _, err := record.Signers(origin, key); err != nil {
		return nil, err
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, "INSERT INTO logs (origin) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", origin).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%w: %q", record.ErrLogExists, origin)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO bremen_keys.log_keys (log, key) VALUES ($1, $2)", id, key)
		return err
	})
	if err != nil {
		return nil, explain(err)
	}
	return s.Log(ctx, origin)
}

// Log is record.Store's.
func (s *Store) Log(ctx context.Context, origin string) (record.Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.logs[origin]; l != nil {
		return l, nil
	}
	l := &log{store: s}
	err := s.pool.QueryRow(ctx, "SELECT id FROM logs WHERE origin = $1", origin).Scan(&l.id)
	if errors.Is(err, pgx.ErrNoRows) {
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
	return collect[string](s.pool.Query(ctx, "SELECT origin FROM logs ORDER BY origin COLLATE \"C\""))
}

// collect reads rows of one column.
func collect[T any](rows pgx.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, explain(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return out, explain(err)
}

// Witnessed is record.Witnessed's.
func (s *Store) Witnessed(ctx context.Context, origin string) ([]byte, error) {
	var note []byte
	err := s.pool.QueryRow(ctx, "SELECT note FROM witnessed WHERE origin = $1", origin).Scan(&note)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return note, explain(err)
}

// SetWitnessed is record.Witnessed's.
func (s *Store) SetWitnessed(ctx context.Context, origin string, old, new []byte) (bool, error) {
	query, args := "UPDATE witnessed SET note = $2 WHERE origin = $1 AND note = $3", []any{origin, new, old}
	if len(old) == 0 {
		query, args = "INSERT INTO witnessed (origin, note) VALUES ($1, $2) ON CONFLICT DO NOTHING", []any{origin, new}
	}
	done, err := s.pool.Exec(ctx, query, args...)
	return done.RowsAffected() == 1, explain(err)
}

// WitnessedOrigins is record.Witnessed's.
func (s *Store) WitnessedOrigins(ctx context.Context) ([]string, error) {
	return collect[string](s.pool.Query(ctx, "SELECT origin FROM witnessed ORDER BY origin COLLATE \"C\""))
}
