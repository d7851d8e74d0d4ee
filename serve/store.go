package serve

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // driver "sqlite"
)

// Store keeps what the server itself needs to remember: sessions, single-use codes, answers to repeated requests, foundings
// under way. None of it is part of a network's state, and losing it signs everybody out and nothing more. Tokens and codes are
// kept as hashes only.
type Store struct {
	db       *sql.DB
	where    string
	postgres bool
	clock    func() time.Time
}

//go:embed migrations/*.sql
var migrations embed.FS

// OpenStore opens the file of a store, or with a postgres:// URL a database that several servers share.
func OpenStore(ctx context.Context, where string, clock func() time.Time) (*Store, error) {
	s := &Store{clock: clock, where: where, postgres: strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")}
	driver, name := "sqlite", where
	if s.postgres {
		driver = "pgx"
	} else {
		if f, err := os.OpenFile(where, os.O_RDWR|os.O_CREATE, 0o600); err == nil { // its owner's alone; what is wrong is said below
			f.Close() //nolint:errcheck // nothing was written
		}
		q := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)"}, "_txlock": {"immediate"}}
		name = "file:" + (&url.URL{Path: where}).EscapedPath() + "?" + q.Encode()
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		return nil, err
	}
	s.db = db
	if !s.postgres {
		db.SetMaxOpenConns(1) // one writer; nothing here reads for long
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sessions: %w", err), db.Close())
	}
	return s, nil
}

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	const table = "bremen_serve_version"
	dialect := database.DialectSQLite3
	var options []goose.ProviderOption
	if s.postgres {
		dialect = database.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	kept, err := database.NewStore(dialect, table)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider("", s.db, files, append(options, goose.WithStore(kept), goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Close lets go of the store.
func (s *Store) Close() error { return s.db.Close() }

// sql turns ?1 into $1 where the database wants it.
func (s *Store) sql(query string) string {
	if s.postgres {
		return strings.ReplaceAll(query, "?", "$")
	}
	return query
}

func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := s.db.ExecContext(ctx, s.sql(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (s *Store) now() int64 { return s.clock().UnixMilli() }

// FindCtx is scs.CtxStore's.
func (s *Store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.QueryRowContext(ctx, s.sql(`SELECT data FROM bremen_sessions WHERE token = ?1 AND expiry > ?2`), token, s.now()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx is scs.CtxStore's. scs reckons by the machine's clock; how long there is left is what counts here. A session that
// only lives on for a little longer is not written anew: pages would wait for the disk.
func (s *Store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.exec(ctx, `INSERT INTO bremen_sessions (token, data, expiry) VALUES (?1, ?2, ?3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry
		WHERE bremen_sessions.data <> excluded.data OR bremen_sessions.expiry + ?4 < excluded.expiry`, token, data, s.clock().Add(time.Until(expiry)).UnixMilli(), sessionStep.Milliseconds())
	return err
}

// DeleteCtx is scs.CtxStore's.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_sessions WHERE token = ?1`, token)
	return err
}

// Find, Commit and Delete are scs.Store's, without a context.
func (s *Store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s *Store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// sessionStep is by how much the end of an idle session may be known too early.
const sessionStep = 5 * time.Minute

// hashed is how codes are kept.
func hashed(origin, code string) []byte {
	sum := sha256.Sum256([]byte("bremen code\n" + origin + "\n" + code))
	return sum[:]
}

// putCodes replaces a person's single-use codes; they work as long as all keys count that do now.
func (s *Store) putCodes(ctx context.Context, origin string, person int64, keys, codes []string) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, s.sql(`DELETE FROM bremen_codes WHERE origin = ?1 AND person = ?2`), origin, person); err != nil {
		return err
	}
	for _, code := range codes {
		if _, err := tx.ExecContext(ctx, s.sql(`INSERT INTO bremen_codes (hash, origin, person, keys) VALUES (?1, ?2, ?3, ?4)`), hashed(origin, code), origin, person, strings.Join(keys, " ")); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// useCode returns whose code it is and which keys have to count, and it works no more; 0 if there is none.
func (s *Store) useCode(ctx context.Context, origin, code string) (person int64, keys []string, err error) {
	var list string
	err = s.db.QueryRowContext(ctx, s.sql(`DELETE FROM bremen_codes WHERE hash = ?1 RETURNING person, keys`), hashed(origin, code)).Scan(&person, &list)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return person, strings.Fields(list), err
}

// codes returns how many codes of a person are left.
func (s *Store) codes(ctx context.Context, origin string, person int64) (n int, err error) {
	err = s.db.QueryRowContext(ctx, s.sql(`SELECT count(*) FROM bremen_codes WHERE origin = ?1 AND person = ?2`), origin, person).Scan(&n)
	return n, err
}

// forgetPerson drops what is here of somebody who was erased, so that no file holds it any more.
func (s *Store) forgetPerson(ctx context.Context, origin string, person int64) error {
	var all error
	gone := int64(0)
	for _, table := range ofPersons {
		n, err := s.exec(ctx, `DELETE FROM `+table+` WHERE origin = ?1 AND person = ?2`, origin, person)
		all, gone = errors.Join(all, err), gone+n
	}
	if gone == 0 {
		return all
	}
	return errors.Join(all, s.compact(ctx))
}

// ofPersons are the tables with rows of persons.
var ofPersons = []string{"bremen_codes", "bremen_open", "bremen_notices", "bremen_reach", "bremen_links"}

// compact writes the tables anew without what was deleted from them.
func (s *Store) compact(ctx context.Context) error {
	if s.postgres {
		var all error
		for _, table := range ofPersons {
			_, err := s.db.ExecContext(ctx, `VACUUM FULL `+table)
			all = errors.Join(all, err)
		}
		return all
	}
	_, err := s.db.ExecContext(ctx, `VACUUM`)
	_, err2 := s.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(err, err2)
}

// answer is what a request was answered with, for one that comes again under the same idempotency key.
type answer struct {
	request []byte // hash of the request
	number  int64  // of the entry; -1 while the first is under way
}

// begin claims an idempotency key for a request: the answer that is there already, or nil where this is the first.
func (s *Store) begin(ctx context.Context, key string, request []byte) (*answer, error) {
	n, err := s.exec(ctx, `INSERT INTO bremen_answers (key, request, number, expiry) VALUES (?1, ?2, -1, ?3) ON CONFLICT (key) DO NOTHING`,
		key, request, s.clock().Add(answersFor).UnixMilli())
	if err != nil || n == 1 {
		return nil, err
	}
	var a answer
	err = s.db.QueryRowContext(ctx, s.sql(`SELECT request, number FROM bremen_answers WHERE key = ?1`), key).Scan(&a.request, &a.number)
	return &a, err
}

// answersFor is how long an idempotency key is remembered.
const answersFor = 24 * time.Hour

// end keeps the answer under a key; number -1 lets go of it, so that the request can be sent again.
func (s *Store) end(ctx context.Context, key string, number int64) error {
	query, args := `UPDATE bremen_answers SET number = ?2 WHERE key = ?1`, []any{key, number}
	if number < 0 {
		query, args = `DELETE FROM bremen_answers WHERE key = ?1`, args[:1]
	}
	_, err := s.exec(ctx, query, args...)
	return err
}

// foundingsFor is how long a founding is kept that nobody goes on with.
const foundingsFor = 30 * 24 * time.Hour

// founding reads a network's founding under way and its version; an empty one of version 0 if there is none.
func (s *Store) founding(ctx context.Context, origin string) (*founding, int64, error) {
	f, version := &founding{}, int64(0)
	var data []byte
	err := s.db.QueryRowContext(ctx, s.sql(`SELECT data, version FROM bremen_foundings WHERE origin = ?1`), origin).Scan(&data, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return f, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(data, f)
	}
	return f, version, err
}

// keepFounding keeps a founding in place of the version that it was made from; false if that is no longer the newest.
func (s *Store) keepFounding(ctx context.Context, origin string, f *founding, version int64) (bool, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return false, err
	}
	args := []any{origin, data, version + 1, s.now(), version}
	query := `UPDATE bremen_foundings SET data = ?2, version = ?3, changed = ?4 WHERE origin = ?1 AND version = ?5`
	if version == 0 {
		query = `INSERT INTO bremen_foundings (origin, data, version, changed) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (origin) DO NOTHING`
		args = args[:4]
	}
	n, err := s.exec(ctx, query, args...)
	return n == 1, err
}

// dropFounding ends a founding: names and contacts that were typed for it are kept nowhere but in the record's payloads.
func (s *Store) dropFounding(ctx context.Context, origin string) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_foundings WHERE origin = ?1`, origin)
	return err
}

// forget drops what has run out.
func (s *Store) forget(ctx context.Context) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_sessions WHERE expiry <= ?1`, s.now())
	_, err2 := s.exec(ctx, `DELETE FROM bremen_answers WHERE expiry <= ?1`, s.now())
	_, err3 := s.exec(ctx, `DELETE FROM bremen_open WHERE began <= ?1 OR seen <= ?2`, s.now()-sessionMost.Milliseconds(), s.now()-sessionIdle.Milliseconds())
	_, err4 := s.exec(ctx, `DELETE FROM bremen_notices WHERE sent > 0 AND sent <= ?1`, s.now()-24*betweenIt.Milliseconds())
	_, err5 := s.exec(ctx, `DELETE FROM bremen_foundings WHERE changed <= ?1`, s.now()-foundingsFor.Milliseconds())
	return errors.Join(err, err2, err3, err4, err5)
}
