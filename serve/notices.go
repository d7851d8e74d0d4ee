package serve

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// What somebody is told of.
const (
	tellEntry  = "entry"   // an entry in their name; ref is its number
	tellKey    = "key"     // others want to enter a new key for them; ref is the number of the act
	tellNewKey = "new key" // they have, and it counts after some days; ref is the same
	tellSignIn = "sign-in" // somebody has signed in without a device of theirs; ref is the session, detail its way and device
	tellCodes  = "codes"   // fresh single-use codes; ref is when
	tellLink   = "link"    // an account elsewhere signs them in from now on; ref is its hash, detail the provider's name
)

// notice is something that somebody is to be told of by mail.
type notice struct {
	person      int64
	kind        string
	ref, detail string
	at          int64 // milliseconds since 1970
	tries       int64
}

// Mails wait a little, so that one tells of all that somebody has just done, and after one the next waits longer.
const (
	settleFor = time.Minute
	betweenIt = time.Hour
	claimFor  = 5 * time.Minute
	tryMost   = 14 * 24 * time.Hour // as long as one can answer
)

// told returns from which entry on people have still to be told; -1 if nothing was kept of the record yet.
func (s *Store) told(ctx context.Context, origin string) (next int64, err error) {
	err = s.db.QueryRowContext(ctx, s.sql(`SELECT next FROM bremen_told WHERE origin = ?1`), origin).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, nil
	}
	return next, err
}

// beginTelling keeps from which entry on people are told, and where the contacts stand that they have then.
func (s *Store) beginTelling(ctx context.Context, origin string, next int64, contacts map[int64]int64) error {
	return s.together(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql(`INSERT INTO bremen_told (origin, next) VALUES (?1, ?2) ON CONFLICT (origin) DO NOTHING`), origin, next); err != nil {
			return err
		}
		for person, entry := range contacts {
			if _, err := tx.ExecContext(ctx, s.sql(`INSERT INTO bremen_reach (origin, person, entry, refused) VALUES (?1, ?2, ?3, 0) ON CONFLICT (origin, person) DO NOTHING`), origin, person, entry); err != nil {
				return err
			}
		}
		return nil
	})
}

// tellUntil keeps whom entries are to be told to, and that this was decided up to one; once, however many servers do it.
func (s *Store) tellUntil(ctx context.Context, origin string, from, next int64, list []notice) error {
	return s.together(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, s.sql(`UPDATE bremen_told SET next = ?3 WHERE origin = ?1 AND next = ?2`), origin, from, next)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err // another server was faster
		}
		return s.putNotices(ctx, tx, origin, list)
	})
}

// tellOf keeps what one person is to be told of.
func (s *Store) tellOf(ctx context.Context, origin string, n notice) error {
	return s.together(ctx, func(tx *sql.Tx) error { return s.putNotices(ctx, tx, origin, []notice{n}) })
}

func (s *Store) putNotices(ctx context.Context, tx *sql.Tx, origin string, list []notice) error {
	for _, n := range list {
		if _, err := tx.ExecContext(ctx, s.sql(`INSERT INTO bremen_notices (origin, person, kind, ref, detail, at, due, tries, sent)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN COALESCE(MAX(sent), 0) + ?8 > ?7 THEN MAX(sent) + ?8 ELSE ?7 END, 0, 0
			FROM bremen_notices WHERE origin = ?1 AND person = ?2 ON CONFLICT (origin, person, kind, ref) DO NOTHING`),
			origin, n.person, n.kind, n.ref, n.detail, n.at, s.now()+settleFor.Milliseconds(), betweenIt.Milliseconds()); err != nil {
			return err
		}
	}
	return nil
}

// claim finds somebody to whom a mail is due, in one of the networks that may send, and takes it upon this server for a while;
// person 0 if there is nobody.
func (s *Store) claim(ctx context.Context, origin string) (person int64, waiting []notice, err error) {
	err = s.db.QueryRowContext(ctx, s.sql(`SELECT person FROM bremen_notices WHERE origin = ?1 AND sent = 0 AND due <= ?2 ORDER BY due, person LIMIT 1`), origin, s.now()).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	n, err := s.exec(ctx, `UPDATE bremen_notices SET due = ?3 WHERE origin = ?1 AND person = ?2 AND sent = 0 AND due <= ?4`, origin, person, s.now()+claimFor.Milliseconds(), s.now())
	if err != nil || n == 0 {
		return 0, nil, err // another server was faster
	}
	rows, err := s.db.QueryContext(ctx, s.sql(`SELECT kind, ref, detail, at, tries FROM bremen_notices WHERE origin = ?1 AND person = ?2 AND sent = 0 ORDER BY at, kind, ref`), origin, person)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		n := notice{person: person}
		if err := rows.Scan(&n.kind, &n.ref, &n.detail, &n.at, &n.tries); err != nil {
			return 0, nil, err
		}
		waiting = append(waiting, n)
	}
	return person, waiting, rows.Err()
}

// settleNotices keeps what became of notices: sent, to be tried again, or dropped where neither is said.
func (s *Store) settleNotices(ctx context.Context, origin string, list []notice, sent bool, again time.Duration) error {
	return s.together(ctx, func(tx *sql.Tx) error {
		for _, n := range list {
			query, args := `DELETE FROM bremen_notices WHERE origin = ?1 AND person = ?2 AND kind = ?3 AND ref = ?4`, []any{origin, n.person, n.kind, n.ref}
			switch {
			case sent:
				query, args = `UPDATE bremen_notices SET sent = ?5 WHERE origin = ?1 AND person = ?2 AND kind = ?3 AND ref = ?4`, append(args, s.now())
			case again > 0:
				query, args = `UPDATE bremen_notices SET tries = tries + 1, due = ?5 WHERE origin = ?1 AND person = ?2 AND kind = ?3 AND ref = ?4`, append(args, s.now()+again.Milliseconds())
			}
			if _, err := tx.ExecContext(ctx, s.sql(query), args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// reach returns in which entry the contact stands under which somebody was told last (-1: never), and when it was refused for good.
func (s *Store) reach(ctx context.Context, origin string, person int64) (entry, refused int64, err error) {
	err = s.db.QueryRowContext(ctx, s.sql(`SELECT entry, refused FROM bremen_reach WHERE origin = ?1 AND person = ?2`), origin, person).Scan(&entry, &refused)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, 0, nil
	}
	return entry, refused, err
}

// setReach keeps it; refused says whether it was just now.
func (s *Store) setReach(ctx context.Context, origin string, person, entry int64, refused bool) error {
	at := int64(0)
	if refused {
		at = s.now()
	}
	_, err := s.exec(ctx, `INSERT INTO bremen_reach (origin, person, entry, refused) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (origin, person) DO UPDATE SET entry = excluded.entry, refused = excluded.refused`, origin, person, entry, at)
	return err
}

// together runs statements in one transaction.
func (s *Store) together(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
