package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"bremen/record"
	"bremen/record/internal/vault"
)

// personKeys returns the keys of the persons of payloads; new ones are on disk when it returns.
func (l *log) personKeys(ctx context.Context, payloads []*record.Payload) (map[int64][]byte, error) {
	keys := map[int64][]byte{}
	if len(payloads) == 0 {
		return keys, nil
	}
	tx, err := l.store.keys.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for _, person := range vault.Persons(payloads) {
		key, err := l.personKey(ctx, tx, person)
		if errors.Is(err, sql.ErrNoRows) {
			key = vault.NewKey()
			_, err = tx.ExecContext(ctx, "INSERT INTO person_keys (origin, person, key) VALUES (?, ?, ?)", l.Origin(), person, key)
		}
		if err != nil {
			return nil, err
		}
		keys[person] = key
	}
	return keys, tx.Commit()
}

func (l *log) personKey(ctx context.Context, q querier, person int64) ([]byte, error) {
	var key []byte
	err := q.QueryRowContext(ctx, "SELECT key FROM person_keys WHERE origin = ? AND person = ?", l.Origin(), person).Scan(&key)
	return key, err
}

// keepAll stores payloads of persons of whom none was erased. The caller holds mu.
func (l *log) keepAll(ctx context.Context, tx *sql.Tx, payloads []*record.Payload) error {
	keys, err := l.personKeys(ctx, payloads)
	if err != nil {
		return err
	}
	sealed, err := vault.Seal(l.Origin(), payloads, keys)
	if err != nil {
		return err
	}
	for i, hash := range sealed.Hashes {
		if _, err := tx.ExecContext(ctx, "INSERT INTO payloads (log, hash, person, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", l.id, hash, sealed.Persons[i], sealed.Data[i]); err != nil {
			return err
		}
	}
	return nil
}

// Keep is record.Vault's.
func (l *log) Keep(ctx context.Context, payloads ...record.Payload) error {
	if len(payloads) == 0 {
		return nil
	}
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	erased, err := l.Erased(ctx)
	if err != nil {
		return err
	}
	tx, err := l.store.write.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	if err := l.keepAll(ctx, tx, vault.Pointers(payloads, erased)); err != nil {
		return explain(err)
	}
	return explain(tx.Commit())
}

// Payloads is record.Vault's.
func (l *log) Payloads(ctx context.Context, refs ...record.Ref) (map[record.Hash]record.Payload, error) {
	out := make(map[record.Hash]record.Payload, len(refs))
	keys := map[int64][]byte{}
	for part := range slices.Chunk(refs, 500) {
		sealed, err := l.sealed(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, ref := range part {
			if _, had := keys[ref.Person]; had || sealed[ref.Hash] == nil {
				continue
			}
			key, err := l.personKey(ctx, l.store.keys, ref.Person)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, explain(err)
			}
			keys[ref.Person] = key
		}
		if err := vault.Open(l.Origin(), part, sealed, keys, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (l *log) sealed(ctx context.Context, refs []record.Ref) (map[record.Hash][]byte, error) {
	args := []any{l.id}
	for i := range refs {
		args = append(args, refs[i].Hash[:])
	}
	rows, err := l.store.read.QueryContext(ctx, "SELECT hash, sealed FROM payloads WHERE log = ? AND hash IN ("+marks(len(refs))+")", args...)
	if err != nil {
		return nil, explain(err)
	}
	out := make(map[record.Hash][]byte, len(refs))
	return out, scan(rows, func(scan func(...any) error) error {
		var hash, sealed []byte
		if err := scan(&hash, &sealed); err != nil {
			return err
		}
		out[record.Hash(hash)] = sealed
		return nil
	})
}

// Erase is record.Vault's. The key goes first: from then on nothing that is left can be read, also if what follows is
// cut short.
func (l *log) Erase(ctx context.Context, person int64) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	tx, err := l.store.keys.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "DELETE FROM person_keys WHERE origin = ? AND person = ?", l.Origin(), person); err != nil {
		return explain(err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO erased (origin, person) VALUES (?, ?) ON CONFLICT DO NOTHING", l.Origin(), person); err != nil {
		return explain(err)
	}
	if err := tx.Commit(); err != nil {
		return explain(err)
	}
	// Overwriting freed cells does not reach what the tree has moved within its pages; building the file anew does.
	if _, err := l.store.keys.ExecContext(ctx, "VACUUM"); err != nil {
		return explain(err)
	}
	if _, err := l.store.write.ExecContext(ctx, "DELETE FROM payloads WHERE log = ? AND person = ?", l.id, person); err != nil {
		return explain(err)
	}
	return l.store.truncate(ctx)
}

// truncate moves all of the write-ahead log into the file and empties it. Readers hold it up for as long as they read.
func (s *Store) truncate(ctx context.Context) error {
	for wait := time.Millisecond; ; wait *= 2 {
		var busy, frames, moved int
		err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		if err != nil {
			return explain(err)
		}
		if busy == 0 {
			return nil
		}
		if wait > 10*time.Second {
			return fmt.Errorf("the write-ahead log could not be emptied, %w", record.ErrLocked)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// completeErasures removes payloads whose person's key is gone.
func (s *Store) completeErasures(ctx context.Context) error {
	rows, err := s.keys.QueryContext(ctx, "SELECT origin, person FROM erased ORDER BY origin, person")
	if err != nil {
		return err
	}
	type erasure struct {
		origin string
		person int64
	}
	var all []erasure
	if err := scan(rows, func(scan func(...any) error) error {
		var e erasure
		err := scan(&e.origin, &e.person)
		all = append(all, e)
		return err
	}); err != nil {
		return err
	}
	left := int64(0)
	for _, e := range all {
		done, err := s.write.ExecContext(ctx, "DELETE FROM payloads WHERE log = (SELECT id FROM logs WHERE origin = ?) AND person = ?", e.origin, e.person)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		left += n
	}
	if left == 0 {
		return nil
	}
	if _, err := s.keys.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	return s.truncate(ctx)
}

// Erased is record.Vault's.
func (l *log) Erased(ctx context.Context) ([]int64, error) {
	return collect[int64](l.store.keys.QueryContext(ctx, "SELECT person FROM erased WHERE origin = ? ORDER BY person", l.Origin()))
}

// Key is record.Checkpoints'.
func (l *log) Key(ctx context.Context) (string, error) {
	var key string
	err := l.store.keys.QueryRowContext(ctx, "SELECT key FROM log_keys WHERE origin = ?", l.Origin()).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("key of log %q: %w", l.Origin(), record.ErrNone)
	}
	return key, explain(err)
}

// SetKey is record.Checkpoints'.
func (l *log) SetKey(ctx context.Context, key string) error {
	if _, err := record.Signers(l.Origin(), key); err != nil {
		return err
	}
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return explain(setKey(ctx, l.store.keys, l.Origin(), key))
}

func setKey(ctx context.Context, keys *sql.DB, origin, key string) error {
	_, err := keys.ExecContext(ctx, "INSERT OR REPLACE INTO log_keys (origin, key) VALUES (?, ?)", origin, key)
	return err
}
